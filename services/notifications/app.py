"""Composition root: the doors of the notifications service, put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware

from chassis import i18n
from chassis.database import Database
from chassis.live import Arrivals
from chassis.service import Service
from chassis.web import Check
from chassis.web.event_docs import event_docs_routes
from chassis.web.guesses import Guesses, Patience
from notifications import handlers, jobs, sheets
from notifications.access import RIGHTS
from notifications.channels.in_app import api as in_app
from notifications.channels.mail.hours import MailHours
from notifications.channels.mail.message import Sheet
from notifications.channels.mail.sender import Sender
from notifications.obligations.undelivered import tell_of_failure
from notifications.partners import api as partners
from notifications.partners import token_api
from notifications.partners.access_log import note_read
from notifications.partners.callers import find_caller
from notifications.partners.keys import OwnKeys
from notifications.settings import Settings
from notifications.subscribers.amqp import api as queues
from notifications.subscribers.amqp.api import Offer
from notifications.subscribers.amqp.parts import Parts
from notifications.subscribers.catalogue import api as catalogue
from notifications.subscribers.catalogue.asyncapi import asyncapi
from notifications.subscribers.feed import api as feed
from notifications.subscribers.feed.keeping import CHANNEL, withdraw
from notifications.subscribers.feed.reading import NEWEST
from notifications.subscribers.subscriptions import api as subscriptions
from notifications.subscribers.webhooks import api as webhooks
from notifications.subscribers.webhooks import deliveries_api as deliveries
from notifications.subscribers.webhooks.guard import Allowed
from notifications.subscribers.webhooks.posting import Post
from notifications.subscribers.webhooks.sender import Sender as Webhooks

HERE = Path(__file__).parent
ROUTERS = [
    sheets.router, in_app.router, feed.router, catalogue.router, subscriptions.router,
    webhooks.router, queues.router, deliveries.router, token_api.router, partners.router,
]  # fmt: skip
POLICIES = RIGHTS
EVENTS = handlers.router

i18n.load(HERE / "locale")


@dataclass
class NotificationsService(Service):
    """A service that signs partners' tokens itself: its keys come from its own database.

    `webhooks`: where the installation lets them go. `queues_offered`: what partners may have.
    """

    webhooks: Allowed = field(kw_only=True)
    queues_offered: Offer = field(kw_only=True)

    def partner_keys(self, database: Database) -> OwnKeys:
        """Return the keys as the database has them."""
        return OwnKeys(database)

    def http(self, database: Database, checks: Mapping[str, Check] | None = None) -> FastAPI:
        """Return the web application, which knows under what name it signs."""
        app = super().http(database, checks)
        app.state.partners_issuer = self.settings.partners_issuer
        app.state.webhooks = self.webhooks
        app.state.queues_offered = self.queues_offered
        app.router.routes.extend(event_docs_routes(asyncapi))
        app.user_middleware.append(
            Middleware(
                Patience,
                guesses=Guesses(),
                refuse=token_api.too_many_tries,
                guarded=(token_api.TOKEN_PATH,),
                wrong=401,
            )
        )
        return app


def build() -> Service:
    """Assemble the service. Raises ValueError when a setting is missing or cannot be."""
    settings = Settings()
    sheet = Sheet(settings.mail_from, settings.public_base_url)
    hours = MailHours.of(settings.mail_hours)
    smtp_url = settings.smtp_url.get_secret_value()
    sender = Sender(smtp_url, sheet, hours, failed=tell_of_failure)
    allowed = Allowed.of(settings.webhook_allowed)
    admin_url = settings.partners_admin_url
    of_queues = Parts(
        settings.broker,
        settings.partners_vhost,
        admin_url.get_secret_value() if admin_url else "",
        settings.cursor_secret.get_secret_value().encode(),
    )
    return NotificationsService(
        "notifications",
        settings,
        HERE,
        ROUTERS,
        POLICIES,
        description="Who is told what and why: in-app, live, and by mail.",
        events=EVENTS,
        clock=jobs.schedule,
        loops=[sender.run],
        relay_loops=[
            lambda database: Webhooks(Post(allowed)).run(database),
            *of_queues.of_relay(),
        ],
        clock_loops=of_queues.of_clock(),
        prepare_broker=of_queues.prepare,
        with_live=True,
        actors=find_caller,
        note_read=note_read,
        copies={"public_event": handlers.copies},
        queues_offered=Offer(settings.partners_amqp_url, settings.partners_queue_length),
        undo=withdraw,
        arrivals=lambda database: Arrivals(database, CHANNEL, NEWEST),
        webhooks=allowed,
    )
