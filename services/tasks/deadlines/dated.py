"""Wordings that name their days: until, before, from ... to, the end of a month."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from chassis.words import N_, Sentence
from tasks.deadlines import periods, vocabulary
from tasks.deadlines.days import WEEKDAYS, day_text, due_sentence
from tasks.deadlines.domain import Deadline, Frame, Occurrence, Unreadable, Wording
from tasks.deadlines.periods import Period
from tasks.deadlines.series import Series, read_series
from tasks.deadlines.undated import continuous_from
from tasks.remarks import Remark, in_a_row
from tasks.words import fold, pattern

WRONG_WEEKDAY = N_("Ngày {day} là {weekday}, không phải {written}: kiểm tra lại ngày.")
A_MONTH_LATER = timedelta(days=31)  # a report on a period is due in its second half, or then

_BEFORE = pattern(vocabulary.BEFORE)
_BY = pattern(vocabulary.BY)
_NAMED_DAY = pattern(vocabulary.A_NAMED_DAY)
_BETWEEN_NAMED_DAYS = pattern(vocabulary.BETWEEN_NAMED_DAYS)


def by(wording: Wording) -> Deadline | None:
    """The last day named is the last allowed day."""
    series = read_series(wording.match["when"], wording.frame)
    if series is None:
        return None
    if series.joined == "span":
        first, last = series.periods
        whole = Period(first.first, last.last, "", last.note)
        series = replace(series, periods=(whole,), joined="list", days=False)
    days = [(p.first if p.first < p.last else None, p.last) for p in series.periods]
    return fixed(wording, series, days)


def before(wording: Wording) -> Deadline | None:
    """The day named is no longer allowed: the day before it is the last."""
    series = read_series(wording.match["when"], wording.frame)
    if series is None or series.joined == "span":
        return None
    if series.mixed:
        raise Unreadable(N_("ngày và kỳ cùng đứng sau “trước”, không rõ hạn của kỳ"))
    return fixed(wording, series, [(None, p.first - timedelta(days=1)) for p in series.periods])


def until(wording: Wording) -> Deadline | None:
    """The last day of what is named, and no first: "đến hết tháng 8", "cuối quý II"."""
    series = read_series(wording.match["when"], wording.frame)
    if series is None or series.joined == "span":
        return None
    return fixed(wording, series, [(None, p.last) for p in series.periods])


def always_from(wording: Wording) -> Deadline | None:
    """All the time from a day on; with an end, nobody knows whether that is a deadline."""
    found = from_on(wording)
    return found if found and found.kind == "continuous" else None


def from_on(wording: Wording) -> Deadline | None:
    """From a day on, without an end; "từ ... đến ..." has one."""
    series = read_series(wording.match["when"], wording.frame)
    if series is None or series.joined == "span":
        return by(wording) if series else None
    if len(series.periods) > 1:
        return None
    start = series.periods[0].first
    found = continuous_from(wording, start)
    return replace(found, warnings=_warnings(wording, series, [start]))


def of_every_year(wording: Wording) -> Deadline | None:
    """Once a year on days of its own: the plan's year has these."""
    rest = wording.written("rest")
    folded = fold(rest)
    for shape, reader in ((_BEFORE, before), (_BY, by)):
        match = shape.fullmatch(folded)
        if match and (found := reader(replace(wording, plain=rest, match=match))):
            return found
    return None


# ---------------------------------------------------------------- a period, the day of its report


def named_days(wording: Wording) -> Deadline | None:
    """Days of named periods: "báo cáo 6 tháng trước ngày 15/6, báo cáo năm trước ngày 15/12"."""
    parts = _BETWEEN_NAMED_DAYS.split(fold(wording.plain))
    matches = [_NAMED_DAY.fullmatch(part) for part in parts]
    if len(parts) == 1 and matches[0] and matches[0]["name"].endswith("thang"):
        return None  # of "định kỳ 6 tháng" one day is missing
    found = [_named_day(match, wording.frame) if match else None for match in matches]
    named = [one for one in found if one]
    if len(named) < len(found):
        return None
    series = _together([series for series, _, _ in named])
    days = [(None, due) for _, _, due in named]
    return fixed(wording, series, days, [name for _, name, _ in named])


