"""The signed copy of a report: the PDF with the signature, kept beside what was signed."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.errors import NotFound
from chassis.files import FileStore, Kind, StoredFile
from chassis.rules import RuleBroken
from chassis.signatures.checks import look_at
from chassis.tables import stored_file
from chassis.words import N_, Sentence
from reporting.reports.domain import check_state
from reporting.reports.models import Report

_PDF = frozenset[Kind]({"pdf"})
_OTHERS_COPY = N_(
    "Tệp này đã là bản đã ký của báo cáo {number} «{title}»: hãy chọn bản đã ký của đúng báo cáo "
    "này"
)
_NO_COPY = N_("Báo cáo này chưa có bản đã ký")


async def add_signed_copy(
    session: AsyncSession, actor: Actor, files: FileStore, report: Report, name: str,
    content: bytes, now: datetime,
) -> None:  # fmt: skip
    """Keep the signed copy; a later one takes its place, and the trace names both.

    The one that is kept already is not kept twice.
    """
    check_state(report.state, "add_signed_copy")
    hash_ = hashlib.sha256(content).hexdigest()
    if await _is_kept(session, files, report, hash_):
        return
    await _check_own(session, report, hash_)
    kept = await files.save(
        session, name=name, content=content, uploaded_by=actor.person_id, allowed=_PDF
    )
    await look_at(session, actor.person_id, kept, content)
    before = {"file_id": report.signed_copy_file_id and str(report.signed_copy_file_id)}
    report.signed_copy_file_id = kept.id
    report.version += 1
    after = {"file_id": str(kept.id), "sha256": kept.sha256}
    await traces.leave(
        session, actor, "report.add_signed_copy", report.id, now=now, before=before, after=after
    )


async def _is_kept(session: AsyncSession, files: FileStore, report: Report, hash_: str) -> bool:
    if report.signed_copy_file_id is None:
        return False
    kept = await files.find(session, report.signed_copy_file_id)
    return kept.sha256 == hash_


async def _check_own(session: AsyncSession, report: Report, hash_: str) -> None:
    """Raise RuleBroken (`signed_copy_of_other`) for what is another report's copy already."""
    wanted = (
        select(Report)
        .join(stored_file, stored_file.c.id == Report.signed_copy_file_id)
        .where(stored_file.c.sha256 == hash_, Report.id != report.id)
        .limit(1)
    )
    if (other := await session.scalar(wanted)) is not None:
        facts = {"number": other.number, "title": other.title}
        raise RuleBroken("signed_copy_of_other", Sentence(_OTHERS_COPY, facts))


async def signed_copy(session: AsyncSession, files: FileStore, report: Report) -> StoredFile:
    """Return the signed copy's file. Raises NotFound."""
    if report.signed_copy_file_id is None:
        raise NotFound(_NO_COPY, code="file_not_found")
    return await files.find(session, report.signed_copy_file_id)
