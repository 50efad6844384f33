"""A list as a workbook: a route beside the list's own, with its filters, its rights and its rows.

The rows are the list's own answers, page after page: a workbook cannot show more than the list.
"""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import FileResponse

from chassis.clock import database_now, local_date
from chassis.documents.sheet import (
    MEDIA_TYPE,
    MOST_ROWS,
    Column,
    Frame,
    Kind,
    Value,
    sheet_response,
    write_sheet,
)
from chassis.errors import BadRequest
from chassis.i18n import Language, say
from chassis.tables import unit
from chassis.web.paging import Page, PageParams, Paging, paging_of
from chassis.web.router import ServiceRouter, guards_of
from chassis.web.views import AskedLanguage, Transaction
from chassis.words import N_, Sentence

BATCH = 1000  # rows that are in memory at once
YES, NO = N_("Có"), N_("Không")
EVERYTHING = N_("Tất cả, không lọc")
_TOO_MANY = N_("Danh sách dài hơn {most} dòng của một trang tính: hãy lọc bớt")
WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}}}

Names = Callable[[AsyncSession], Awaitable[Mapping[UUID, str]]]
"""Finds what ids in the rows are called."""


@dataclass(frozen=True)
class Listed:
    """A column. `take`: the row's field, `period.begins_on`, or what finds it in a row.

    `words`: how codes are said. Lists become `a; b`, ids the name of what they are of.
    """

    take: str | Callable[[Any], Any]
    heading: str
    width: int
    kind: Kind = "text"
    words: Mapping[Any, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListSheet:
    """How a list becomes a workbook. `name`: of the file. `filters`: words for what no column is.

    `rows`: where the rows are in an answer that is no page; `more`: columns that it adds; `about`:
    what the answer is of, said above the rows.
    """

    name: str
    title: str
    columns: Sequence[Listed]
    filters: Mapping[str, str] = field(default_factory=dict)
    rows: Callable[[Any], Sequence[Any]] = attrgetter("data")
    more: Callable[[Any], Sequence[Listed]] = lambda _: ()
    about: Callable[[Any], Sequence[Sentence]] = lambda _: ()


async def units_by_id(session: AsyncSession) -> Mapping[UUID, str]:
    """Return the names of units, in a service that follows the directory."""
    return await names_in(session, unit)


async def names_in(session: AsyncSession, table: Any) -> Mapping[UUID, str]:
    """Return the names of a table's rows by their id."""
    columns = getattr(table, "c", table)
    found = await session.execute(select(columns.id, columns.name))
    return {row.id: row.name for row in found}


async def _nobody(_: AsyncSession) -> Mapping[UUID, str]:
    return {}


@dataclass(frozen=True)
class _Asked:
    """What every workbook is made with, beside what its list is asked for."""

    request: Request
    session: AsyncSession
    language: Language


async def _asked(request: Request, session: Transaction, language: AskedLanguage) -> _Asked:
    return _Asked(request, session, language)


async def _from_the_first(request: Request) -> Paging:
    return paging_of(request, BATCH, None)


def offer_sheet(
    router: ServiceRouter,
    address: str,
    listing: Callable[..., Awaitable[Any]],
    sheet: ListSheet,
    *,
    policy: str,
    names: Names = _nobody,
) -> None:
    """Register `address` beside a list: what `listing` answers for the same query, as .xlsx."""

    async def download(*, asked_: _Asked, **given: Any) -> FileResponse:
        reader = _Reader(asked_.language, await names(asked_.session))
        now = await database_now(asked_.session)
        first = await listing(**given)
        columns = (*sheet.columns, *sheet.more(first))
        frame = Frame(
            title=say(sheet.title, asked_.language), as_of=now,
            filter=reader.filter(sheet, asked_.request, first),
            columns=[reader.column(column) for column in columns], language=asked_.language,
        )  # fmt: skip
        cells = _cells(_answers(listing, given, first), sheet, columns, reader)
        path = await write_sheet(frame, cells)
        return sheet_response(path, f"{sheet.name}-{local_date(now):%Y-%m-%d}.xlsx")

    download.__name__ = f"{listing.__name__}_as_sheet"
    download.__doc__ = "The same list as .xlsx, under the same filters. 400 `list_too_long`."
    download.__signature__ = _signature(listing)  # type: ignore[attr-defined]  # FastAPI reads it
    register = router.get(
        address, policy=policy, response_class=FileResponse, responses=WORKBOOK,
        dependencies=guards_of(listing),
    )  # fmt: skip
    register(download)


def _signature(listing: Callable[..., Any]) -> inspect.Signature:
    """Return what the list is asked for, but for pages, and what the workbook needs."""
    whole = Annotated[Paging, Depends(_from_the_first)]
    parameters = [
        each.replace(
            annotation=whole if each.annotation == PageParams else each.annotation,
            kind=inspect.Parameter.KEYWORD_ONLY,
        )
        for each in inspect.signature(listing).parameters.values()
    ]
    own = inspect.Parameter(
        "asked_", inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[_Asked, Depends(_asked)]
    )
    return inspect.Signature([*parameters, own], return_annotation=FileResponse)


async def _answers(
    listing: Callable[..., Awaitable[Any]], given: dict[str, Any], answer: Any
) -> AsyncIterator[Any]:
    """Yield the first answer, and of a list in pages the others."""
    yield answer
    paged = next((name for name, value in given.items() if isinstance(value, Paging)), "")
    while isinstance(answer, Page) and answer.next_cursor is not None:
        given = {**given, paged: replace(given[paged], cursor=answer.next_cursor)}
        answer = await listing(**given)
        yield answer


async def _cells(
    answers: AsyncIterator[Any], sheet: ListSheet, columns: Sequence[Listed], reader: "_Reader"
) -> AsyncIterator[Sequence[Sequence[Value]]]:
    """Yield the lines of every answer. Raises BadRequest `list_too_long`."""
    written = 0
    async for answer in answers:
        rows = sheet.rows(answer)
        written += len(rows)
        if written > MOST_ROWS:
            raise BadRequest(_TOO_MANY, code="list_too_long", most=MOST_ROWS)
        yield [[reader.cell(column, row) for column in columns] for row in rows]


@dataclass(frozen=True)
class _Reader:
    """Says what stands in cells. `names`: of what ids are of."""

    language: Language
    names: Mapping[UUID, str]

    def column(self, column: Listed) -> Column:
        return Column(say(column.heading, self.language), column.width, column.kind)

    def cell(self, column: Listed, row: Any) -> Value:
        """Return what stands in a cell."""
        take = column.take
        return self._value(take(row) if callable(take) else _field(row, take), column)

    def filter(self, sheet: ListSheet, request: Request, answer: Any) -> str:
        """Say in words what the list was asked for, and what the answer is of."""
        about = [say(each, self.language) for each in sheet.about(answer)]
        said = [
            f"{self._heading(sheet, name)}: {self._asked(sheet, name, value)}"
            for name, value in request.query_params.multi_items()
        ]
        return "; ".join([*said, *about]) or say(EVERYTHING, self.language)

    def _heading(self, sheet: ListSheet, name: str) -> str:
        found = _column_of(sheet, name)
        return say(sheet.filters.get(name) or (found.heading if found else name), self.language)

    def _asked(self, sheet: ListSheet, name: str, value: str) -> str:
        if value in ("true", "false"):
            return say(YES if value == "true" else NO, self.language)
        found = _column_of(sheet, name)
        if found and value in found.words:
            return say(found.words[value], self.language)
        return next((called for id_, called in self.names.items() if str(id_) == value), value)

    def _value(self, value: Any, column: Listed) -> Value:
        if isinstance(value, (list, tuple, set, frozenset)):
            return "; ".join(str(self._value(each, column)) for each in value)
        if isinstance(value, bool):
            return say(YES if value else NO, self.language)
        if isinstance(value, UUID):
            return self.names.get(value, "")
        if isinstance(value, Sentence):
            return say(value, self.language)
        if isinstance(value, str) and value in column.words:
            return say(column.words[value], self.language)
        known: Value = value
        return known


def _column_of(sheet: ListSheet, name: str) -> Listed | None:
    return next((column for column in sheet.columns if column.take == name), None)


def _field(row: Any, path: str) -> Any:
    """Return a field of a row, or of what the row holds; None where that is not there."""
    for name in path.split("."):
        row = getattr(row, name, None)
    return row
