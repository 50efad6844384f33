"""Closing a round."""

from uuid import UUID

from starlette.responses import Response

from chassis.bodies import Nothing
from chassis.web import CurrentActor, ServiceRouter, Transaction, set_etag
from surveys.closing.actions import close
from surveys.rounds.views import RoundView, shown_again

router = ServiceRouter(prefix="/v1/rounds", tags=["rounds"])


@router.post("/{id}/close", policy="round.close")
async def close_round(
    id: UUID, _: Nothing, session: Transaction, actor: CurrentActor, response: Response
) -> RoundView:
    """Take no more answers, at once and for good.

    409 `round_not_open`, 409 `round_already_closed`.
    """
    closed = await close(session, actor, id)
    set_etag(response, closed.version)
    return await shown_again(session, actor, closed)
