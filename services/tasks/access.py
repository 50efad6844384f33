"""Who may see what and do what: doors by role, assignments by unit."""

from typing import get_args

from chassis.access import Actor
from chassis.errors import NotAllowed
from contracts.tasks import Role
from tasks.assignments.domain import Act, may
from tasks.assignments.models import Assignment

EVERYBODY: frozenset[Role] = frozenset(get_args(Role))
INSIDERS: frozenset[Role] = EVERYBODY - {"external_system"}
OVERSIGHT: frozenset[Role] = frozenset({"director", "office", "appraiser", "auditor", "admin"})

POLICIES: dict[str, frozenset[Role]] = {
    "me.read": EVERYBODY,
    "plan.read": EVERYBODY,
    "directory.read": INSIDERS,
    "directory.change": frozenset({"admin"}),
    "calendar.change": frozenset({"office", "admin"}),
    "plan.change": frozenset({"office"}),
    "import.read": OVERSIGHT,
    "import.change": frozenset({"office"}),
    # Doors of single assignments let every insider in: `scope` hides what is not theirs (404),
    # and only then `policy` says who may act (403).
    "assignment.read": INSIDERS,
    "assignment.report_progress": INSIDERS,
    "assignment.submit_result": INSIDERS,
    "assignment.accept_result": INSIDERS,
    "assignment.return_result": INSIDERS,
    "assignment.change": INSIDERS,
    "file.upload": INSIDERS,
    "file.read": INSIDERS,
    "job.read": INSIDERS,
}

_OF_ONES_OWN: frozenset[Act] = frozenset({"report_progress", "submit_result"})
_OF_THE_DIRECTOR: frozenset[Act] = frozenset({"accept_result", "return_result"})


def policy(actor: Actor, act: Act, assignment: Assignment) -> None:
    """Raise NotAllowed unless the actor may do this to an assignment they can see."""
    if actor.role == "director" and act in _OF_THE_DIRECTOR:
        return
    if not may(actor.role, act):
        raise NotAllowed
    if act in _OF_ONES_OWN and actor.unit_id != assignment.unit_id:
        raise NotAllowed("Chỉ đơn vị chủ trì được cập nhật và gửi kết quả của nhiệm vụ này")
