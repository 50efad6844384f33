"""Real-style wordings with days worked out by hand: how many are read, and that none is wrong."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from tasks.deadlines import read_deadline

TABLE = yaml.safe_load((Path(__file__).parent / "deadline_wordings.yaml").read_text())
ROWS = [(class_, *row) for class_, rows in TABLE.items() for row in rows]
UNDERSTOOD = 0.9


def day(text: str) -> date | None:
    if text == "-":
        return None
    number, month, *year = map(int, text.split("/"))
    return date(year[0] if year else 2025, month, number)


def days(text: str) -> list[date | None] | tuple[date | None, date | None, int]:
    if ".." not in text:
        return list(map(day, text.split()))
    first, _, last, count = text.split()
    return day(first), day(last), int(count.removeprefix("x"))


def read(frame, words, more=None):
    return read_deadline(words, frame, (more or {}).get("above"))


@pytest.mark.parametrize(
    ("class_", "words", "kind", "due", "more"),
    [(*row, {})[:5] for row in ROWS],
    ids=[row[1] for row in ROWS],
)
def test_a_wording_is_read_as_worked_out_by_hand(demo_frame, class_, words, kind, due, more):
    found = read(demo_frame, words, more)
    on = [one.due_on for one in found.occurrences]
    expected = days(due)
    assert found.kind == kind, str(found.reading)
    assert (on if isinstance(expected, list) else (on[0], on[-1], len(on))) == expected
    assert len({one.label for one in found.occurrences}) == len(on)
    if kind != "needs_person":
        assert [remark.code for remark in found.warnings] == more.get("warns", [])


def test_nine_of_ten_wordings_are_understood_and_the_table_is_large():
    asked = [row for row in ROWS if row[2] == "needs_person"]
    assert len(ROWS) >= 150
    assert 1 - len(asked) / len(ROWS) >= UNDERSTOOD
