"""What of the public events somebody may have at all."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from notifications.partners import callers
from notifications.partners.domain import EventScope
from notifications.subscribers.subscriptions.choice import PUBLIC
from notifications.subscribers.subscriptions.matching import Filter

NOTHING = Filter(types=frozenset())


async def scope_of(session: AsyncSession, actor: Actor) -> Filter:
    """Return the widest filter the actor may read by: everything public for the department.

    Another system may have what its partner was given; one that is no partner, nothing.
    """
    if actor.role != "external_system":
        return Filter(types=frozenset(PUBLIC))
    return scope_filter(await callers.scope_of(session, actor))


def scope_filter(scope: EventScope | None) -> Filter:
    """Return a partner's scope as a filter; None, the scope of a partner that ended: nothing."""
    if scope is None:
        return NOTHING
    return Filter(frozenset(filter(scope.covers_type, PUBLIC)), scope.units)
