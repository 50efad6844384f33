"""What of the public events somebody may have at all."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from notifications.subscribers.subscriptions.choice import PUBLIC
from notifications.subscribers.subscriptions.matching import Filter


async def scope_of(session: AsyncSession, actor: Actor) -> Filter:  # noqa: ARG001 - see partners
    """Return the widest filter the actor may read by: everything public."""
    return Filter(types=frozenset(PUBLIC))
