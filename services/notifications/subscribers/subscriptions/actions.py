"""Making, finding, changing, pausing and ending subscriptions; how far they have come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.tables import unit
from chassis.words import N_, Sentence
from notifications.partners.domain import check_changeable
from notifications.partners.models import Partner
from notifications.subscribers.subscriptions.choice import check_fields, check_types
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.positions import Position

_NOT_ACTIVE = N_("Đăng ký nhận tin «{name}» đang dừng: hãy cho chạy lại trước khi đọc")
_NOT_STOPPED = N_("Đăng ký nhận tin «{name}» đang chạy, không cần cho chạy lại")
_STOPPED = N_("Đăng ký nhận tin «{name}» đang dừng rồi")
_NO_UNIT = N_("Không có đơn vị nào mang mã {unit}: hãy chọn đơn vị có trong danh bạ")
_NEEDS_PARTNER = Sentence(N_("Thiếu «partner_id»: hãy chọn hệ thống đối tác nhận tin"))
_ANOTHERS = Sentence(N_("Chỉ đăng ký được cho chính hệ thống của mình: hãy bỏ «partner_id»"))
_NO_PARTNER = Sentence(N_("Không có hệ thống đối tác này: quản trị viên phải lập trước"))
_TOO_MANY = N_(
    "Hệ thống đối tác này đã có {most} đăng ký nhận tin, là nhiều nhất: hãy chấm dứt đăng ký không "
    "dùng nữa rồi thêm"
)
MOST = 100
"""Subscriptions of one partner: each is held against every event, and may have a queue."""
_URL_MISSING = N_("Thiếu «url»: hãy ghi địa chỉ https nhận webhook")
_URL_TOO_MUCH = N_("Chỉ webhook mới có «url»: hãy bỏ đi, hoặc chọn transport là webhook")
# Several readers of one subscription may acknowledge at once: the furthest stays.
_ACKNOWLEDGE = text("""
    UPDATE subscription SET cursor_tx = CAST(CAST(:tx AS text) AS xid8), cursor_seq = :seq,
      last_sent_at = now()
    WHERE id = :id AND (cursor_tx, cursor_seq) < (CAST(CAST(:tx AS text) AS xid8), :seq)
""")
# What a receiver asked for, or did not take, holds for it as it was.
_ANEW = text("""
    WITH forgotten AS (DELETE FROM webhook_target WHERE subscription_id = :id)
    UPDATE webhook_delivery SET attempts = 0, next_attempt_at = now()
    WHERE subscription_id = :id AND state = 'pending' AND example IS NULL
""")
# Of a queue that was lost as a whole nobody knows from where: whoever puts it somewhere does.
_NOT_MISSED = text("""
    UPDATE partner_queue SET overflowed_at = NULL, lost_tx = NULL, lost_seq = NULL
    WHERE subscription_id = :id AND (lost_tx IS NULL
      OR (lost_tx, lost_seq) <= (CAST(CAST(:tx AS text) AS xid8), :seq))
""")


@dataclass
class Draft:
    """What somebody wants to subscribe to."""

    name: str
    transport: str
    partner_id: UUID | None = None
    types: list[str] = field(default_factory=list)
    unit_ids: list[UUID] | None = None
    fields: dict[str, list[Any]] = field(default_factory=dict)
    url: str | None = None
    rate_per_second: int | None = None


async def create(
    session: AsyncSession, actor: Actor, draft: Draft, start: Position, now: datetime
) -> Subscription:
    """Store a subscription that begins behind a position. Raises InputRefused, RuleBroken."""
    await check(session, draft.types, draft.unit_ids, draft.fields)
    _check_url(draft.transport, draft.url)
    subscription = Subscription(
        id=new_id(),
        version=1,
        partner_id=await _owner(session, actor, draft.partner_id),
        name=draft.name,
        transport=draft.transport,
        types=draft.types,
        unit_ids=draft.unit_ids,
        fields=draft.fields,
        state="active",
        cursor_tx=start.tx,
        cursor_seq=start.seq,
        url=draft.url,
        rate_per_second=draft.rate_per_second,
        created_at=now,
        created_by=actor.person_id,
        failures_in_row=0,
    )
    session.add(subscription)
    await _trace(session, actor, "create", subscription, now, after=facts(subscription))
    return subscription


def visible(query: Select[Any], actor: Actor) -> Select[Any]:
    """Narrow a query of subscriptions to what the actor may see: a partner, its own."""
    own = Subscription.partner_id == actor.person_id
    return query.where(own) if actor.role == "external_system" else query


async def find(
    session: AsyncSession, actor: Actor, subscription_id: UUID, *, lock: bool = False
) -> Subscription:
    """Return a subscription the actor may see. Raises NotFound, also for another partner's."""
    query = visible(select(Subscription).where(Subscription.id == subscription_id), actor)
    found: Subscription | None = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("Không có đăng ký nhận tin này", code="subscription_not_found")
    return found


async def change(
    session: AsyncSession,
    actor: Actor,
    subscription: Subscription,
    changes: Mapping[str, Any],
    now: datetime,
) -> None:
    """Change name, filter, address or rate. What was passed over stays so. Raises InputRefused."""
    before = facts(subscription)
    for name, value in changes.items():
        setattr(subscription, name, value)
    await check(session, subscription.types, subscription.unit_ids, subscription.fields)
    _check_url(subscription.transport, subscription.url)
    if subscription.url != before["url"]:
        await _begin_anew(session, subscription)
    await _changed(session, actor, "change", subscription, before, now)


