"""Ending a round: closing or cancelling it."""

from uuid import UUID

from starlette.responses import Response

from chassis.bodies import Nothing, Reason
from chassis.web import CurrentActor, RequestBody, ServiceRouter, Transaction, set_etag
from surveys.closing import actions
from surveys.rounds.views import RoundView, shown_again

router = ServiceRouter(prefix="/v1/rounds", tags=["rounds"])


class CancelBody(RequestBody):
    """Why the round is given up; its page shows it."""

    reason: Reason


@router.post("/{id}/close", policy="round.close")
async def close_round(
    id: UUID, _: Nothing, session: Transaction, actor: CurrentActor, response: Response
) -> RoundView:
    """Take no more answers, at once and for good.

    409 `round_not_open`, 409 `round_already_closed`, 409 `round_already_cancelled`.
    """
    closed = await actions.close(session, actor, id)
    set_etag(response, closed.version)
    return await shown_again(session, actor, closed)


@router.post("/{id}/cancel", policy="round.cancel")
async def cancel_round(
    id: UUID, body: CancelBody, session: Transaction, actor: CurrentActor, response: Response
) -> RoundView:
    """Give a round up for good: its answers count in no index.

    409 `round_already_closed`, 409 `round_already_cancelled`.
    """
    cancelled = await actions.cancel(session, actor, id, body.reason)
    set_etag(response, cancelled.version)
    return await shown_again(session, actor, cancelled)
