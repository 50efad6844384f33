"""A notification as its person sees it, and what they may do with it."""

from chassis.access import Actor
from chassis.bodies import ResponseBody
from chassis.i18n import Language
from notifications.access import RIGHTS
from notifications.ledger.models import Notification
from notifications.ledger.views import NotificationText, worded


class NotificationView(NotificationText):
    """One of one's own notifications. `allowed`: `mark` while it is neither read nor moot."""

    allowed: list[str]


class UnreadCount(ResponseBody):
    """How many are neither read nor overtaken."""

    unread: int


def presented(notification: Notification, actor: Actor, language: Language) -> NotificationView:
    """Return the notification in a language, with what its person may do now."""
    waiting = notification.read_at is None and notification.moot_at is None
    return NotificationView(
        **worded(notification, language).model_dump(),
        allowed=RIGHTS.allowed(actor, "notification", ["mark"] if waiting else []),
    )
