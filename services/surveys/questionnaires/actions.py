"""Questionnaires: written as a draft, published once; a correction is a new version."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import Conflict, FieldError, InvalidInput, NotFound
from chassis.ids import new_id
from contracts.surveys import QuestionnairePublished, QuestionnaireState
from surveys.actions.traces import announce, note
from surveys.domain.wording import N_
from surveys.questionnaires import domain
from surveys.questionnaires.problems import InvalidQuestionnaire
from surveys.tables import Questionnaire


async def write(session: AsyncSession, actor: Actor, raw: dict[str, Any]) -> Questionnaire:
    """Store a draft: version 1 of a new code, the next of a published one, or over its draft.

    Raises InvalidInput with a sentence per fault.
    """
    asked, now = _load(raw), await database_now(session)
    stored = await _newest(session, Questionnaire.code == asked.code)
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
    await session.flush()
    facts = {"code": stored.code, "version": stored.version, "title": stored.title}
    await note(session, actor, "questionnaire.write", stored.id, facts, now=now)
    return stored


async def publish(session: AsyncSession, actor: Actor, id_: UUID) -> Questionnaire:
    """Publish the newest version; rounds may use it from now on. Raises NotFound, Conflict."""
    stored = await find(session, id_, lock=True)
    try:
        domain.check_editable(stored.status)
    except domain.AlreadyPublished as error:
        raise Conflict(
            N_("Phiếu đã ban hành, không sửa được; hãy tạo phiên bản mới."),
            code="questionnaire_published",
        ) from error
    now = await database_now(session)
    stored.status, stored.published_at = "published", now
    await announce(session, actor, QuestionnairePublished(questionnaire=state_of(stored)), now)
    facts = {"code": stored.code, "version": stored.version}
    await note(session, actor, "questionnaire.publish", stored.id, facts, now=now)
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


def current() -> Select[Questionnaire]:
    """Select of each questionnaire the newest published version and the draft after it."""
    newer = aliased(Questionnaire)
    replaced = exists().where(
        newer.id == Questionnaire.id,
        newer.version > Questionnaire.version,
        newer.status == "published",
    )
    return select(Questionnaire).where(~replaced)


def state_of(stored: Questionnaire) -> QuestionnaireState:
    """Return the questionnaire as its event says it."""
    return domain.to_state(domain.load(stored.body), stored.id, stored.version)


async def _newest(
    session: AsyncSession, which: ColumnElement[bool], *, lock: bool = False
) -> Questionnaire | None:
    statement = select(Questionnaire).where(which).order_by(Questionnaire.version.desc()).limit(1)
    return await session.scalar(statement.with_for_update() if lock else statement)


def _load(raw: dict[str, Any]) -> domain.Questionnaire:
    try:
        return domain.load(raw)
    except InvalidQuestionnaire as error:
        problems = [FieldError(pointer=p.pointer, message=p.message) for p in error.problems]
        raise InvalidInput(
            N_("Phiếu khảo sát có {count} chỗ cần sửa: {first}"),
            code="questionnaire_invalid",
            errors=problems,
            count=len(problems),
            first=problems[0]["message"],
        ) from error
