"""A subscription as its partner and the administrators see it."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.bodies import ResponseBody
from chassis.i18n import Language, say
from notifications.access import RIGHTS
from notifications.partners.callers import scope_of_partner
from notifications.subscribers.subscriptions.lag import MOST_COUNTED, lag_of
from notifications.subscribers.subscriptions.matching import within
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.positions import cursor_of
from notifications.subscribers.subscriptions.scope import scope_filter
from notifications.subscribers.subscriptions.standing import line_of, position, wanted_by


class LagView(ResponseBody):
    """What waits for a subscription; `events` is exact unless `more` wait than are counted."""

    events: int
    seconds: float
    more: bool


class SubscriptionView(ResponseBody):
    """A subscription. `cursor`: up to where everything was handed over, good for any transport.

    `types` empty: all that the partner may have; `unit_ids` null: of every unit and of none.
    `state_reason`: what somebody wrote who paused it; why the system disabled it, in the language
    that was asked for.
    """

    id: UUID
    version: int
    partner_id: UUID
    name: str
    transport: str = Field(examples=["feed", "webhook", "amqp"])
    types: list[str]
    unit_ids: list[UUID] | None
    fields: dict[str, list[Any]]
    state: str = Field(examples=["active", "paused", "disabled"])
    state_reason: str | None
    url: str | None
    rate_per_second: int | None
    cursor: str
    lag: LagView
    created_at: datetime
    last_sent_at: datetime | None
    last_error: str | None
    last_error_at: datetime | None
    failures_in_row: int
    allowed: list[str]


class Sight(NamedTuple):
    """Who looks, in which language; `secret` signs the cursors."""

    actor: Actor
    language: Language
    secret: bytes


async def presented(
    session: AsyncSession,
    subscription: Subscription,
    sight: Sight,
    now: datetime,
    most: int = MOST_COUNTED,
) -> SubscriptionView:
    """Return the subscription, with how far it is behind and what the actor may do now.

    Only what its partner may have counts as waiting: a number of other events that fit a filter
    would say what is in them. `most`: so many of them are looked at.
    """
    seen = position(subscription)
    scope = scope_filter(await scope_of_partner(session, subscription.partner_id, now))
    line = await line_of(session, subscription)
    behind = await lag_of(session, within(wanted_by(subscription), scope), seen, now, most)
    facts = {name: getattr(subscription, name) for name in _PLAIN}
    return SubscriptionView(
        **facts,
        state_reason=_reason(subscription, sight.language),
        cursor=cursor_of(line.before, sight.secret),
        lag=LagView.model_validate(behind.beside(line.events, line.since, now)),
        allowed=RIGHTS.allowed(sight.actor, "subscription", _acts(subscription)),
    )


def _acts(subscription: Subscription) -> list[str]:
    turn = "pause" if subscription.state == "active" else "resume"
    return ["change", turn, "recover", "delete", *_OF_TRANSPORT.get(subscription.transport, ())]


def _reason(subscription: Subscription, language: Language) -> str | None:
    """Return why it stands still: what people wrote as it is, a sentence of ours in a language."""
    reason = subscription.state_reason
    return say(reason, language) if reason and subscription.state == "disabled" else reason


_OF_TRANSPORT = {"webhook": ("rotate_secret", "test"), "amqp": ("credentials",)}
_COMPUTED = {"state_reason", "cursor", "lag", "allowed"}
_PLAIN = [name for name in SubscriptionView.model_fields if name not in _COMPUTED]
