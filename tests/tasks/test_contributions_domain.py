"""When a contribution is late, at the edges of the working calendar."""

from datetime import date

import pytest

from chassis.rules import RuleBroken
from tasks.contributions.domain import check_standing
from tasks.ladder.domain import days_late

EDGES = [
    ("a Friday, given on it", date(2025, 11, 28), date(2025, 11, 28), 0),
    ("a Friday, given on the Sunday after", date(2025, 11, 28), date(2025, 11, 30), 0),
    ("a Friday, given on the Monday", date(2025, 11, 28), date(2025, 12, 1), 1),
    ("a Sunday, given on the Monday", date(2025, 11, 30), date(2025, 12, 1), 1),
    ("before a holiday, given on it", date(2025, 8, 29), date(2025, 9, 2), 0),
    ("before a holiday, given after it", date(2025, 8, 29), date(2025, 9, 3), 1),
    ("a Friday, given on the make-up Saturday", date(2025, 4, 25), date(2025, 4, 26), 1),
    ("given before", date(2025, 11, 28), date(2025, 11, 3), 0),
]


@pytest.mark.parametrize(
    ("due_on", "given_on", "late"), [edge[1:] for edge in EDGES], ids=[edge[0] for edge in EDGES]
)
def test_late_is_counted_in_working_days(demo_calendar, due_on, given_on, late):
    assert days_late(due_on, given_on, demo_calendar) == late


@pytest.mark.parametrize(
    ("act", "status", "code"),
    [
        ("give", "given", "contribution_given"),
        ("give", "accepted", "contribution_accepted"),
        ("give", "withdrawn", "contribution_withdrawn"),
        ("accept", "asked", "contribution_not_given"),
        ("return", "returned", "contribution_not_given"),
        ("withdraw", "given", "contribution_given"),
    ],
)
def test_an_act_is_refused_by_how_the_contribution_stands(act, status, code):
    with pytest.raises(RuleBroken) as refused:
        check_standing(act, status)
    assert refused.value.code == code
