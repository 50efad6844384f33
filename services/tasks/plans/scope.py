"""Which plans an actor may see: a draft is the department's own business until it is issued."""

from sqlalchemy import ColumnElement, select, true

from chassis.access import Actor
from tasks.plans.models import Plan


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `plan`: for those outside the department's oversight no draft."""
    return true() if actor.is_department_wide else issued()


def issued() -> ColumnElement[bool]:
    """Return the condition that a plan binds, or bound, somebody."""
    return (Plan.status != "draft") & ~Plan.cancelled_draft


ISSUED = select(Plan.id).where(issued())
"""Ids of the plans that everybody may know of."""
