"""Which release a round is due: one of several units while it is open, the last when it ends."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from reporting.releases import closing, drawing
from reporting.releases.publications import Results
from reporting.sources.views import end_of


async def release_if_due(session: AsyncSession, about: Results, now: datetime) -> bool:
    """Make the release that a round is due, if any; return whether there was one.

    A cancelled round is due none: what it showed stays, and nothing more is said of it.
    """
    if about.round.cancelled:
        return False
    if about.round.status != "closed":
        return await drawing.release_due(session, about.round, about.questionnaire, now)
    ballots = (await end_of(session, about.round.round_id)).ballots
    return await closing.close(session, about.round, ballots, about.questionnaire, now)
