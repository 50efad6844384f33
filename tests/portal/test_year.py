"""Assignments over the year: where their bars lie."""

from datetime import date
from typing import Any

import pytest

from portal.pages.assignment_timeline import THINNEST, bar, chosen, place


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2025, 1, 1), 0.274),
        (date(2025, 12, 31), 100.0),
        (date(2024, 12, 31), 0.0),
        (date(2026, 3, 1), 100.0),
        (date(2025, 7, 2), 50.137),
    ],
)
def test_a_day_lies_where_it_ends_in_the_year(day: date, percent: float) -> None:
    assert place(day, 2025) == percent


def assignment(**facts: Any) -> dict[str, Any]:
    return {"starts_on": None, "due_on": "2025-06-30", "first_due_on": None, **facts}


def test_a_bar_goes_from_the_first_day_to_the_last_and_not_beyond_the_year() -> None:
    whole = bar(assignment(starts_on="2024-11-01", first_due_on="2025-05-15"), 2025)
    assert (whole.begins, whole.left, whole.ends) == (0.0, 0.0, place(date(2025, 6, 30), 2025))
    assert whole.first_due == place(date(2025, 5, 15), 2025)


def test_a_bar_begins_where_its_first_day_does_and_a_month_where_its_line_is() -> None:
    of_may = bar(assignment(starts_on="2025-05-01", due_on="2025-05-31"), 2025)
    assert of_may.left == place(date(2025, 4, 30), 2025)
    assert of_may.ends - of_may.left == pytest.approx(100 * 31 / 365, abs=0.01)


def test_what_has_only_a_last_day_is_seen_and_does_not_look_like_more() -> None:
    short = bar(assignment(due_on="2025-01-01"), 2025)
    assert short.begins is None
    assert short.ends - short.left == pytest.approx(THINNEST)
    assert (
        bar(assignment(starts_on="2025-06-30"), 2025).left
        == place(date(2025, 6, 30), 2025) - THINNEST
    )


def test_a_first_deadline_of_another_year_is_not_put_at_its_edge() -> None:
    assert bar(assignment(first_due_on="2024-12-15"), 2025).first_due is None


@pytest.mark.parametrize("text", ["", "25", "1999", "2025a", "２０２５"])
def test_what_is_no_year_is_this_one(text: str) -> None:
    assert chosen(text, date(2026, 11, 29)) == 2026
    assert chosen("2025", date(2026, 11, 29)) == 2025
