"""Rounds: drafted, opened once, closed for good by a person or by the clock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import database_now, local_date
from chassis.errors import Conflict, FieldError, InvalidInput, NotFound
from chassis.ids import new_id
from chassis.tables import unit
from contracts.surveys import Aggregator, Method, RoundClosed, RoundOpened, RoundState
from surveys.actions.traces import announce, note
from surveys.domain.wording import N_
from surveys.questionnaires import actions as questionnaires
from surveys.rounds.domain import Round, RoundProblem
from surveys.tables import Questionnaire, SurveyRound, Ticket


@dataclass(frozen=True)
class Planned:
    """What the Office says about a round to be."""

    title: str
    year: int
    questionnaire_id: UUID
    method: Method
    aggregator: Aggregator
    opens_on: date
    closes_on: date
    unit_ids: list[UUID]
    min_n: int


def with_questionnaire() -> Select[Any]:
    """Select rounds, each with the version of the questionnaire it asks."""
    same = (Questionnaire.id == SurveyRound.questionnaire_id) & (
        Questionnaire.version == SurveyRound.questionnaire_version
    )
    statement: Any = select(SurveyRound, Questionnaire).join(Questionnaire, same)
    return cast("Select[Any]", statement)


async def create(session: AsyncSession, actor: Actor, planned: Planned) -> SurveyRound:
    """Draft a round. Raises InvalidInput for an unknown questionnaire or unit, or wrong dates."""
    asked = await questionnaires.usable(session, planned.questionnaire_id)
    if asked is None:
        raise _wrong("/questionnaire_id", N_("Không có phiếu khảo sát này"))
    await check_units(session, planned.unit_ids)
    _check_rules(planned)
    now = await database_now(session)
    made = SurveyRound(
        id=new_id(),
        version=1,
        questionnaire_version=asked.version,
        status="draft",
        created_at=now,
        **vars(planned),
    )
    session.add(made)
    await session.flush()
    after = state_of(made).model_dump(mode="json")
    await note(session, actor, "round.create", made.id, after, now=now)
    return made


async def open_(session: AsyncSession, actor: Actor, id_: UUID) -> SurveyRound:
    """Take answers from `opens_on` on. Raises NotFound, Conflict with the rule's own code."""
    found = await lock(session, id_)
    now = await database_now(session)
    asked = await questionnaires.find(
        session, found.questionnaire_id, version=found.questionnaire_version
    )
    try:
        published = asked.status == "published"
        Round.model_validate(found).opened(local_date(now), questionnaire_published=published)
    except RoundProblem as problem:
        raise Conflict(str(problem), code=problem.code) from problem
    found.status, found.version = "open", found.version + 1
    await announce(session, actor, RoundOpened(round=state_of(found)), now)
    await note(session, actor, "round.open", id_, {"status": "open"}, now=now)
    return found


async def close(session: AsyncSession, actor: Actor | None, id_: UUID) -> SurveyRound:
    """Take no more answers, at once, and forget the tickets nobody used.

    Raises NotFound, Conflict. `actor` None: the clock.
    """
    found = await lock(session, id_)
    try:
        Round.model_validate(found).closed()
    except RoundProblem as problem:
        raise Conflict(str(problem), code=problem.code) from problem
    now = await database_now(session)
    found.tickets_unused = await unused_tickets(session, id_)
    await session.execute(delete(Ticket).where(Ticket.round_id == id_))
    found.status, found.version = "closed", found.version + 1
    await announce(session, actor, RoundClosed(round=state_of(found)), now)
    after = {"status": "closed", "tickets_unused": found.tickets_unused}
    await note(session, actor, "round.close", id_, after, now=now)
    return found


async def close_ended(session: AsyncSession, now: datetime) -> int:
    """Close the open rounds whose last day is over; return how many."""
    ended = (
        select(SurveyRound.id)
        .where(SurveyRound.status == "open", SurveyRound.closes_on < local_date(now))
        .order_by(SurveyRound.id)
    )
    ids = (await session.scalars(ended)).all()
    for id_ in ids:
        await close(session, None, id_)
    return len(ids)


async def lock(session: AsyncSession, id_: UUID) -> SurveyRound:
    """Return a round that nobody else changes or answers until the commit. Raises NotFound."""
    found = await session.get(SurveyRound, id_, with_for_update=True)
    if found is None:
        raise unknown()
    return found


def unknown() -> NotFound:
    """Return the error for a round that is not there or not to be seen."""
    return NotFound(N_("Không tìm thấy đợt khảo sát này"), code="round_not_found")


async def unused_tickets(session: AsyncSession, id_: UUID) -> int:
    """Return how many tickets of a round are unspent."""
    count = select(func.count()).select_from(Ticket).where(Ticket.round_id == id_)
    return (await session.execute(count)).scalar_one()


async def check_units(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Raise InvalidInput naming each unit the directory does not have."""
    active = select(unit.c.id).where(unit.c.active, unit.c.id.in_(ids))
    known = set((await session.execute(active)).scalars())
    errors = [
        FieldError(pointer=f"/unit_ids/{at}", message=UNKNOWN_UNIT)
        for at, id_ in enumerate(ids)
        if id_ not in known
    ]
    if errors:
        raise InvalidInput(UNKNOWN_UNIT, code="unit_unknown", errors=errors)


def state_of(stored: SurveyRound) -> RoundState:
    """Return the round as its events say it."""
    names = RoundState.model_fields.keys() - {"round_id"}
    return RoundState(round_id=stored.id, **{name: getattr(stored, name) for name in names})


def _check_rules(planned: Planned) -> None:
    try:
        Round.model_validate(planned)
    except ValidationError as error:
        context = error.errors()[0].get("ctx", {})
        raise _wrong("/closes_on", str(context.get("error", error))) from error


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(message, errors=[FieldError(pointer=pointer, message=message)])


UNKNOWN_UNIT = N_("Danh bạ không có đơn vị này, hoặc đơn vị đã ngừng hoạt động")
