"""What is said of a deadline is true on the day it is said, by the installation's calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.working_calendar import WorkingCalendar
from notifications.channels.mail.hours import MailHours
from notifications.rules.deadline import deadline_words

CALENDAR = WorkingCalendar({date(2025, 11, 20): False, date(2025, 11, 22): True})
FACTS = {"number": "NV-2025-0007", "subject_matter": "Rà soát", "unit": "Phòng A"}


def said(due_on: date, today: date, calendar: WorkingCalendar = CALENDAR) -> tuple[str, str]:
    words = deadline_words(due_on, today, calendar)
    facts = {**FACTS, **words.facts}
    return words.title.format(**facts), words.body.format(**facts)


@pytest.mark.parametrize(
    ("due_on", "today", "title"),
    [
        ("2025-11-28", "2025-11-19", "còn 7 ngày làm việc"),  # 20/11 is off, Saturday 22/11 is not
        ("2025-11-28", "2025-11-27", "chỉ còn 1 ngày làm việc"),
        ("2025-11-28", "2025-11-28", "Hôm nay là ngày làm việc cuối cùng"),
        ("2025-11-28", "2025-11-30", "đã quá hạn"),
        ("2025-11-28", "2025-12-01", "đã quá hạn 1 ngày làm việc"),
        ("2025-11-30", "2025-11-28", "Hôm nay là ngày làm việc cuối cùng"),
        ("2025-11-30", "2025-11-29", "không còn ngày làm việc nào trước hạn"),
        ("2025-11-30", "2025-11-30", "không còn ngày làm việc nào trước hạn"),
        ("2025-11-30", "2025-12-03", "đã quá hạn 3 ngày làm việc"),
        ("2025-11-20", "2025-11-20", "không còn ngày làm việc nào trước hạn"),
        ("2025-11-22", "2025-11-22", "Hôm nay là ngày làm việc cuối cùng"),
    ],
)
def test_a_deadline_is_said_as_it_stands_on_the_day(due_on, today, title):
    found, _ = said(date.fromisoformat(due_on), date.fromisoformat(today))
    assert title in found
    assert "NV-2025-0007" in found


def test_a_deadline_on_a_day_off_names_the_last_working_day_before_it():
    _, sunday = said(date(2025, 11, 30), date(2025, 11, 30))
    _, holiday = said(date(2025, 11, 20), date(2025, 11, 18))
    _, worked = said(date(2025, 11, 22), date(2025, 11, 21))
    assert "Hạn là Chủ nhật 30/11/2025" in sunday
    assert "ngày làm việc cuối cùng trước đó là thứ Sáu 28/11/2025" in sunday
    assert "Hạn là thứ Năm 20/11/2025" in holiday
    assert "thứ Tư 19/11/2025" in holiday
    assert worked.endswith("Thời hạn: 22/11/2025.")


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@given(DAYS, st.integers(-40, 40), st.dictionaries(DAYS, st.booleans(), max_size=40))
def test_no_sentence_contradicts_the_calendar(due_on, ahead, exceptions):
    today, calendar = due_on - timedelta(days=ahead), WorkingCalendar(exceptions)
    title, body = said(due_on, today, calendar)
    span = (today + timedelta(days=n) for n in range(1, ahead + 1))
    left = sum(calendar.is_working(day) for day in span)
    assert ("quá hạn" in title) == (today > due_on)
    late = sum(calendar.is_working(due_on + timedelta(days=n)) for n in range(1, -ahead + 1))
    assert (f"quá hạn {late} ngày làm việc" in title) == (late > 0)
    assert (f"còn {left} ngày làm việc" in title) == (left > 0)
    assert ("Hôm nay" in title) == (ahead >= 0 and left == 0 and calendar.is_working(today))
    assert ("ngày làm việc cuối cùng trước đó" in body) == (not calendar.is_working(due_on))


HOURS = MailHours.of("07:00-17:00")


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        ("2025-11-28 06:59", False), ("2025-11-28 07:00", True), ("2025-11-28 16:59", True),
        ("2025-11-28 17:00", False), ("2025-11-30 09:00", False), ("2025-11-20 09:00", False),
        ("2025-11-22 09:00", True), ("2025-11-28 00:00", False),
    ],
)  # fmt: skip
def test_mail_comes_in_working_hours_of_working_days(local, is_open):
    now = datetime.fromisoformat(local).replace(tzinfo=UTC) - timedelta(hours=7)
    assert HOURS.open_at(now, CALENDAR) is is_open
    assert MailHours.of("always").open_at(now, CALENDAR)


@pytest.mark.parametrize("setting", ["", "7-17", "17:00-07:00", "07:00", "07:00-07:00", "never"])
def test_hours_nobody_can_mean_stop_the_start(setting):
    with pytest.raises(ValueError):  # noqa: PT011 - of the library or our own
        MailHours.of(setting)


@pytest.mark.parametrize(
    "setting",
    ["07:00-17:00+07:00", "7:00-17:00", "07:00", "07:00:30-17:00", "0700-1700", "07:00-24:00",
     "18:00-09:30", "٠٧:٠٠-17:00"],
)  # fmt: skip
def test_hours_in_any_other_form_name_the_form_expected(setting):
    with pytest.raises(ValueError, match=r"MAIL_HOURS=.*expected like 07:00-17:00"):
        MailHours.of(setting)


def test_hours_may_have_blanks_around_them():
    assert MailHours.of(" 08:30 - 16:05 ") == MailHours(time(8, 30), time(16, 5))


def test_hours_are_read_as_local_time():
    assert MailHours(time(7), time(17)) == HOURS
