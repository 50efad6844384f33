"""Reports: made by the Office from one frozen snapshot, listed, read, edited, compared."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AfterValidator, Field
from starlette.responses import Response

from chassis.bodies import Nothing
from chassis.clock import database_now
from chassis.entered import readable_text
from chassis.web import (
    CurrentActor,
    Day,
    IfMatch,
    Page,
    PageParams,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    created_at,
    paginate,
    set_etag,
)
from reporting.access import RIGHTS
from reporting.reports import actions, comparing
from reporting.reports.comparing import Compared
from reporting.reports.domain import State
from reporting.reports.doors import (
    Changing,
    Retrying,
    Seen,
)
from reporting.reports.models import Report
from reporting.reports.numbers import ListCode
from reporting.reports.outline import Code, Line
from reporting.reports.reading import listed
from reporting.reports.views import (
    ReportName,
    ReportView,
    RowsView,
    report_names,
    report_view,
    rows_view,
)

router = ServiceRouter(prefix="/v1/reports", tags=["reports"])
SentenceId = Annotated[str, Field(min_length=1, max_length=100)]


class ReportBody(RequestBody):
    """A report to make. `title`: in place of the kind's; `plan_id`: of this plan alone."""

    kind: Code
    from_: Annotated[Day, Field(alias="from")]
    to: Day
    plan_id: UUID | None = None
    title: Line | None = None


class Preparing(ResponseBody):
    """Where to look: the job says how far it is, the report what came of it."""

    report_id: UUID
    job_id: UUID


class SentenceChange(RequestBody):
    """A sentence to change by its `id`, or to add at the end of a `section`.

    `text` "" takes it out. `opening` and `closing` are sentences, too.
    """

    id: SentenceId | None = None
    section: Code | None = None
    text: Annotated[str, Field(max_length=5000), AfterValidator(readable_text)]


class ReportChanges(RequestBody):
    """What to change; what is left out stays. A changed report must be checked again."""

    title: Line | None = None
    sentences: Annotated[list[SentenceChange], Field(max_length=500)] = Field(default=[])


async def _may_create(actor: CurrentActor) -> None:
    RIGHTS.check(actor, "report.create")


@router.get("", policy="report.read")
async def list_reports(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    state: State | None = None,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    plan_id: UUID | None = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[ReportName]:
    """Reports, the newest first: drafts to who makes and audits them, what is signed to all staff.

    What was discarded only with `state=discarded`.

    `q`: words of title or number, with or without accents. `year`: of the period's last day.
    """
    wanted = listed(actor, kind=kind, state=state, year=year, plan_id=plan_id, words=q)
    rows, cursor = await paginate(session, wanted, paging, Report.created_at.desc(), Report.id)
    return Page(
        data=await report_names(session, rows, actor), next_cursor=cursor,
        allowed=RIGHTS.allowed(actor, "report", ["create"]),
    )  # fmt: skip


@router.post("", policy="report.create", status_code=202, dependencies=[Depends(_may_create)])
async def make_report(
    body: ReportBody, session: Transaction, actor: CurrentActor, response: Response
) -> Preparing:
    """Take a snapshot of the figures and draft the text, in a job. 404 for an unknown kind, plan.

    422 `report_invalid`: the period ends before it begins, or the kind wants a plan.
    """
    now = await database_now(session)
    made = await actions.make(
        session, actor, kind_code=body.kind, start=body.from_, end=body.to, plan_id=body.plan_id,
        title=body.title, now=now,
    )  # fmt: skip
    created_at(response, f"/v1/reports/{made.id}")
    return Preparing(report_id=made.id, job_id=made.job_id)


@router.post("/{id}/retry", policy="report.retry", status_code=202)
async def retry_report(
    report: Retrying, _: Nothing, session: Transaction, actor: CurrentActor
) -> Preparing:
    """Have a report made whose job failed (`failed`); while it is being made: nothing more.

    409 `report_not_now` once it is made.
    """
    await actions.retry(session, actor, report, await database_now(session))
    return Preparing(report_id=report.id, job_id=report.job_id)


@router.get("/{id}", policy="report.read")
async def get_report(
    report: Seen,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> ReportView:
    """One report: its text, its figures, where it stands."""
    set_etag(response, report.version)
    return await report_view(session, report, actor)


@router.get("/{id}/lists/{code}", policy="report.read")
async def get_report_rows(
    report: Seen,
    code: ListCode,
    session: Transaction,
    part: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> RowsView:
    """Rows of one list of the snapshot, a thousand to a part. 404 for a list it does not hold."""
    return await rows_view(session, report, code, part)


@router.get("/{id}/compared", policy="report.read")
async def compare_report(
    report: Seen, session: Transaction, actor: CurrentActor, with_id: UUID | None = None
) -> Compared:
    """Its figures beside those of the last signed one of its kind and length, or of `with_id`."""
    return await comparing.compared(session, report, actor, with_id)


@router.get("/{id}/corrections", policy="report.read")
async def list_corrections(report: Seen, session: Transaction) -> Compared:
    """Its figures beside the same taken now: what facts that came later would change.

    The report itself never follows them.
    """
    return await comparing.later_facts(session, report)


@router.patch("/{id}", policy="report.change")
async def change_report(
    report: Changing,
    body: ReportChanges,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> ReportView:
    """Change title and sentences; figures stay. 409 `report_not_now` once it is signed, 412 stale.

    A sentence that differs from its draft is marked as changed. A checked report is a draft again,
    unless all stays as it was. 422 `report_invalid` for a sentence that is added without words.
    """
    now = await database_now(session)
    values = body.model_dump(exclude_unset=True)
    await actions.change(session, actor, report, values, expected, now)
    set_etag(response, report.version)
    return await report_view(session, report, actor)
