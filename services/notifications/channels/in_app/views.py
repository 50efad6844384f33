"""A notification as its person sees it, and what they may do with it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.access import Actor
from chassis.bodies import ResponseBody
from chassis.i18n import Language
from notifications.access import RIGHTS
from notifications.calendar.moment import Moment
from notifications.ledger.models import Notification
from notifications.ledger.views import NotificationText, worded
from notifications.rules.model import Severity


class HeldView(ResponseBody):
    """One thing that a digest holds."""

    id: UUID
    category: str
    severity: Severity
    asks: bool
    title: str
    reason_text: str
    subject_type: str
    subject_id: UUID | None
    read_at: datetime | None
    moot: bool


class NotificationView(NotificationText):
    """One of one's own notifications.

    `allowed`: `mark` while it is neither read nor moot, `acknowledge` while it must be.
    `items`: what a digest holds, what still waits first; reading the digest reads them all.
    """

    items: list[HeldView]
    allowed: list[str]


class UnreadCount(ResponseBody):
    """How many are neither read nor overtaken; a digest is one."""

    unread: int


class Presenter:
    """Presents notifications to their person at one moment in one language."""

    def __init__(self, at: Moment, actor: Actor, language: Language) -> None:
        """Take the moment at which days are counted."""
        self.at, self.actor, self.language = at, actor, language

    def view(
        self, notification: Notification, held: Sequence[Notification] = ()
    ) -> NotificationView:
        """Return the notification, with what its person may do now."""
        waiting = notification.read_at is None and notification.moot_at is None
        acts = ["mark"] if waiting else []
        if notification.must_acknowledge and notification.acknowledged_at is None:
            acts.append("acknowledge")
        text = worded(notification, self.at, self.language, held)
        items = [worded(each, self.at, self.language) for each in held]
        return NotificationView(
            **text.model_dump(),
            items=[HeldView.model_validate(item) for item in items],
            allowed=RIGHTS.allowed(self.actor, "notification", acts),
        )
