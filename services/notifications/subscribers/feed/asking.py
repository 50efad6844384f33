"""What a reader of the feed asks for: a filter of its own, or that of a subscription."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import InvalidInput
from chassis.rules import InputRefused
from chassis.tables import unit
from chassis.words import N_, Sentence
from notifications.subscribers.subscriptions import actions
from notifications.subscribers.subscriptions.choice import check_types, known_types
from notifications.subscribers.subscriptions.matching import Filter, within
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.positions import (
    BEGINNING,
    Position,
    position_of,
    wrong_query,
)
from notifications.subscribers.subscriptions.scope import scope_of
from notifications.subscribers.subscriptions.since import NOW
from notifications.subscribers.subscriptions.standing import line_of, wanted_by
from notifications.subscribers.subscriptions.tail import tail

_TWICE = Sentence(N_("Đăng ký nhận tin đã có bộ lọc riêng: hãy bỏ types và units"))
_NO_UNIT = N_("Không có đơn vị nào mang mã «{unit}»: hãy ghi mã định danh (UUID) của một đơn vị")


@dataclass(frozen=True)
class Asked:
    """What is wanted, and by which subscription."""

    wanted: Filter
    subscription: Subscription | None = None

    async def start(self, session: AsyncSession, after: str | None, secret: bytes) -> Position:
        """Return the position to read behind; what a subscription's reader has seen is noted."""
        if after is None and self.subscription is not None:
            return (await line_of(session, self.subscription)).before
        if not after:
            return BEGINNING
        given = await tail(session) if after == NOW else position_of(after, secret)
        if self.subscription is not None and self.subscription.transport == "feed":
            await actions.acknowledge(session, self.subscription, given)
        return given


async def asked(
    session: AsyncSession,
    actor: Actor,
    types: Sequence[str],
    units: Sequence[str],
    subscription_id: UUID | None,
) -> Asked:
    """Return what a reader wants, and may have. Raises InvalidInput, NotFound, RuleBroken."""
    scope = await scope_of(session, actor)
    if subscription_id is None:
        return Asked(within(await _filter(session, types, units), scope))
    if types or units:
        raise wrong_query("types" if types else "units", "filter_twice", _TWICE)
    subscription = await actions.find(session, actor, subscription_id)
    actions.check_active(subscription)
    return Asked(within(wanted_by(subscription), scope), subscription)


async def _filter(session: AsyncSession, types: Sequence[str], units: Sequence[str]) -> Filter:
    patterns, ids = _listed(types), _listed(units)
    try:
        check_types(patterns)
    except InputRefused as error:
        raise wrong_query("types", error.code, error.problems[0].sentence) from error
    return Filter(
        known_types(patterns) if patterns else None,
        await _units(session, ids) if ids else None,
    )


async def _units(session: AsyncSession, given: Sequence[str]) -> frozenset[UUID]:
    found: set[UUID] = set()
    for text in given:
        try:
            found.add(UUID(text))
        except ValueError:
            raise _no_unit(text) from None
    rows = await session.scalars(select(unit.c.id).where(unit.c.id.in_(found)))
    for missing in sorted(found - set(rows)):
        raise _no_unit(str(missing))
    return frozenset(found)


def _no_unit(given: str) -> InvalidInput:
    return wrong_query("units", "unit_unknown", Sentence(_NO_UNIT, {"unit": given[:40]}))


def _listed(values: Sequence[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]
