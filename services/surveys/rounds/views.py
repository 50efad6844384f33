"""How rounds are shown, and to whom."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.bodies import ResponseBody
from contracts.surveys import Aggregator, Method
from surveys.access import RIGHTS
from surveys.questionnaires.models import Questionnaire
from surveys.rounds.actions import unknown
from surveys.rounds.domain import ACTS, Status
from surveys.rounds.models import SurveyRound

Found = tuple[SurveyRound, Questionnaire]


class RoundView(ResponseBody):
    """A round and the questionnaire it asks. `allowed`: what the caller may do with it now.

    `open_in_index`: whether ballots without a ticket join the index when the round is closed.
    `cancelled_because`: why it was given up.
    """

    id: UUID
    version: int
    title: str
    year: int
    questionnaire_id: UUID
    questionnaire_version: int
    questionnaire_title: str
    composed: bool
    method: Method
    aggregator: Aggregator
    status: Status
    opens_on: date
    closes_on: date
    unit_ids: list[UUID]
    min_n: int
    open_in_index: bool
    cancelled_because: str | None
    allowed: list[str]


def visible(actor: Actor) -> Select[Any]:
    """Select the rounds an actor may see, each with the version of the questionnaire it asks."""
    same = (Questionnaire.id == SurveyRound.questionnaire_id) & (
        Questionnaire.version == SurveyRound.questionnaire_version
    )
    statement: Any = select(SurveyRound, Questionnaire).join(Questionnaire, same)
    return scope(cast("Select[Any]", statement), actor)


def scope(query: Select[Any], actor: Actor) -> Select[Any]:
    """Narrow a query of rounds: drafts are the department's own business, not the units'."""
    opened = (SurveyRound.status != "draft") & ~SurveyRound.cancelled_as_draft
    return query if actor.is_department_wide else query.where(opened)


async def find(session: AsyncSession, actor: Actor, id_: UUID) -> Found:
    """Return a round the actor may see, and its questionnaire. Raises NotFound."""
    row: Any = (await session.execute(visible(actor).where(SurveyRound.id == id_))).first()
    if row is None:
        raise unknown()
    return row[0], row[1]


async def shown_again(session: AsyncSession, actor: Actor, stored: SurveyRound) -> RoundView:
    """Return a round that has just been changed."""
    key = (stored.questionnaire_id, stored.questionnaire_version)
    return shown(stored, await session.get_one(Questionnaire, key), actor)


def shown(stored: SurveyRound, asked: Questionnaire, actor: Actor) -> RoundView:
    """Return a round to an actor."""
    own_unit = actor.unit_id if actor.unit_id in stored.unit_ids else None
    facts = {
        "questionnaire_title": asked.title,
        "composed": asked.composed,
        "allowed": RIGHTS.allowed(actor, "round", ACTS[stored.status], own_unit),
    }
    own = RoundView.model_fields.keys() - facts.keys()
    return RoundView.model_validate({**{name: getattr(stored, name) for name in own}, **facts})
