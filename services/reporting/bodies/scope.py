"""Who stands for a body and who judges it: never the same person."""

from sqlalchemy import ColumnElement, false, or_, true

from chassis.access import Actor
from reporting.bodies.models import OWN_BODY, Block, Body

OVERSIGHT = frozenset({"director", "office", "auditor", "admin"})
OF_A_UNIT = frozenset({"unit_head", "unit_officer", "office"})


def acts_for(actor: Actor, body: Body) -> bool:
    """Tell whether somebody enters scores for a body: named for it, or of its unit.

    For our own department the Office does, too.
    """
    if actor.reach is not None:
        return False
    of_the_unit = body.unit_id is not None and body.unit_id == actor.unit_id
    of_the_office = body.id == OWN_BODY and actor.role == "office"
    named = actor.person_id in body.people
    return named or of_the_office or (of_the_unit and actor.role in OF_A_UNIT)


def appraises(actor: Actor, block: Block, body: Body) -> bool:
    """Tell whether somebody appraises a body: named for its block, and not one of its own."""
    named = actor.reach is None and actor.person_id in block.appraisers
    return named and actor.role == "appraiser" and not acts_for(actor, body)


def keeps(actor: Actor, body: Body) -> bool:
    """Tell whether somebody reopens a body's sheet and moves its last day: never one's own."""
    return actor.role in ("office", "director") and not acts_for(actor, body)


def sees(actor: Actor, block: Block, body: Body) -> bool:
    """Tell whether somebody sees a sheet that is not published yet."""
    if actor.reach is not None:
        return False
    return actor.role in OVERSIGHT or acts_for(actor, body) or appraises(actor, block, body)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return `sees` as a condition on `Body` joined with its sheet's `Block`."""
    if actor.reach is not None:
        return false()
    if actor.role in OVERSIGHT:
        return true()
    conditions = [Body.people.any_() == actor.person_id]
    if actor.role in OF_A_UNIT:
        conditions.append(Body.unit_id == actor.unit_id)
    if actor.role == "appraiser":
        conditions.append(Block.appraisers.any_() == actor.person_id)
    return or_(*conditions)
