"""Everything the chassis says to people exists in both languages."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from tests.sentences import english, placeholders, said_in

import chassis
from chassis import i18n
from chassis.web.validation import invalid_input

FOLDER = Path(chassis.__file__).parent


def test_every_sentence_has_its_english_with_the_same_facts():
    sentences = said_in(FOLDER, without=("documents/official",)) - {"Nhịp CCHC: "}
    known = english(FOLDER)

    assert len(sentences) > 50
    assert not sentences - set(known)
    for sentence in sentences:
        assert placeholders(sentence) >= placeholders(known[sentence]), sentence


def test_facts_that_are_words_or_numbers_are_said_in_the_language_too():
    facts = {"field": "nội dung", "le": Decimal("1.50"), "input": "“nội dung”"}
    sentence = "«{field}» không được quá {le}, không phải {input}"

    assert i18n.say(sentence, "en", **facts) == "«body» must be at most 1.50, not “nội dung”"
    assert i18n.say(sentence, **facts) == "«nội dung» không được quá 1,50, không phải “nội dung”"


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
