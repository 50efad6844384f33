"""Everything the chassis says to people exists in both languages."""

import ast
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

import chassis
from chassis import i18n
from chassis.web.validation import invalid_input

FOLDER = Path(chassis.__file__).parent


def _sentences() -> Iterator[str]:
    """String constants with Vietnamese letters that are not docstrings."""
    for path in FOLDER.rglob("*.py"):
        tree = ast.parse(path.read_text())
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            said = isinstance(node, ast.Constant) and id(node) not in prose and node.value
            if isinstance(said, str) and any("À" <= letter <= "ỹ" for letter in said):
                yield said


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_sentence_has_its_english_with_the_same_facts():
    sentences = set(_sentences()) - {"Nhịp CCHC: "}
    missing = sentences - set(i18n._english)

    assert len(sentences) > 50
    assert not missing
    for sentence in sentences:
        assert _placeholders(sentence) >= _placeholders(i18n._english[sentence]), sentence


@pytest.mark.parametrize(
    ("header", "language"),
    [(None, "vi"), ("", "vi"), ("vi-VN,vi;q=0.9,en;q=0.8", "vi"), ("en-US,en;q=0.9", "en"),
     ("fr", "vi"), ("*", "vi"), ("en;q=0.2, vi;q=0.9", "vi"), (";;,=", "vi")],
)  # fmt: skip
def test_vietnamese_unless_english_is_wanted_more(header, language):
    assert i18n.preferred(header) == language


def test_every_kind_of_wrong_value_can_be_said():
    """A sentence with a fact that pydantic does not give would be a 500."""

    class Everything(BaseModel):
        a: Annotated[int, Field(ge=1)]
        b: Annotated[Decimal, Field(max_digits=4, decimal_places=1, lt=5)]
        c: Literal["x", "y"]
        d: date
        e: datetime
        f: UUID
        g: Annotated[list[int], Field(min_length=2, max_length=3)]
        h: bool
        i: Annotated[str, Field(pattern=r"^\d{4}$")]
        j: AwareDatetime
        k: float
        m: dict[str, int]

    inputs = [
        dict.fromkeys("abcdefghijkm", value)
        for value in (None, "zz", 0, [1], 1.5, "2025-13-01", float("inf"), {}, "1" * 60, [1] * 9)
    ]
    seen = set()
    for given in inputs:
        with pytest.raises(ValidationError) as caught:
            Everything.model_validate(given)
        errors = [{**error, "loc": ("body", *error["loc"])} for error in caught.value.errors()]
        seen |= {error["type"] for error in errors}
        for language in ("vi", "en"):
            for error in invalid_input(errors, language).errors:
                assert "{" not in error["message"].replace("\\d{4}", "").replace("“{", "")
    assert len(seen) > 20
