"""What a notification says: the same on the page, in the stream and in a mail."""

from datetime import datetime
from typing import get_args
from uuid import UUID

from pydantic import Field

from chassis.bodies import ResponseBody
from chassis.i18n import Language, say
from notifications.ledger.models import Notification
from notifications.rules.model import Category, Severity, SubjectType
from notifications.rules.reasons import REASON_TEXT, Reason


class NotificationText(ResponseBody):
    """One notification. `reason_text` says why the person gets it; `moot`: overtaken by events.

    Codes are plain text: a newer version of the service may have stored one we do not know.
    """

    id: UUID
    category: str = Field(examples=list(get_args(Category)))
    severity: Severity
    title: str
    body: str
    reason: str = Field(examples=list(Reason))
    reason_text: str
    subject_type: str = Field(examples=list(get_args(SubjectType)))
    subject_id: UUID | None
    created_at: datetime
    read_at: datetime | None
    moot: bool


def worded(notification: Notification, language: Language = "vi") -> NotificationText:
    """Return what the notification says in a language."""
    return NotificationText.model_validate(
        {
            **{name: getattr(notification, name) for name in _PLAIN},
            "title": say(notification.title, language, **notification.facts),
            "body": say(notification.body, language, **notification.facts),
            "reason_text": say(_REASON_TEXT.get(notification.reason, ""), language),
            "moot": notification.moot_at is not None,
        }
    )


_PLAIN = ("id", "category", "severity", "reason", "subject_type", "subject_id", "created_at",
          "read_at")  # fmt: skip
_REASON_TEXT: dict[str, str] = {reason.value: text for reason, text in REASON_TEXT.items()}
