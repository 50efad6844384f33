"""What may be done with an assignment as it stands: paused, late, an extension asked for."""

from datetime import date
from typing import NamedTuple

from contracts.tasks import AssignmentStatus
from tasks.assignments.domain import WHILE_PAUSED, Act, acts_open_in, overdue_by
from tasks.assignments.models import Assignment


class Standing(NamedTuple):
    """What decides which acts are open.

    `dated`: it has a deadline. `asked`: an extension is asked for. `late`: overdue today.
    """

    status: AssignmentStatus
    paused: bool
    dated: bool
    asked: bool
    late: bool


def standing_of(assignment: Assignment, today: date) -> Standing:
    """Return how an assignment stands today."""
    return Standing(
        status=assignment.status,
        paused=assignment.paused_on is not None,
        dated=assignment.due_on is not None,
        asked=assignment.requested_due_on is not None,
        late=overdue_by(assignment.status, assignment.due_on, today) > 0,
    )


def acts_open_to(standing: Standing) -> list[Act]:
    """Return the acts that are open, in the order of the rules; whose they are: `access`."""
    return [act for act in acts_open_in(standing.status) if _open(act, standing)]


def _open(act: Act, standing: Standing) -> bool:
    if standing.paused and act not in WHILE_PAUSED:
        return False
    conditions = {
        "resume": standing.paused,
        "request_extension": standing.dated and not standing.asked,
        "decide_extension": standing.asked,
        "commit": standing.late,
    }
    return conditions.get(act, True)
