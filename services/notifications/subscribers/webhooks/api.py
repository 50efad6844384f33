"""HTTP: a webhook's secrets, an example to try it; going back, whatever the transport."""

from uuid import UUID

from fastapi import Request
from pydantic import Field

from chassis.clock import database_now
from chassis.rules import InputRefused, Problem
from chassis.web import CurrentActor, Moment, RequestBody, ServiceRouter, Transaction
from chassis.web.idempotency import keep_instead
from chassis.words import N_, Sentence
from notifications.subscribers.subscriptions import actions as subscriptions
from notifications.subscribers.subscriptions.api import Answer, Locked
from notifications.subscribers.subscriptions.since import since, start_behind
from notifications.subscribers.subscriptions.views import SubscriptionView
from notifications.subscribers.webhooks.actions import (
    OVERLAP,
    leave_out,
    live_secrets,
    rotate_secret,
    try_it,
)
from notifications.subscribers.webhooks.views import (
    LiveSecret,
    LiveSecrets,
    SecretView,
    WebhookDeliveryView,
    presented,
)

router = ServiceRouter(prefix="/v1/subscriptions", tags=["subscriptions"])
_ONE_OF_BOTH = Sentence(
    N_("Hãy ghi đúng một trong hai: «since» (thời điểm) hoặc «after» (con trỏ đã nhận)")
)


class RecoverBody(RequestBody):
    """From when on everything comes once more: an instant, or a cursor of any transport.

    `after` empty: the beginning; `now`: leave out what waits.
    """

    since: Moment | None = None
    after: str | None = Field(default=None, max_length=200)


class TestBody(RequestBody):
    """Of which type an example is sent."""

    type: str = Field(max_length=200)


@router.get("/{id}/secrets", policy="subscription.read")
async def list_secrets(id: UUID, session: Transaction, actor: CurrentActor) -> LiveSecrets:
    """Return since when the secrets exist that sign now, and until when; never what they are.

    404 `subscription_not_found`; 409 `subscription_no_webhook`.
    """
    subscription = await subscriptions.find(session, actor, id)
    found = await live_secrets(session, subscription, await database_now(session))
    return LiveSecrets(data=[LiveSecret.model_validate(each) for each in found])


@router.post("/{id}/rotate_secret", policy="subscription.rotate_secret")
async def rotate(
    subscription: Locked, request: Request, actor: CurrentActor, answer: Answer
) -> SecretView:
    """Make a secret, shown once; the one before signs, too, for 24 hours.

    409 `subscription_no_webhook`, 422 `url_refused`.
    """
    now = await database_now(answer.session)
    allowed = request.app.state.webhooks
    made = await rotate_secret(answer.session, actor, subscription, allowed, now)
    shown = SecretView(secret=made.secret, older_until=now + OVERLAP)
    kept = shown.model_copy(update={"secret": ""})  # a repetition of the request shows none
    keep_instead(request, kept.model_dump_json().encode())
    return shown


@router.post("/{id}/recover", policy="subscription.recover")
async def recover(
    subscription: Locked, request: Request, body: RecoverBody, actor: CurrentActor, answer: Answer
) -> SubscriptionView:
    """Hand everything since over once more, under the same ids, and nothing of before.

    422 `recover_from`, `cursor_invalid`; 409 `cursor_ahead`.
    """
    if (body.since is None) == (body.after is None):
        raise InputRefused("recover_from", _ONE_OF_BOTH, [Problem("/since", _ONE_OF_BOTH)])
    if body.since is not None:
        start = await since(answer.session, body.since)
    else:
        secret = request.app.state.cursor_secret
        start = await start_behind(answer.session, body.after or "", secret)
    now = await database_now(answer.session)
    await subscriptions.recover(answer.session, actor, subscription, start, now)
    await leave_out(answer.session, subscription, start)
    return await answer.with_(subscription)


@router.post("/{id}/test", policy="subscription.test", status_code=202)
async def send_example(
    subscription: Locked, request: Request, body: TestBody, actor: CurrentActor, answer: Answer
) -> WebhookDeliveryView:
    """Send a signed example of a type once, though paused; `GET /v1/deliveries` says how it went.

    409 `subscription_no_webhook`, `webhook_secret_missing`, `partner_revoked`; 422
    `event_type_unknown`.
    """
    now = await database_now(answer.session)
    allowed = request.app.state.webhooks
    made = await try_it(answer.session, subscription, body.type, allowed, now)
    return presented(actor, made)
