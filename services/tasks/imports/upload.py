"""The uploaded file: stored, and a job begins to read it."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import jobs, traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.files import DOCUMENTS, FileStore
from chassis.ids import new_id
from tasks.imports.models import AppendixImport
from tasks.imports.state import READ_APPENDIX
from tasks.plans.domain import check_status
from tasks.plans.models import Plan


async def start(
    session: AsyncSession, files: FileStore, actor: Actor, plan: Plan, name: str, content: bytes
) -> AppendixImport:
    """Store the file and enqueue its reading.

    Raises RuleBroken when the plan takes no appendix any more, UnsupportedMedia, TooLarge or
    InvalidInput for a file that need not be read at all.
    """
    check_status("import", plan.status)
    file = await files.save(
        session, name=name, content=content, uploaded_by=actor.person_id, allowed=DOCUMENTS
    )
    now, import_id = await database_now(session), new_id()
    job = await jobs.enqueue(session, READ_APPENDIX, {"import_id": import_id}, actor.person_id)
    started = AppendixImport(
        id=import_id,
        plan_id=plan.id,
        file_id=file.id,
        job_id=job.id,
        state="reading",
        mapping=[],
        created_by=actor.person_id,
        created_at=now,
    )
    session.add(started)
    await session.flush()
    facts = {"plan_id": str(plan.id), "file_id": str(file.id), "sha256": file.sha256}
    await traces.leave(session, actor, "import.start", import_id, now=now, after=facts)
    return started
