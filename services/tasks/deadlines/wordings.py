"""The table of wordings: each line is one way an appendix says when."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chassis.words import N_, Sentence
from tasks.deadlines import periods, vocabulary
from tasks.deadlines.days import day_text, due_sentence
from tasks.deadlines.domain import DaysAfter, Deadline, Frame, Occurrence
from tasks.deadlines.periods import Period
from tasks.deadlines.recurrence import DayOfMonth, PeriodsOf, recurring
from tasks.deadlines.series import Series, Unreadable, read_series
from tasks.remarks import Remark, in_a_row
from tasks.words import fold, pattern, tidy

DAYS_AFTER = N_("{days} ngày sau ngày {event}, tính từ ngày kế tiếp; cần nhập ngày {event}.")
WORKING_DAYS_AFTER = N_(
    "{days} ngày làm việc sau ngày {event}, tính từ ngày kế tiếp; cần nhập ngày {event}."
)
UNCLEAR = N_(
    "{why}: “{words}”. Ghi ngày dạng 30/6/2025, hoặc kỳ dạng Quý II/2025, Tháng 9/2025, "
    "Hàng tháng, Thường xuyên."
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A cell, its matched wording and the plan it belongs to. `words` keep the accents."""

    words: str
    match: re.Match[str]
    frame: Frame

    def series(self) -> Series | None:
        """Read the points in time named in the wording."""
        return read_series(self.match["when"], self.frame)


Reader = Callable[[Wording], Deadline | None]  # None: not this wording after all, try the next


def read_deadline(text: str, frame: Frame) -> Deadline:
    """Read a deadline. Never raises, never guesses: what no wording fits needs a person.

    `text`: the cell as it is; the answer's `text` is tidied. Source of the table: composed, from
    the wordings of plans and their appendices.
    """
    original = tidy(text)
    deadline = _read(original.strip(" .,;:"), frame)
    return replace(deadline, text=original.replace("\n", " "))


def _read(words: str, frame: Frame) -> Deadline:
    if not words:
        return needs_person(words, Sentence(N_("ô thời hạn để trống")))
    try:
        # A line break is a space, or else it separates the items of a list.
        one_line, listed = words.replace("\n", " "), words.replace("\n", ",")
        read = _look_up(one_line, frame) or _look_up(listed, frame)
    except Unreadable as refusal:
        return needs_person(words, refusal.sentence)
    return read or needs_person(words, Sentence(N_("không có cách đọc chắc chắn")))


def _look_up(words: str, frame: Frame) -> Deadline | None:
    folded = fold(words)
    for shape, reader in WORDINGS:
        match = shape.fullmatch(folded)
        if match and (deadline := reader(Wording(words, match, frame))):
            return deadline
    return None


# ---------------------------------------------------------------- no day of its own


def needs_person(text: str, why: Sentence) -> Deadline:
    """Keep the words and ask: nobody is given a deadline the appendix does not state."""
    words = " ".join(text.split())
    return Deadline(
        "needs_person",
        words,
        (Occurrence("", None, None),),
        Sentence(N_("Cần người đọc: {why}."), {"why": why}),
        warnings=(Remark("deadline_unclear", Sentence(UNCLEAR, {"why": why, "words": words})),),
    )


def by_reference(wording: Wording) -> Deadline:
    """The day stands in another document or follows a result nobody has yet."""
    return needs_person(wording.words, Sentence(N_("thời hạn nằm ở văn bản hoặc kết quả khác")))


def how_often(wording: Wording) -> Deadline:
    """Periodic, but nobody says how often."""
    return needs_person(wording.words, Sentence(N_("chưa nói bao lâu một lần")))


def continuous(wording: Wording) -> Deadline:
    """All the time: no due day, so never overdue."""
    reading = Sentence(N_("Thường xuyên: không có hạn cuối, cập nhật tiến độ định kỳ."))
    return Deadline("continuous", wording.words, (Occurrence("", None, None),), reading)


def on_event(wording: Wording) -> Deadline:
    """When something happens: not counted until the Office enters its day and the deadline."""
    reading = Sentence(N_("Theo sự việc: chưa có hạn cho đến khi phát sinh."))
    return Deadline("triggered", wording.words, (Occurrence("", None, None),), reading)


def days_after(wording: Wording) -> Deadline:
    """So many days after something happened; the first day counted is the day after."""
    event = wording.words[slice(*wording.match.span("event"))]
    rule = DaysAfter(int(wording.match["days"]), wording.match["working"] is not None, event)
    template = WORKING_DAYS_AFTER if rule.working else DAYS_AFTER
    reading = Sentence(template, {"days": rule.days, "event": event})
    return Deadline("triggered", wording.words, (Occurrence("", None, None),), reading, rule)


# ---------------------------------------------------------------- again and again


def each(periods_of: PeriodsOf) -> Reader:
    """Due at the end of each period."""
    return lambda wording: recurring(wording.words, wording.frame, periods_of)


