"""Urging units to report under a plan: what would be sent, and sending it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from chassis.web import (
    AskedLanguage,
    CurrentActor,
    RequestBody,
    ServiceRouter,
    Transaction,
    created_at,
)
from tasks.access import RIGHTS
from tasks.calendar.moment import moment
from tasks.plans import actions as plans
from tasks.unit_reports import urging
from tasks.unit_reports.defaults import urging_words
from tasks.unit_reports.urging_view import ReportUrging, urging_answer

router = ServiceRouter(prefix="/v1/unit_reports", tags=["unit_reports"])


class ReportUrgingBody(RequestBody):
    """Which units to urge to report under a plan, in which words; without units all missing ones.

    `text` may hold `{don_vi}` (the unit), `{ke_hoach}` (the plan), `{han_bao_cao}` (the last
    allowed day), `{so_ngay_cham}` (working days late); without it, what the department offers.
    `preview`: say who would be told, and keep nothing. `digest`: of the preview that was seen.
    """

    plan_id: UUID
    unit_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)] | None = None
    text: str | None = Field(default=None, min_length=1, max_length=2000)
    preview: bool = False
    digest: str | None = Field(default=None, max_length=64)


async def _urging(actor: CurrentActor) -> None:
    RIGHTS.check(actor, "unit_report.urge")


@router.post("/urge", policy="unit_report.urge", status_code=201, dependencies=[Depends(_urging)])
async def urge_reports(
    body: ReportUrgingBody,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> ReportUrging:
    """Urge the heads of units to report, or with `preview` (200) only say who would be told.

    A unit urged within the ladder's `repeat_hours` is left out, one that owes no report, too. 409
    `urging_nothing`, `urging_outdated`, `plan_not_in_force`.
    """
    plan, at = await plans.find_visible(session, actor, body.plan_id), await moment(session)
    words = body.text or urging_words()
    wish = urging.Wish(plan, body.unit_ids, words, body.digest)
    if body.preview:
        response.status_code = 200
        return urging_answer(plan, words, await urging.choose(session, actor, wish, at), language)
    made, chosen = await urging.urge(session, actor, wish, at)
    created_at(response, f"/v1/urgings/{made.id}")
    return urging_answer(plan, words, chosen, language, made)
