"""What the address of a list of assignments may ask for."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from chassis.bodies import Distinct
from chassis.web import Day
from contracts.tasks import AssignmentStatus, DeadlineKind
from tasks.assignments.filters import Filters
from tasks.assignments.sorting import Order, order_of

MANY = 300
NAMED = 500  # assignments asked for one by one: as many as one act takes
Units = Annotated[list[UUID], Query(max_length=MANY), Distinct]
Statuses = Annotated[list[AssignmentStatus], Query(max_length=10), Distinct]
Kinds = Annotated[list[DeadlineKind], Query(max_length=10), Distinct]


async def _filters(  # noqa: PLR0913 - an address has many parts
    *,
    plan_id: Annotated[list[UUID], Query(max_length=50), Distinct] = [],  # noqa: B006 - never changed
    unit_id: Units = [],  # noqa: B006
    section: Annotated[str, Query(max_length=1000)] = "",
    source: Annotated[str, Query(max_length=200)] = "",
    person_id: UUID | None = None,
    status: Statuses = [],  # noqa: B006
    deadline_kind: Kinds = [],  # noqa: B006
    due_from: Day | None = None,
    due_to: Day | None = None,
    overdue: bool = False,
    late: bool = False,
    no_evidence: bool = False,
    needs_person: bool = False,
    accountable_lost: bool = False,
    in_force: bool = False,
    extension_requested: bool = False,
    extension_to_decide: bool = False,
    extended: bool = False,
    paused: bool = False,
    not_paused: bool = False,
    contribution_of: UUID | None = None,
    contribution_given: bool = False,
    unanswered: bool = False,
    update_owed: bool = False,
    q: Annotated[str, Query(max_length=200)] = "",
    id: Annotated[list[UUID], Query(max_length=NAMED), Distinct] = [],  # noqa: B006
) -> Filters:
    return Filters(
        plan_ids=tuple(plan_id),
        unit_ids=tuple(unit_id),
        section=section,
        source=source,
        person_id=person_id,
        statuses=tuple(status),
        deadline_kinds=tuple(deadline_kind),
        due_from=due_from,
        due_to=due_to,
        overdue=overdue,
        late=late,
        no_evidence=no_evidence,
        needs_person=needs_person,
        accountable_lost=accountable_lost,
        in_force=in_force,
        extension_requested=extension_requested,
        extension_to_decide=extension_to_decide,
        extended=extended,
        paused=paused,
        not_paused=not_paused,
        contribution_of=contribution_of,
        contribution_given=contribution_given,
        unanswered=unanswered,
        update_owed=update_owed,
        words=q,
        ids=tuple(id),
    )


async def _order(sort: Annotated[str, Query(max_length=200)] = "") -> Order:
    return order_of(sort)


AskedFilters = Annotated[Filters, Depends(_filters)]
"""What a list is narrowed to; several of one kind: `unit_id=…&unit_id=…`."""
AskedOrder = Annotated[Order, Depends(_order)]
"""`sort=due_on,-unit`: by the day, then by unit from the last; 400 `sort_unknown`."""
