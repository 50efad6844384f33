"""The Office's month, on one page."""

from typing import Annotated

from fastapi import Query

from chassis.web import ServiceRouter, Transaction
from tasks.calendar.moment import moment
from tasks.office.domain import month_of
from tasks.office.views import MonthView, month_view

router = ServiceRouter(prefix="/v1/office", tags=["office"])
Written = Annotated[str | None, Query(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]


@router.get("/month", policy="office.read_month")
async def read_month(session: Transaction, month: Written = None) -> MonthView:
    """Return who reports when, what is late and urged, what waits, and who needs attention why.

    `month`: as 2025-11; without it, the month of today.
    """
    at = await moment(session)
    return await month_view(session, month_of(month, at.today), at)