def _named_day(match: re.Match[str], frame: Frame) -> tuple[Series, str, date] | None:
    series = read_series(match["when"], frame)
    named = read_series(_in_full(match["name"]), frame)
    if not series or not named or len(series.periods) > 1 or not series.days:
        return None
    [period], [on] = named.periods, series.periods
    if match["name"].startswith("nam"):
        [period] = periods.years(period.first.year)
    middle = period.first + (period.last - period.first) / 2
    if not middle <= on.first <= period.last + A_MONTH_LATER:
        template = N_("ngày {day} không thuộc “{period}”")
        raise Unreadable(template, day=on.name, period=period.name)
    due = on.first - timedelta(days=match["bound"] == "truoc")
    return series, period.name, due


def _in_full(name: str) -> str:
    return f"{name} dau nam" if name.endswith("thang") else name


def _together(several: Sequence[Series]) -> Series:
    found = tuple(period for series in several for period in series.periods)
    return Series(found, "list", any(series.year_assumed for series in several), days=True)


# ---------------------------------------------------------------- what is made of them


def fixed(
    wording: Wording,
    series: Series,
    days: Sequence[tuple[date | None, date]],
    names: Sequence[str] = (),
) -> Deadline:
    """One occurrence per period: its first day (None: at once) and its last allowed day."""
    names = names or [p.name for p in series.periods]
    names = names if len(days) > 1 else [""]
    occurrences = tuple(Occurrence(name, *span) for name, span in zip(names, days, strict=True))
    shown = [_day(name, *span, wording.frame) for name, span in zip(names, days, strict=True)]
    reading = _reading(wording, series, shown)
    warnings = _warnings(wording, series, [due_on for _, due_on in days])
    return Deadline("fixed", wording.words, occurrences, reading, warnings=warnings)


def _reading(wording: Wording, series: Series, days: Sequence[Sentence]) -> Sentence:
    notes = [p.note for p in series.periods if p.note]
    if series.year_assumed:
        notes.append(Sentence(N_("năm {year} theo kế hoạch"), {"year": wording.frame.year}))
    facts = {"words": wording.shown, "days": in_a_row(days, "; ")}
    if not notes:
        return Sentence("{words}: {days}.", facts)
    return Sentence("{words}: {days} ({notes}).", {**facts, "notes": in_a_row(notes, ", ")})


def _day(label: str, starts_on: date | None, due_on: date, frame: Frame) -> Sentence:
    when = due_sentence(due_on, frame.calendar)
    if starts_on:
        when = Sentence(N_("từ {start}, {due}"), {"start": day_text(starts_on), "due": when})
    return Sentence("{label} {when}", {"label": label, "when": when}) if label else when


def _warnings(wording: Wording, series: Series, days: Sequence[date]) -> tuple[Remark, ...]:
    return (*_other_years(days, wording.frame), *_wrong_weekdays(wording, series))


def _other_years(days: Sequence[date], frame: Frame) -> list[Remark]:
    other = {day.year for day in days if not frame.expects(day.year)}
    template = N_("Năm {year} khác năm kế hoạch {plan_year}.")
    return [
        Remark("deadline_other_year", Sentence(template, {"year": year, "plan_year": frame.year}))
        for year in sorted(other)
    ]


def _wrong_weekdays(wording: Wording, series: Series) -> list[Remark]:
    """Raises Unreadable when nobody can tell which weekday belongs to which day."""
    if not wording.weekdays:
        return []
    if not series.days or len(series.periods) != len(wording.weekdays):
        raise Unreadable(N_("không rõ thứ trong tuần đi với ngày nào"))
    pairs = zip((period.first for period in series.periods), wording.weekdays, strict=True)
    return [_wrong_weekday(on, written) for on, written in pairs if on.weekday() != written]


def _wrong_weekday(on: date, written: int) -> Remark:
    facts = {"day": day_text(on), "weekday": WEEKDAYS[on.weekday()], "written": WEEKDAYS[written]}
    return Remark("deadline_wrong_weekday", Sentence(WRONG_WEEKDAY, facts))
