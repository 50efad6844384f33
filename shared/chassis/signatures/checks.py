"""What is found in PDFs is kept, and found again once other roots are trusted."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import jobs
from chassis.clock import database_now
from chassis.errors import NotFound
from chassis.files import FileStore, StoredFile
from chassis.jobs import JobContext
from chassis.signatures.checking import check
from chassis.signatures.domain import Signature, digest, is_whole, may_be_signed
from chassis.tables import signature_report, stored_file

CHECK_SIGNATURES = "check_signatures"
MOST_AT_ONCE = 20  # files of one job; then other jobs have their turn
Roots = Callable[[AsyncSession], Awaitable[Mapping[str, bytes]]]
"""Finds the certificates (DER) that a service trusts now, by their SHA-256."""


async def look_at(session: AsyncSession, by: UUID | None, file: StoredFile, content: bytes) -> None:
    """Have a new PDF checked; one that cannot hold a signature is done at once."""
    if file.kind != "pdf":
        return
    if may_be_signed(content):
        await jobs.enqueue(session, CHECK_SIGNATURES, {"file_id": file.id}, by)
    else:
        await keep(session, file.id, digest(()), [] if is_whole(content) else None)


async def keep(
    session: AsyncSession, file_id: UUID, roots: str, found: Sequence[Signature] | None
) -> None:
    """Write what was found in a PDF over what was found before. None: it cannot be read."""
    values = {
        "roots": roots,
        "checked_at": await database_now(session),
        "signatures": [vars(each) for each in found or ()],
        "unreadable": found is None,
    }
    statement = insert(signature_report).values(file_id=file_id, **values)
    again = statement.on_conflict_do_update(index_elements=["file_id"], set_=values)
    await session.execute(again)


async def run(context: JobContext, files: FileStore, roots: Roots) -> dict[str, Any]:
    """Check the PDF that is named, or those that were never checked under the roots of now."""
    named = context.payload.get("file_id")
    if named is not None:
        await _check_one(context, files, roots, UUID(named))
        return {"checked": 1}
    async with context.sessions() as session:
        waiting = await _waiting(session, digest(await roots(session)))
    for place, file_id in enumerate(waiting):
        await context.progress(100 * place // len(waiting))
        await _check_one(context, files, roots, file_id)
    async with context.sessions.begin() as session:
        if len(waiting) == MOST_AT_ONCE:
            await jobs.enqueue(session, CHECK_SIGNATURES, {}, context.job.created_by)
        result = {"checked": len(waiting)}
        await context.complete(session, result)
    return result


async def _waiting(session: AsyncSession, roots: str) -> list[UUID]:
    report = signature_report.c
    stale = (report.roots != roots) & (func.jsonb_array_length(report.signatures) > 0)
    statement = (
        select(stored_file.c.id)
        .outerjoin(signature_report, report.file_id == stored_file.c.id)
        .where(stored_file.c.kind == "pdf", or_(report.file_id.is_(None), stale))
        .order_by(stored_file.c.id.desc())  # the newest first: they are being looked at
        .limit(MOST_AT_ONCE)
    )
    return list(await session.scalars(statement))


async def _check_one(context: JobContext, files: FileStore, roots: Roots, file_id: UUID) -> None:
    async with context.sessions() as session:
        file = await files.find(session, file_id)
        trusted = await roots(session)
    found: list[Signature] | None = None
    try:
        content = await files.read(file)
        certificates = list(trusted.values())
        signed = may_be_signed(content)
        found = await check(content, certificates, file.created_at) if signed else []
    except NotFound:
        pass  # the bytes have gone: it cannot be read
    async with context.sessions.begin() as session:
        await keep(session, file_id, digest(trusted), found)
