"""Revisions are frozen: what they do depends on nothing that goes on changing."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = [*sorted((ROOT / "services").glob("*/migrations")), ROOT / "web/portal/migrations"]
REVISIONS = [path for folder in FOLDERS for path in sorted((folder / "versions").glob("*.py"))]
ALLOWED = {"alembic", "sqlalchemy"} | sys.stdlib_module_names
LIVING = {"create_all", "inspect", "has_table"}  # would make what it finds decide what it does


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", REVISIONS, ids=name_of)
def test_a_revision_imports_no_code_of_ours(path):
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add((node.module or ".").split(".")[0])
    assert imported <= ALLOWED


@pytest.mark.parametrize("path", REVISIONS, ids=name_of)
def test_a_revision_does_the_same_whatever_is_there(path):
    source = ast.walk(ast.parse(path.read_text()))
    used = {node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
            for node in source}  # fmt: skip
    assert not used & LIVING
    assert "IF NOT EXISTS" not in path.read_text().upper()


def test_every_service_runs_its_migrations_the_same_way():
    assert len({(folder / "env.py").read_text() for folder in FOLDERS}) == 1
