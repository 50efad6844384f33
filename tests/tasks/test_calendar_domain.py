"""The working calendar of 2025 and 2026, with its swapped days."""

from datetime import date, timedelta
from time import process_time

import pytest

from tasks.calendar.domain import WorkingCalendar


@pytest.mark.parametrize(
    ("start", "days", "result"),
    [
        (date(2025, 4, 25), 3, date(2025, 4, 29)),  # Saturday 26/4 makes up for 02/5
        (date(2025, 4, 29), 1, date(2025, 5, 5)),  # 30/4, 01/5, 02/5, weekend
        (date(2025, 8, 29), 1, date(2025, 9, 3)),  # National Day and the day before
        (date(2025, 1, 24), 1, date(2025, 2, 3)),  # Tết
        (date(2025, 12, 31), 1, date(2026, 1, 5)),  # 01/01, the swapped 02/01, weekend
        (date(2026, 11, 23), 1, date(2026, 11, 25)),  # the new holiday of 24/11
        (date(2026, 1, 9), 1, date(2026, 1, 10)),  # Saturday 10/01 makes up for 02/01
        (date(2025, 6, 2), 0, date(2025, 6, 2)),
    ],
)
def test_working_days_are_added_past_holidays_and_through_make_up_days(
    demo_calendar, start, days, result
):
    assert demo_calendar.add_working_days(start, days) == result


def test_the_last_working_day_before_the_report_is_friday_28_november(demo_calendar):
    assert demo_calendar.last_working_day_on_or_before(date(2025, 11, 29)) == date(2025, 11, 28)


def test_a_worked_day_is_its_own_last_working_day(demo_calendar):
    friday = date(2025, 11, 28)
    assert demo_calendar.last_working_day_on_or_before(friday) == friday


def test_days_between_leave_out_the_first_and_count_the_last(demo_calendar):
    between = demo_calendar.working_days_between
    assert between(date(2025, 4, 25), date(2025, 4, 29)) == 3
    assert between(date(2025, 4, 29), date(2025, 5, 4)) == 0
    assert between(date(2025, 4, 29), date(2025, 4, 29)) == 0
    assert between(date(2025, 5, 5), date(2025, 4, 29)) == 0


def test_counting_undoes_adding(demo_calendar):
    start = date(2025, 1, 24)
    for days in range(1, 260):
        end = demo_calendar.add_working_days(start, days)
        assert demo_calendar.working_days_between(start, end) == days


def test_days_between_are_as_many_as_a_count_day_by_day(demo_calendar):
    first = date(2024, 12, 20)
    for begin in range(0, 60, 7):
        after, counted = first + timedelta(days=begin), 0
        for span in range(1, 800):
            until = after + timedelta(days=span)
            counted += demo_calendar.is_working(until)
            assert demo_calendar.working_days_between(after, until) == counted


def test_a_day_of_a_mistyped_year_is_counted_to_at_once(demo_calendar):
    begun = process_time()
    assert demo_calendar.working_days_between(date(2025, 6, 30), date(9999, 6, 30)) > 2_000_000
    assert process_time() - begun < 0.05


def test_a_year_nobody_entered_is_known_to_be_unknown(demo_calendar):
    assert demo_calendar.knows(2026)
    assert not demo_calendar.knows(2027)
    assert WorkingCalendar({}).is_working(date(2027, 1, 1))  # a Friday, for all it knows
