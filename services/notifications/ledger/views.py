"""What a notification says: the same on the page, in the stream and in a mail.

What is counted (days left, days late, things in a digest) is counted here, when it is said.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Protocol, get_args
from uuid import UUID

from pydantic import Field

from chassis.bodies import ResponseBody
from chassis.clock import local_date
from chassis.i18n import Language, say
from notifications.calendar.moment import Moment
from notifications.ledger.models import DIGEST, Notification
from notifications.rules.deadline import deadline_words
from notifications.rules.digest import summary
from notifications.rules.model import Category, Severity, SubjectType
from notifications.rules.reasons import REASON_TEXT, Reason
from notifications.rules.table import dated


class NotificationText(ResponseBody):
    """One notification. `reason_text` says why the person gets it; `moot`: overtaken by events.

    `asks`: for an act. `must_acknowledge`: until `acknowledged_at` it stands on every page.
    Codes are plain text: a newer version of the service may have stored one we do not know.
    """

    id: UUID
    category: str = Field(examples=list(get_args(Category)))
    severity: Severity
    asks: bool
    must_acknowledge: bool
    acknowledged_at: datetime | None
    title: str
    body: str
    reason: str = Field(examples=list(Reason))
    reason_text: str
    subject_type: str = Field(examples=list(get_args(SubjectType)))
    subject_id: UUID | None
    created_at: datetime
    read_at: datetime | None
    moot: bool


class Outline(Protocol):
    """What is needed of a notification to count it."""

    @property
    def event_type(self) -> str: ...

    @property
    def category(self) -> str: ...

    @property
    def due_on(self) -> date | None: ...

    @property
    def read_at(self) -> datetime | None: ...

    @property
    def moot_at(self) -> datetime | None: ...


def worded(
    notification: Notification,
    at: Moment,
    language: Language = "vi",
    held: Sequence[Outline] = (),
) -> NotificationText:
    """Return what the notification says at a moment in a language. `held`: what a digest holds."""
    title, body = _said(notification, at, language, held)
    return NotificationText.model_validate(
        {
            **{name: getattr(notification, name) for name in _PLAIN},
            "title": title,
            "body": body,
            "reason_text": say(_REASON_TEXT.get(notification.reason, ""), language),
            "moot": notification.moot_at is not None,
        }
    )


def in_short(notifications: Sequence[Outline], at: Moment, language: Language = "vi") -> str:
    """Return how many of each kind wait; how many there are once none does any more."""
    waiting = [each for each in notifications if each.read_at is None and each.moot_at is None]
    kinds = (_kind(each, at) for each in waiting or notifications)
    return summary(kinds, partial(_say, language))


def _said(
    notification: Notification, at: Moment, language: Language, held: Sequence[Outline]
) -> tuple[str, str]:
    title, body, facts = notification.title, notification.body, notification.facts
    if notification.event_type == DIGEST:
        return in_short(held, at, language), say(body, language)
    if notification.due_on is not None and notification.event_type in _DATED:
        words = deadline_words(notification.due_on, _as_of(notification, at), at.calendar)
        title, body, facts = words.title, words.body, {**facts, **words.facts}
    return say(title, language, **facts), say(body, language, **facts)


def _as_of(notification: Outline, at: Moment) -> date:
    """Return the day to count from: today, or the day on which it became moot."""
    return local_date(notification.moot_at or at.now)


def _kind(notification: Outline, at: Moment) -> str:
    if notification.event_type not in _DATED or notification.due_on is None:
        return notification.category
    return "overdue" if notification.due_on < _as_of(notification, at) else "due_soon"


def _say(language: Language, template: str, **facts: object) -> str:
    return say(template, language, **facts)


_PLAIN = ("id", "category", "severity", "asks", "must_acknowledge", "acknowledged_at", "reason",
          "subject_type", "subject_id", "created_at", "read_at")  # fmt: skip
_REASON_TEXT: dict[str, str] = {reason.value: text for reason, text in REASON_TEXT.items()}
_DATED = frozenset(dated())
