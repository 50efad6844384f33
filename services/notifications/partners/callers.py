"""Who calls this service: a partner as it stands now, or a person of the directory."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor, Claims, Reach, RolesFrom, find_actor, partner, refused
from chassis.clock import database_now, local_date
from notifications.partners.domain import EventScope, counts
from notifications.partners.models import Partner, PartnerCredential

ROLE = "external_system"


async def find_caller(
    session: AsyncSession, claims: Claims, roles_from: RolesFrom = "lower"
) -> Actor:
    """Return a partner, by our own token or by its client's at the OIDC provider; else a person.

    A partner is asked for each time: what was revoked, or is over, ends at once. Raises
    Unauthenticated for such a one, and as `find_actor` does.
    """
    if claims.reach is not None:
        return await _by_token(session, claims.reach)
    if ROLE in claims.roles:
        query = select(Partner).where(Partner.subject == claims.subject)
        found: Partner | None = await session.scalar(query)
        if found is not None:
            await _check(session, found)
            return partner(reach_of(found), found.name)
    return await find_actor(session, claims, roles_from)


def reach_of(found: Partner, credential: str | None = None) -> Reach:
    """Return how far a partner reaches."""
    scopes = {*found.read_apis, *(["events"] if found.event_types else [])}
    units = None if found.unit_ids is None else frozenset(found.unit_ids)
    return Reach(found.id, frozenset(scopes), units, credential)


async def scope_of(session: AsyncSession, actor: Actor) -> EventScope | None:
    """Return the events an actor may get; None: none at all, or somebody who is no partner."""
    if actor.reach is None or "events" not in actor.reach.scopes:
        return None
    return await scope_of_partner(session, actor.reach.partner_id, await database_now(session))


async def scope_of_partner(
    session: AsyncSession, partner_id: UUID, now: datetime
) -> EventScope | None:
    """Return the events a partner may get as it stands now; None: revoked, expired, or none."""
    found = await session.get(Partner, partner_id)
    if found is None or not counts(found, local_date(now)) or not found.event_types:
        return None
    units = None if found.unit_ids is None else frozenset(found.unit_ids)
    return EventScope(found.id, tuple(found.event_types), units)


async def _by_token(session: AsyncSession, claimed: Reach) -> Actor:
    found = await session.get(Partner, claimed.partner_id)
    if found is None or not await _is_live(session, claimed):
        raise _ended()
    await _check(session, found)
    now = reach_of(found, claimed.credential)
    units = now.units  # as they are now; the token can only have fewer scopes
    return partner(
        Reach(found.id, claimed.scopes & now.scopes, units, claimed.credential), found.name
    )


async def _is_live(session: AsyncSession, claimed: Reach) -> bool:
    query = select(
        exists().where(
            PartnerCredential.id == (claimed.credential and UUID(claimed.credential)),
            PartnerCredential.partner_id == claimed.partner_id,
            PartnerCredential.revoked_at.is_(None),
        )
    )
    return bool(await session.scalar(query))


async def _check(session: AsyncSession, found: Partner) -> None:
    if not counts(found, local_date(await database_now(session))):
        raise _ended()


def _ended() -> Exception:
    sentence = "Hệ thống đối tác này, hoặc khóa của nó, đã bị thu hồi hoặc hết hạn"
    return refused("partner_ended", sentence)
