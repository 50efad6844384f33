"""Inspections that meet others of any body, said in words: read with a page, by two statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.words import N_, Sentence
from contracts.tasks import InspectionBody
from tasks.calendar.moment import Moment
from tasks.deadlines.days import day_text
from tasks.directory.models import Person, Unit
from tasks.inspections.domain import shortened
from tasks.inspections.models import Inspection, Member
from tasks.inspections.scope import visible
from tasks.inspections.together import LONGEST_REST, Planned, meetings_of

BODIES: dict[InspectionBody, str] = {
    "government": N_("chính quyền"),
    "party_committee": N_("cấp ủy"),
    "joint": N_("đoàn phối hợp"),
}
UNIT_TWICE = N_(
    "Đơn vị này còn có cuộc kiểm tra «{subject}» của {body} từ {starts} đến {ends}: trùng hoặc "
    "liền nhau"
)
PERSON_TWICE = N_(
    "{person} còn ở trong đoàn kiểm tra «{subject}» của {body} tại {unit} từ {starts} đến {ends}"
)
AWAY = N_("{person} vắng mặt từ {starts} đến {ends} theo danh bạ: cần người thay")


@dataclass(frozen=True)
class ToLookAt:
    """Something to look at in the calendar. `inspection_id`: the other one; nothing is refused."""

    code: str
    inspection_id: UUID | None
    sentence: Sentence


@dataclass(frozen=True)
class Serves:
    """Somebody who serves in a team: of it, and not replaced; or standing in."""

    inspection_id: UUID
    person_id: UUID
    name: str
    away_from: date | None
    away_until: date | None


async def warnings_of(
    session: AsyncSession, actor: Actor, inspections: Sequence[Inspection], at: Moment
) -> dict[UUID, list[ToLookAt]]:
    """Return what is to be looked at, by inspection; of others only what the actor may see.

    Of what is over or cancelled nothing is said.
    """
    ahead = [each for each in inspections if each.state in {"planned", "announced", "visited"}]
    if not ahead:
        return {}
    near = await _near(session, actor, ahead)
    others = [other for other, _ in near]
    serving = await _serving(session, {each.id for each in [*ahead, *others]})
    planned = [_planned(each, serving[each.id]) for each in others]
    known = {other.id: (other, unit) for other, unit in near}
    return {
        each.id: [
            *_met(_planned(each, serving[each.id]), planned, known, serving, at),
            *_away(each, serving[each.id]),
        ]
        for each in ahead
    }


async def _near(
    session: AsyncSession, actor: Actor, ahead: Sequence[Inspection]
) -> Sequence[tuple[Inspection, str]]:
    """Return inspections about the same days that the actor may see, each with its unit's name."""
    rest = timedelta(days=LONGEST_REST)
    first = min(each.starts_on for each in ahead) - rest
    last = max(each.ends_on for each in ahead) + rest
    statement = (
        select(Inspection, Unit.name)
        .join(Unit, Unit.id == Inspection.unit_id)
        .where(
            Inspection.state != "cancelled", Inspection.starts_on <= last,
            Inspection.ends_on >= first, visible(actor),
        )
        .order_by(Inspection.starts_on, Inspection.id)
    )  # fmt: skip
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def _serving(session: AsyncSession, ids: Collection[UUID]) -> defaultdict[UUID, list[Serves]]:
    """Return who serves: heads and members, or whoever stands in for them."""
    person_id = func.coalesce(Member.replaced_by_id, Member.person_id)
    statement = (
        select(Member.inspection_id, Person)
        .join(Person, Person.id == person_id)
        .where(Member.inspection_id.in_(ids), Member.duty != "substitute")
        .order_by(Member.inspection_id, Member.position)
    )
    found: defaultdict[UUID, list[Serves]] = defaultdict(list)
    for id_, person in await session.execute(statement):
        away = (person.absent_from, person.absent_until)
        found[id_].append(Serves(id_, person.id, person.name, *away))
    return found


def _planned(inspection: Inspection, serving: Iterable[Serves]) -> Planned:
    people = frozenset(each.person_id for each in serving)
    days = (inspection.starts_on, inspection.ends_on)
    return Planned(inspection.id, inspection.unit_id, *days, people)


def _met(
    one: Planned,
    planned: Sequence[Planned],
    known: dict[UUID, tuple[Inspection, str]],
    serving: dict[UUID, list[Serves]],
    at: Moment,
) -> Iterator[ToLookAt]:
    names = {each.person_id: each.name for each in serving[one.id]}
    for meeting in meetings_of(one, planned, at.calendar):
        other, unit = known[meeting.other_id]
        facts: dict[str, object] = {
            "subject": shortened(other.subject),
            "body": Sentence(BODIES[other.body]),
            "starts": day_text(other.starts_on),
            "ends": day_text(other.ends_on),
        }
        if meeting.person_id is None:
            yield ToLookAt("unit_twice", other.id, Sentence(UNIT_TWICE, facts))
        else:
            facts |= {"person": names[meeting.person_id], "unit": unit}
            yield ToLookAt("person_twice", other.id, Sentence(PERSON_TWICE, facts))


def _away(inspection: Inspection, serving: Iterable[Serves]) -> Iterator[ToLookAt]:
    """Before the visit: who of the team is away on one of its days."""
    if inspection.state == "visited":
        return
    for each in serving:
        if each.away_from is None or each.away_until is None:
            continue
        if each.away_from <= inspection.ends_on and inspection.starts_on <= each.away_until:
            days = {"starts": day_text(each.away_from), "ends": day_text(each.away_until)}
            yield ToLookAt("person_away", None, Sentence(AWAY, {"person": each.name, **days}))
