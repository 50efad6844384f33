"""The job that checks the signatures of PDFs, one by one."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import jobs
from chassis.errors import NotFound
from chassis.files import FileStore
from chassis.jobs import JobContext
from chassis.tables import stored_file
from tasks.signatures.actions import CHECK_SIGNATURES, keep
from tasks.signatures.checking import check
from tasks.signatures.domain import Signature, digest, may_be_signed
from tasks.signatures.models import SignatureReport, TrustedRoot

MOST_AT_ONCE = 20  # files of one job; then other jobs have their turn


async def run(context: JobContext, files: FileStore) -> dict[str, Any]:
    """Check the PDF that is named, or those that were never checked under the roots of now."""
    named = context.payload.get("file_id")
    if named is not None:
        await _check_one(context, files, UUID(named))
        return {"checked": 1}
    async with context.sessions() as session:
        waiting = await _waiting(session)
    for place, file_id in enumerate(waiting):
        await context.progress(100 * place // len(waiting))
        await _check_one(context, files, file_id)
    async with context.sessions.begin() as session:
        if len(waiting) == MOST_AT_ONCE:
            await jobs.enqueue(session, CHECK_SIGNATURES, {}, context.job.created_by)
        result = {"checked": len(waiting)}
        await context.complete(session, result)
    return result


async def _waiting(session: AsyncSession) -> list[UUID]:
    roots = digest(await session.scalars(select(TrustedRoot.sha256)))
    report = SignatureReport
    stale = (report.roots != roots) & (func.jsonb_array_length(report.signatures) > 0)
    statement = (
        select(stored_file.c.id)
        .outerjoin(report, report.file_id == stored_file.c.id)
        .where(stored_file.c.kind == "pdf", or_(report.file_id.is_(None), stale))
        .order_by(stored_file.c.id.desc())  # the newest first: they are being looked at
        .limit(MOST_AT_ONCE)
    )
    return list(await session.scalars(statement))


async def _check_one(context: JobContext, files: FileStore, file_id: UUID) -> None:
    async with context.sessions() as session:
        file = await files.find(session, file_id)
        rows = (await session.execute(select(TrustedRoot.sha256, TrustedRoot.certificate))).all()
    found: list[Signature] | None = None
    try:
        content = await files.read(file)
        roots = [row.certificate for row in rows]
        found = await check(content, roots, file.created_at) if may_be_signed(content) else []
    except NotFound:
        pass  # the bytes have gone: it cannot be read
    async with context.sessions.begin() as session:
        await keep(session, file_id, digest(row.sha256 for row in rows), found)
