"""Lists of assignments: pages, counts, and the same as a file."""

from typing import Annotated

from fastapi import Query
from starlette.responses import FileResponse

from chassis.documents.sheet import MEDIA_TYPE, sheet_response
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Page,
    PageParams,
    ServiceRouter,
    Transaction,
)
from tasks.assignments.asking import AskedFilters, AskedOrder
from tasks.assignments.board import Board, board
from tasks.assignments.lists import Counts, count, page
from tasks.assignments.sheet import sheet_of
from tasks.assignments.views import AssignmentPresenter, AssignmentView
from tasks.calendar.moment import moment

router = ServiceRouter(prefix="/v1", tags=["assignments"])


@router.get("/assignments", policy="assignment.read")
async def list_assignments(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    filters: AskedFilters,
    order: AskedOrder,
) -> Page[AssignmentView]:
    """List what the caller may see, by number or as `sort` says (`due_on,-unit`).

    `q` looks for beginnings of words without accents. `late`: overdue, or handed in after the due
    day; `no_evidence`: handed in without a file; `source`: in number or title of the document that
    gave it, whatever the case; `id`: these alone. Partners see what their units lead or help with,
    without names, remarks and files. 400 `sort_unknown`.
    """
    at = await moment(session)
    rows, cursor = await page(session, actor, filters, order, paging, at.today)
    presenter = AssignmentPresenter(at, actor)
    return Page(data=[presenter.view(*row) for row in rows], next_cursor=cursor)


@router.get("/assignments/counts", policy="assignment.read")
async def read_counts(session: Transaction, actor: CurrentActor, filters: AskedFilters) -> Counts:
    """Count what the caller may see under the filters of the list, as of today."""
    return await count(session, actor, filters, (await moment(session)).today)


@router.get("/assignments/board", policy="assignment.read")
async def read_board(
    session: Transaction,
    actor: CurrentActor,
    filters: AskedFilters,
    order: AskedOrder,
    limit: Annotated[int, Query(ge=1, le=50)] = 25,
) -> Board:
    """Return what the list with these filters counts, and the first `limit` of each status.

    As the lists of each status alone would begin. 400 `sort_unknown`.
    """
    return await board(session, actor, filters, order, limit, await moment(session))


@router.get(
    "/assignments.xlsx",
    policy="assignment.export",
    response_class=FileResponse,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
async def export_assignments(
    session: Transaction,
    actor: CurrentActor,
    filters: AskedFilters,
    language: AskedLanguage,
    sort: Annotated[str, Query(max_length=200)] = "",
    columns: Annotated[str, Query(max_length=1000)] = "",
) -> FileResponse:
    """Return the list as .xlsx: same filters, same `sort`, no page ends it.

    `columns=number,content,unit`, in that order; `columns=follow_up`: the 25 columns of the sheet
    that superiors follow work by, by due day. Days are days, numbers numbers, no text a formula.
    400 `column_unknown`, `sort_unknown`, `list_too_long`.
    """
    at = await moment(session)
    path = await sheet_of(
        session, actor, filters, sort=sort, columns=columns, at=at, language=language
    )
    return sheet_response(path, f"nhiem-vu-{at.today:%Y-%m-%d}.xlsx")
