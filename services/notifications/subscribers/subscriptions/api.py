"""HTTP: subscriptions, a partner's own; administrators manage all, the Office reads them."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Request
from pydantic import Field
from sqlalchemy import select
from starlette.responses import Response

from chassis.clock import database_now
from chassis.entered import ReadableLine
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Distinct,
    IfMatch,
    Page,
    PageParams,
    RequestBody,
    ServiceRouter,
    Transaction,
    check_version,
    created_at,
    paginate,
    set_etag,
)
from notifications.access import RIGHTS
from notifications.subscribers.subscriptions import actions
from notifications.subscribers.subscriptions.lag import most_of_each
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.since import NOW, start_behind
from notifications.subscribers.subscriptions.views import Sight, SubscriptionView, presented

router = ServiceRouter(prefix="/v1/subscriptions", tags=["subscriptions"])
Name = Annotated[ReadableLine, Field(min_length=1, max_length=200)]
Types = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=100), Distinct]
Units = Annotated[list[UUID], Field(min_length=1, max_length=200), Distinct]
Values = Annotated[list[Any], Field(min_length=1, max_length=100)]
Fields = Annotated[dict[str, Values], Field(max_length=20)]
Rate = Annotated[int, Field(ge=1, le=1000)]
Url = Annotated[str, Field(min_length=1, max_length=2000)]


class SubscriptionBody(RequestBody):
    """What to subscribe to. `types` empty: everything; `unit_ids` null: of every unit and of none.

    `fields`: for a dotted path the values it may have, `{"data.assignment.status": ["done"]}`.
    `after`: a cursor of any transport, empty for the beginning, `now` for what comes.
    """

    name: Name
    transport: Literal["feed", "webhook", "amqp"]
    partner_id: UUID | None = None
    types: Types = Field(default=[])
    unit_ids: Units | None = None
    fields: Fields = Field(default={})
    url: Url | None = None
    rate_per_second: Rate | None = None
    after: str = Field(default=NOW, max_length=200)


class SubscriptionChanges(RequestBody):
    """What to change; what is left out stays, lists are replaced whole."""

    name: Name = ""
    types: Types = Field(default=[])
    unit_ids: Units | None = None
    fields: Fields = Field(default={})
    url: Url | None = None
    rate_per_second: Rate | None = None


class PauseBody(RequestBody):
    """Why it is paused, for those who look at it."""

    reason: str = Field(default="", max_length=500)


async def _subscription(id: UUID, session: Transaction, actor: CurrentActor) -> Subscription:
    return await actions.find(session, actor, id, lock=True)


Locked = Annotated[Subscription, Depends(_subscription)]


class _Answer:
    """Presents a subscription, with its ETag."""

    def __init__(
        self,
        request: Request,
        response: Response,
        session: Transaction,
        actor: CurrentActor,
        language: AskedLanguage,
    ) -> None:
        self.request, self.response, self.session = request, response, session
        self.sight = Sight(actor, language, request.app.state.cursor_secret)

    async def with_(self, subscription: Subscription) -> SubscriptionView:
        set_etag(self.response, subscription.version)
        now = await database_now(self.session)
        return await presented(self.session, subscription, self.sight, now)

    async def each_of(self, subscriptions: Sequence[Subscription]) -> list[SubscriptionView]:
        now, most = await database_now(self.session), most_of_each(len(subscriptions))
        return [
            await presented(self.session, each, self.sight, now, most) for each in subscriptions
        ]


Answer = Annotated[_Answer, Depends()]


@router.get("", policy="subscription.read")
async def list_subscriptions(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    answer: Answer,
    partner_id: UUID | None = None,
    state: Literal["active", "paused", "disabled"] | None = None,
) -> Page[SubscriptionView]:
    """List subscriptions, the newest first; a partner's own only.

    For the lag of more than five at once fewer events are counted than for one alone.
    """
    query = actions.visible(select(Subscription), actor)
    if partner_id is not None:
        query = query.where(Subscription.partner_id == partner_id)
    if state is not None:
        query = query.where(Subscription.state == state)
    rows, following = await paginate(session, query, paging, Subscription.id.desc())
    views = await answer.each_of(rows)
    allowed = RIGHTS.allowed(actor, "subscription", ("create",))
    return Page(data=views, next_cursor=following, allowed=allowed)


@router.post("", policy="subscription.create", status_code=201)
async def create_subscription(
    body: SubscriptionBody, request: Request, actor: CurrentActor, answer: Answer
) -> SubscriptionView:
    """Subscribe.

    422 `event_type_unknown`, `unit_unknown`, `subscription_field_unknown`, `url_misplaced`,
    `url_refused`, `cursor_invalid`, `partner_wrong`; 409 `subscriptions_too_many`,
    `partner_revoked`, `cursor_ahead`.
    """
    session = answer.session
    given = body.model_dump(exclude={"after"})
    if body.url is not None:
        request.app.state.webhooks.check(body.url)
    start = await start_behind(session, body.after, request.app.state.cursor_secret)
    draft = actions.Draft(**given)
    now = await database_now(session)
    subscription = await actions.create(session, actor, draft, start, now)
    created_at(answer.response, f"/v1/subscriptions/{subscription.id}")
    return await answer.with_(subscription)


@router.get("/{id}", policy="subscription.read")
async def read_subscription(id: UUID, actor: CurrentActor, answer: Answer) -> SubscriptionView:
    """Return one with its lag. 404 `subscription_not_found`, for another partner's, too."""
    return await answer.with_(await actions.find(answer.session, actor, id))


@router.patch("/{id}", policy="subscription.change")
async def change_subscription(
    subscription: Locked,
    expected: IfMatch,
    body: SubscriptionChanges,
    actor: CurrentActor,
    answer: Answer,
) -> SubscriptionView:
    """Change name, filter, address or rate; what was passed over before does not come again."""
    check_version(subscription.version, expected)
    if body.url is not None:
        answer.request.app.state.webhooks.check(body.url)
    given = body.model_dump()
    changes = {name: value for name, value in given.items() if name in body.model_fields_set}
    now = await database_now(answer.session)
    await actions.change(answer.session, actor, subscription, changes, now)
    return await answer.with_(subscription)


@router.delete("/{id}", policy="subscription.delete", status_code=204)
async def delete_subscription(
    subscription: Locked, expected: IfMatch, session: Transaction, actor: CurrentActor
) -> None:
    """End it: its place is forgotten."""
    check_version(subscription.version, expected)
    await actions.delete(session, actor, subscription, await database_now(session))


@router.post("/{id}/pause", policy="subscription.pause")
async def pause_subscription(
    subscription: Locked, body: PauseBody, actor: CurrentActor, answer: Answer
) -> SubscriptionView:
    """Hand nothing over until it is resumed. 409 `subscription_not_active`."""
    now = await database_now(answer.session)
    await actions.pause(answer.session, actor, subscription, body.reason, now)
    return await answer.with_(subscription)


@router.post("/{id}/resume", policy="subscription.resume")
async def resume_subscription(
    subscription: Locked, actor: CurrentActor, answer: Answer
) -> SubscriptionView:
    """Go on where it stopped, nothing left out. 409 `subscription_active`."""
    now = await database_now(answer.session)
    await actions.resume(answer.session, actor, subscription, now)
    return await answer.with_(subscription)
