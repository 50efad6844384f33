"""Which assignments an actor may see."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, literal_column, or_, true

from chassis.access import Actor, Reach
from tasks.access import RIGHTS
from tasks.assignments.models import Assignment
from tasks.plans.scope import ISSUED

S = TypeVar("S", bound=Select[*tuple[Any, ...]])
EVERYTHING = true()


def scope(statement: S, actor: Actor) -> S:
    """Narrow to what the actor may see: all, or of issued plans what concerns the own unit."""
    condition = visible(actor)
    return statement if condition is EVERYTHING else statement.where(condition)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `assignment` behind `scope`."""
    if actor.reach is not None:
        return _within(actor.reach)
    if RIGHTS.may(actor, "assignment.read"):
        return EVERYTHING
    if not RIGHTS.may(actor, "assignment.read", actor.unit_id):
        return false()
    helping = Assignment.coordinating_unit_ids.contains([actor.unit_id])
    theirs = or_(Assignment.unit_id == actor.unit_id, helping, led_before(actor.unit_id))
    return and_(theirs, Assignment.plan_id.in_(ISSUED))


def led_before(*units: UUID) -> ColumnElement[bool]:
    """Return the condition that one of some units led it before; said as its index has it."""
    former = Assignment.former_unit_ids
    return and_(former != literal_column("'{}'"), former.overlap(list(units)))


def _within(reach: Reach) -> ColumnElement[bool]:
    """Of issued plans, what a partner's units lead, led or help with."""
    issued = Assignment.plan_id.in_(ISSUED)
    if reach.units is None:
        return issued
    units = sorted(reach.units)
    helping = Assignment.coordinating_unit_ids.overlap(units)
    theirs = or_(Assignment.unit_id.in_(units), helping, led_before(*units))
    return and_(theirs, issued)
