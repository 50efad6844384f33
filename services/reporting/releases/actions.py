"""A new edition of a closed round's figures: an act of the director, with a reason."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import NotFound
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from reporting.disclosure.thresholds import FINER
from reporting.marks import ParOf, SatisfactionOf, mark_acted
from reporting.releases import closing, publications
from reporting.releases.publications import Results

# The announcer's, so that it and an edition never make the same release.
_TURN = text("SELECT pg_advisory_xact_lock(hashtext(:kind), hashtext(:scope))")


async def publish_edition(
    session: AsyncSession, actor: Actor, round_id: UUID, reason: str
) -> Results:
    """Publish what changed since a round was closed.

    Raises NotFound, RuleBroken `edition_too_small` while no unit has 10 changed ballots.
    """
    mark = SatisfactionOf(round_id)
    await session.execute(_TURN, {"kind": mark.kind, "scope": mark.scope})
    about = await publications.results_of(session, round_id)
    if about is None:
        raise NotFound(N_("Không có đợt khảo sát này, hoặc đợt chưa mở"))
    now = await database_now(session)
    made = await closing.publish_edition(session, about.round, about.questionnaire, now)
    if made is None:
        raise RuleBroken("edition_too_small", Sentence(_TOO_SMALL, {"fewest": FINER}))
    await traces.leave(
        session, actor, "index.publish_edition", round_id, now=now,
        after={"release": made.release}, reason=reason,
    )  # fmt: skip
    await mark_acted(session, [mark, ParOf(about.round.year)], now)
    return Results(about.round, about.questionnaire, made)


_TOO_SMALL = N_(
    "Chưa công bố lại được: đợt khảo sát chưa kết thúc, hoặc chưa đơn vị nào có từ {fewest} phiếu "
    "thay đổi kể từ lần công bố cuối"
)
