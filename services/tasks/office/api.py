"""The Office's month, on one page."""

from typing import Annotated

from fastapi import Query

from chassis.web import CurrentActor, ServiceRouter, Transaction
from tasks.calendar.moment import moment
from tasks.office.actions import month_of_office
from tasks.office.domain import month_of
from tasks.office.views import MonthView

router = ServiceRouter(prefix="/v1/office", tags=["office"])
Written = Annotated[str | None, Query(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]


@router.get("/month", policy="office.read_month")
async def read_month(session: Transaction, actor: CurrentActor, month: Written = None) -> MonthView:
    """Return who reports when, what is late and urged, what waits, and who needs attention why.

    `month`: as 2025-11; without it, the month of today.
    """
    at = await moment(session)
    return await month_of_office(session, actor, month_of(month, at.today), at)
