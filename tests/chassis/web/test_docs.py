"""The documents say what the service does, and need nobody else's server."""

import ast
import re
from pathlib import Path

import pytest

import chassis
from chassis.errors import ServiceError
from chassis.web.codes import CODES


@pytest.fixture
async def page(nobody):
    return (await nobody.get("/docs")).text


async def test_every_route_stands_there_with_its_policy_and_shapes(page):
    assert page.count("<details>") == 8
    assert "note.write" in page
    assert "title: string (at least 3 characters, at most 40 characters)" in page
    assert '<code id="note_forbidden">' in page


async def test_the_page_loads_nothing(page):
    assert "<script" not in page
    assert not re.search(r"(src|href)=['\"]?(https?:)?//", page)


async def test_the_document_tells_keys_tokens_and_failures(nobody):
    document = (await nobody.get("/openapi.json")).json()
    add, points = (document["paths"][path] for path in ("/v1/notes", "/v1/points"))

    assert "Idempotency-Key" in {p["name"] for p in add["post"]["parameters"]}
    assert add["post"]["security"] == [{"token": []}]
    assert "security" not in points["get"]
    assert "application/problem+json" in add["post"]["responses"]["default"]["content"]
    assert "422" not in add["post"]["responses"]
    assert (await nobody.get("/openapi.json")).json() == document


def _codes() -> set[str]:
    """Every `code=` given, and every class' own, in the chassis."""
    own = [k for k in ServiceError.__subclasses__() if k.__module__.startswith("chassis.")]
    found = {kind.code for kind in own}
    for path in Path(chassis.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "code":
                found |= {node.value.value} if isinstance(node.value, ast.Constant) else set()
    return found


def test_every_code_of_the_chassis_is_documented():
    assert _codes() - set(CODES) == set()
    assert len(_codes()) > 25
