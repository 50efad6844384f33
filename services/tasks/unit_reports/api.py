"""Reports of units: begun, written, approved, handed in; and all of a plan put together."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import FileResponse, Response

from chassis.bodies import Reason
from chassis.documents import official
from chassis.documents.sheet import MEDIA_TYPE, sheet_response
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    IfMatch,
    RequestBody,
    ServiceRouter,
    Transaction,
    created_at,
    set_etag,
)
from tasks.access import RIGHTS
from tasks.bodies import NothingBody
from tasks.calendar.moment import moment
from tasks.plans import actions as plans
from tasks.unit_reports import actions, views
from tasks.unit_reports.change import ReportChange
from tasks.unit_reports.compiled import Compiled, compile_reports
from tasks.unit_reports.document import document_of
from tasks.unit_reports.domain import Act
from tasks.unit_reports.setting import setting
from tasks.unit_reports.sheet import sheet_of
from tasks.unit_reports.views import Reports, UnitReportView

router = ServiceRouter(prefix="/v1/unit_reports", tags=["unit_reports"])
Words = Annotated[str, Field(max_length=20_000)]


class BegunBody(RequestBody):
    """Under which plan the own unit reports."""

    plan_id: UUID


class DifficultyBody(RequestBody):
    """A difficulty. `theme`: a code of the settings, null: not sorted. `number`: as it was read.

    `cause`: why it is so, where the unit says it.
    """

    theme: Annotated[str, Field(max_length=50)] | None = None
    text: Annotated[str, Field(max_length=5000)]
    number: Annotated[str, Field(max_length=50)] | None = None
    cause: Annotated[str, Field(max_length=5000)] | None = None


class WrittenBody(RequestBody):
    """What the unit says; what is left out stays, `difficulties` are replaced whole."""

    results: Words = ""
    difficulties: list[DifficultyBody] = Field(default=[], max_length=200)
    measures: Words = ""
    proposals: Words = ""


class ReturnedBody(RequestBody):
    """Why it is returned; who wrote it reads this."""

    reason: Reason


def _acting(act: Act) -> Any:
    """Lock the report of the path: 404 unless visible, then 403 unless the actor may act."""

    async def begin(id: UUID, session: Transaction, actor: CurrentActor) -> ReportChange:
        return await ReportChange.begin(session, actor, act, id)

    return Depends(begin)


async def _beginning(actor: CurrentActor) -> None:
    RIGHTS.check(actor, "unit_report.create", actor.unit_id)


async def _compiling(actor: CurrentActor) -> None:
    RIGHTS.check(actor, "unit_report.compile")


async def _compiled(plan_id: UUID, session: Transaction, actor: CurrentActor) -> Compiled:
    """Put a plan's reports together. Raises NotFound."""
    RIGHTS.check(actor, "unit_report.compile")
    plan = await plans.find_visible(session, actor, plan_id)
    held = await setting(session)
    return await compile_reports(session, actor, plan, held, await moment(session))


@router.get("", policy="unit_report.read")
async def list_unit_reports(
    session: Transaction, actor: CurrentActor, plan_id: UUID | None = None
) -> Reports:
    """List what units owe under a plan, or all in force: every unit, or the caller's own alone."""
    return await views.listing(session, actor, plan_id, await moment(session))


@router.post("", policy="unit_report.create", status_code=201, dependencies=[Depends(_beginning)])
async def begin_unit_report(
    body: BegunBody, session: Transaction, actor: CurrentActor, response: Response
) -> UnitReportView:
    """Begin the report of the own unit, filled in from its assignments.

    409 `unit_report_exists`, `unit_report_not_owed`, `plan_not_in_force`.
    """
    change = await actions.begin(session, actor, body.plan_id)
    created_at(response, f"/v1/unit_reports/{change.report.id}")
    return await _answer(change, response)


@router.get("/compiled", policy="unit_report.compile", dependencies=[Depends(_compiling)])
async def read_compiled(compiled: Annotated[Compiled, Depends(_compiled)]) -> Compiled:
    """Return all reports of a plan put together: figures, themes, who is missing, who was late."""
    return compiled


