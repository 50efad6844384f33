"""What may be done with an assignment as it stands: paused, late, an extension asked for."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from chassis.access import Actor
from contracts.tasks import AssignmentStatus
from tasks.access import RIGHTS
from tasks.assignments.domain import OPEN, WHILE_PAUSED, Act, acts_open_in, is_overdue
from tasks.assignments.models import Assignment


class Standing(NamedTuple):
    """What decides which acts are open.

    `dated`: it has a deadline. `asked`: an extension is asked for. `late`: overdue today. `helped`:
    other units coordinate.
    """

    status: AssignmentStatus
    paused: bool
    dated: bool
    asked: bool
    late: bool
    helped: bool


def standing_of(assignment: Assignment, today: date) -> Standing:
    """Return how an assignment stands today."""
    return Standing(
        status=assignment.status,
        paused=assignment.paused_on is not None,
        dated=assignment.due_on is not None,
        asked=assignment.requested_due_on is not None,
        late=is_overdue(assignment.status, assignment.due_on, today),
        helped=bool(assignment.coordinating_unit_ids) and not assignment.in_draft,
    )


def update_owed(assignment: Assignment) -> bool:
    """Tell whether it is continuous and a quarter ended without a word about it."""
    silent = assignment.overdue_announced_for is not None
    owed = assignment.status in OPEN and assignment.paused_on is None
    return silent and owed and assignment.deadline_kind == "continuous"


def acts_open_to(standing: Standing) -> list[Act]:
    """Return the acts that are open, in the order of the rules; whose they are: `access`."""
    return [act for act in acts_open_in(standing.status) if _open(act, standing)]


def allowed_to(actor: Actor, standing: Standing, unit_id: UUID, helps: bool) -> list[str]:
    """Return what an actor may do with an assignment of a lead unit. `helps`: their own one does.

    Who helps acts on contributions, each of which says so, and may ask.
    """
    allowed = RIGHTS.allowed(actor, "assignment", acts_open_to(standing), unit_id)
    asks = helps and RIGHTS.may(actor, "assignment.ask_question", actor.unit_id)
    return [*allowed, "ask_question"] if asks and "ask_question" not in allowed else allowed


def _open(act: Act, standing: Standing) -> bool:
    if standing.paused and act not in WHILE_PAUSED:
        return False
    conditions = {
        "resume": standing.paused,
        "request_extension": standing.dated and not standing.asked,
        "decide_extension": standing.asked,
        "commit": standing.late,
        "ask_contribution": standing.helped,
        "give_contribution": False,  # of each contribution: `tasks.contributions`
        "decide_contribution": False,
    }
    return conditions.get(act, True)
