"""Inspections: planned, announced, visited, concluded, or cancelled."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from starlette.responses import Response

from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Day,
    IfMatch,
    Page,
    PageParams,
    ServiceRouter,
    Transaction,
    created_at,
    set_etag,
)
from contracts.tasks import InspectionStatus
from tasks.access import RIGHTS
from tasks.calendar.moment import moment
from tasks.inspections import actions, closing, concluding, notice, views
from tasks.inspections.actions import Team
from tasks.inspections.bodies import (
    TEAM,
    AnnouncementBody,
    ConclusionBody,
    FindingBody,
    InspectionChanges,
    InspectionFacts,
    VisitBody,
    WhyBody,
)
from tasks.inspections.change import InspectionChange
from tasks.inspections.concluding import Conclusion, Found, Remediation
from tasks.inspections.domain import Act, Replacement
from tasks.inspections.views import Asked, InspectionDetail, InspectionView

router = ServiceRouter(prefix="/v1/inspections", tags=["inspections"])


async def _asked(
    *,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    unit_id: UUID | None = None,
    state: InspectionStatus | None = None,
    from_day: Day | None = None,
    until_day: Day | None = None,
) -> Asked:
    return Asked(year, unit_id, state, from_day, until_day)


async def _may_create(actor: CurrentActor) -> None:
    RIGHTS.check(actor, "inspection.create")


def _changing(act: Act) -> Any:
    """Lock the inspection of the path: 404 unless visible, then 403 unless the actor may act."""

    async def begin(id: UUID, session: Transaction, actor: CurrentActor) -> InspectionChange:
        return await InspectionChange.begin(session, actor, act, id)

    return Depends(begin)


@router.get("", policy="inspection.read")
async def list_inspections(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    language: AskedLanguage,
    asked: Annotated[Asked, Depends(_asked)],
) -> Page[InspectionView]:
    """List inspections of all bodies by their first day; `warnings` where they meet.

    `from_day`, `until_day`: those of which a day lies between. A unit sees its own, unannounced
    ones once the team has come; whoever is in a team sees theirs.
    """
    at = await moment(session)
    found, cursor = await views.page(session, actor, asked, at, paging, language)
    allowed = RIGHTS.allowed(actor, "inspection", ("create",))
    return Page(data=found, next_cursor=cursor, allowed=allowed)


@router.post("", policy="inspection.create", status_code=201, dependencies=[Depends(_may_create)])
async def create_inspection(
    body: InspectionFacts,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> InspectionDetail:
    """Plan an inspection. An overlap is warned of, not refused."""
    facts = body.model_dump(exclude={"records", *TEAM})
    team = Team(body.head_id, body.member_ids, body.substitute_ids)
    records = [each.model_dump() for each in body.records]
    made = await actions.plan(session, actor, facts, team, records)
    created_at(response, f"/v1/inspections/{made.id}")
    set_etag(response, made.version)
    return await views.one(session, actor, made.id, await moment(session), language)


@router.get("/{id}", policy="inspection.read")
async def read_inspection(
    id: UUID, session: Transaction, actor: CurrentActor, language: AskedLanguage, response: Response
) -> InspectionDetail:
    """Return an inspection; findings to both bodies, and to the unit once it is concluded."""
    view = await views.one(session, actor, id, await moment(session), language)
    set_etag(response, view.version)
    return view


@router.patch("/{id}", policy="inspection.change")
async def change_inspection(
    change: Annotated[InspectionChange, _changing("change")],
    seen: IfMatch,
    body: InspectionChanges,
    language: AskedLanguage,
    response: Response,
) -> InspectionDetail:
    """Correct an inspection, or write down which records came. 412 when others did meanwhile.

    Once it is concluded, only that records came after all; 422 for all else.
    """
    given = body.model_dump(exclude_unset=True, exclude={"records"})
    said = "records" in body.model_fields_set
    records = [each.model_dump() for each in body.records] if said else None
    team = {name: given.pop(name) for name in TEAM & given.keys()}
    await actions.change(change, seen, given, team, records)
    return await _answer(change, language, response)


@router.post("/{id}/announce", policy="inspection.announce")
async def announce_inspection(
    change: Annotated[InspectionChange, _changing("announce")],
    body: AnnouncementBody,
    language: AskedLanguage,
    response: Response,
) -> InspectionDetail:
    """Announce it to the unit. 409 `inspection_unannounced` for what is not announced."""
    await actions.announce(change, body.number, body.announced_on)
    return await _answer(change, language, response)


@router.post("/{id}/visit", policy="inspection.visit")
async def visit_inspection(
    change: Annotated[InspectionChange, _changing("visit")],
    body: VisitBody,
    language: AskedLanguage,
    response: Response,
) -> InspectionDetail:
    """Say that the team came; everybody away is replaced. 409 `inspection_not_announced`."""
    absent = [Replacement(**each.model_dump()) for each in body.absent]
    await actions.visit(change, body.visited_on, absent)
    return await _answer(change, language, response)


@router.post("/{id}/findings", policy="inspection.record_finding", status_code=201)
async def record_finding(
    change: Annotated[InspectionChange, _changing("record_finding")],
    body: FindingBody,
    language: AskedLanguage,
    response: Response,
) -> InspectionDetail:
    """Write a finding down, between visit and conclusion. 409 `inspection_not_visited`."""
    found = Found(body.kind, body.text, body.criterion_code, body.evidence)
    await concluding.record_finding(change, found)
    return await _answer(change, language, response)


@router.post("/{id}/findings/{finding_id}/close", policy="inspection.close_finding")
async def close_finding(
    finding_id: UUID,
    change: Annotated[InspectionChange, _changing("close_finding")],
    body: WhyBody,
    language: AskedLanguage,
    response: Response,
) -> InspectionDetail:
    """Close a finding whose remediation was cancelled, saying why. Else 409 `finding_in_work`."""
    await closing.close_finding(change, finding_id, body.reason)
    return await _answer(change, language, response)


@router.post("/{id}/conclude", policy="inspection.conclude")
async def conclude_inspection(
    change: Annotated[InspectionChange, _changing("conclude")],
    body: ConclusionBody,
    language: AskedLanguage,
    response: Response,
) -> InspectionDetail:
    """Conclude, once: each finding becomes an assignment of a plan in force.

    409 `inspection_concluded`, `plan_draft`, `plan_closed`, `plan_cancelled`.
    """
    facts = body.model_dump(exclude={"remediations"})
    remediations = [Remediation(**each.model_dump()) for each in body.remediations]
    await concluding.conclude(change, Conclusion(**facts), remediations)
    return await _answer(change, language, response)


@router.post("/{id}/cancel", policy="inspection.cancel")
async def cancel_inspection(
    change: Annotated[InspectionChange, _changing("cancel")],
    body: WhyBody,
    language: AskedLanguage,
    response: Response,
) -> InspectionDetail:
    """Give it up before the visit, saying why. 409 `inspection_visited`."""
    await actions.cancel(change, body.reason)
    return await _answer(change, language, response)


@router.get("/{id}/conclusion.docx", policy="inspection.read", response_class=Response)
async def read_conclusion(id: UUID, session: Transaction, actor: CurrentActor) -> Response:
    """Return the conclusion notice in the form of Nghị định 30. 409 `inspection_not_concluded`."""
    return await notice.conclusion(session, actor, id, await moment(session))


async def _answer(
    change: InspectionChange, language: AskedLanguage, response: Response
) -> InspectionDetail:
    await change.session.flush()
    id_ = change.inspection.id
    view = await views.one(change.session, change.actor, id_, change.at, language)
    set_etag(response, view.version)
    return view
