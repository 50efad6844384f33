"""The officer chooses tables and columns: the file is read again, people's corrections stay."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import jobs, traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.web import check_version
from chassis.words import N_, Sentence
from tasks.imports.appendix import Field
from tasks.imports.domain import check_ready
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.imports.rows import named
from tasks.imports.state import BROKE_OFF, READ_APPENDIX, find, interruption
from tasks.plans.domain import check_status
from tasks.plans.models import Plan

Tables = Mapping[str, bool]
Columns = Mapping[str, Mapping[int, Field]]

CHOICES_WRONG = N_("Chưa chọn được: {first}")
TABLE_UNKNOWN = N_("tệp không có bảng “{table}”")
COLUMN_TWICE = N_("cột “{title}” trùng nghĩa với một cột khác, mỗi mục chỉ một cột")
COLUMN_UNKNOWN = N_("bảng “{table}” không có cột thứ {position}")
CORRECTIONS_GO = N_(
    "Đọc lại có thể làm mất phần đã sửa ở {count} dòng: {first}. Xác nhận bỏ phần đã sửa, hoặc "
    "giữ nguyên lựa chọn bảng và cột."
)


async def choose(
    session: AsyncSession,
    actor: Actor,
    import_id: UUID,
    expected: int,
    *,
    tables: Tables,
    columns: Columns,
    discard_corrections: bool,
) -> AppendixImport:
    """Read the file again with these tables and columns; what is not named stays as chosen.

    Corrected rows that the file then still has are kept, also those of other tables. Raises
    NotFound, StaleVersion, RuleBroken unless the import waits for confirmation or its reading
    broke off, and its plan takes an appendix, InputRefused `import_choices_wrong`, RuleBroken
    `import_corrections_would_go` naming the rows unless `discard_corrections`.
    """
    started = await find(session, import_id, lock=True)
    failure = await interruption(session, started)
    if failure is None or failure.code != BROKE_OFF:
        check_ready(started.state)
    check_status("import", (await session.get_one(Plan, started.plan_id)).status)
    check_version(started.version, expected)
    merged = _merged(started.choices.get("columns", {}), columns)
    _check(started, tables, columns, merged)
    changed = sorted({*tables, *columns})
    if not discard_corrections:
        await _check_corrections(session, import_id, changed)
    return await _read_again(session, actor, started, tables, merged, changed)


async def _read_again(
    session: AsyncSession,
    actor: Actor,
    started: AppendixImport,
    tables: Tables,
    columns: Columns,
    changed: Sequence[str],
) -> AppendixImport:
    before = started.choices
    choices = {
        "tables": {**before.get("tables", {}), **tables},
        "columns": {id_: _as_json(chosen) for id_, chosen in columns.items()},
    }
    payload = {"import_id": started.id, "choices": choices, "changed": list(changed)}
    job = await jobs.enqueue(session, READ_APPENDIX, payload, actor.person_id)
    started.state, started.job_id, started.error = "reading", job.id, None
    started.version += 1
    now = await database_now(session)
    await traces.leave(
        session, actor, "import.read_again", started.id, now=now, before=before, after=choices
    )
    return started


def _merged(before: Mapping[str, Mapping[str, Field]], columns: Columns) -> Columns:
    """Return what every column means: what was chosen before, and over it what is chosen now."""
    earlier = {id_: {int(p): field for p, field in each.items()} for id_, each in before.items()}
    return {id_: {**earlier.get(id_, {}), **columns.get(id_, {})} for id_ in {**earlier, **columns}}


def _as_json(columns: Mapping[int, Field]) -> dict[str, Field]:
    return {str(position): field for position, field in columns.items()}


def _check(started: AppendixImport, tables: Tables, columns: Columns, merged: Columns) -> None:
    seen = {table["id"]: table for table in started.seen}
    problems = [
        *(
            _problem(f"/tables/{id_}", TABLE_UNKNOWN, table=id_)
            for id_ in tables
            if id_ not in seen
        ),
        *(
            problem
            for id_, chosen in columns.items()
            for problem in _column_problems(id_, chosen, merged[id_], seen.get(id_))
        ),
    ]
    if problems:
        first = Sentence(CHOICES_WRONG, {"first": problems[0].sentence})
        raise InputRefused("import_choices_wrong", first, problems)


def _column_problems(
    id_: str,
    chosen: Mapping[int, Field],
    merged: Mapping[int, Field],
    table: Mapping[str, Any] | None,
) -> list[Problem]:
    if table is None:
        return [_problem(f"/columns/{id_}", TABLE_UNKNOWN, table=id_)]
    seen = {column["position"]: column for column in table["columns"]}
    unknown = [
        _problem(f"/columns/{id_}/{position}", COLUMN_UNKNOWN, table=id_, position=position)
        for position in chosen
        if position not in seen
    ]
    twice = [
        _problem(f"/columns/{id_}/{position}", COLUMN_TWICE, title=seen[position]["title"])
        for position in _claimed_twice(merged, seen)
    ]
    return [*unknown, *twice]


def _claimed_twice(
    chosen: Mapping[int, Field], seen: Mapping[int, Mapping[str, Any]]
) -> Iterator[int]:
    """Go through columns that another one shares a meaning with, but for the periods of a year.

    Columns the reader itself took together, as Quý I to Quý IV, may stay so.
    """
    counts = Counter(chosen.values())
    for position, field in chosen.items():
        column = seen.get(position)
        if field == "ignored" or counts[field] < 2 or column is None:  # noqa: PLR2004 - twice
            continue
        if column["field"] != field or column["unsure"]:
            yield position


def _problem(pointer: str, template: str, **facts: object) -> Problem:
    return Problem(pointer, Sentence(template, facts))


async def _check_corrections(
    session: AsyncSession, import_id: UUID, changed: Sequence[str]
) -> None:
    """Refuse when rows that a person worked on stand in a table that will be read otherwise."""
    touched = (
        select(AppendixRow)
        .where(AppendixRow.import_id == import_id, AppendixRow.edited)
        .where(AppendixRow.table_id.in_(changed), AppendixRow.task_id.is_(None))
        .order_by(AppendixRow.position, AppendixRow.row_number)
    )
    rows = (await session.scalars(touched)).all()
    if rows:
        facts = {"count": len(rows), "first": named(rows)}
        raise RuleBroken("import_corrections_would_go", Sentence(CORRECTIONS_GO, facts))
