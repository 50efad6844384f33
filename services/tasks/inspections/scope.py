"""Which inspections an actor may see, and what of them."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from chassis.access import Actor
from chassis.errors import NotFound
from tasks.access import RIGHTS
from tasks.inspections.domain import Act
from tasks.inspections.models import Inspection, Member

TEAM_ACTS: frozenset[Act] = frozenset({"visit", "record_finding"})
"""What those of the team may do beside the roles that the table of rights names."""


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `inspection`: all, those of the own team, and of the own unit.

    An unannounced inspection is not there for the unit until the team has come. Nobody of the
    unit sees it as one of the team, should they have moved there meanwhile.
    """
    if actor.reach is not None:
        return false()
    if RIGHTS.may(actor, "inspection.read"):
        return true()
    elsewhere = and_(Inspection.unit_id != actor.unit_id, in_team(actor))
    if not RIGHTS.may(actor, "inspection.read", actor.unit_id):
        return elsewhere
    known = or_(Inspection.method != "unannounced", Inspection.visited_on.is_not(None))
    return or_(and_(Inspection.unit_id == actor.unit_id, known), elsewhere)


def in_team(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor is in the team, and was not replaced."""
    return exists().where(
        Member.inspection_id == Inspection.id,
        Member.person_id == actor.person_id,
        Member.replaced_by_id.is_(None),
    )


def sees_findings(actor: Actor, inspection: Inspection, *, of_team: bool) -> bool:
    """Whether the actor may read findings: both bodies do, the unit once it is concluded."""
    theirs = of_team and inspection.unit_id != actor.unit_id
    return RIGHTS.may(actor, "inspection.read") or theirs or inspection.state == "concluded"


def may(actor: Actor, act: Act, inspection: Inspection, *, of_team: bool) -> bool:
    """Whether the act is the actor's: by the table of rights, or as one of the team."""
    theirs = of_team and inspection.unit_id != actor.unit_id
    return (theirs and act in TEAM_ACTS) or RIGHTS.may(actor, f"inspection.{act}")


def unknown() -> NotFound:
    """Return the refusal of an inspection that is not there, or not for the actor."""
    return NotFound("Không tìm thấy cuộc kiểm tra này", code="inspection_not_found")
