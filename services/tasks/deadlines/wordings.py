"""The table of wordings: each line is one way an appendix says when."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tasks.deadlines import periods
from tasks.deadlines.days import day_text, due_text
from tasks.deadlines.domain import DaysAfter, Deadline, Frame, Occurrence
from tasks.deadlines.periods import Period
from tasks.deadlines.recurrence import DayOfMonth, PeriodsOf, recurring
from tasks.deadlines.series import Series, Unreadable, read_series
from tasks.words import fold, pattern, tidy

HOW_TO_WRITE = (
    "Ghi ngày dạng 30/6/2025, hoặc kỳ dạng Quý II/2025, Tháng 9/2025, Hàng tháng, Thường xuyên."
)


@dataclass(frozen=True, slots=True)
class Said:
    """A cell, its matched wording and the plan it belongs to. `words` keep the accents."""

    words: str
    match: re.Match[str]
    frame: Frame

    def series(self) -> Series | None:
        """Read the points in time named in the wording."""
        return read_series(self.match["when"], self.frame)


Reader = Callable[[Said], Deadline | None]  # None: not this wording after all, try the next


def read_deadline(text: str, frame: Frame) -> Deadline:
    """Read a deadline. Never raises, never guesses: what no wording fits needs a person."""
    original = tidy(text)
    deadline = _read(original.strip(" .,;:"), frame)
    return replace(deadline, text=original.replace("\n", " "))


def _read(words: str, frame: Frame) -> Deadline:
    if not words:
        return needs_person(words, "ô thời hạn để trống")
    try:
        # A line break is a space, or else it separates the items of a list.
        one_line, listed = words.replace("\n", " "), words.replace("\n", ",")
        read = _look_up(one_line, frame) or _look_up(listed, frame)
    except Unreadable as refusal:
        return needs_person(words, str(refusal))
    return read or needs_person(words, "không có cách đọc chắc chắn")


def _look_up(words: str, frame: Frame) -> Deadline | None:
    folded = fold(words)
    for shape, reader in WORDINGS:
        match = shape.fullmatch(folded)
        if match and (deadline := reader(Said(words, match, frame))):
            return deadline
    return None


# ---------------------------------------------------------------- no day of its own


def needs_person(text: str, why: str) -> Deadline:
    """Keep the words and ask: nobody is given a deadline the appendix does not state."""
    words = " ".join(text.split())
    return Deadline(
        "needs_person",
        words,
        (Occurrence("", None, None),),
        f"Cần người đọc: {why}.",
        warnings=(f"{why[:1].upper()}{why[1:]}: “{words}”. {HOW_TO_WRITE}",),
    )


def by_reference(said: Said) -> Deadline:
    """The day stands in another document or follows a result nobody has yet."""
    return needs_person(said.words, "thời hạn nằm ở văn bản hoặc kết quả khác")


def how_often(said: Said) -> Deadline:
    """Periodic, but nobody says how often."""
    return needs_person(said.words, "chưa nói bao lâu một lần")


def continuous(said: Said) -> Deadline:
    """All the time: no due day, so never overdue."""
    reading = "Thường xuyên: không có hạn cuối, cập nhật tiến độ định kỳ."
    return Deadline("continuous", said.words, (Occurrence("", None, None),), reading)


def on_event(said: Said) -> Deadline:
    """When something happens: not counted until the Office enters its day and the deadline."""
    reading = "Theo sự việc: chưa có hạn cho đến khi phát sinh."
    return Deadline("triggered", said.words, (Occurrence("", None, None),), reading)


def days_after(said: Said) -> Deadline:
    """So many days after something happened; the first day counted is the day after."""
    event = said.words[slice(*said.match.span("event"))]
    rule = DaysAfter(int(said.match["days"]), said.match["working"] is not None, event)
    unit = "ngày làm việc" if rule.working else "ngày"
    reading = f"{rule.days} {unit} sau ngày {event}, tính từ ngày kế tiếp; cần nhập ngày {event}."
    return Deadline("triggered", said.words, (Occurrence("", None, None),), reading, rule)


# ---------------------------------------------------------------- again and again


def each(periods_of: PeriodsOf) -> Reader:
    """Due at the end of each period."""
    return lambda said: recurring(said.words, said.frame, periods_of)


def each_by(periods_of: PeriodsOf, months_later: int = 0) -> Reader:
    """Due on a day of each period's last month, or of the month after."""

    def read(said: Said) -> Deadline | None:
        number = int(said.match["day"])
        before = (said.match["bound"] or "").startswith("truoc")
        rule = DayOfMonth(number, months_later, before)
        valid = 1 <= number <= 31  # noqa: PLR2004
        return recurring(said.words, said.frame, periods_of, rule) if valid else None

    return read


# ---------------------------------------------------------------- on days of its own


def by(said: Said) -> Deadline | None:
    """The last day named is the last allowed day."""
    series = said.series()
    if series is None:
        return None
    if series.joined == "span":
        first, last = series.periods
        whole = Period(first.first, last.last, "", last.note)
        series = Series((whole,), "list", series.year_assumed)
    days = [(p.first if p.first < p.last else None, p.last) for p in series.periods]
    return fixed(said, series, days)


def before(said: Said) -> Deadline | None:
    """The day named is no longer allowed: the day before it is the last."""
    series = said.series()
    if series is None or series.joined == "span":
        return None
    return fixed(said, series, [(None, p.first - timedelta(days=1)) for p in series.periods])


