"""Which urgings an actor may see: those that concern a row they see, or themselves."""

from sqlalchemy import ColumnElement, exists, or_, select, true

from chassis.access import Actor
from tasks.access import RIGHTS
from tasks.assignments import scope as assignments
from tasks.assignments.models import Assignment
from tasks.assignments.urged import Urging, UrgingRecipient, UrgingRow


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `urging`: all for oversight, else of rows of the own unit."""
    if RIGHTS.may(actor, "urging.read"):
        return true()
    row = (
        select(UrgingRow.urging_id)
        .join(Assignment, Assignment.id == UrgingRow.assignment_id)
        .where(UrgingRow.urging_id == Urging.id, assignments.visible(actor))
    )
    mine = select(UrgingRecipient.urging_id).where(
        UrgingRecipient.urging_id == Urging.id, UrgingRecipient.person_id == actor.person_id
    )
    return or_(exists(row), exists(mine))
