"""Which saved views somebody sees: one's own, and what was shared."""

from sqlalchemy import ColumnElement, and_, or_

from chassis.access import Actor
from tasks.saved_views.models import SavedView


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of what the actor may see."""
    of_unit = and_(SavedView.shared_with == "unit", SavedView.unit_id == actor.unit_id)
    own = SavedView.owner_id == actor.person_id
    return or_(own, of_unit, SavedView.shared_with == "department")
