"""Which urgings an actor may see: those that concern a row they see, their report, or them."""

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from chassis.access import Actor
from tasks.access import RIGHTS
from tasks.assignments import scope as assignments
from tasks.assignments.models import Assignment
from tasks.assignments.urged import Urging, UrgingRecipient, UrgingRow


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `urging`: all for oversight, else of what the own unit owes."""
    if RIGHTS.may(actor, "urging.read"):
        return true()
    row = (
        select(UrgingRow.urging_id)
        .join(Assignment, Assignment.id == UrgingRow.assignment_id)
        .where(UrgingRow.urging_id == Urging.id, assignments.visible(actor))
    )
    of_own_report = and_(Urging.reason == "report", UrgingRecipient.unit_id == actor.unit_id)
    mine = select(UrgingRecipient.urging_id).where(
        UrgingRecipient.urging_id == Urging.id,
        or_(UrgingRecipient.person_id == actor.person_id, of_own_report),
    )
    return or_(exists(row), exists(mine))
