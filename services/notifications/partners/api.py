"""HTTP for administrators: partners, their credentials, and what they read."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field, StringConstraints
from sqlalchemy import select

from chassis.clock import database_now, local_date
from chassis.web import (
    CurrentActor,
    Day,
    Distinct,
    IfMatch,
    Page,
    PageParams,
    RequestBody,
    ServiceRouter,
    Transaction,
    created_at,
    paginate,
    set_etag,
)
from chassis.web.idempotency import keep_instead
from notifications.access import RIGHTS
from notifications.partners import actions
from notifications.partners.credentials import make_credential, revoke_credential
from notifications.partners.models import Partner, PartnerAccess
from notifications.partners.views import (
    AccessView,
    NewCredential,
    PartnerView,
    Presenter,
    credentials_of,
)

router = ServiceRouter(prefix="/v1/partners", tags=["partners"])
Line = Annotated[str, Field(min_length=1, max_length=200)]
Mail = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
Pattern = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.*]+$", max_length=100)]
Api = Literal["figures", "rankings", "assignments"]
Patterns = Annotated[list[Pattern], Distinct, Field(max_length=50)]
Apis = Annotated[list[Api], Distinct, Field(max_length=3)]
Units = Annotated[list[UUID], Distinct, Field(min_length=1, max_length=100)]
Origins = Annotated[list[Annotated[str, Field(max_length=200)]], Distinct, Field(max_length=20)]
Subject = Annotated[str, Field(min_length=1, max_length=255)]


class PartnerBody(RequestBody):
    """A partner to enter.

    `event_types`: patterns of public types (`tasks.*`, `*`), none: no events. `unit_ids` null: all.
    `origins`: of its own web pages. `subject`: `sub` of its client at the OIDC provider.
    `expires_on`: its last day.
    """

    name: Line
    organisation: Line
    contact_email: Mail
    event_types: Patterns = Field(default=[])
    read_apis: Apis = Field(default=[])
    unit_ids: Units | None
    origins: Origins = Field(default=[])
    subject: Subject | None = None
    expires_on: Day


class PartnerChanges(RequestBody):
    """Facts of a partner to change; what is left out stays, lists are replaced whole."""

    name: Line = ""
    organisation: Line = ""
    contact_email: Mail = ""
    event_types: Patterns = Field(default=[])
    read_apis: Apis = Field(default=[])
    unit_ids: Units | None = None
    origins: Origins = Field(default=[])
    subject: Subject | None = None
    expires_on: Day = date.min


@router.get("", policy="partner.read")
async def list_partners(
    session: Transaction, actor: CurrentActor, paging: PageParams
) -> Page[PartnerView]:
    """Return partners, newest first; revoked ones too."""
    query = select(Partner)
    rows, following = await paginate(session, query, paging, Partner.id.desc())
    credentials = await credentials_of(session, rows)
    presenter = Presenter(actor, local_date(await database_now(session)))
    data = [presenter.view(row, credentials[row.id]) for row in rows]
    allowed = RIGHTS.allowed(actor, "partner", ["create"])
    return Page(data=data, next_cursor=following, allowed=allowed)


@router.post("", policy="partner.create", status_code=201)
async def create_partner(
    body: PartnerBody, session: Transaction, actor: CurrentActor, response: Response
) -> PartnerView:
    """Enter a partner. 422 `partner_invalid`, 409 `partner_subject_taken`."""
    facts = body.model_dump()
    partner = await actions.create(session, actor, facts, await database_now(session))
    created_at(response, f"/v1/partners/{partner.id}")
    return await _shown(session, actor, partner, response)


@router.get("/{id}", policy="partner.read")
async def read_partner(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> PartnerView:
    """Return a partner and its ETag. 404 `partner_not_found`."""
    return await _shown(session, actor, await actions.find(session, id), response)


@router.patch("/{id}", policy="partner.change")
async def change_partner(
    id: UUID, body: PartnerChanges, version: IfMatch, session: Transaction, actor: CurrentActor,
    response: Response,
) -> PartnerView:  # fmt: skip
    """Change a partner: at once here, within ten minutes elsewhere. 409 `partner_revoked`."""
    partner = await actions.find(session, id, lock=True)
    facts: dict[str, Any] = body.model_dump(exclude_unset=True)
    await actions.change(session, actor, partner, version, facts, await database_now(session))
    return await _shown(session, actor, partner, response)


@router.post("/{id}/revoke", policy="partner.revoke")
async def revoke_partner(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> PartnerView:
    """End a partner for good: at once here, within ten minutes elsewhere."""
    partner = await actions.find(session, id, lock=True)
    await actions.revoke(session, actor, partner, await database_now(session))
    return await _shown(session, actor, partner, response)


@router.post("/{id}/credentials", policy="partner.make_credential", status_code=201)
async def create_credential(
    id: UUID, request: Request, session: Transaction, actor: CurrentActor
) -> NewCredential:
    """Make a client id with its secret, shown this once. 409 `credentials_two_live`."""
    partner = await actions.find(session, id, lock=True)
    made, secret = await make_credential(session, actor, partner, await database_now(session))
    shown = NewCredential(
        id=made.id, client_id=str(made.id), client_secret=secret, created_at=made.created_at
    )
    without = shown.model_copy(update={"client_secret": None})
    keep_instead(request, without.model_dump_json().encode())
    return shown


@router.post("/{id}/credentials/{credential_id}/revoke", policy="partner.revoke_credential")
async def end_credential(
    id: UUID, credential_id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> PartnerView:
    """End a credential; again changes nothing. 404 `credential_not_found`."""
    partner = await actions.find(session, id, lock=True)
    now = await database_now(session)
    await revoke_credential(session, actor, partner, credential_id, now)
    return await _shown(session, actor, partner, response)


@router.get("/{id}/access", policy="partner.read_access")
async def read_access(
    id: UUID, session: Transaction, actor: CurrentActor, paging: PageParams
) -> Page[AccessView]:
    """Return what a partner read of this service, hour by hour, the newest first."""
    await actions.find(session, id)
    RIGHTS.check(actor, "partner.read_access")
    query = select(PartnerAccess).where(PartnerAccess.partner_id == id)
    newest = (PartnerAccess.hour.desc(), PartnerAccess.route.desc())
    rows, following = await paginate(session, query, paging, *newest)
    return Page(data=[AccessView.model_validate(row) for row in rows], next_cursor=following)


async def _shown(
    session: Transaction, actor: CurrentActor, partner: Partner, response: Response
) -> PartnerView:
    await session.flush()
    set_etag(response, partner.version)
    credentials = await credentials_of(session, [partner])
    today = local_date(await database_now(session))
    return Presenter(actor, today).view(partner, credentials[partner.id])
