"""How the share of contributions that a unit gave in time came about, one by one."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now, local_date
from chassis.errors import NotFound
from chassis.i18n import Language, say
from chassis.words import Sentence
from contracts.tasks import AssignmentState, ContributionState
from reporting.completion.actions import states_of
from reporting.completion.domain import explain_coordination, helping, summarise
from reporting.completion.views import year_completions
from reporting.explanations.labels import GIVEN_IN_TIME, GIVEN_LATE, NOT_GIVEN
from reporting.indices.nodes import Fact, Node, node
from reporting.indices.views import unit_names
from reporting.sources.views import plans_of

MOST = 200  # contributions named


async def explain_unit(session: AsyncSession, year: int, unit_id: UUID, language: Language) -> Node:
    """Return a unit's coordination in a year with every contribution. Raises NotFound."""
    names = await unit_names(session)
    if unit_id not in names:
        raise NotFound("Không có đơn vị này")
    today = local_date(await database_now(session))
    found = await year_completions(session, year, today)
    whole = found.get(f"helps:{unit_id}", summarise([], today))
    facts = [
        _fact(state, each, language)
        for plan in await plans_of(session, year)
        for state in await states_of(session, plan.plan_id)
        if helping(state)
        for each in state.contributions
        if each.unit_id == unit_id and each.status != "withdrawn"
    ]
    return node(
        explain_coordination(names[unit_id], whole), language, facts=facts[:MOST],
        facts_total=len(facts),
    )  # fmt: skip


def _fact(state: AssignmentState, each: ContributionState, language: Language) -> Fact:
    words = NOT_GIVEN
    if each.given_on is not None:
        words = GIVEN_IN_TIME if each.on_time else GIVEN_LATE
    given = f"{each.given_on:%d/%m/%Y}" if each.given_on else ""
    said = Sentence(words, {"due": f"{each.due_on:%d/%m/%Y}", "given": given})
    label = f"{state.number} {state.subject_matter or state.content} {state.occurrence}".strip()
    return Fact(
        kind="assignment", id=str(state.assignment_id), label=label, value=say(said, language)
    )
