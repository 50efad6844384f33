"""A list as a board: its counts, and the first assignments of each status, by three statements."""

from dataclasses import replace
from itertools import chain

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import ResponseBody
from tasks.assignments.filters import Filters
from tasks.assignments.lists import STATUSES, Counts, count, first_ids, whole
from tasks.assignments.sorting import Order
from tasks.assignments.views import AssignmentPresenter, AssignmentView
from tasks.calendar.moment import Moment


class Board(ResponseBody):
    """What a list counts, and the first of each status in the order of the list: `data`."""

    counts: Counts
    data: list[AssignmentView]


async def board(
    session: AsyncSession, actor: Actor, filters: Filters, order: Order, most: int, at: Moment
) -> Board:
    """Return the board of a list, with at most so many assignments of each status."""
    counts = await count(session, actor, filters, at.today)
    # Of a status that nothing has, all would be looked through.
    there = [one for one in STATUSES if counts.by_status[one]]
    firsts = [
        first_ids(actor, replace(filters, statuses=(one,)), order, most, at.today) for one in there
    ]
    found = (await session.execute(select(*firsts))).one() if firsts else ()
    presenter = AssignmentPresenter(at, actor)
    rows = await whole(session, list(chain(*found)))
    return Board(counts=counts, data=[presenter.view(*row) for row in rows])
