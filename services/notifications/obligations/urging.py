"""People are urged: each who is named is told once, and asked to say that they know."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.events import Received, Retry
from contracts.notifications import NoticeSent
from contracts.tasks import UnitUrged
from notifications.ledger.receipts import announce
from notifications.obligations.actions import DIRECTORY_LATE, notices_of, tell
from notifications.obligations.people import known
from notifications.rules.urging import occasions_of_urging


async def tell_the_urged(
    session: AsyncSession, events: Sequence[Received[UnitUrged]], now: datetime
) -> None:
    """Tell everybody named, in one transaction with the receipts of it.

    Nothing is gathered into a digest: only what is about an assignment is. Raises Retry when an
    event names somebody whom the directory does not hold yet.
    """
    directory = await known(session)
    concerned = [
        (received, occasion)
        for received in events
        for occasion in occasions_of_urging(received.event)
    ]
    if any(occasion.urged_id not in directory.people for _, occasion in concerned):
        raise Retry("the directory does not know everybody named yet", after=DIRECTORY_LATE)
    notices = await notices_of(session, concerned, directory)
    fresh = await tell(session, notices, (), now)
    await announce(session, NoticeSent, fresh, now)
