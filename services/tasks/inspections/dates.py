"""Days of an inspection and of its records: possible, and in their order. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from chassis.rules import Problem
from chassis.words import N_, Sentence
from tasks.deadlines.days import day_text, of_no_year
from tasks.inspections.domain import refuse

DAYS_TURNED = N_("Ngày kết thúc {ends} trước ngày bắt đầu {starts}")
TO_COME = N_("Ngày {day} chưa đến: hãy ghi từ hôm nay trở về trước")
TOO_EARLY = N_("Ngày {day} trước ngày {first} của bước trước")
BEFORE_ITS_YEARS = N_(
    "Cuộc kiểm tra năm {year} chỉ được thông báo từ {first}: kiểm tra lại năm của ngày {day}"
)
BEFORE_FIRST_DAY = N_(
    "Ngày {day} trước ngày bắt đầu {first} của cuộc kiểm tra: nếu đoàn đến sớm hơn, hãy sửa ngày "
    "bắt đầu trước"
)
DUE_EARLY = N_("Hạn nộp {due} trước ngày yêu cầu {asked}")
RECEIVED_EARLY = N_("Ngày nhận {received} trước ngày yêu cầu {asked}")


def check_days(starts_on: date, ends_on: date) -> None:
    """Raise InputRefused for a last day before the first, and for days of no year of ours."""
    days = (("/starts_on", starts_on), ("/ends_on", ends_on))
    refuse([problem for pointer, day in days for problem in of_no_year(pointer, day)])
    if ends_on < starts_on:
        facts = {"starts": day_text(starts_on), "ends": day_text(ends_on)}
        refuse([Problem("/ends_on", Sentence(DAYS_TURNED, facts))])


def check_happened(field: str, day: date, today: date, not_before: date | None) -> None:
    """Raise InputRefused for a day to come, or one before the step that came first."""
    if day > today:
        refuse([Problem(f"/{field}", Sentence(TO_COME, {"day": day_text(day)}))])
    if not_before is not None and day < not_before:
        facts = {"day": day_text(day), "first": day_text(not_before)}
        refuse([Problem(f"/{field}", Sentence(TOO_EARLY, facts))])


def check_announced(day: date, today: date, year: int, planned_on: date) -> None:
    """Raise InputRefused for a day to come, or one before it was planned and its year was near."""
    check_happened("announced_on", day, today, None)
    first = min(date(year - 1, 1, 1), planned_on)
    if day < first:
        facts = {"day": day_text(day), "year": year, "first": day_text(first)}
        refuse([Problem("/announced_on", Sentence(BEFORE_ITS_YEARS, facts))])


def check_visited(day: date, today: date, announced_on: date | None, starts_on: date) -> None:
    """Raise InputRefused for a day to come, before the announcement or before the first day."""
    check_happened("visited_on", day, today, announced_on)
    if day < starts_on:
        facts = {"day": day_text(day), "first": day_text(starts_on)}
        refuse([Problem("/visited_on", Sentence(BEFORE_FIRST_DAY, facts))])


def check_records(records: Sequence[Mapping[str, object]], today: date) -> None:
    """Raise InputRefused for a record that came, or is due, before it was asked for.

    And for one that is yet to come.
    """
    refuse([p for place, record in enumerate(records) for p in _of_record(place, record, today)])


def _of_record(place: int, record: Mapping[str, object], today: date) -> Iterator[Problem]:
    asked, due, received = (record.get(name) for name in ("asked_on", "due_on", "received_on"))
    for name, day in (("asked_on", asked), ("due_on", due)):
        if isinstance(day, date):
            yield from of_no_year(f"/records/{place}/{name}", day)
    if isinstance(asked, date) and isinstance(due, date) and due < asked:
        facts = {"due": day_text(due), "asked": day_text(asked)}
        yield Problem(f"/records/{place}/due_on", Sentence(DUE_EARLY, facts))
    if not isinstance(received, date):
        return
    where = f"/records/{place}/received_on"
    yield from of_no_year(where, received)
    if received > today:
        yield Problem(where, Sentence(TO_COME, {"day": day_text(received)}))
    elif isinstance(asked, date) and received < asked:
        facts = {"received": day_text(received), "asked": day_text(asked)}
        yield Problem(where, Sentence(RECEIVED_EARLY, facts))
