"""From the uploaded file to the rows of the preview: the upload starts a job, the job reads."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import jobs, traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import UnsupportedMedia
from chassis.files import DOCUMENTS, FileStore, StoredFile
from chassis.ids import new_id
from chassis.jobs import JobContext
from tasks.imports.appendix import Appendix, AppendixRefused, read_in_subprocess
from tasks.imports.domain import plan_rows
from tasks.imports.frame import frame_of, unit_book
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.imports.rows import values_of
from tasks.plans.domain import check_status
from tasks.plans.models import Plan
from tasks.remarks import stored

KIND = "read_appendix"


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
    job = await jobs.enqueue(session, KIND, {"import_id": import_id}, actor.person_id)
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


async def run(context: JobContext, files: FileStore) -> dict[str, Any]:
    """Read the file in a process of its own and store the rows; safe to repeat.

    A file that cannot be read makes the import `failed`, and says why to the officer.
    """
    import_id = UUID(context.payload["import_id"])
    await context.progress(10)
    file, content = await _content(context, files, import_id)
    try:
        appendix = await read_in_subprocess(content, file.name)
    except AppendixRefused as refused:
        await _fail(context, import_id, refused)
        raise UnsupportedMedia(refused.sentence, code=refused.code) from refused
    await context.progress(70)
    tasks = sum(row.left_out is None for row in appendix.rows)
    result = {"import_id": str(import_id), "rows": tasks}
    async with context.sessions.begin() as session:
        await _store(session, import_id, appendix)
        await context.complete(session, result)
    return result


async def _content(
    context: JobContext, files: FileStore, import_id: UUID
) -> tuple[StoredFile, bytes]:
    async with context.sessions() as session:
        started = await session.get_one(AppendixImport, import_id)
        file = await files.find(session, started.file_id)
        return file, await files.read(file)


async def _store(session: AsyncSession, import_id: UUID, appendix: Appendix) -> None:
    started = await session.get_one(AppendixImport, import_id, with_for_update=True)
    if started.state != "reading":
        return  # an earlier attempt got this far
    plan = await session.get_one(Plan, started.plan_id)
    book, frame = await unit_book(session), await frame_of(session, plan)
    tasks = [row for row in appendix.rows if row.left_out is None]
    rows = [values_of(import_id, row) for row in plan_rows(tasks, book, frame)]
    if rows:
        await session.execute(insert(AppendixRow), rows)
    started.mapping = _mapping(appendix)
    started.state = "ready"


def _mapping(appendix: Appendix) -> list[dict[str, str]]:
    """Return how the columns of the first table read were understood."""
    columns = next((table.columns for table in appendix.tables if table.taken), ())
    known = (column for column in columns if column.field not in (None, "ignored"))
    return [{"field": str(column.field), "header": column.title} for column in known]


async def _fail(context: JobContext, import_id: UUID, refused: AppendixRefused) -> None:
    async with context.sessions.begin() as session:
        started = await session.get_one(AppendixImport, import_id, with_for_update=True)
        if started.state == "reading":
            started.state = "failed"
            started.error = {"code": refused.code, "detail": stored(refused.sentence)}
