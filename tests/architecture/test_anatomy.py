"""The shape of the tree: a newcomer who has seen one service knows them all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("tasks", "surveys", "notifications", "reporting")
# A role is a file inside a noun, never a folder or file beside the nouns.
ROLES = {"api", "actions", "views", "models", "domain"}
EVERY_SERVICE_HAS = (
    "__main__.py", "access.py", "app.py", "settings.py", "README.md", "migrations/env.py",
)  # fmt: skip
NAMELESS = {"util", "utils", "common", "helper", "helpers", "misc"}
DOORS = {"api.py", "handlers.py", "jobs.py"}
WRITES = {"insert", "update", "delete", "text"}  # of SQLAlchemy; `select` may fill a list
LONGEST = 300  # lines; past it a file becomes a package, split by noun
SOURCES = sorted(
    path
    for folder in ("shared", "services", "web", "dev")
    for path in (ROOT / folder).rglob("*.py")
    if "node_modules" not in path.parts
)


def of_service(service: str, *names: str) -> list[Path]:
    """Return a service's sources outside its migrations, or only those with these names."""
    folder = ROOT / "services" / service
    return [
        path
        for path in sorted(folder.rglob("*.py"))
        if "migrations" not in path.parts and (not names or path.name in names)
    ]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_files_at_its_root(service):
    folder = ROOT / "services" / service

    assert [name for name in EVERY_SERVICE_HAS if not (folder / name).exists()] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_made_of_nouns_and_every_noun_of_roles(service):
    folder = ROOT / "services" / service
    roles = [
        path.name for path in folder.iterdir() if path.stem in ROLES and any(path.rglob("*.py"))
    ]
    roles += [path.name for path in folder.glob("*.py") if path.stem in ROLES]

    assert roles == [], "a role stands inside its noun"


def test_no_file_is_named_after_nothing():
    assert [shown(path) for path in SOURCES if path.stem in NAMELESS] == []
    assert [shown(path) for path in SOURCES if path.parent.name in NAMELESS] == []


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_no_file_is_longer_than_a_newcomer_reads_at_once(path):
    assert len(path.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("service", SERVICES)
def test_every_handler_and_job_says_what_it_does(service):
    silent = [
        f"{shown(path)}:{function.name}"
        for path in of_service(service, "handlers.py", "jobs.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.AsyncFunctionDef)
        and _is_registered(function)
        and not ast.get_docstring(function)
    ]

    assert silent == []


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_below_a_door_commits_and_no_action_opens_a_transaction(service):
    """Doors own the transaction by `sessions.begin()`; whoever calls `commit()` takes it away."""
    sources = {path: path.read_text() for path in of_service(service)}

    assert [shown(path) for path, source in sources.items() if ".commit(" in source] == []
    assert [
        shown(path)
        for path, source in sources.items()
        if path.name == "actions.py" and ".begin(" in source
    ] == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_door_writes_sql(service):
    guilty = {
        f"{shown(path)}: {name}"
        for path in of_service(service, *DOORS)
        for name in imported_from_sqlalchemy(path) & WRITES
    }

    assert guilty == set(), "a door calls one action, which writes"


def _is_registered(function: ast.AsyncFunctionDef) -> bool:
    """Whether it is one of the service's handlers (`@….on`) or jobs (`@….every`)."""
    calls = [d.func for d in function.decorator_list if isinstance(d, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in {"on", "every"} for call in calls)


def imported_from_sqlalchemy(path: Path) -> set[str]:
    """Return the names a file takes from SQLAlchemy or its dialects, `sqlalchemy.text` included."""
    return set(_names_of_sqlalchemy(ast.parse(path.read_text())))


def _names_of_sqlalchemy(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            yield from (alias.name for alias in node.names)
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in {"sqlalchemy", "sa"}
        ):
            yield node.attr


def test_nothing_in_the_product_waits_by_sleeping_in_a_test():
    guilty = [
        f"{shown(path)}:{number}"
        for path in (ROOT / "tests").rglob("test_*.py")
        if path != Path(__file__) and path.parent.name != "faults"  # there time is the fault
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "sleep(" in line and "# why:" not in line
    ]
    assert not guilty, "wait with eventually(...), or say `# why:` on the line"
