"""Composition root: the doors of the notifications service, put together."""

from pathlib import Path

from chassis import i18n
from chassis.service import Service
from notifications import handlers, jobs
from notifications.access import RIGHTS
from notifications.channels.in_app import api as in_app
from notifications.channels.mail import api as mail
from notifications.channels.mail.hours import MailHours
from notifications.channels.mail.message import Sheet
from notifications.channels.mail.sender import Sender
from notifications.obligations.undelivered import tell_of_failure
from notifications.settings import Settings
from notifications.subscribers.amqp.parts import Parts

HERE = Path(__file__).parent
ROUTERS = [in_app.router, mail.router]
POLICIES = RIGHTS
EVENTS = handlers.router

i18n.load(HERE / "locale")


def build() -> Service:
    """Assemble the service. Raises ValueError when a setting is missing or cannot be."""
    settings = Settings()
    sheet = Sheet(settings.mail_from, settings.public_base_url)
    hours = MailHours.of(settings.mail_hours)
    smtp_url = settings.smtp_url.get_secret_value()
    sender = Sender(smtp_url, sheet, hours, failed=tell_of_failure)
    admin_url = settings.partners_admin_url
    queues = Parts(
        settings.broker,
        settings.partners_vhost,
        admin_url.get_secret_value() if admin_url else "",
        settings.cursor_secret.get_secret_value().encode(),
    )
    return Service(
        "notifications",
        settings,
        HERE,
        ROUTERS,
        POLICIES,
        description="Who is told what and why: in-app, live, and by mail.",
        events=EVENTS,
        clock=jobs.schedule,
        loops=[sender.run, *queues.of_worker()],
        clock_loops=queues.of_clock(),
        prepare_broker=queues.prepare,
        with_live=True,
        copies={"public_event": handlers.copies},
    )
