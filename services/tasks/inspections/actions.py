"""Acts about an inspection before its findings: planned, changed, announced, visited, cancelled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now, local_date
from chassis.ids import new_id
from chassis.rules import Problem
from chassis.words import Sentence
from tasks.directory.models import Person, Unit
from tasks.inspections import dates, domain
from tasks.inspections.change import InspectionChange
from tasks.inspections.domain import Candidate, Duty, Replacement, Serving
from tasks.inspections.models import Inspection, Member

_PLAIN = ("body", "method", "unit_id", "starts_on", "ends_on", "subject")


@dataclass(frozen=True)
class Team:
    """Who inspects, as somebody named them."""

    head_id: UUID
    member_ids: Sequence[UUID]
    substitute_ids: Sequence[UUID]

    def placed(self) -> list[tuple[str, UUID]]:
        """Return where in the input each is named, and who."""
        lists = {"member_ids": self.member_ids, "substitute_ids": self.substitute_ids}
        rest = [(f"/{n}/{place}", id_) for n, ids in lists.items() for place, id_ in enumerate(ids)]
        return [("/head_id", self.head_id), *rest]

    def duties(self) -> list[tuple[Duty, UUID]]:
        """Return each with what they do."""
        members: list[tuple[Duty, UUID]] = [("member", id_) for id_ in self.member_ids]
        waiting: list[tuple[Duty, UUID]] = [("substitute", id_) for id_ in self.substitute_ids]
        return [("head", self.head_id), *members, *waiting]


async def plan(
    session: AsyncSession,
    actor: Actor,
    facts: Mapping[str, Any],
    team: Team,
    records: Sequence[Mapping[str, Any]],
) -> Inspection:
    """Write an inspection into the year's plan. Raises InputRefused.

    For a unit or people that cannot be, days that are turned round, records out of order.
    """
    dates.check_days(facts["starts_on"], facts["ends_on"])
    await _check_unit(session, facts["unit_id"])
    await _check_team(session, facts["unit_id"], team)
    now = await database_now(session)
    dates.check_records(records, local_date(now))
    inspection = Inspection(
        id=new_id(), version=1, state="planned", year=facts["starts_on"].year,
        records=_as_json(records), created_at=now,
        created_by=actor.person_id, **{name: facts[name] for name in _PLAIN},
    )  # fmt: skip
    session.add(inspection)
    await session.flush()
    _add_team(session, inspection.id, team)
    after = {name: str(facts[name]) for name in _PLAIN if name != "subject"}
    await traces.leave(
        session, actor, "inspection.create", inspection.id, now=now, after={"version": 1, **after}
    )
    return inspection


async def change(
    change: InspectionChange,
    seen: int,
    facts: Mapping[str, Any],
    team: Mapping[str, Any],
    records: Sequence[Mapping[str, Any]] | None,
) -> None:
    """Correct what was planned, or say which records came. What is left out stays.

    Raises StaleVersion, RuleBroken for its state, InputRefused as `plan` and for what is fixed.
    """
    inspection = change.inspection
    await change.check_version(seen)
    domain.check_standing("change", inspection.state, inspection.method)
    announced = inspection.state == "announced"
    before = await _team(change.session, inspection.id)
    whole = replace(before, **team)
    asked = _asked(inspection)
    changed = [name for name in facts if getattr(inspection, name) != facts[name]]
    domain.check_changed(inspection.state, [*changed, *(["team"] if team else [])])
    if records is not None:
        domain.check_received(inspection.state, inspection.records, records)
    for name in changed:
        setattr(inspection, name, facts[name])
    await _check_anew(change, {*changed, *team}, whole)
    inspection.year = inspection.starts_on.year
    if team:
        await change.session.execute(delete(Member).where(Member.inspection_id == inspection.id))
        _add_team(change.session, inspection.id, whole)
    if records is not None:
        records = _asked_by_now(inspection, records, change.at.today)
        dates.check_records(records, change.at.today)
        inspection.records = _as_json(records)
    named = [*changed, *(["team"] if team else []), *(["records"] if records is not None else [])]
    more = _asked(inspection) - asked
    told = announced and (changed or more or set(whole.duties()) != set(before.duties()))
    await change.leave("change", news="changed" if told else None, fields=named)


async def announce(change: InspectionChange, number: str | None, on: date | None) -> None:
    """Tell the unit, by a document that has a number and a day. Raises RuleBroken, InputRefused."""
    inspection, today = change.inspection, change.at.today
    domain.check_standing("announce", inspection.state, inspection.method)
    planned_on = local_date(inspection.created_at)
    dates.check_announced(on or today, today, inspection.year, planned_on)
    inspection.state = "announced"
    inspection.announced_on, inspection.announcement_number = on or today, number
    records = _asked_by_now(inspection, _as_days(inspection.records), on or today)
    dates.check_records(records, today)
    inspection.records = _as_json(records)
    await change.leave("announce", news="announced", announced_on=str(inspection.announced_on))


async def visit(change: InspectionChange, on: date, absent: Sequence[Replacement]) -> None:
    """Say that the team came, or read, and who stood in for whom. Raises RuleBroken, InputRefused.

    Everybody of the team who is away is replaced by one of its substitutes.
    """
    inspection, session = change.inspection, change.session
    domain.check_standing("visit", inspection.state, inspection.method)
    days = (change.at.today, inspection.announced_on, inspection.starts_on)
    dates.check_visited(on, *days)
    statement = select(Member, Person).join(Person, Person.id == Member.person_id)
    found = await session.execute(statement.where(Member.inspection_id == inspection.id))
    members = {member.person_id: (member, person) for member, person in found}
    domain.check_replacements(absent, [_serving(m, p) for m, p in members.values()], on)
    for each in absent:
        member, _ = members[each.person_id]
        member.replaced_by_id, member.replaced_because = each.substitute_id, each.reason
    inspection.state, inspection.visited_on = "visited", on
    replaced = {str(each.person_id): str(each.substitute_id) for each in absent}
    await change.leave("visit", visited_on=str(on), replaced=replaced)


async def cancel(change: InspectionChange, reason: str) -> None:
    """Give an inspection up before it took place. Raises RuleBroken."""
    inspection = change.inspection
    domain.check_standing("cancel", inspection.state, inspection.method)
    told = inspection.state == "announced"
    inspection.state, inspection.cancelled_because = "cancelled", reason
    await change.leave("cancel", news="cancelled" if told else None, reason=reason)


def _serving(member: Member, person: Person) -> Serving:
    away = (person.absent_from, person.absent_until)
    return Serving(member.person_id, member.duty, person.name, *away)


async def _check_anew(change: InspectionChange, changed: Collection[str], team: Team) -> None:
    """Refuse what is changed alone: who has left, or a unit that ended, holds up nothing else."""
    inspection, session = change.inspection, change.session
    dates.check_days(inspection.starts_on, inspection.ends_on)
    if "unit_id" in changed:
        await _check_unit(session, inspection.unit_id)
    if {"unit_id", "head_id", "member_ids", "substitute_ids"} & set(changed):
        await _check_team(session, inspection.unit_id, team)


async def _check_unit(session: AsyncSession, id_: UUID) -> None:
    unit = await session.get(Unit, id_)
    if unit is None or not unit.active:
        domain.refuse([Problem("/unit_id", Sentence(domain.UNIT_UNKNOWN))])


async def _check_team(session: AsyncSession, unit_id: UUID, team: Team) -> None:
    placed = team.placed()
    people = select(Person.id, Person.unit_id, Person.active)
    found = await session.execute(people.where(Person.id.in_([id_ for _, id_ in placed])))
    known = {row.id: Candidate(row.unit_id, row.active) for row in found}
    domain.check_team(placed, known, unit_id)


async def _team(session: AsyncSession, id_: UUID) -> Team:
    members = select(Member).where(Member.inspection_id == id_).order_by(Member.position)
    found = list(await session.scalars(members))
    return Team(
        head_id=next(each.person_id for each in found if each.duty == "head"),
        member_ids=[each.person_id for each in found if each.duty == "member"],
        substitute_ids=[each.person_id for each in found if each.duty == "substitute"],
    )


def _add_team(session: AsyncSession, id_: UUID, team: Team) -> None:
    session.add_all(
        Member(
            id=new_id(), inspection_id=id_, person_id=person_id, duty=duty, position=position,
            replaced_by_id=None, replaced_because=None,
        )
        for position, (duty, person_id) in enumerate(team.duties())
    )  # fmt: skip


def _asked(inspection: Inspection) -> set[tuple[str, str | None]]:
    """Return what is asked for, each with the day by which: of a new one the unit is told."""
    return {(each["what"], each.get("due_on")) for each in inspection.records}


def _asked_by_now(
    inspection: Inspection, records: Sequence[Mapping[str, Any]], on: date
) -> list[Mapping[str, Any]]:
    """Return the records, those that are missing asked for on a day once the unit knows of them.

    After the conclusion nothing is asked for any more.
    """
    if inspection.state in {"planned", "concluded"}:
        return list(records)
    new = {"asked_on": on}
    return [
        each if each["asked_on"] or each["received_on"] else {**each, **new} for each in records
    ]


def _as_days(records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    def read(name: str, value: Any) -> Any:
        return date.fromisoformat(value) if value and name.endswith("_on") else value

    return [{name: read(name, value) for name, value in each.items()} for each in records]


def _as_json(records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: str(value) if isinstance(value, date) else value for name, value in each.items()}
        for each in records
    ]
