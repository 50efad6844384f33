"""Signed copies of a report: each is kept; a further one is an act of its own, with a reason."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.errors import NotFound
from chassis.files import FileStore, Kind, StoredFile
from chassis.rules import RuleBroken
from chassis.signatures.checks import look_at
from chassis.tables import audit_entry, person, stored_file
from chassis.web import ResponseBody
from chassis.words import N_, Sentence
from reporting.reports.domain import check_state
from reporting.reports.models import Report

_PDF = frozenset[Kind]({"pdf"})
_ADDED = "report.add_signed_copy"
_OTHERS_COPY = N_(
    "Tệp này đã là bản đã ký của báo cáo {number} «{title}»: hãy chọn bản đã ký của đúng báo cáo "
    "này"
)
_NONE = N_("Báo cáo này chưa có bản đã ký")
_NOT_THIS = N_("Báo cáo này không có bản đã ký đó")
_KEPT = N_(
    "Báo cáo này đã có bản đã ký: muốn thêm một bản khác, hãy ghi lý do. Bản trước vẫn được giữ"
)


class SignedCopy(ResponseBody):
    """A signed copy that was kept. `sha256`: of this file, byte by byte. `reason`: of a further."""

    file_id: UUID
    name: str
    sha256: str
    added_by_name: str | None
    added_at: datetime
    reason: str | None


async def add_signed_copy(
    session: AsyncSession, actor: Actor, files: FileStore, report: Report, name: str,
    content: bytes, reason: str | None, now: datetime,
) -> None:  # fmt: skip
    """Keep a signed copy beside those before; the one kept last is not kept twice.

    Raises RuleBroken (`report_not_now`; `report_copy_kept` for a further one without a reason;
    `signed_copy_of_other`).
    """
    check_state(report.state, "add_signed_copy")
    hash_ = hashlib.sha256(content).hexdigest()
    if await _is_kept(session, files, report, hash_):
        return
    await _check_own(session, report, hash_)
    if report.signed_copy_file_id is not None and not reason:
        raise RuleBroken("report_copy_kept", Sentence(_KEPT))
    kept = await files.save(
        session, name=name, content=content, uploaded_by=actor.person_id, allowed=_PDF
    )
    await look_at(session, actor.person_id, kept, content)
    before = {"file_id": report.signed_copy_file_id and str(report.signed_copy_file_id)}
    report.signed_copy_file_id = kept.id
    report.version += 1
    after = {"file_id": str(kept.id), "sha256": kept.sha256}
    await traces.leave(
        session, actor, _ADDED, report.id, now=now, before=before, after=after, reason=reason
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


async def copies_of(session: AsyncSession, report: Report) -> list[SignedCopy]:
    """Return every signed copy of a report, the newest first."""
    if report.signed_copy_file_id is None:
        return []
    entry, file = audit_entry.c, stored_file.c
    wanted = (
        select(
            file.id.label("file_id"), file.name, file.sha256, person.c.name.label("added_by_name"),
            entry.recorded_at.label("added_at"), entry.reason,
        )
        .join_from(audit_entry, stored_file, file.id == cast(entry.after["file_id"].astext, Uuid))
        .outerjoin(person, person.c.id == entry.actor_id)
        .where(entry.subject_id == report.id, entry.action == _ADDED)
        .order_by(entry.id.desc())
    )  # fmt: skip
    return [SignedCopy(**row._mapping) for row in await session.execute(wanted)]  # noqa: SLF001


async def signed_copy(
    session: AsyncSession, files: FileStore, report: Report, file_id: UUID | None
) -> StoredFile:
    """Return a signed copy's file, the newest if none is named. Raises NotFound."""
    if report.signed_copy_file_id is None:
        raise NotFound(_NONE, code="file_not_found")
    wanted = file_id or report.signed_copy_file_id
    if wanted != report.signed_copy_file_id:
        if wanted not in {each.file_id for each in await copies_of(session, report)}:
            raise NotFound(_NOT_THIS, code="file_not_found")
    return await files.find(session, wanted)
