"""Rounds: drafted, corrected, opened once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now, local_date
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.rules import InputRefused, Problem
from chassis.tables import unit
from chassis.web import check_version
from chassis.words import N_, Sentence
from contracts.surveys import Aggregator, Method, RoundChanged, RoundOpened, RoundState
from surveys.questionnaires import actions as questionnaires
from surveys.rounds.domain import Round, check_threshold
from surveys.rounds.models import SurveyRound

_UNKNOWN_QUESTIONNAIRE = Sentence(N_("Không có phiếu khảo sát này"))
_UNIT_TWICE = Sentence(N_("Đơn vị này được chọn hai lần; mỗi đơn vị chỉ chọn một lần"))
_UNKNOWN_UNIT = Sentence(N_("Danh bạ không có đơn vị này, hoặc đơn vị đã ngừng hoạt động"))


@dataclass(frozen=True)
class Planned:
    """What the Office wants of a round to be."""

    title: str
    year: int
    questionnaire_id: UUID
    method: Method
    aggregator: Aggregator
    opens_on: date
    closes_on: date
    unit_ids: list[UUID]
    min_n: int
    open_in_index: bool


async def create(session: AsyncSession, actor: Actor, planned: Planned) -> SurveyRound:
    """Draft a round.

    Raises InputRefused for an unknown questionnaire or unit, wrong dates, too low a threshold.
    """
    check_threshold(planned.min_n)
    asked = await questionnaires.usable(session, planned.questionnaire_id)
    if asked is None:
        problem = Problem("/questionnaire_id", _UNKNOWN_QUESTIONNAIRE)
        raise InputRefused("input_invalid", _UNKNOWN_QUESTIONNAIRE, [problem])
    await _check_units(session, planned.unit_ids)
    Round.model_validate(planned)
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
    await traces.leave(session, actor, "round.create", made.id, now=now, after=state_of(made))
    return made


async def open_(session: AsyncSession, actor: Actor, id_: UUID) -> SurveyRound:
    """Take answers from `opens_on` on. Raises NotFound, RuleBroken."""
    found = await lock(session, id_)
    now = await database_now(session)
    asked = await questionnaires.find(
        session, found.questionnaire_id, version=found.questionnaire_version
    )
    published = asked.status == "published"
    Round.model_validate(found).opened(local_date(now), questionnaire_published=published)
    found.status, found.version = "open", found.version + 1
    event = RoundOpened(round=state_of(found))
    after = {"status": "open"}
    await traces.leave(session, actor, "round.open", id_, event, now=now, after=after)
    return found


async def change(
    session: AsyncSession, actor: Actor, id_: UUID, expected: int, facts: Mapping[str, Any]
) -> SurveyRound:
    """Set any of title, opens_on, closes_on (what `facts` names); of an open round others hear.

    Raises NotFound, StaleVersion, RuleBroken, InputRefused.
    """
    found = await lock(session, id_)
    check_version(found.version, expected)
    now, before = await database_now(session), state_of(found)
    days = [facts.get(name, getattr(found, name)) for name in ("opens_on", "closes_on")]
    Round.model_validate(found).rescheduled(local_date(now), *days)
    for name, value in facts.items():
        setattr(found, name, value)
    if state_of(found) == before:
        return found
    found.version += 1
    after = state_of(found)
    events = [RoundChanged(round=after)] if found.status == "open" else []
    await traces.leave(
        session, actor, "round.change", id_, *events, now=now, before=before, after=after
    )
    return found


async def lock(session: AsyncSession, id_: UUID) -> SurveyRound:
    """Return a round that nobody else changes or answers until the commit. Raises NotFound."""
    found = await session.get(SurveyRound, id_, with_for_update=True)
    if found is None:
        raise unknown()
    return found


async def hold(session: AsyncSession, id_: UUID) -> SurveyRound:
    """Return a round that nobody changes until the commit, as ballots do. Raises NotFound."""
    found = await session.get(SurveyRound, id_, with_for_update={"read": True})
    if found is None:
        raise unknown()
    return found


def unknown() -> NotFound:
    """Return the error for a round that is not there or not to be seen."""
    return NotFound(N_("Không tìm thấy đợt khảo sát này"), code="round_not_found")


def state_of(stored: SurveyRound) -> RoundState:
    """Return the round as its events have it."""
    names = RoundState.model_fields.keys() - {"round_id", "status", "cancelled"}
    cancelled = stored.status == "cancelled"
    return RoundState(
        round_id=stored.id,
        # the contract's words may not grow: to outsiders a cancelled round is a closed one
        status="closed" if stored.status == "cancelled" else stored.status,
        cancelled=cancelled,
        **{name: getattr(stored, name) for name in names},
    )


async def _check_units(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Raise InputRefused naming each unit the directory does not have, or that stands twice.

    How many units there are decides what may be shown before the round is closed.
    """
    active = select(unit.c.id).where(unit.c.active, unit.c.id.in_(ids))
    known = set((await session.execute(active)).scalars())
    for code, sentence, wrong in (
        ("unit_unknown", _UNKNOWN_UNIT, [at for at, id_ in enumerate(ids) if id_ not in known]),
        ("unit_twice", _UNIT_TWICE, [at for at, id_ in enumerate(ids) if id_ in ids[:at]]),
    ):
        if wrong:
            problems = [Problem(f"/unit_ids/{at}", sentence) for at in wrong]
            raise InputRefused(code, sentence, problems)
