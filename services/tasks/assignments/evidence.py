"""Evidence files and others: who may read them is whoever sees what they are of."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.files import StoredFile
from chassis.tables import stored_file
from tasks.access import RIGHTS
from tasks.assignments.asked import Contribution, Question
from tasks.assignments.models import Assignment, Commitment, Result, ResultFile
from tasks.assignments.scope import visible
from tasks.assignments.views import FileView
from tasks.files.models import SealedFile
from tasks.plans.models import Plan
from tasks.plans.scope import issued


async def may_read(session: AsyncSession, actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may read a file: any, an own one, or that of a visible assignment.

    Or the signed copy of a plan that is, or was, in force; an answer made known to all of one. A
    sealed one is there for few, whoever uploaded it, and never for whom it is about: until that is
    said for its uploader alone.
    """
    sealed = await session.get(SealedFile, file.id)
    if sealed is not None:
        own, about = file.uploaded_by == actor.person_id, sealed.about_id
        theirs = own if about is None else about != actor.person_id
        return RIGHTS.may(actor, "file.read_sealed") and theirs
    if RIGHTS.may(actor, "file.read") or file.uploaded_by == actor.person_id:
        return True
    evidence = (
        select(ResultFile.file_id)
        .join(Result, Result.id == ResultFile.result_id)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .where(ResultFile.file_id == file.id, visible(actor))
    )
    promised = (
        select(Commitment.file_id)
        .join(Assignment, Assignment.id == Commitment.assignment_id)
        .where(Commitment.file_id == file.id, visible(actor))
    )
    contributed = (
        select(Contribution.id)
        .join(Assignment, Assignment.id == Contribution.assignment_id)
        .where(Contribution.file_ids.contains([file.id]), visible(actor))
    )
    guidance = (
        select(Question.id)
        .join(Assignment, Assignment.id == Question.assignment_id)
        .join(Plan, Plan.id == Question.plan_id)
        .where(Question.file_id == file.id, or_(visible(actor), and_(Question.for_all, issued())))
    )
    copy = select(Plan.id).where(Plan.signed_copy_id == file.id, issued())
    sources = (evidence, promised, contributed, guidance, copy)
    known = or_(*(exists(each) for each in sources))
    return bool(await session.scalar(select(known)))


async def files_of(
    session: AsyncSession, result_ids: Collection[UUID | None]
) -> dict[UUID, list[FileView]]:
    """Return the files of results, in the order they were handed in; a result may have none."""
    found: dict[UUID, list[FileView]] = defaultdict(list)
    if not result_ids:
        return found
    statement = (
        select(ResultFile.result_id, stored_file)
        .join(stored_file, stored_file.c.id == ResultFile.file_id)
        .where(ResultFile.result_id.in_(result_ids))
        .order_by(ResultFile.result_id, ResultFile.position)
    )
    for row in (await session.execute(statement)).all():
        found[row.result_id].append(FileView.model_validate(row))
    return found