def each_by(periods_of: PeriodsOf, months_later: int = 0) -> Reader:
    """Due on a day of each period's last month, or of the month after."""

    def read(wording: Wording) -> Deadline | None:
        number = int(wording.match["day"])
        before = (wording.match["bound"] or "").startswith("truoc")
        rule = DayOfMonth(number, months_later, before)
        valid = 1 <= number <= 31  # noqa: PLR2004
        return recurring(wording.words, wording.frame, periods_of, rule) if valid else None

    return read


# ---------------------------------------------------------------- on days of its own


def by(wording: Wording) -> Deadline | None:
    """The last day named is the last allowed day."""
    series = wording.series()
    if series is None:
        return None
    if series.joined == "span":
        first, last = series.periods
        whole = Period(first.first, last.last, "", last.note)
        series = Series((whole,), "list", series.year_assumed)
    days = [(p.first if p.first < p.last else None, p.last) for p in series.periods]
    return fixed(wording, series, days)


def before(wording: Wording) -> Deadline | None:
    """The day named is no longer allowed: the day before it is the last."""
    series = wording.series()
    if series is None or series.joined == "span":
        return None
    return fixed(wording, series, [(None, p.first - timedelta(days=1)) for p in series.periods])


def from_on(wording: Wording) -> Deadline | None:
    """From a day on, without an end; "từ ... đến ..." has one."""
    series = wording.series()
    if series is None or series.joined == "span":
        return by(wording) if series else None
    if len(series.periods) > 1:
        return None
    start = series.periods[0].first
    reading = Sentence(
        N_("Thường xuyên từ {start}: không có hạn cuối, cập nhật tiến độ định kỳ."),
        {"start": day_text(start)},
    )
    always = Occurrence("", start, None)
    warnings = _year_warnings(series, wording.frame)
    return Deadline("continuous", wording.words, (always,), reading, None, warnings)


def fixed(wording: Wording, series: Series, days: list[tuple[date | None, date]]) -> Deadline:
    """One occurrence per period: its first day (None: at once) and its last allowed day."""
    names = [p.name for p in series.periods] if len(days) > 1 else [""]
    occurrences = tuple(Occurrence(name, *span) for name, span in zip(names, days, strict=True))
    shown = [_day(name, *span, wording.frame) for name, span in zip(names, days, strict=True)]
    return Deadline(
        "fixed",
        wording.words,
        occurrences,
        _reading(wording, series, shown),
        warnings=_year_warnings(series, wording.frame),
    )


def _reading(wording: Wording, series: Series, days: Sequence[Sentence]) -> Sentence:
    notes = [p.note for p in series.periods if p.note]
    if series.year_assumed:
        notes.append(Sentence(N_("năm {year} theo kế hoạch"), {"year": wording.frame.year}))
    facts = {
        "words": f"{wording.words[:1].upper()}{wording.words[1:]}",
        "days": in_a_row(days, "; "),
    }
    if not notes:
        return Sentence("{words}: {days}.", facts)
    return Sentence("{words}: {days} ({notes}).", {**facts, "notes": in_a_row(notes, ", ")})


def _day(label: str, starts_on: date | None, due_on: date, frame: Frame) -> Sentence:
    when = due_sentence(due_on, frame.calendar)
    if starts_on:
        when = Sentence(N_("từ {start}, {due}"), {"start": day_text(starts_on), "due": when})
    return Sentence("{label} {when}", {"label": label, "when": when}) if label else when


def _year_warnings(series: Series, frame: Frame) -> tuple[Remark, ...]:
    other = {p.last.year for p in series.periods} - {frame.year}
    template = N_("Năm {year} khác năm kế hoạch {plan_year}.")
    return tuple(
        Remark("deadline_other_year", Sentence(template, {"year": year, "plan_year": frame.year}))
        for year in sorted(other)
    )


# ---------------------------------------------------------------- the table

_TABLE: tuple[tuple[str, Reader], ...] = (
    (vocabulary.CONTINUOUS, continuous),
    (vocabulary.WHEN_IT_HAPPENS, on_event),
    (vocabulary.ON_REQUEST, on_event),
    (vocabulary.DAYS_AFTER, days_after),
    (vocabulary.BY_REFERENCE, by_reference),
    (vocabulary.PERIODIC, how_often),
    (vocabulary.EVERY_MONTH, each(periods.twelve_months)),
    (vocabulary.EVERY_QUARTER, each(periods.quarters)),
    (vocabulary.EVERY_HALF, each(periods.halves)),
    (vocabulary.EVERY_YEAR, by),
    (vocabulary.EVERY_MONTH_DAY_OF_NEXT, each_by(periods.twelve_months, 1)),
    (vocabulary.EVERY_MONTH_ON_DAY, each_by(periods.twelve_months)),
    (vocabulary.ON_DAY_EVERY_MONTH, each_by(periods.twelve_months)),
    (vocabulary.DAY_OF_QUARTERS_LAST_MONTH, each_by(periods.quarters)),
    (vocabulary.DAY_AFTER_QUARTER, each_by(periods.quarters, 1)),
    (vocabulary.BEFORE, before),
    (vocabulary.FROM_ON, from_on),
    (vocabulary.BY, by),
)
WORDINGS = tuple((pattern(wording), reader) for wording, reader in _TABLE)