async def pause(
    session: AsyncSession, actor: Actor, subscription: Subscription, reason: str, now: datetime
) -> None:
    """Hand nothing over until it is resumed; its place is kept. Raises RuleBroken."""
    if subscription.state != "active":
        raise _refused("subscription_not_active", _STOPPED, subscription)
    before = facts(subscription)
    subscription.state, subscription.state_reason = "paused", reason or None
    await _changed(session, actor, "pause", subscription, before, now, reason)


async def resume(
    session: AsyncSession, actor: Actor, subscription: Subscription, now: datetime
) -> None:
    """Go on where it stopped, whoever stopped it. Raises RuleBroken."""
    if subscription.state == "active":
        raise _refused("subscription_active", _NOT_STOPPED, subscription)
    before = facts(subscription)
    subscription.state, subscription.state_reason = "active", None
    await _begin_anew(session, subscription)
    await _changed(session, actor, "resume", subscription, before, now)


async def recover(
    session: AsyncSession, actor: Actor, subscription: Subscription, start: Position, now: datetime
) -> None:
    """Begin again behind an earlier position, or a later one: what was lost before is left out."""
    before = facts(subscription)
    await _begin_anew(session, subscription)
    subscription.cursor_tx, subscription.cursor_seq = start
    given = {"id": subscription.id, "tx": str(start.tx), "seq": start.seq}
    await session.execute(_NOT_MISSED, given)
    await _changed(session, actor, "recover", subscription, before, now)


async def _begin_anew(session: AsyncSession, subscription: Subscription) -> None:
    """Forget what failed: whoever mended it need not wait until it would have been tried again."""
    subscription.failures_in_row = 0
    await session.execute(_ANEW, {"id": subscription.id})


async def delete(
    session: AsyncSession, actor: Actor, subscription: Subscription, now: datetime
) -> None:
    """End it."""
    before = facts(subscription)
    await session.delete(subscription)
    await _trace(session, actor, "delete", subscription, now, before=before)


async def acknowledge(session: AsyncSession, subscription: Subscription, seen: Position) -> None:
    """Note that everything up to a position was taken; never backwards."""
    given = {"id": subscription.id, "tx": str(seen.tx), "seq": seen.seq}
    await session.execute(_ACKNOWLEDGE, given)


def check_active(subscription: Subscription) -> None:
    """Raise RuleBroken for one that was stopped."""
    if subscription.state != "active":
        raise _refused("subscription_not_active", _NOT_ACTIVE, subscription)


def owner_of(actor: Actor, partner_id: UUID | None) -> UUID:
    """Return whose a new subscription is: a partner's own. Raises InputRefused."""
    if actor.role != "external_system":
        if partner_id is None:
            raise _wrong_partner(_NEEDS_PARTNER)
        return partner_id
    if partner_id not in {None, actor.person_id}:
        raise _wrong_partner(_ANOTHERS)
    return actor.person_id


async def _owner(session: AsyncSession, actor: Actor, partner_id: UUID | None) -> UUID:
    owner = owner_of(actor, partner_id)
    partner = await session.get(Partner, owner, with_for_update={"key_share": True})
    if partner is None:
        raise _wrong_partner(_NO_PARTNER)
    check_changeable(partner)
    of_partner = select(func.count()).where(Subscription.partner_id == owner)
    if (await session.scalar(of_partner) or 0) >= MOST:
        raise RuleBroken("subscriptions_too_many", Sentence(_TOO_MANY, {"most": MOST}))
    return owner


async def check(
    session: AsyncSession,
    types: list[str],
    unit_ids: list[UUID] | None,
    fields: Mapping[str, list[Any]],
) -> None:
    """Raise InputRefused for types, units or fields that are not."""
    check_types(types)
    check_fields(fields, types)
    known = set(await session.scalars(select(unit.c.id).where(unit.c.id.in_(unit_ids or ()))))
    problems = [
        Problem(f"/unit_ids/{place}", Sentence(_NO_UNIT, {"unit": str(each)}))
        for place, each in enumerate(unit_ids or ())
        if each not in known
    ]
    if problems:
        raise InputRefused("unit_unknown", problems[0].sentence, problems)


def facts(subscription: Subscription) -> dict[str, Any]:
    """Return what the audit keeps of one."""
    return {
        "name": subscription.name,
        "partner_id": str(subscription.partner_id),
        "transport": subscription.transport,
        "types": list(subscription.types),
        "unit_ids": None if subscription.unit_ids is None else [*map(str, subscription.unit_ids)],
        "fields": dict(subscription.fields),
        "state": subscription.state,
        "url": subscription.url,
        "rate_per_second": subscription.rate_per_second,
        "cursor": f"{subscription.cursor_tx}.{subscription.cursor_seq}",
    }


async def _changed(
    session: AsyncSession,
    actor: Actor,
    act: str,
    subscription: Subscription,
    before: Mapping[str, Any],
    now: datetime,
    reason: str = "",
) -> None:
    subscription.version += 1
    after = facts(subscription)
    await _trace(session, actor, act, subscription, now, before=before, after=after, reason=reason)


async def _trace(
    session: AsyncSession,
    actor: Actor,
    act: str,
    subscription: Subscription,
    now: datetime,
    **given: Any,
) -> None:
    given["reason"] = given.get("reason") or None
    await traces.leave(session, actor, f"subscription.{act}", subscription.id, now=now, **given)


def _check_url(transport: str, url: str | None) -> None:
    if (transport == "webhook") != (url is not None):
        sentence = Sentence(_URL_MISSING if url is None else _URL_TOO_MUCH)
        raise InputRefused("url_misplaced", sentence, [Problem("/url", sentence)])


def _refused(code: str, template: str, subscription: Subscription) -> RuleBroken:
    return RuleBroken(code, Sentence(template, {"name": subscription.name}))


def _wrong_partner(sentence: Sentence) -> InputRefused:
    return InputRefused("partner_wrong", sentence, [Problem("/partner_id", sentence)])
