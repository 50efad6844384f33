"""The Office or the Director urges; the number of the letter that went out with it is entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import TIME_ZONE, local_date
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.web import check_version
from chassis.words import N_, Sentence
from contracts.tasks import UrgedPerson
from tasks.access import RIGHTS
from tasks.assignments.urged import Urging, UrgingRecipient, UrgingRow
from tasks.calendar.moment import Moment
from tasks.deadlines.days import day_text
from tasks.ladder.actions import ladder
from tasks.ladder.domain import check_words
from tasks.urging.domain import Chosen, LeftOut, Reason, Recipient, Row, filled
from tasks.urging.matching import match, names_of_units, urged_lately
from tasks.urging.preview import digest_of
from tasks.urging.record import events
from tasks.urging.scope import visible

NAMED = 10  # rows that a refusal names
REPEATED = N_(
    "Đã đôn đốc trong {hours} giờ qua: {rows}. Hãy bỏ các nhiệm vụ này, hoặc đợi hết thời gian đó"
)
LATELY = N_("Đã đôn đốc lúc {at}: chưa đôn đốc lại trong vòng {hours} giờ")
NOTHING = N_("Không có nhiệm vụ nào để đôn đốc: {why}")
OUTDATED = N_(
    "Người nhận, nhiệm vụ, lý do hoặc lời đôn đốc không còn như bản đã xem trước, nên chưa gửi gì: "
    "hãy xem trước lại rồi gửi"
)
WITHOUT_LETTER = N_(
    "Lần đôn đốc này không có công văn: chỉ lần đôn đốc nhiệm vụ do người gửi mới có công văn"
)
ISSUED_BEFORE = N_("Ngày công văn {day} không được trước ngày đôn đốc {made}")
ISSUED_LATER = N_("Ngày công văn {day} không được sau hôm nay")
NO_FIGURE = N_("Số công văn «{number}» chưa có chữ số: hãy ghi như 15/SNV-VP")
# One urging at a time: the second of two at once sees what the first one did.
_TURN = text("SELECT pg_advisory_xact_lock(hashtext('tasks.urging'))")


@dataclass(frozen=True)
class Wish:
    """Which rows shall be urged, for which reason, in which words. `digest`: as it was shown."""

    assignment_ids: Sequence[UUID]
    reason: Reason
    words: str
    digest: str | None = None


async def preview(session: AsyncSession, actor: Actor, wish: Wish, at: Moment) -> Chosen:
    """Return who would get what; what was urged lately is left out. Keeps nothing.

    Raises InputRefused for a placeholder that is none.
    """
    check_words(wish.words, "/text")
    hours = (await ladder(session)).repeat_hours
    lately = await urged_lately(session, wish.assignment_ids, wish.reason, at.now, hours)
    fresh = [id_ for id_ in wish.assignment_ids if id_ not in lately]
    chosen = await match(session, actor, wish.assignment_ids, wish.reason, at)
    if not lately:
        return chosen
    repeated = [
        LeftOut(row.id, "urging_repeated", _said(lately[row.id], hours), row)
        for row in chosen.rows
        if row.id in lately
    ]
    again = await match(session, actor, fresh, wish.reason, at)
    return Chosen(again.recipients, again.rows, [*repeated, *again.left_out])


async def urge(
    session: AsyncSession, actor: Actor, wish: Wish, at: Moment
) -> tuple[Urging, Chosen]:
    """Urge, once: rows, who gets them and their events in one transaction.

    Raises InputRefused for the words, RuleBroken `urging_repeated` for what was urged lately for
    this reason, `urging_nothing` where nobody is left to be urged, `urging_outdated` for anything
    else than what was shown.
    """
    check_words(wish.words, "/text")
    await in_turn(session)
    hours = (await ladder(session)).repeat_hours
    chosen = await match(session, actor, wish.assignment_ids, wish.reason, at)
    lately = await urged_lately(session, [r.id for r in chosen.rows], wish.reason, at.now, hours)
    if lately:
        raise RuleBroken("urging_repeated", _repeated(chosen.rows, lately, hours))
    if not chosen.rows:
        why = chosen.left_out[0].sentence
        raise RuleBroken("urging_nothing", Sentence(NOTHING, {"why": why}))
    names = await names_of_units(session)
    if wish.digest not in (None, digest_of(chosen, wish.reason, wish.words, names)):
        raise RuleBroken("urging_outdated", Sentence(OUTDATED))
    urging = Urging(
        id=new_id(), origin="office", reason=wish.reason, words=wish.words, made_at=at.now,
        made_by=actor.person_id, row_count=len(chosen.rows),
    )  # fmt: skip
    session.add(urging)
    await session.flush()
    await _keep(session, actor, urging, chosen, names, at)
    return urging, chosen


async def in_turn(session: AsyncSession) -> None:
    """Wait until nobody else is urging, and let nobody begin before the commit."""
    await session.execute(_TURN)


async def _keep(
    session: AsyncSession,
    actor: Actor,
    urging: Urging,
    chosen: Chosen,
    names: Mapping[UUID, str],
    at: Moment,
) -> None:
    rows = [_as_it_is(urging, row, names) for row in chosen.rows]
    await session.execute(insert(UrgingRow), rows)
    words = {
        each.person.id: filled(
            urging.words, names.get(each.person.unit_id, ""), each.rows, each.helped
        )
        for each in chosen.recipients
    }
    told = [_recipient(urging.id, each, words[each.person.id], names) for each in chosen.recipients]
    await session.execute(insert(UrgingRecipient), told)
    people = [
        (each.person.unit_id, _named(each, words[each.person.id])) for each in chosen.recipients
    ]
    after = {"reason": urging.reason, "rows": len(rows), "people": len(told)}
    await traces.leave(
        session, actor, "urging.create", urging.id, *events(urging, people, at.today),
        now=at.now, after=after,
    )  # fmt: skip


def _as_it_is(urging: Urging, row: Row, names: Mapping[UUID, str]) -> dict[str, object]:
    """Return the row as it is urged: the letter says this, whatever becomes of the assignment."""
    return {
        "urging_id": urging.id, "assignment_id": row.id, "told": [urging.reason],
        "number": row.number, "content": row.content, "unit_id": row.unit_id,
        "unit_name": names.get(row.unit_id, "—"), "due_on": row.due_on, "days_late": row.days_late,
    }  # fmt: skip


def _recipient(
    urging_id: UUID, each: Recipient, words: str, names: Mapping[UUID, str]
) -> dict[str, object]:
    return {
        "urging_id": urging_id, "person_id": each.person.id, "unit_id": each.person.unit_id,
        "unit_name": names.get(each.person.unit_id),
        "urged_as": each.urged_as, "row_count": len(each.rows),
        "assignment_ids": [row.id for row in each.rows], "words": words,
    }  # fmt: skip


def _named(each: Recipient, words: str) -> UrgedPerson:
    led = [row.days_late for row in each.rows if row.id not in each.helped]
    return UrgedPerson(
        person_id=each.person.id, urged_as=each.urged_as, count=len(each.rows),
        number=each.rows[0].number, days_late=max(led, default=0), words=words,
    )  # fmt: skip


def _said(at: datetime, hours: int) -> Sentence:
    return Sentence(LATELY, {"at": moment_text(at), "hours": hours})


def _repeated(rows: Sequence[Row], lately: Mapping[UUID, datetime], hours: int) -> Sentence:
    found = [row for row in rows if row.id in lately]
    named = "; ".join(f"{row.number} ({moment_text(lately[row.id])})" for row in found[:NAMED])
    more = f"; … ({len(found)})" if len(found) > NAMED else ""
    return Sentence(REPEATED, {"rows": named + more, "hours": hours})


def moment_text(at: datetime) -> str:
    """Write a moment as people there read it: 08:15 03/11/2025."""
    there = at.astimezone(TIME_ZONE)
    return f"{there:%H:%M} {there:%d/%m/%Y}"


# ---------------------------------------------------------------- the letter's number


async def find(session: AsyncSession, actor: Actor, id_: UUID, *, lock: bool = False) -> Urging:
    """Return an urging that concerns the actor. Raises NotFound for any other."""
    statement = select(Urging).where(Urging.id == id_, visible(actor))
    found = await session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise unknown()
    return found


def unknown() -> NotFound:
    """Return the refusal of an urging that is not there, or does not concern the actor."""
    return NotFound("Không tìm thấy lần đôn đốc này", code="urging_not_found")


async def writing(session: AsyncSession, actor: Actor, id_: UUID) -> Urging:
    """Return an urging whose letter the actor may number, locked. Raises NotFound, NotAllowed."""
    urging = await find(session, actor, id_, lock=True)
    RIGHTS.check(actor, "urging.record_letter")
    return urging


def check_letter(urging: Urging) -> None:
    """Raise RuleBroken `urging_without_letter` for an urging that no letter goes out with."""
    if urging.origin != "office" or urging.reason == "report":
        raise RuleBroken("urging_without_letter", Sentence(WITHOUT_LETTER))


async def record_letter(
    session: AsyncSession,
    actor: Actor,
    urging: Urging,
    seen: int,
    number: str,
    issued_on: date,
    at: Moment,
) -> None:
    """Enter the number of the letter, or correct it: it stands in the history of every row.

    Raises StaleVersion, RuleBroken where there is no letter, InputRefused for a number without
    a figure, a day before the urging or after today.
    """
    check_version(urging.version, seen)
    check_letter(urging)
    if not any(each.isdigit() for each in number):
        raise _refused(Sentence(NO_FIGURE, {"number": number}), "/number")
    made = local_date(urging.made_at)
    if issued_on < made:
        facts = {"day": day_text(issued_on), "made": day_text(made)}
        raise _refused(Sentence(ISSUED_BEFORE, facts))
    if issued_on > at.today:
        raise _refused(Sentence(ISSUED_LATER, {"day": day_text(issued_on)}))
    before = _letter(urging)
    urging.letter_number, urging.letter_issued_on = number, issued_on
    if _letter(urging) == before:
        return
    urging.version += 1
    await traces.leave(
        session, actor, "urging.record_letter", urging.id, now=at.now, before=before,
        after=_letter(urging),
    )  # fmt: skip


def _letter(urging: Urging) -> dict[str, str | None]:
    issued_on = urging.letter_issued_on
    return {
        "letter_number": urging.letter_number,
        "letter_issued_on": str(issued_on) if issued_on else None,
    }


def _refused(sentence: Sentence, pointer: str = "/issued_on") -> InputRefused:
    return InputRefused("input_invalid", sentence, [Problem(pointer, sentence)])
