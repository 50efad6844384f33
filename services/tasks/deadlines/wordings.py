"""The table of wordings: each line is one way an appendix says when."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from chassis.words import N_, Sentence
from tasks.deadlines import periods, vocabulary
from tasks.deadlines.dated import always_from, before, by, from_on, named_days, of_every_year, until
from tasks.deadlines.days import day_text
from tasks.deadlines.domain import Deadline, Frame, Unreadable, Wording
from tasks.deadlines.duties import read_duties
from tasks.deadlines.repeated import (
    days_after_period,
    each,
    each_by,
    each_weekday,
    each_within,
    last_day_of,
    on_listed_days,
    several_cycles,
)
from tasks.deadlines.spelling import Cell, spelled_plainly, without_bullets
from tasks.deadlines.undated import continuous, days_after, on_event
from tasks.deadlines.unread import EMPTY, NOTHING_ABOVE, TOO_LONG, needs_person, reason
from tasks.remarks import Remark
from tasks.words import fold, pattern, tidy

BEFORE_ISSUE = N_(
    "Có {count} hạn trước ngày ban hành kế hoạch ({issued}), sớm nhất {due}: kiểm tra lại."
)
WITH_HOURS = N_("{reading} Giờ ghi trong phụ lục: {hours}; thời hạn được theo dõi theo ngày.")
MOST_WORDS = 500  # characters: splitting into duties takes time as their cube
_EVERY_DAY = pattern(vocabulary.EVERY_DAY)
_SAME_AS_ABOVE = pattern(vocabulary.SAME_AS_ABOVE)

Reader = Callable[[Wording], Deadline | None]  # None: not this wording after all, try the next


def read_deadline(text: str, frame: Frame, above: str | None = None) -> Deadline:
    """Read a deadline. Never raises, never guesses: what no wording fits needs a person.

    `text`: the cell as it is; the answer's `text` is tidied. `above`: the words of the nearest row
    above that has its own, for "như trên"; None: there is none. Every word is understood or a
    person is asked. Source of the table: composed, from the wordings of plans and their appendices.
    """
    original = tidy(text)
    if refers_to_above(original):
        deadline = _as_above(original, frame, above)
    else:
        deadline = _read(original.strip(" .,;:\n"), frame)
    remarks = (*deadline.warnings, *_before_issue(deadline, frame))
    return replace(deadline, text=original.replace("\n", " "), warnings=remarks)


def refers_to_above(text: str) -> bool:
    """Tell whether a cell only repeats the one above: "như trên", "-nt-"."""
    return _SAME_AS_ABOVE.fullmatch(fold(tidy(text))) is not None


def words_above(cells: Sequence[str | None]) -> list[str | None]:
    """Return for each cell, from the top, the nearest words above that are their own.

    None: a row that is left out, which nothing refers to.
    """
    found: list[str | None] = []
    own: str | None = None
    for cell in cells:
        found.append(own)
        own = own if cell is None or refers_to_above(cell) else cell
    return found


def _as_above(words: str, frame: Frame, above: str | None) -> Deadline:
    if above is None or refers_to_above(above):
        return needs_person(words, NOTHING_ABOVE)
    found = _read(tidy(above).strip(" .,;:\n"), frame)
    facts = {"reading": found.reading}
    return replace(found, reading=Sentence(N_("Như dòng trên. {reading}"), facts))


def _read(words: str, frame: Frame) -> Deadline:
    if not words:
        return needs_person(words, EMPTY)
    if len(words) > MOST_WORDS:
        return needs_person(words, Sentence(TOO_LONG, {"most": MOST_WORDS}))
    return _read_once(words, frame)


@lru_cache(maxsize=1024)  # an appendix says "quý III" in hundreds of rows
def _read_once(words: str, frame: Frame) -> Deadline:
    try:
        return _understood(words, frame) or needs_person(words, reason(words))
    except Unreadable as refusal:
        return needs_person(words, refusal.sentence)


def _understood(words: str, frame: Frame) -> Deadline | None:
    # A line break is a space, or else it separates the items of a list.
    lines = without_bullets(words)
    cells = [spelled_plainly(joint.join(lines), frame.year) for joint in (" ", "; ")]
    shown = " ".join(lines)
    found = next(filter(None, (_look_up(cell, cell.words, shown, frame) for cell in cells)), None)
    if found is None:
        cell = cells[-1]
        found = read_duties(cell.words, lambda part: _look_up(cell, part, part, frame))
        if found and cell.weekdays:
            return None  # nobody tells which of the duties they belong to
    return found and _with_hours(replace(_each_once(found), text=words), cells[0])


def _each_once(found: Deadline) -> Deadline:
    """A label is all that tells two assignments of a row apart."""
    labels = Counter(one.label for one in found.occurrences)
    label, times = labels.most_common(1)[0]
    if times > 1:
        raise Unreadable(N_("“{label}” được ghi hai lần"), label=label)
    return found


def _with_hours(found: Deadline, cell: Cell) -> Deadline | None:
    """An hour belongs to a day: nobody knows what it means where there is none."""
    if not cell.hours:
        return found
    if found.kind not in ("fixed", "recurring") and not _EVERY_DAY.search(fold(found.text)):
        return None
    facts = {"reading": found.reading, "hours": ", ".join(cell.hours)}
    return replace(found, reading=Sentence(WITH_HOURS, facts))


def _look_up(cell: Cell, plain: str, shown: str, frame: Frame) -> Deadline | None:
    folded = fold(plain)
    for shape, reader in WORDINGS:
        match = shape.fullmatch(folded)
        if match is None:
            continue
        found = reader(Wording(shown, plain, match, frame, cell.weekdays))
        if found and (found.kind == "fixed" or not cell.weekdays):
            return found
    return None


def _before_issue(deadline: Deadline, frame: Frame) -> tuple[Remark, ...]:
    issued = frame.issued_on
    early = [
        one.due_on for one in deadline.occurrences if one.due_on and issued and one.due_on < issued
    ]
    if not early or issued is None:
        return ()
    facts = {"count": len(early), "issued": day_text(issued), "due": day_text(min(early))}
    return (Remark("deadline_before_issue", Sentence(BEFORE_ISSUE, facts)),)


# ---------------------------------------------------------------- the table

_TABLE: tuple[tuple[str, Reader], ...] = (
    (vocabulary.CONTINUOUS, continuous),
    (vocabulary.CONTINUOUS_FROM, always_from),
    (vocabulary.WHEN_IT_HAPPENS, on_event),
    (vocabulary.ON_REQUEST, on_event),
    (vocabulary.DAYS_AFTER_PERIOD, days_after_period),
    (vocabulary.DAYS_AFTER, days_after),
    (vocabulary.EVERY_MONTH, each(periods.twelve_months)),
    (vocabulary.EVERY_QUARTER, each(periods.quarters)),
    (vocabulary.EVERY_HALF, each(periods.halves)),
    (vocabulary.EVERY_MONTH_FROM, each_within(periods.twelve_months)),
    (vocabulary.EVERY_QUARTER_FROM, each_within(periods.quarters)),
    (vocabulary.EVERY_YEAR, by),
    (vocabulary.SEVERAL_CYCLES, several_cycles),
    (vocabulary.WEEKDAY_OF_EVERY_WEEK, each_weekday),
    (vocabulary.EVERY_WEEK_ON_DAY, each_weekday),
    (vocabulary.EVERY_MONTH_DAY_OF_NEXT, each_by(periods.twelve_months, 1)),
    (vocabulary.EVERY_MONTH_ON_DAY, each_by(periods.twelve_months)),
    (vocabulary.DAY_OF_EVERY_MONTH, each_by(periods.twelve_months)),
    (vocabulary.DAY_OF_QUARTERS_LAST_MONTH, each_by(periods.quarters)),
    (vocabulary.DAY_OF_HALFS_LAST_MONTH, each_by(periods.halves)),
    (vocabulary.DAY_AFTER_QUARTER, each_by(periods.quarters, 1)),
    (vocabulary.LAST_DAY_OF, last_day_of),
    (vocabulary.EVERY_QUARTER_ON_DAYS, on_listed_days(periods.quarters)),
    (vocabulary.EVERY_HALF_ON_DAYS, on_listed_days(periods.halves)),
    (vocabulary.EVERY_YEAR_ON_DAYS, of_every_year),
    (vocabulary.OF_EVERY_YEAR, of_every_year),
    (vocabulary.NAMED_DAYS, named_days),
    (vocabulary.BEFORE, before),
    (vocabulary.FROM_NOW_TO, until),
    (vocabulary.FROM_ON, from_on),
    (vocabulary.END_OF, until),
    (vocabulary.UNTIL, until),
    (vocabulary.BY, by),
)
WORDINGS = tuple((pattern(wording), reader) for wording, reader in _TABLE)
