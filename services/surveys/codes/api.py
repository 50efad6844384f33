"""The codes citizens come in by: one-time tickets, shown once, and open links with QR codes."""

from io import BytesIO
from uuid import NAMESPACE_URL, UUID, uuid5

import segno
from pydantic import Field
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chassis.web import (
    CurrentActor,
    Page,
    PageParams,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    paginate,
)
from surveys.access import scope_links
from surveys.answers.parts import TheCodes
from surveys.codes import actions as tickets
from surveys.codes.signer import Codes
from surveys.rounds.api import Visible
from surveys.tables import Link

router = ServiceRouter(prefix="/v1", tags=["codes"])
MOST_TICKETS = 1000  # in one batch, a ream of paper


class TicketsBody(RequestBody):
    """Tickets to issue; without a unit the respondent may say which one served."""

    unit_id: UUID | None = None
    count: int = Field(ge=1, le=MOST_TICKETS)


class TicketView(ResponseBody):
    """A ticket, to be printed."""

    code: str
    url: str


class TicketsView(ResponseBody):
    """A batch of tickets."""

    tickets: list[TicketView]


class LinkBody(RequestBody):
    """An open link to make, e.g. for a counter."""

    unit_id: UUID | None = None
    label: str = Field(min_length=1, max_length=200)


class LinkView(ResponseBody):
    """An open link."""

    id: UUID
    code: str
    url: str
    unit_id: UUID | None
    label: str
    active: bool


@router.post(
    "/rounds/{id}/tickets",
    policy="ticket.issue",
    status_code=201,
    response_model=TicketsView,
)
async def issue_tickets(
    found: Visible,
    body: TicketsBody,
    request: Request,
    session: Transaction,
    actor: CurrentActor,
    codes: TheCodes,
) -> Response:
    """Issue tickets. Their codes are stored nowhere; the same Idempotency-Key shows them again.

    409 `round_already_closed`, 422 `unit_not_in_round`.
    """
    key = request.headers.get("idempotency-key")
    batch_id = uuid5(NAMESPACE_URL, f"urn:nhip:tickets:{actor.person_id}:{found[0].id}:{key}")
    made = codes.of_batch(batch_id, body.count)
    batch = (session, batch_id, found[0].id, body.unit_id)
    if not await tickets.check_batch(*batch, body.count):
        await tickets.issue(session, actor, *batch[1:], made)
    view = TicketsView(tickets=[TicketView(code=c.text, url=codes.url(c)) for c in made])
    return _not_remembered(view.model_dump_json())


@router.get("/rounds/{id}/links", policy="link.read")
async def list_links(
    found: Visible, session: Transaction, actor: CurrentActor, paging: PageParams, codes: TheCodes
) -> Page[LinkView]:
    """List a round's open links; a unit sees its own."""
    query = scope_links(select(Link).where(Link.round_id == found[0].id), actor)
    rows, cursor = await paginate(session, query, paging, Link.created_at, Link.id)
    return Page(data=[_shown(link, codes) for link in rows], next_cursor=cursor)


@router.post("/rounds/{id}/links", policy="link.write", status_code=201)
async def create_link(
    found: Visible, body: LinkBody, session: Transaction, actor: CurrentActor, codes: TheCodes
) -> LinkView:
    """Make an open link. 409 `round_already_closed`, 422 `unit_not_in_round`."""
    made = codes.new_link()
    link = await tickets.create_link(session, actor, found[0].id, body.unit_id, body.label, made)
    return _shown(link, codes)


@router.get("/links/{id}/qr.svg", policy="link.read", response_class=Response)
async def draw_link(
    id: UUID, session: Transaction, actor: CurrentActor, codes: TheCodes
) -> Response:
    """Draw a link as a QR code that survives a fold or a stain. 404 `link_not_found`."""
    link = await tickets.find_link(session, actor, id)
    drawn = BytesIO()
    segno.make(codes.url(codes.of_link(link.key)), error="m").save(
        drawn, kind="svg", scale=8, border=4, xmldecl=False, title=link.label
    )
    return Response(drawn.getvalue(), media_type="image/svg+xml")


def _shown(link: Link, codes: Codes) -> LinkView:
    code = codes.of_link(link.key)
    return LinkView(
        id=link.id,
        code=code.text,
        url=codes.url(code),
        unit_id=link.unit_id,
        label=link.label,
        active=link.active,
    )


def _not_remembered(body: str) -> Response:
    """Return a JSON answer that the route cannot store for its key: it has no body to be read."""
    return StreamingResponse(iter([body]), status_code=201, media_type="application/json")
