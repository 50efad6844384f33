"""Several duties in one cell: "Theo yêu cầu và định kỳ hằng quý" is both, not one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from chassis.words import N_, Sentence
from tasks.deadlines import vocabulary
from tasks.deadlines.days import day_text
from tasks.deadlines.domain import Deadline, Occurrence, Unreadable
from tasks.remarks import in_a_row
from tasks.words import fold, pattern

_BETWEEN = pattern(vocabulary.BETWEEN_DUTIES)
_LATER_YEARS = pattern(vocabulary.IN_LATER_YEARS)
_OWN_BOUND = pattern(vocabulary.OWN_BOUND)
_BARE_BOUND = pattern(vocabulary.BARE_BOUND)
_GOES_ON = pattern(vocabulary.GOES_ON)
_ACTS = pattern(vocabulary.ACTS)
_A_BOUND = pattern(vocabulary.A_BOUND)
_FINISHED = pattern(vocabulary.FINISHED)
_WRITTEN_YEAR = pattern(r".*\b20\d\d\b.*")
_STANDING = frozenset({"recurring", "continuous", "triggered"})

UNCLEAR = N_("không rõ “{first}” và “{second}” đi với nhau thế nào")


@dataclass(frozen=True, slots=True)
class _Duty:
    """`strong`: more than a comma stands before it. `later`: in the years after the one before."""

    words: str
    read: Deadline
    strong: bool = True
    later: bool = False


def read_duties(plain: str, read: Callable[[str], Deadline | None]) -> Deadline | None:
    """Read a cell as several wordings; every word belongs to one. None: it is not.

    Raises Unreadable where each is understood but not what they mean together.
    """
    duties = _split(plain, read)
    if duties is None:
        return None
    fixed = [duty for duty in duties if duty.read.kind == "fixed"]
    for first, second in [*pairwise(duties), *pairwise(fixed)]:
        if _only_finishes(first, second) or not _goes_with(first, second):
            raise Unreadable(UNCLEAR, first=first.words, second=second.words)
    return _joined(plain, _merged(duties))


def _split(plain: str, read: Callable[[str], Deadline | None]) -> list[_Duty] | None:
    """Cut off the longest wording at the front, again and again.

    The longest, so that "tháng 6" in "ngày 15 tháng 3, tháng 6" never stands alone.
    """
    for joint in reversed(list(_BETWEEN.finditer(fold(plain)))):
        head, rest = plain[: joint.start()], plain[joint.end() :]
        if found := read(head):
            others = _rest(rest, read, strong=joint["strong"] is not None)
            return others and [_Duty(head, found), *others]
    return None


def _rest(
    plain: str, read: Callable[[str], Deadline | None], *, strong: bool
) -> list[_Duty] | None:
    if _LATER_YEARS.fullmatch(fold(plain)):
        always = Deadline("continuous", plain, (Occurrence("", None, None),), Sentence(""))
        return [_Duty(plain, always, strong, later=True)]
    if found := read(plain):
        return [_Duty(plain, found, strong)]
    others = _split(plain, read)
    return others and [replace(others[0], strong=strong), *others[1:]]


def _goes_with(first: _Duty, second: _Duty) -> bool:
    kinds = (first.read.kind, second.read.kind)
    if kinds[0] == "recurring" and _BARE_BOUND.match(fold(second.words)):
        return False  # "hàng tháng và hàng quý, trước ngày 15 ...": of which one?
    if second.later:
        return kinds[0] == "fixed"
    if set(kinds) <= _STANDING:
        return "recurring" not in kinds or not (_starts(first) or _starts(second))
    if kinds == ("fixed", "continuous"):
        return second.strong or bool(_GOES_ON.match(fold(second.words)))
    if kinds == ("fixed", "fixed"):
        return _both_bound(first, second)
    return second.strong and kinds != ("triggered", "fixed")


def _starts(duty: _Duty) -> bool:
    """Tell whether it goes on from a day, within which another may be meant to come back."""
    return duty.read.kind == "continuous" and duty.read.occurrences[0].starts_on is not None


def _both_bound(first: _Duty, second: _Duty) -> bool:
    """Two days are two duties when both have "trước", or each its own act.

    "Trước 30/6, chậm nhất 15/7" may be one duty. A year is written for both or none.
    """
    written = [_WRITTEN_YEAR.fullmatch(fold(one.words)) is not None for one in (first, second)]
    bound = all(_OWN_BOUND.fullmatch(fold(one.words)) for one in (first, second))
    years = {one.due_on.year for d in (first, second) for one in d.read.occurrences if one.due_on}
    return bound and _told_apart(first, second) and (len(years) == 1 or all(written))


def _told_apart(first: _Duty, second: _Duty) -> bool:
    """Tell whether both are bound in the same words, or are different acts."""
    acts = (_acts(first), _acts(second))
    if acts[0] == acts[1]:
        return _bounds(first) == _bounds(second)
    return all(acts)


def _only_finishes(first: _Duty, second: _Duty) -> bool:
    """Tell "triển khai quý I; hoàn thành quý IV": it may be one duty from its start to its end."""
    return bool(_FINISHED.fullmatch(_acts(second))) and _acts(first) != _acts(second)


def _acts(duty: _Duty) -> str:
    found = _ACTS.match(fold(duty.words))
    return found[0] if found else ""


def _bounds(duty: _Duty) -> list[str]:
    return _A_BOUND.findall(fold(duty.words))


def _merged(duties: Sequence[_Duty]) -> list[_Duty]:
    """All the time is said once, and so is "when it happens"."""
    kept: list[_Duty] = []
    for duty in duties:
        twin = next((one for one in kept if _same(one, duty)), None)
        if twin is None:
            kept.append(duty)
        elif _starts(duty):
            kept[kept.index(twin)] = duty
    rules = [duty for duty in kept if duty.read.rule]
    events = [duty for duty in kept if duty.read.kind == "triggered"]
    if rules and len(events) > 1:
        raise Unreadable(UNCLEAR, first=events[0].words, second=events[1].words)
    return kept


def _same(one: _Duty, other: _Duty) -> bool:
    kind = one.read.kind
    if kind != other.read.kind or one.later or other.later:
        return False
    return kind == "continuous" or (kind == "triggered" and one.read.rule == other.read.rule)


# ---------------------------------------------------------------- one deadline of several duties


def _joined(plain: str, duties: Sequence[_Duty]) -> Deadline:
    if len(duties) == 1:
        return replace(duties[0].read, text=plain)
    reads, last = [], None
    for duty in duties:
        reads.append(_in_later_years(duty.read, last) if duty.later else duty.read)
        last = max((o.due_on for o in reads[-1].occurrences if o.due_on), default=last)
    dated = [one for one in reads if one.kind in ("fixed", "recurring")]
    facts = {"count": len(reads), "parts": in_a_row([one.reading for one in reads], " ")}
    return Deadline(
        (dated or reads)[0].kind,
        plain,
        tuple(o for duty, one in zip(duties, reads, strict=True) for o in _named(one, duty.later)),
        Sentence(N_("{count} việc. {parts}"), facts),
        rule=next((one.rule for one in reads if one.rule), None),
        warnings=tuple(remark for one in reads for remark in one.warnings),
    )


def _in_later_years(read: Deadline, last: date | None) -> Deadline:
    start = date(last.year + 1, 1, 1) if last else None
    reading = Sentence(
        N_("Từ {start}: thường xuyên, không có hạn cuối."),
        {"start": day_text(start) if start else ""},
    )
    return replace(read, occurrences=(Occurrence("", start, None),), reading=reading)


def _named(read: Deadline, later: bool) -> list[Occurrence]:
    """Give every occurrence its kind, and a name where it stood alone."""
    names = {"continuous": vocabulary.ALWAYS, "triggered": vocabulary.ON_EVENT}
    name = vocabulary.LATER_YEARS if later else names.get(read.kind, "")
    return [
        replace(one, kind=read.kind, label=one.label or name or day_text(one.due_on or date.min))
        for one in read.occurrences
    ]
