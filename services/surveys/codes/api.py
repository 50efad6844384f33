"""The codes citizens come in by: one-time tickets, shown once, and open links with QR codes."""

from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import Depends
from pydantic import Field
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chassis.bodies import Reason
from chassis.web import (
    CurrentActor,
    Page,
    PageParams,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    created_at,
    paginate,
)
from chassis.web.idempotency import key_reused
from surveys.codes import actions
from surveys.codes.domain import check_not_voided
from surveys.codes.models import Link, TicketBatch
from surveys.codes.signer import Signer
from surveys.codes.views import (
    BatchView,
    LinkView,
    TicketsView,
    TicketView,
    batch_view,
    drawn,
    find,
    shown,
    visible,
)
from surveys.rounds.api import Visible

router = ServiceRouter(prefix="/v1", tags=["codes"])
MOST_TICKETS = 1000  # in one batch, a ream of paper


class TicketsBody(RequestBody):
    """Tickets to issue; without a unit the respondent may say which one served."""

    unit_id: UUID | None = None
    count: int = Field(ge=1, le=MOST_TICKETS)


class VoidBody(RequestBody):
    """Why the tickets are voided."""

    reason: Reason


class LinkBody(RequestBody):
    """An open link to make, e.g. for a counter."""

    unit_id: UUID | None = None
    label: str = Field(min_length=1, max_length=200)


async def _signer(request: Request) -> Signer:
    signer: Signer = request.app.state.signer
    return signer


TheSigner = Annotated[Signer, Depends(_signer)]


@router.post(
    "/rounds/{id}/tickets",
    policy="round.issue_tickets",
    status_code=201,
    response_model=TicketsView,
)
async def issue_tickets(
    found: Visible,
    body: TicketsBody,
    request: Request,
    session: Transaction,
    actor: CurrentActor,
    signer: TheSigner,
) -> Response:
    """Issue tickets. Their codes are stored nowhere; the same Idempotency-Key shows them again.

    409 `round_already_closed`, 409 `batch_voided`, 422 `unit_not_in_round`.
    """
    key = request.headers.get("idempotency-key")
    batch_id = uuid5(NAMESPACE_URL, f"urn:nhip:tickets:{actor.person_id}:{found[0].id}:{key}")
    codes = signer.of_batch(batch_id, body.count)
    issued = await session.get(TicketBatch, batch_id)
    if issued is None:
        await actions.issue(session, actor, batch_id, found[0].id, body.unit_id, codes)
    elif (issued.unit_id, issued.count) != (body.unit_id, body.count):
        raise key_reused()
    else:
        check_not_voided(issued.voided_at)
    tickets = [TicketView(code=c.text, url=signer.url(c)) for c in codes]
    answer = not_remembered(TicketsView(batch_id=batch_id, tickets=tickets), 201)
    created_at(answer, f"/v1/rounds/{found[0].id}/ticket_batches")  # codes can be read once only
    return answer


@router.get("/rounds/{id}/ticket_batches", policy="round.issue_tickets")
async def list_batches(
    found: Visible, session: Transaction, actor: CurrentActor, paging: PageParams
) -> Page[BatchView]:
    """List the batches of a round, the newest first."""
    query = select(TicketBatch).where(TicketBatch.round_id == found[0].id)
    keys = TicketBatch.issued_at.desc(), TicketBatch.id.desc()
    rows, cursor = await paginate(session, query, paging, *keys)
    status = found[0].status
    return Page(data=[batch_view(row, actor, status) for row in rows], next_cursor=cursor)


@router.post("/rounds/{id}/ticket_batches/{batch_id}/void", policy="round.void_tickets")
async def void_batch(
    found: Visible,
    batch_id: UUID,
    body: VoidBody,
    session: Transaction,
    actor: CurrentActor,
    signer: TheSigner,
) -> BatchView:
    """Void what is unused of a batch; what was used stays counted.

    404 `batch_not_found`, 409 `batch_voided`, 409 `round_already_closed`.
    """
    voided = await actions.void(session, actor, found[0].id, batch_id, body.reason, signer)
    return batch_view(voided, actor, found[0].status)


@router.get("/rounds/{id}/links", policy="round.read_links")
async def list_links(
    found: Visible,
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    signer: TheSigner,
) -> Page[LinkView]:
    """List a round's open links; a unit sees its own."""
    query = visible(actor).where(Link.round_id == found[0].id)
    rows, cursor = await paginate(session, query, paging, Link.created_at, Link.id)
    return Page(data=[shown(link, signer) for link in rows], next_cursor=cursor)


@router.post("/rounds/{id}/links", policy="round.create_link", status_code=201)
async def create_link(
    found: Visible,
    body: LinkBody,
    session: Transaction,
    actor: CurrentActor,
    signer: TheSigner,
    response: Response,
) -> LinkView:
    """Make an open link. 409 `round_already_closed`, 422 `unit_not_in_round`."""
    code = signer.new_link()
    link = await actions.create_link(session, actor, found[0].id, body.unit_id, body.label, code)
    created_at(response, f"/v1/links/{link.id}/qr.svg")
    return shown(link, signer)


@router.get("/links/{id}/qr.svg", policy="round.read_links", response_class=Response)
async def draw_link(
    id: UUID, session: Transaction, actor: CurrentActor, signer: TheSigner
) -> Response:
    """Draw a link as a QR code that survives a fold or a stain. 404 `link_not_found`."""
    link = await find(session, actor, id)
    return Response(drawn(link, signer), media_type="image/svg+xml")


def not_remembered(view: ResponseBody, status: int) -> Response:
    """Return an answer that the route cannot store for its key: it has no body to be read."""
    body = iter([view.model_dump_json()])
    return StreamingResponse(body, status_code=status, media_type="application/json")
