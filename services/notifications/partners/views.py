"""A partner as administrators and the Office see it. Secrets are shown once, when they are made."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.bodies import ResponseBody
from notifications.access import RIGHTS
from notifications.partners.domain import MOST_CREDENTIALS, counts
from notifications.partners.models import Partner, PartnerCredential

ACTS = ("change", "make_credential", "revoke_credential", "revoke")


class CredentialView(ResponseBody):
    """What a partner signs in with, without its secret. `allowed`: `revoke_credential`."""

    id: UUID
    client_id: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    allowed: list[str]


class NewCredential(ResponseBody):
    """A credential just made. `client_secret` is shown this once: None when sent again."""

    id: UUID
    client_id: str
    client_secret: str | None
    created_at: datetime


class PartnerView(ResponseBody):
    """A partner. `state`: active, expired (its last day is over) or revoked (for good).

    `scopes`: what its tokens may ask for. `unit_ids` None: all units.
    """

    id: UUID
    version: int
    name: str
    organisation: str
    contact_email: str
    event_types: list[str]
    read_apis: list[str]
    scopes: list[str]
    unit_ids: list[UUID] | None
    origins: list[str]
    subject: str | None
    expires_on: date
    state: str
    revoked_at: datetime | None
    created_at: datetime
    credentials: list[CredentialView]
    allowed: list[str]


class AccessView(ResponseBody):
    """What a partner read in an hour: how many requests to a route, how many items in answers."""

    hour: datetime
    route: str
    requests: int
    items: int
    last_at: datetime


class Presenter:
    """Presents partners to one actor on one day."""

    def __init__(self, actor: Actor, today: date) -> None:
        """Take whose acts `allowed` lists, and the day on which expiry is judged."""
        self.actor, self.today = actor, today

    def view(self, partner: Partner, credentials: Iterable[PartnerCredential]) -> PartnerView:
        """Return a partner with its credentials, the newest first."""
        shown = [self._credential(one, partner) for one in credentials]
        live = sum(one.revoked_at is None for one in shown)
        full = live >= MOST_CREDENTIALS
        acts = [act for act in ACTS if not (full and act == "make_credential")]
        facts = {name: getattr(partner, name) for name in _PLAIN}
        return PartnerView(
            **facts,
            scopes=sorted([*partner.read_apis, *(["events"] if partner.event_types else [])]),
            state=self._state(partner),
            credentials=shown,
            allowed=RIGHTS.allowed(self.actor, "partner", [] if partner.revoked_at else acts),
        )

    def _state(self, partner: Partner) -> str:
        if partner.revoked_at is not None:
            return "revoked"
        return "active" if counts(partner, self.today) else "expired"

    def _credential(self, one: PartnerCredential, partner: Partner) -> CredentialView:
        ended = one.revoked_at or partner.revoked_at
        acts = [] if ended else ["revoke_credential"]
        return CredentialView(
            id=one.id, client_id=str(one.id), created_at=one.created_at,
            last_used_at=one.last_used_at, revoked_at=one.revoked_at,
            allowed=RIGHTS.allowed(self.actor, "partner", acts),
        )  # fmt: skip


async def credentials_of(
    session: AsyncSession, partners: Iterable[Partner]
) -> dict[UUID, list[PartnerCredential]]:
    """Return the credentials of some partners, the newest first."""
    found: dict[UUID, list[PartnerCredential]] = {one.id: [] for one in partners}
    query = select(PartnerCredential).where(PartnerCredential.partner_id.in_(found))
    for one in await session.scalars(query.order_by(PartnerCredential.id.desc())):
        found[one.partner_id].append(one)
    return found


_COMPUTED = {"scopes", "state", "credentials", "allowed"}
_PLAIN = [name for name in PartnerView.model_fields if name not in _COMPUTED]
