"""Questionnaires: written as a draft, published once; a correction is a new version."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.words import N_
from contracts.surveys import QuestionnairePublished, QuestionnaireState
from surveys.access import RIGHTS
from surveys.questionnaires import domain
from surveys.questionnaires.models import Questionnaire


async def write(session: AsyncSession, actor: Actor, raw: dict[str, Any]) -> Questionnaire:
    """Store a draft: version 1 of a new code, the next of a published one, or over its draft.

    Raises NotAllowed, and InputRefused with a sentence per fault.
    """
    asked, now = domain.load(raw), await database_now(session)
    newest = await _newest(session, Questionnaire.code == asked.code)
    act = "questionnaire.change" if newest else "questionnaire.create"
    RIGHTS.check(actor, act)
    stored = newest
    if stored is None or stored.status == "published":
        stored = Questionnaire(
            id=stored.id if stored else new_id(),
            version=stored.version + 1 if stored else 1,
            code=asked.code,
            status="draft",
            created_at=now,
        )
        session.add(stored)
    stored.title, stored.composed = asked.title, asked.composed
    stored.body = asked.model_dump(mode="json")
    after = {"code": stored.code, "version": stored.version, "title": stored.title}
    await traces.leave(session, actor, act, stored.id, now=now, after=after)
    return stored


async def publish(session: AsyncSession, actor: Actor, id_: UUID) -> Questionnaire:
    """Publish the newest version; rounds may use it from now on. Raises NotFound, RuleBroken."""
    stored = await find(session, id_, lock=True)
    domain.check_editable(stored.status)
    now = await database_now(session)
    stored.status, stored.published_at = "published", now
    event = QuestionnairePublished(questionnaire=state_of(stored))
    after = {"code": stored.code, "version": stored.version}
    await traces.leave(
        session, actor, "questionnaire.publish", stored.id, event, now=now, after=after
    )
    return stored


async def find(
    session: AsyncSession, id_: UUID, *, version: int | None = None, lock: bool = False
) -> Questionnaire:
    """Return a version, the newest unless one is named. Raises NotFound."""
    named = Questionnaire.version == version if version else true()
    found = await _newest(session, and_(Questionnaire.id == id_, named), lock=lock)
    if found is None:
        raise NotFound(N_("Không tìm thấy phiếu khảo sát này"), code="questionnaire_not_found")
    return found


async def usable(session: AsyncSession, id_: UUID) -> Questionnaire | None:
    """Return the newest published version, else the draft, else None: what a round would use."""
    published = Questionnaire.status == "published"
    found = await _newest(session, and_(Questionnaire.id == id_, published))
    return found or await _newest(session, Questionnaire.id == id_)


def state_of(stored: Questionnaire) -> QuestionnaireState:
    """Return the questionnaire as its event has it."""
    return domain.to_state(domain.load(stored.body), stored.id, stored.version)


async def _newest(
    session: AsyncSession, which: ColumnElement[bool], *, lock: bool = False
) -> Questionnaire | None:
    statement = select(Questionnaire).where(which).order_by(Questionnaire.version.desc()).limit(1)
    return await session.scalar(statement.with_for_update() if lock else statement)
