"""The month's KPI rows as a file, and the day on which the month closes."""

from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.responses import FileResponse, Response

from chassis.access import Actor
from chassis.documents.sheet import MEDIA_TYPE, sheet_response
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    IfMatchOrNew,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from tasks.access import RIGHTS
from tasks.calendar.moment import moment
from tasks.kpi_export.domain import Month
from tasks.kpi_export.setting import Held, change, setting
from tasks.kpi_export.sheet import sheet_of

router = ServiceRouter(prefix="/v1", tags=["kpi"])
AskedMonth = Annotated[str, Query(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", examples=["2025-11"])]


class KpiSettingBody(RequestBody):
    """The last day of a month that counts for it; a month that is shorter ends earlier."""

    closing_day: Annotated[int, Field(ge=1, le=31)]


class KpiSettingView(ResponseBody):
    """The closing day. `composed`: by us, until somebody sets it. `allowed`: `export`, `change`."""

    version: int
    closing_day: int
    composed: bool
    allowed: list[str]


@router.get(
    "/kpi_export.xlsx",
    policy="kpi.export",
    response_class=FileResponse,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
async def export_kpi_month(
    month: AskedMonth, session: Transaction, language: AskedLanguage
) -> FileResponse:
    """Return the month's rows of all units: KPI group and code, outcome, evidence, on time or not.

    A month runs to its closing day; what was not handed in by then counts as not done.
    """
    held = await setting(session)
    year, _, number = month.partition("-")
    wanted = Month.of(int(year), int(number), held.closing_day)
    path = await sheet_of(session, wanted, held.closing_day, await moment(session), language)
    return sheet_response(path, f"kpi-{month}.xlsx")


@router.get("/kpi_settings", policy="kpi_setting.read")
async def read_kpi_settings(
    session: Transaction, actor: CurrentActor, response: Response
) -> KpiSettingView:
    """Return the closing day, with its ETag."""
    return _answer(await setting(session), actor, response)


@router.put("/kpi_settings", policy="kpi_setting.change")
async def put_kpi_settings(
    body: KpiSettingBody,
    expected: IfMatchOrNew,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> KpiSettingView:
    """Set the closing day. 412 when it was changed meanwhile."""
    at = await moment(session)
    return _answer(await change(session, actor, expected, body.closing_day, at), actor, response)


def _answer(held: Held, actor: Actor, response: Response) -> KpiSettingView:
    set_etag(response, held.version)
    return KpiSettingView(
        version=held.version,
        closing_day=held.closing_day,
        composed=held.version == 0,
        allowed=[
            *RIGHTS.allowed(actor, "kpi", ("export",)),
            *RIGHTS.allowed(actor, "kpi_setting", ("change",)),
        ],
    )
