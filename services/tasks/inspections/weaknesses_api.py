"""What units repeat, and the rule that says when."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from chassis.bodies import Reason
from chassis.web import CurrentActor, IfMatch, RequestBody, ServiceRouter, Transaction, set_etag
from tasks.access import RIGHTS
from tasks.calendar.moment import moment
from tasks.inspections import weaknesses
from tasks.inspections.weaknesses import RepeatedWeaknesses, RuleView

router = ServiceRouter(prefix="/v1/repeated_weaknesses", tags=["inspections"])
rule_router = ServiceRouter(prefix="/v1/inspection_rule", tags=["inspections"])


class RuleBody(RequestBody):
    """All of the rule, and why it is changed."""

    times: Annotated[int, Field(ge=2, le=10)]
    periods: Annotated[int, Field(ge=1, le=10)]
    remediation_days: Annotated[int, Field(ge=1, le=365)]
    reason: Reason


async def _may_change(actor: CurrentActor) -> None:
    RIGHTS.check(actor, "inspection_rule.change")


@router.get("", policy="repeated_weakness.read")
async def list_repeated_weaknesses(
    session: Transaction, actor: CurrentActor, unit_id: UUID | None = None
) -> RepeatedWeaknesses:
    """List criteria that were found wanting in a unit again. A head of a unit: of that unit."""
    return await weaknesses.repeated(session, actor, unit_id, await moment(session))


@rule_router.get("", policy="inspection_rule.read")
async def read_rule(session: Transaction, actor: CurrentActor, response: Response) -> RuleView:
    """Return the rule of what is repeated, and how many days there are to remedy a finding."""
    rule = await weaknesses.rule_of(session)
    set_etag(response, rule.version)
    return weaknesses.rule_view(rule, actor)


@rule_router.put("", policy="inspection_rule.change", dependencies=[Depends(_may_change)])
async def set_rule(
    seen: IfMatch, body: RuleBody, session: Transaction, actor: CurrentActor, response: Response
) -> RuleView:
    """Change the rule, saying why. 412 when somebody did so meanwhile."""
    facts = body.model_dump(exclude={"reason"})
    at = await moment(session)
    rule = await weaknesses.set_rule(session, actor, seen, facts, body.reason, at)
    set_etag(response, rule.version)
    return weaknesses.rule_view(rule, actor)
