"""An import by its id, and whether it may still be changed."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import jobs
from chassis.errors import Conflict, NotFound
from tasks.imports.models import AppendixImport

_REFUSALS = {
    "reading": ("import_not_ready", "Phụ lục đang được đọc, hãy chờ đọc xong"),
    "failed": ("import_failed", "Phụ lục này không đọc được, hãy tải lên tệp khác"),
    "confirmed": ("import_confirmed", "Phụ lục này đã được xác nhận, nhiệm vụ đã được tạo"),
}


async def find(session: AsyncSession, id_: UUID, *, lock: bool = False) -> AppendixImport:
    """Return an import. Raises NotFound."""
    found = await session.get(AppendixImport, id_, with_for_update=lock or None)
    if found is None:
        raise NotFound("Không tìm thấy lần nhập phụ lục này", code="import_not_found")
    return found


def must_be_ready(started: AppendixImport) -> None:
    """Raise Conflict unless the rows are read and nobody has confirmed them."""
    if started.state != "ready":
        code, message = _REFUSALS[started.state]
        raise Conflict(message, code=code)


async def interruption(session: AsyncSession, started: AppendixImport) -> dict[str, Any] | None:
    """Return why an import failed: the file's fault, or a job that died while reading."""
    if started.state == "failed":
        return started.error
    if started.state != "reading" or started.job_id is None:
        return None
    job = await jobs.find(session, started.job_id)
    if job.state != "failed":
        return None
    title, detail = "Không đọc được phụ lục", job.error or "Việc đọc tệp bị dừng giữa chừng"
    return {"code": "import_interrupted", "title": title, "detail": detail}