@router.get(
    "/compiled.docx",
    policy="unit_report.compile",
    dependencies=[Depends(_compiling)],
    response_class=Response,
    responses={200: {"content": {official.MEDIA_TYPE: {}}}},
)
async def read_compiled_document(
    compiled: Annotated[Compiled, Depends(_compiled)], session: Transaction
) -> Response:
    """Return the same as a document in the form of Nghị định 30/2020/NĐ-CP, to go on editing."""
    content = await document_of(compiled, await setting(session))
    name = quote(f"tong-hop-bao-cao-{compiled.year}.docx")
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=official.MEDIA_TYPE, headers=headers)


@router.get(
    "/compiled.xlsx",
    policy="unit_report.compile",
    dependencies=[Depends(_compiling)],
    response_class=FileResponse,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
async def read_compiled_sheet(
    compiled: Annotated[Compiled, Depends(_compiled)], language: AskedLanguage
) -> FileResponse:
    """Return the same as a table, a unit a line."""
    path = await sheet_of(compiled, language)
    return sheet_response(path, f"tong-hop-bao-cao-{compiled.year}.xlsx")


@router.get("/{id}", policy="unit_report.read")
async def read_unit_report(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> UnitReportView:
    """Return a report with its ETag; others than its unit once it was handed in."""
    view = await views.one(session, actor, id, await moment(session))
    set_etag(response, view.version)
    return view


@router.patch("/{id}", policy="unit_report.change")
async def change_unit_report(
    change: Annotated[ReportChange, _acting("change")],
    body: WrittenBody,
    expected: IfMatch,
    response: Response,
) -> UnitReportView:
    """Write results, difficulties, measures, proposals. 409 once it is submitted.

    422 for a difficulty without words or of a theme that is not in use.
    """
    facts = body.model_dump(mode="json", include=body.model_fields_set)
    await actions.edit(change, expected, facts, await setting(change.session))
    return await _answer(change, response)


@router.post("/{id}/refill", policy="unit_report.refill")
async def refill_unit_report(
    change: Annotated[ReportChange, _acting("refill")],
    _: NothingBody,
    expected: IfMatch,
    response: Response,
) -> UnitReportView:
    """Take the figures anew. Words that people wrote stay; drafted ones nobody touched follow."""
    await actions.refill(change, expected)
    return await _answer(change, response)


@router.post("/{id}/submit", policy="unit_report.submit")
async def submit_unit_report(
    change: Annotated[ReportChange, _acting("submit")],
    _: NothingBody,
    expected: IfMatch,
    response: Response,
) -> UnitReportView:
    """Lay it before the head of the unit. 409 `unit_report_submitted`; 422 without results."""
    await actions.submit(change, expected)
    return await _answer(change, response)


@router.post("/{id}/approve", policy="unit_report.approve")
async def approve_unit_report(
    change: Annotated[ReportChange, _acting("approve")],
    _: NothingBody,
    expected: IfMatch,
    response: Response,
) -> UnitReportView:
    """Hand it in to the Office with the figures of now; late is late by the working calendar.

    409 `unit_report_draft`, `unit_report_approved`.
    """
    await actions.approve(change, expected)
    return await _answer(change, response)


@router.post("/{id}/return", policy="unit_report.return")
async def return_unit_report(
    change: Annotated[ReportChange, _acting("return")],
    body: ReturnedBody,
    expected: IfMatch,
    response: Response,
) -> UnitReportView:
    """Return it, saying why: the head to who wrote it, the Office to the unit.

    409 `unit_report_not_handed_in`, `unit_report_approved`.
    """
    await actions.give_back(change, expected, body.reason)
    return await _answer(change, response)


@router.post("/{id}/accept", policy="unit_report.accept")
async def accept_unit_report(
    change: Annotated[ReportChange, _acting("accept")],
    _: NothingBody,
    expected: IfMatch,
    response: Response,
) -> UnitReportView:
    """Take a report that was handed in. 409 `unit_report_draft`, `unit_report_accepted`."""
    await actions.accept(change, expected)
    return await _answer(change, response)


async def _answer(change: ReportChange, response: Response) -> UnitReportView:
    set_etag(response, change.report.version)
    await change.session.flush()
    return await views.one(change.session, change.actor, change.report.id, change.at)
