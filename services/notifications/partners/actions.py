"""Partners are entered, changed and revoked by administrators."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import local_date
from chassis.directory import unit
from chassis.errors import Conflict, NotFound
from chassis.ids import new_id
from chassis.rules import InputRefused, Problem
from chassis.web import check_version
from chassis.words import N_, Sentence
from contracts.events import declared
from notifications.access import RIGHTS
from notifications.partners.domain import check_changeable, check_expiry, check_facts
from notifications.partners.keys import signing_key
from notifications.partners.models import Partner

FACTS = ("name", "organisation", "contact_email", "event_types", "read_apis", "unit_ids",
         "origins", "subject", "expires_on")  # fmt: skip
_NO_UNIT = N_("Không có đơn vị {unit_id} trong danh bạ")
_UNITS_REFUSED = Sentence(N_("Chưa lưu được hệ thống đối tác: có đơn vị không có trong danh bạ"))


async def find(session: AsyncSession, id_: UUID, *, lock: bool = False) -> Partner:
    """Return a partner. Raises NotFound."""
    found = await session.get(Partner, id_, with_for_update=lock or None)
    if found is None:
        raise NotFound("Không có hệ thống đối tác này", code="partner_not_found")
    return found


async def create(
    session: AsyncSession, actor: Actor, facts: Mapping[str, Any], now: datetime
) -> Partner:
    """Enter a partner. Raises InputRefused, Conflict `partner_subject_taken`."""
    RIGHTS.check(actor, "partner.create")
    check_expiry(facts["expires_on"], local_date(now))
    await _check(session, facts, None)
    made = Partner(id=new_id(), version=1, created_at=now, created_by=actor.person_id, **facts)
    session.add(made)
    await signing_key(session, now)  # so that others know it before the first token comes
    await traces.leave(session, actor, "partner.create", made.id, now=now, after=facts_of(made))
    return made


async def change(
    session: AsyncSession, actor: Actor, partner: Partner, expected: int,
    facts: Mapping[str, Any], now: datetime,
) -> None:  # fmt: skip
    """Change what a partner may. Raises StaleVersion, RuleBroken, and as `create` does."""
    RIGHTS.check(actor, "partner.change")
    check_version(partner.version, expected)
    check_changeable(partner)
    if "expires_on" in facts:
        check_expiry(facts["expires_on"], local_date(now))
    await _check(session, facts, partner.id)
    before = facts_of(partner)
    for name, value in facts.items():
        setattr(partner, name, value)
    if (after := facts_of(partner)) != before:
        partner.version += 1
        await traces.leave(
            session, actor, "partner.change", partner.id, now=now, before=before, after=after
        )


async def revoke(session: AsyncSession, actor: Actor, partner: Partner, now: datetime) -> None:
    """End a partner for good; again changes nothing."""
    RIGHTS.check(actor, "partner.revoke")
    if partner.revoked_at is None:
        partner.revoked_at, partner.version = now, partner.version + 1
        await traces.leave(session, actor, "partner.revoke", partner.id, now=now)


def facts_of(partner: Partner) -> dict[str, Any]:
    """Return what administrators enter of a partner."""
    return {name: getattr(partner, name) for name in FACTS}


async def _check(session: AsyncSession, facts: Mapping[str, Any], id_: UUID | None) -> None:
    public = [name for name, event in declared().items() if event.audience == "public"]
    check_facts(facts.get("event_types", []), facts.get("origins", []), public)
    await _check_units(session, facts.get("unit_ids") or [])
    taken = select(exists().where(Partner.subject == facts.get("subject"), Partner.id != id_))
    if facts.get("subject") and await session.scalar(taken):
        raise Conflict("Một hệ thống đối tác khác đã có mã tài khoản OIDC này",
                       code="partner_subject_taken")  # fmt: skip


async def _check_units(session: AsyncSession, wanted: list[UUID]) -> None:
    known = set(await session.scalars(select(unit.c.id).where(unit.c.id.in_(wanted))))
    problems = [
        Problem(f"/unit_ids/{place}", Sentence(_NO_UNIT, {"unit_id": str(id_)}))
        for place, id_ in enumerate(wanted)
        if id_ not in known
    ]
    if problems:
        raise InputRefused("partner_invalid", _UNITS_REFUSED, problems)
