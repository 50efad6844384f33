"""An import by its id, and why it failed if it did."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import jobs
from chassis.errors import NotFound
from chassis.words import N_, Sentence
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.remarks import Remark, sentence_of

READ_APPENDIX = "read_appendix"
"""The kind of the job that reads a file, the first time and again."""
HIGHEST = 2**31 - 1  # what the column of row numbers holds
BROKE_OFF = "import_interrupted"
"""Why an import failed when its file may still be readable: it can be read again."""
INTERRUPTED = Sentence(N_("Việc đọc tệp bị dừng giữa chừng"))


async def find(session: AsyncSession, id_: UUID, *, lock: bool = False) -> AppendixImport:
    """Return an import. Raises NotFound."""
    found = await session.get(AppendixImport, id_, with_for_update=lock or None)
    if found is None:
        raise NotFound("Không tìm thấy lần nhập phụ lục này", code="import_not_found")
    return found


async def row_of(session: AsyncSession, import_id: UUID, row_number: int) -> AppendixRow:
    """Return a row. Raises NotFound."""
    row = None
    if 0 < row_number <= HIGHEST:
        row = await session.get(AppendixRow, (import_id, row_number))
    if row is None:
        raise NotFound("Không có dòng này trong phụ lục", code="row_not_found")
    return row


async def rows_of(session: AsyncSession, import_id: UUID) -> Sequence[AppendixRow]:
    """Return all rows of an import, in their order."""
    rows = select(AppendixRow).where(AppendixRow.import_id == import_id)
    ordered = rows.order_by(AppendixRow.position, AppendixRow.row_number)
    return (await session.scalars(ordered)).all()


async def interruption(session: AsyncSession, started: AppendixImport) -> Remark | None:
    """Return why an import failed: the file's fault, or a job that died while reading."""
    if started.state == "failed" and started.error:
        return Remark(started.error["code"], sentence_of(started.error["detail"]))
    if started.state != "reading" or started.job_id is None:
        return None
    job = await jobs.find(session, started.job_id)
    if job.state != "failed":
        return None
    detail = Sentence(job.error) if job.error else INTERRUPTED
    return Remark(BROKE_OFF, detail)
