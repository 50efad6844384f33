"""The shape of the tree: a newcomer who has seen one service knows them all."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("tasks", "surveys", "notifications", "reporting")
EVERY_SERVICE_HAS = ("access", "app", "settings", "__main__")
LONGEST = 300  # lines; past it a file becomes a package, split by noun
SOURCES = sorted(
    path
    for folder in ("shared", "services", "web", "dev")
    for path in (ROOT / folder).rglob("*.py")
    if "node_modules" not in path.parts
)


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_files(service):
    folder = ROOT / "services" / service
    missing = [
        name
        for name in EVERY_SERVICE_HAS
        if not (folder / f"{name}.py").exists() and not (folder / name / "__init__.py").exists()
    ]
    assert not missing
    assert (folder / "README.md").exists()
    assert (folder / "migrations" / "env.py").exists()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_a_newcomer_reads_at_once(path):
    assert len(path.read_text().splitlines()) <= LONGEST


def test_every_handler_says_what_it_does():
    silent = []
    for service in SERVICES:
        folder = ROOT / "services" / service
        for path in [folder / "handlers.py", *folder.glob("handlers/*.py")]:
            if path.exists():
                silent += _handlers_without_docstring(path)
    assert not silent


def test_actions_never_commit():
    guilty = [
        str(path.relative_to(ROOT))
        for service in SERVICES
        for path in (ROOT / "services" / service).rglob("*.py")
        if "actions" in (path.stem, *path.parts) and ".commit(" in path.read_text()
    ]
    assert not guilty


def test_nothing_in_the_product_waits_by_sleeping_in_a_test():
    guilty = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "tests").rglob("test_*.py")
        if path != Path(__file__) and path.parent.name != "faults"  # there time is the fault
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "sleep(" in line and "# why:" not in line
    ]
    assert not guilty, "wait with eventually(...), or say `# why:` on the line"


def _handlers_without_docstring(path: Path) -> list[str]:
    return [
        f"{path.name}:{node.name}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.AsyncFunctionDef)
        and node.decorator_list
        and not ast.get_docstring(node)
    ]