def from_on(said: Said) -> Deadline | None:
    """From a day on, without an end; "từ ... đến ..." has one."""
    series = said.series()
    if series is None or series.joined == "span":
        return by(said) if series else None
    if len(series.periods) > 1:
        return None
    start = series.periods[0].first
    reading = f"Thường xuyên từ {day_text(start)}: không có hạn cuối, cập nhật tiến độ định kỳ."
    always = Occurrence("", start, None)
    warnings = _year_warnings(series, said.frame)
    return Deadline("continuous", said.words, (always,), reading, None, warnings)


def fixed(said: Said, series: Series, days: list[tuple[date | None, date]]) -> Deadline:
    """One occurrence per period: its first day (None: at once) and its last allowed day."""
    names = [p.name for p in series.periods] if len(days) > 1 else [""]
    occurrences = tuple(Occurrence(name, *span) for name, span in zip(names, days, strict=True))
    reading = f"{said.words[:1].upper()}{said.words[1:]}: {_reading(occurrences, said.frame)}"
    notes = [p.note for p in series.periods if p.note]
    if series.year_assumed:
        notes.append(f"năm {said.frame.year} theo kế hoạch")
    if notes:
        reading += f" ({', '.join(notes)})"
    warnings = _year_warnings(series, said.frame)
    return Deadline("fixed", said.words, occurrences, f"{reading}.", None, warnings)


def _reading(occurrences: tuple[Occurrence, ...], frame: Frame) -> str:
    said = []
    for one in occurrences:
        start = f"từ {day_text(one.starts_on)}, " if one.starts_on else ""
        due = due_text(one.due_on, frame.calendar) if one.due_on else ""
        said.append(f"{one.label + ' ' if one.label else ''}{start}{due}")
    return "; ".join(said)


def _year_warnings(series: Series, frame: Frame) -> tuple[str, ...]:
    other = {p.last.year for p in series.periods} - {frame.year}
    return tuple(f"Năm {year} khác năm kế hoạch {frame.year}." for year in sorted(other))


# ---------------------------------------------------------------- the table

_BY = (
    r"(?:(?:hoàn thành|thực hiện|xong|trong|vào|chậm nhất|muộn nhất|không quá|không muộn hơn"
    r"|đến hết|đến|hết|là) )*"
)
_EVERY = r"(?:định kỳ )?(?:hàng|mỗi)"
_BOUND = r"(?:(?P<bound>trước|chậm nhất|muộn nhất|không quá|vào)(?: là)?(?: vào)? )?"
_ON_DAY = _BOUND + r"ngày (?P<day>\d{1,2})(?: của)?"
_WITHIN = r"(?:(?:trong(?: vòng| thời hạn)?|chậm nhất|không quá)(?: là)? )?"
_DAYS = r"(?P<days>\d{1,3})(?: ?\([^)\d]*\))? ngày(?P<working> làm việc)?"
_SINCE = r",? (?:kể từ|tính từ|từ|sau)(?: ngày| khi| thời điểm)* (?P<event>\w[^\d,;]*)"
_ANY = r"[^\d,;]*"  # a second number or clause would be a second condition: nobody guesses then

_TABLE: tuple[tuple[str, Reader], ...] = (
    # Thường xuyên; Hàng ngày; Thường xuyên, liên tục
    (r"thường xuyên(?:,? liên tục)?(?: trong năm(?: \d{4})?)?|liên tục|hàng ngày", continuous),
    # Khi có yêu cầu; Khi có phát sinh; Đột xuất; Khi có hồ sơ trễ hạn
    (r"(?:đột xuất,? )?khi (?:có |cần|phát sinh)" + _ANY, on_event),
    (r"đột xuất|theo yêu cầu" + _ANY, on_event),
    # Trong vòng 30 ngày kể từ ngày có kết luận; Chậm nhất 05 ngày làm việc kể từ ngày tiếp nhận
    (_WITHIN + _DAYS + _SINCE, days_after),
    # Theo Chương trình của UBND tỉnh; Sau khi có kết quả khảo sát
    (r"(?:theo|sau khi) .*", by_reference),
    (r"định kỳ", how_often),
    # Hàng tháng; Hằng quý; Định kỳ 6 tháng; Hằng năm
    (_EVERY + r" tháng", each(periods.twelve_months)),
    (_EVERY + r" quý", each(periods.quarters)),
    (r"(?:định kỳ|hàng|mỗi) 0?6 tháng(?: một lần)?", each(periods.halves)),
    (_EVERY + r" (?P<when>năm)", by),
    # Hằng tháng, chậm nhất ngày 05 tháng sau
    (
        _EVERY + r" tháng,? " + _ON_DAY + r" tháng (?:sau|kế tiếp|tiếp theo|liền kề)",
        each_by(periods.twelve_months, 1),
    ),
    # Hằng tháng, trước ngày 25; Ngày 25 hằng tháng
    (_EVERY + r" tháng,? " + _ON_DAY, each_by(periods.twelve_months)),
    (_ON_DAY + r" (?:hàng|mỗi) tháng", each_by(periods.twelve_months)),
    # Ngày 15 của tháng cuối quý; Hằng quý, chậm nhất ngày 10 tháng đầu quý sau
    (
        rf"(?:{_EVERY} quý,? )?" + _ON_DAY + r" tháng cuối(?: của)?(?: mỗi| hàng)? quý",
        each_by(periods.quarters),
    ),
    (_EVERY + r" quý,? " + _ON_DAY + r" tháng đầu(?: của)? quý sau", each_by(periods.quarters, 1)),
    # Trước ngày 30/11/2025; Từ 01/4/2025; Quý II, Quý III/2025; Đến hết ngày 30/11/2025; 30/6
    (_BY + r"trước (?P<when>.+)", before),
    (r"từ (?P<when>.+)", from_on),
    (_BY + r"(?P<when>.+)", by),
)
WORDINGS = tuple((pattern(wording), reader) for wording, reader in _TABLE)
