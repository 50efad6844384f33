"""Who may do what here: everybody reads his own notifications, administrators see the mails."""

from typing import Any

from sqlalchemy import Select

from chassis.access import Actor
from contracts.tasks import Role
from notifications.ledger.models import Notification

PEOPLE: frozenset[Role] = frozenset(
    {"director", "office", "unit_head", "unit_officer", "appraiser", "auditor", "admin"}
)
ADMIN: frozenset[Role] = frozenset({"admin"})

POLICIES: dict[str, frozenset[Role]] = {
    "notification.read": PEOPLE,
    "notification.mark": PEOPLE,
    "delivery.list": ADMIN,
    "delivery.retry": ADMIN,
}


def scope(query: Select[Any], actor: Actor) -> Select[Any]:
    """Narrow a query of notifications to the actor's own, whatever the role."""
    return query.where(Notification.person_id == actor.person_id)


def topic(actor: Actor) -> str:
    """Return the live topic of the actor, the only one anybody may follow."""
    return f"person:{actor.person_id}"
