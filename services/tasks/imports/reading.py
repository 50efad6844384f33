"""The job that reads the file, the first time and again as the officer chose."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.clock import database_now
from chassis.errors import UnsupportedMedia
from chassis.files import FileStore, StoredFile
from chassis.jobs import JobContext
from chassis.words import N_, Sentence
from tasks.imports.amendment import facts
from tasks.imports.anew import bring_up_to_date
from tasks.imports.appendix import Appendix, AppendixRefused, Choices, read_in_subprocess
from tasks.imports.domain import plan_rows
from tasks.imports.frame import frame_of, unit_book
from tasks.imports.kept import fate, in_order
from tasks.imports.models import MOST_ROWS, AppendixImport, AppendixRow
from tasks.imports.outside import remarks_on_outside
from tasks.imports.rows import sources_of, values_of
from tasks.imports.state import rows_of
from tasks.imports.unsure import with_unsure_columns
from tasks.plans.models import Plan
from tasks.remarks import Remark, stored

LEFT_TO_THE_OFFICER = frozenset({"appendix_no_table", "appendix_columns_missing"})
READ_ANEW = N_(
    "{count} dòng đã sửa nay đọc ra hạn hoặc đơn vị khác, lời đã sửa vẫn giữ; xem lại STT: {rows}."
)
NOTHING_TAKEN = Choices(tables={"": False})  # with a choice, the reader leaves the rest to people


async def run(context: JobContext, files: FileStore) -> dict[str, Any]:
    """Read the file in a process of its own and store the rows; safe to repeat.

    A file that cannot be read makes the import `failed`, and says why to the officer; one that
    could be read before, but not as chosen, leaves everything as it was.
    """
    import_id = UUID(context.payload["import_id"])
    chosen = context.payload.get("choices", {})
    await context.progress(10)
    file, content, again = await _content(context, files, import_id)
    read = _read_file if again else _read_first
    try:
        appendix = await read(content, file.name, _choices(chosen))
    except AppendixRefused as refused:
        await _fail(context, import_id, refused)
        raise UnsupportedMedia(refused.sentence, code=refused.code) from refused
    await context.progress(70)
    tasks = sum(row.left_out is None for row in appendix.rows)
    result = {"import_id": str(import_id), "rows": tasks}
    async with context.sessions.begin() as session:
        await _store(session, context, import_id, appendix)
        await context.complete(session, result)
    return result


async def _content(
    context: JobContext, files: FileStore, import_id: UUID
) -> tuple[StoredFile, bytes, bool]:
    """Return the file, what it holds, and whether it was read before."""
    async with context.sessions() as session:
        started = await session.get_one(AppendixImport, import_id)
        file = await files.find(session, started.file_id)
        return file, await files.read(file), _was_read(started)


async def _read_file(content: bytes, name: str, choices: Choices) -> Appendix:
    appendix = await read_in_subprocess(content, name, choices)
    _check_size(appendix)
    return appendix


async def _read_first(content: bytes, name: str, choices: Choices) -> Appendix:
    """Read the file; one in which no table is surely the appendix is left to the officer."""
    try:
        return await _read_file(content, name, choices)
    except AppendixRefused as refused:
        if refused.code not in LEFT_TO_THE_OFFICER:
            raise
        appendix = await _read_file(content, name, NOTHING_TAKEN)
        if not appendix.tables:
            raise
        remark = Remark(refused.code, refused.sentence)
        return replace(appendix, remarks=(remark, *appendix.remarks))


def _choices(chosen: Mapping[str, Any]) -> Choices:
    columns = chosen.get("columns", {})
    return Choices(
        tables=chosen.get("tables", {}),
        columns={
            id_: {int(p): field for p, field in each.items()} for id_, each in columns.items()
        },
    )


def _check_size(appendix: Appendix) -> None:
    if len(appendix.rows) > MOST_ROWS:
        template = N_("Phụ lục có {count} dòng, quá nhiều: tối đa {most} dòng.")
        raise AppendixRefused(
            "appendix_too_large", template, count=len(appendix.rows), most=MOST_ROWS
        )


async def _store(
    session: AsyncSession, context: JobContext, import_id: UUID, appendix: Appendix
) -> None:
    started = await session.get_one(AppendixImport, import_id, with_for_update=True)
    if not _is_of(started, context):
        return  # an earlier attempt got this far
    kept = await _replace_rows(session, context, started, appendix)
    anew = await _bring_up_to_date(session, started) if kept else []
    started.seen = to_jsonable_python(appendix.tables)
    started.mapping = [
        {"field": column.field, "header": column.title}
        for table in appendix.tables
        if table.taken
        for column in table.columns
        if column.field not in (None, "ignored")
    ]
    book = await unit_book(session)
    outside = remarks_on_outside(appendix.outside, book)
    started.remarks = [*appendix.remarks, *outside, *anew]
    started.choices = context.payload.get("choices", {})
    started.state, started.error = "ready", None
    started.version += 1


async def _replace_rows(
    session: AsyncSession, context: JobContext, started: AppendixImport, appendix: Appendix
) -> Sequence[AppendixRow]:
    """Put the new rows beside those that a person worked on, each where the file has it.

    Returns those.
    """
    of_import = AppendixRow.import_id == started.id
    before = await rows_of(session, started.id)
    sources = list(sources_of(appendix.rows))
    kept, lost = fate(before, sources, context.payload.get("changed", ()))
    await _record_lost(session, context, started, lost)
    staying = [row.row_number for row in kept]
    await session.execute(
        delete(AppendixRow).where(of_import, ~AppendixRow.row_number.in_(staying))
    )
    read = await _read(session, started, appendix, sources)
    number = max((row.row_number for row in before), default=0)
    new: list[dict[str, Any]] = []
    for place, row in enumerate(in_order(sources, kept), start=1):
        if isinstance(row, AppendixRow):
            row.position = place
        else:
            number += 1
            new.append({**read[row], "row_number": number, "position": place})
    if new:
        await session.execute(insert(AppendixRow), new)
    return kept


async def _bring_up_to_date(session: AsyncSession, started: AppendixImport) -> list[Remark]:
    """Read kept rows anew, too; say which of those that a person worked on are to be looked at."""
    rows = await rows_of(session, started.id)
    plan = await session.get_one(Plan, started.plan_id)
    touched = bring_up_to_date(rows, await unit_book(session), await frame_of(session, plan))
    if not touched:
        return []
    facts = {"count": len(touched), "rows": ", ".join(touched)}
    return [Remark("import_rows_read_anew", Sentence(READ_ANEW, facts))]


async def _read(
    session: AsyncSession,
    started: AppendixImport,
    appendix: Appendix,
    sources: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    plan = await session.get_one(Plan, started.plan_id)
    raws = with_unsure_columns(appendix)
    read = plan_rows(raws, await unit_book(session), await frame_of(session, plan))
    return [
        values_of(started.id, raw, row, source)
        for raw, row, source in zip(raws, read, sources, strict=True)
    ]


async def _record_lost(
    session: AsyncSession, context: JobContext, started: AppendixImport, lost: Sequence[AppendixRow]
) -> None:
    """Leave in the audit what a person had made of rows that are no longer there."""
    if not lost:
        return
    await audit.record(
        session,
        actor_id=context.job.created_by,
        action="import.lose_corrections",
        subject_id=started.id,
        before={f"row_{row.row_number}": facts(row) for row in lost},
        after=None,
        reason=None,
        now=await database_now(session),
    )


def _was_read(started: AppendixImport) -> bool:
    return bool(started.seen or started.mapping)


def _is_of(started: AppendixImport, context: JobContext) -> bool:
    return started.state == "reading" and started.job_id == context.job.id


async def _fail(context: JobContext, import_id: UUID, refused: AppendixRefused) -> None:
    async with context.sessions.begin() as session:
        started = await session.get_one(AppendixImport, import_id, with_for_update=True)
        if not _is_of(started, context):
            return
        started.state = "ready" if _was_read(started) else "failed"
        started.error = {"code": refused.code, "detail": stored(refused.sentence)}
        started.version += 1
