"""What may be done with an assignment, and when it is late."""

from datetime import date
from typing import get_args

import pytest

from chassis.rules import RuleBroken
from contracts.tasks import AssignmentStatus
from tasks.assignments import domain as assignment
from tasks.assignments.domain import Act
from tasks.assignments.standing import Standing, acts_open_to

# From status (row) by act: where it leads, or the code of the refusal.
_OPEN = ("in_progress", "submitted", "assignment_not_submitted", "assignment_not_submitted")
OUTCOMES = {
    "not_started": (*_OPEN, *("not_started",) * 5, "assignment_not_paused", "not_started",
                    "cancelled", *("not_started",) * 4),
    "in_progress": (*_OPEN, *("in_progress",) * 5, "assignment_not_paused", "in_progress",
                    "cancelled", *("in_progress",) * 4),
    "returned": ("returned", *_OPEN[1:], *("returned",) * 5, "assignment_not_paused", "returned",
                 "cancelled", *("returned",) * 4),
    "submitted": ("assignment_submitted", "assignment_submitted", "done", "returned", "submitted",
                  "assignment_submitted", "submitted", *("assignment_submitted",) * 4,
                  "cancelled", "assignment_submitted", *("submitted",) * 3),
    "done": ("assignment_done",) * 16,
    "cancelled": ("assignment_cancelled",) * 16,
}  # fmt: skip
# While it is paused: what moves, ends or resumes it, and what was asked for before.
PAUSED = {
    "change", "decide_extension", "resume", "hand_over", "cancel", "give_contribution",
    "decide_contribution", "ask_question",
}  # fmt: skip


def test_the_outcomes_cover_every_status_and_act():
    assert set(OUTCOMES) == set(get_args(AssignmentStatus))
    assert set(assignment.RULES) == set(get_args(Act))


@pytest.mark.parametrize("status", OUTCOMES)
@pytest.mark.parametrize(("index", "act"), list(enumerate(get_args(Act))))
def test_each_act_leads_on_or_is_refused_by_the_status(status, index, act):
    expected = OUTCOMES[status][index]
    if expected in OUTCOMES:
        assert assignment.status_after(act, status) == expected
        return
    with pytest.raises(RuleBroken) as refused:
        assignment.status_after(act, status)
    assert refused.value.code == expected
    assert str(refused.value.sentence)


@pytest.mark.parametrize("act", get_args(Act))
def test_while_paused_only_what_moves_ends_or_resumes_it_is_open(act):
    status = "in_progress"
    if act in PAUSED:
        assert assignment.status_after(act, status, paused=True)
        return
    with pytest.raises(RuleBroken) as refused:
        assignment.status_after(act, status, paused=True)
    expected = OUTCOMES[status][get_args(Act).index(act)]
    assert refused.value.code == ("assignment_paused" if expected in OUTCOMES else expected)


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("late", [False, True])
def test_what_is_offered_is_what_is_not_refused(paused, asked, late):
    standing = Standing(
        "in_progress", paused=paused, dated=True, asked=asked, late=late, helped=True
    )
    offered = set(acts_open_to(standing))
    assert ("resume" in offered) is paused
    assert ("pause" in offered) is not paused
    assert ("request_extension" in offered) is (not paused and not asked)
    assert ("decide_extension" in offered) is asked
    assert ("commit" in offered) is (late and not paused)
    assert ("ask_contribution" in offered) is not paused
    assert "ask_question" in offered
    assert "request_extension" not in acts_open_to(standing._replace(dated=False))
    assert "ask_contribution" not in acts_open_to(standing._replace(helped=False))


@pytest.mark.parametrize("status", OUTCOMES)
def test_the_acts_offered_are_those_the_status_does_not_refuse(status):
    accepted = [
        act for act, outcome in zip(get_args(Act), OUTCOMES[status], strict=True)
        if outcome in OUTCOMES or outcome == "assignment_not_paused"
    ]  # fmt: skip
    assert assignment.acts_open_in(status) == accepted


def test_a_result_submitted_on_the_due_day_is_on_time_and_a_day_later_is_not():
    due_on = date(2025, 11, 29)
    assert assignment.on_time(due_on, due_on)
    assert not assignment.on_time(date(2025, 11, 30), due_on)
    assert assignment.on_time(date(2025, 11, 30), None)


@pytest.mark.parametrize(
    ("status", "today", "overdue"),
    [
        ("in_progress", date(2025, 6, 30), False),
        ("in_progress", date(2025, 7, 1), True),
        ("returned", date(2025, 7, 10), True),
        ("submitted", date(2025, 7, 10), False),
        ("done", date(2025, 7, 10), False),
        ("cancelled", date(2025, 7, 10), False),
    ],
)
def test_only_what_the_unit_still_owes_is_overdue(status, today, overdue):
    assert assignment.is_overdue(status, date(2025, 6, 30), today) is overdue
    assert not assignment.is_overdue(status, date(2025, 6, 30), today, paused=True)


def test_what_has_no_due_day_is_never_overdue_nor_due_soon(demo_calendar):
    today = date(2025, 12, 31)
    assert not assignment.is_overdue("in_progress", None, today)
    assert assignment.reminder_step("in_progress", None, today, demo_calendar) is None


@pytest.mark.parametrize(
    ("today", "step", "left"),
    [
        (date(2025, 11, 18), None, 8),
        (date(2025, 11, 19), 7, 7),
        (date(2025, 11, 20), 7, 6),  # the 7-day reminder holds until the 3-day one
        (date(2025, 11, 25), 3, 3),
        (date(2025, 11, 26), 3, 2),
        (date(2025, 11, 27), 1, 1),
        (date(2025, 11, 28), 0, 0),  # the last working day
        (date(2025, 11, 29), 0, 0),  # the due day itself, a Saturday
        (date(2025, 11, 30), None, 0),  # overdue now
    ],
)
def test_reminders_count_working_days_to_the_last_working_day(demo_calendar, today, step, left):
    due_on = date(2025, 11, 29)
    assert assignment.reminder_step("not_started", due_on, today, demo_calendar) == step
    assert assignment.working_days_left(due_on, today, demo_calendar) == left
    assert assignment.reminder_step("submitted", due_on, today, demo_calendar) is None


def test_flags_say_late_only_of_what_was_handed_in(demo_calendar):
    def flags(status, submitted_on, today):
        return assignment.flags(
            status=status, due_on=date(2025, 6, 30), submitted_on=submitted_on, today=today,
            calendar=demo_calendar,
        )  # fmt: skip

    assert flags("in_progress", None, date(2025, 6, 26)) == assignment.Flags(False, True, None)
    assert flags("returned", date(2025, 6, 20), date(2025, 7, 2)) == assignment.Flags(
        True, False, None
    )
    assert flags("done", date(2025, 6, 30), date(2025, 8, 1)) == assignment.Flags(
        False, False, True
    )
    paused = assignment.flags(
        status="in_progress", due_on=date(2025, 6, 30), submitted_on=None,
        today=date(2025, 7, 2), calendar=demo_calendar, paused=True,
    )  # fmt: skip
    assert paused == assignment.Flags(False, False, None)
    assert flags("submitted", date(2025, 7, 1), date(2025, 8, 1)) == assignment.Flags(
        False, False, False
    )


def test_numbers_are_padded_to_four_digits_and_grow_past_them():
    assert assignment.assignment_number(2025, 12) == "NV-2025-0012"
    assert assignment.assignment_number(2025, 12345) == "NV-2025-12345"
