"""Which mail is next, and what became of it. Each step is a transaction of its own.

A claim holds for a lease by the database's clock. Past it nobody knows whether the mail left: the
state says so (`unknown`), and it is sent again under the same Message-ID: rather twice than never.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from notifications.calendar.moment import Moment, moment
from notifications.channels.mail.hours import MailHours
from notifications.channels.mail.message import Mail, Sheet
from notifications.channels.mail.views import ADDRESSEE
from notifications.ledger.actions import PATIENCE
from notifications.ledger.models import Delivery, Notification
from notifications.ledger.views import in_short, worded

log = structlog.get_logger()
OUTCOMES = Counter(
    "mail_attempts_total", "Attempts to send a mail, by what became of it", ["state"]
)

Failed = Callable[[AsyncSession, UUID, str], Awaitable[None]]
LEASE = timedelta(minutes=2)  # twice the longest conversation with a mail server

# Outside of the hours only what holds something critical; the rest goes on gathering.
_NEXT = text("""
    SELECT id FROM delivery WHERE state IN ('queued', 'unknown') AND next_attempt_at <= now()
      AND (:open OR EXISTS (SELECT FROM notification n WHERE n.delivery_id = delivery.id
        AND n.severity = 'critical' AND n.moot_at IS NULL))
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
""")
_LOST = text("""
    UPDATE delivery SET state = 'unknown', uncertain = uncertain + 1, next_attempt_at = now(),
      lease_until = NULL, smtp_reply = 'the sender ended between sending and writing it down'
    WHERE id IN (SELECT id FROM delivery WHERE state = 'sending' AND lease_until < now()
      FOR UPDATE SKIP LOCKED) RETURNING id
""")
# Patience with the mail server begins with the first attempt, however long the mail waited.
_TAKE = text("""
    UPDATE delivery SET state = 'sending', attempts = attempts + 1,
      give_up_at = CASE attempts WHEN 0
        THEN now() + CAST(:patience AS interval) ELSE give_up_at END,
      lease_until = now() + CAST(:lease AS interval), message_id = coalesce(message_id, :message_id)
    WHERE id = :id RETURNING attempts, message_id
""")
_SETTLE = text("""
    UPDATE delivery SET state = :state, smtp_reply = :reply, lease_until = NULL,
      sent_at = CASE WHEN :state = 'sent' THEN now() END,
      uncertain = uncertain + CASE WHEN :state = 'unknown' THEN 1 ELSE 0 END,
      next_attempt_at = now() + CAST(:after AS interval)
    WHERE id = :id AND state = 'sending' AND attempts = :attempts RETURNING id
""")
_IN_TIME = text("SELECT now() + CAST(:after AS interval) < give_up_at FROM delivery WHERE id = :id")


@dataclass(frozen=True)
class Claim:
    """A mail that this sender has claimed.

    `attempts`, this one included, tells our claim from a later one.
    """

    delivery_id: UUID
    attempts: int
    mail: Mail


async def find_lost(database: Database) -> None:
    """Bring mails whose sender has gone back into the line, visibly."""
    async with database.sessions.begin() as session:
        for row in await session.execute(_LOST):
            OUTCOMES.labels("unknown").inc()
            log.warning("mail_uncertain", delivery_id=str(row.id))


async def next_claim(database: Database, sheet: Sheet, hours: MailHours) -> Claim | None:
    """Claim the next due mail; None when there is none. What is moot by now is dropped."""
    while True:
        async with database.sessions.begin() as session:
            at = await moment(session)
            is_open = hours.open_at(at.now, at.calendar)
            id_: UUID | None = await session.scalar(_NEXT, {"open": is_open})
            if id_ is None:
                return None
            claim = await _claimed(session, id_, sheet, at)
        if claim is not None:
            return claim


async def _claimed(session: AsyncSession, id_: UUID, sheet: Sheet, at: Moment) -> Claim | None:
    delivery = (await session.scalars(select(Delivery).where(Delivery.id == id_))).one()
    waiting = select(Notification).where(
        Notification.delivery_id == id_, Notification.moot_at.is_(None)
    )
    order = (Notification.asks.desc(), Notification.created_at, Notification.id)
    items = (await session.scalars(waiting.order_by(*order))).all()
    to = (
        await session.execute(
            select(ADDRESSEE).where(ADDRESSEE.c.id == delivery.person_id, ADDRESSEE.c.active)
        )
    ).first()
    if not items or to is None:
        delivery.state = "dropped"
        OUTCOMES.labels("dropped").inc()
        return None
    facts = {"id": id_, "lease": LEASE, "patience": PATIENCE, "message_id": sheet.message_id(id_)}
    taken = (await session.execute(_TAKE, facts)).one()
    texts = [worded(item, at) for item in items]
    subject = texts[0].title if len(texts) == 1 else in_short(items, at)
    inside = to.of is None
    mail = Mail(taken.message_id, to.name, to.email, at.now, subject, texts, inside=inside)
    return Claim(id_, taken.attempts, mail)


async def settle(
    database: Database,
    claim: Claim,
    state: str,
    reply: str,
    *,
    after: timedelta = timedelta(0),
    failed: Failed | None = None,
) -> None:
    """Write down what became of a claim; a later claim of the same mail is left alone.

    `queued` and `unknown` are tried again after `after`, or have failed once patience ends.
    `failed`: who hears of that, in the same transaction.
    """
    async with database.sessions.begin() as session:
        if state in {"queued", "unknown"}:
            span = {"id": claim.delivery_id, "after": after}
            state = state if await session.scalar(_IN_TIME, span) else "failed"
        settled = await session.scalar(
            _SETTLE,
            {"id": claim.delivery_id, "state": state, "reply": reply[:500], "after": after,
             "attempts": claim.attempts},
        )  # fmt: skip
        if settled is None:
            log.warning("mail_claimed_by_another", state=state, delivery_id=str(claim.delivery_id))
            return
        if state == "failed" and failed is not None:
            await failed(session, claim.delivery_id, reply)
    OUTCOMES.labels(state).inc()
    say = log.info if state == "sent" else log.warning
    say("mail", state=state, delivery_id=str(claim.delivery_id), attempts=claim.attempts,
        notifications=len(claim.mail.items))  # fmt: skip
