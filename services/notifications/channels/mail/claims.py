"""Which mail is next, and what became of it. Each step is a transaction of its own.

A claim holds for a lease by the database's clock. Past it nobody knows whether the mail left: the
state says so (`unknown`), and it is sent again under the same Message-ID: rather twice than never.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.directory import person
from notifications.channels.mail.message import Mail, Sheet
from notifications.ledger.models import Delivery, Notification
from notifications.ledger.views import worded

log = structlog.get_logger()
OUTCOMES = Counter(
    "mail_attempts_total", "Attempts to send a mail, by what became of it", ["state"]
)

LEASE = timedelta(minutes=2)  # twice the longest conversation with a mail server

_NEXT = text("""
    SELECT id FROM delivery WHERE state IN ('queued', 'unknown') AND next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
""")
_LOST = text("""
    UPDATE delivery SET state = 'unknown', uncertain = uncertain + 1, next_attempt_at = now(),
      lease_until = NULL, smtp_reply = 'the sender ended between sending and writing it down'
    WHERE id IN (SELECT id FROM delivery WHERE state = 'sending' AND lease_until < now()
      FOR UPDATE SKIP LOCKED) RETURNING id
""")
_TAKE = text("""
    UPDATE delivery SET state = 'sending', attempts = attempts + 1,
      lease_until = now() + CAST(:lease AS interval), message_id = coalesce(message_id, :message_id)
    WHERE id = :id RETURNING attempts, message_id
""")
_SETTLE = text("""
    UPDATE delivery SET state = :state, smtp_reply = :reply, lease_until = NULL,
      sent_at = CASE WHEN :state = 'sent' THEN now() END,
      uncertain = uncertain + CASE WHEN :state = 'unknown' THEN 1 ELSE 0 END,
      next_attempt_at = now() + CAST(:after AS interval)
    WHERE id = :id AND state = 'sending' AND attempts = :attempts
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


async def next_claim(database: Database, sheet: Sheet) -> Claim | None:
    """Claim the next due mail; None when there is none. What is moot by now is dropped."""
    while True:
        async with database.sessions.begin() as session:
            id_: UUID | None = await session.scalar(_NEXT)
            if id_ is None:
                return None
            claim = await _claimed(session, id_, sheet)
        if claim is not None:
            return claim


async def _claimed(session: AsyncSession, id_: UUID, sheet: Sheet) -> Claim | None:
    delivery = (await session.scalars(select(Delivery).where(Delivery.id == id_))).one()
    items = await session.scalars(
        select(Notification)
        .where(Notification.delivery_id == id_, Notification.moot_at.is_(None))
        .order_by(Notification.created_at, Notification.id)
    )
    texts = [worded(item) for item in items]
    to = (
        await session.execute(
            select(person.c.name, person.c.email).where(
                person.c.id == delivery.person_id, person.c.active
            )
        )
    ).first()
    if not texts or to is None:
        delivery.state = "dropped"
        OUTCOMES.labels("dropped").inc()
        return None
    facts = {"id": id_, "lease": LEASE, "message_id": sheet.message_id(id_)}
    taken = (await session.execute(_TAKE, facts)).one()
    mail = Mail(taken.message_id, to.name, to.email, delivery.created_at, texts)
    return Claim(id_, taken.attempts, mail)


async def settle(
    database: Database, claim: Claim, state: str, reply: str, after: timedelta = timedelta(0)
) -> None:
    """Write down what became of a claim; a later claim of the same mail is left alone.

    `queued` and `unknown` are tried again after `after`, or have failed once patience ends.
    """
    async with database.sessions.begin() as session:
        if state in {"queued", "unknown"}:
            span = {"id": claim.delivery_id, "after": after}
            state = state if await session.scalar(_IN_TIME, span) else "failed"
        await session.execute(
            _SETTLE,
            {"id": claim.delivery_id, "state": state, "reply": reply[:500], "after": after,
             "attempts": claim.attempts},
        )  # fmt: skip
    OUTCOMES.labels(state).inc()
    say = log.info if state == "sent" else log.warning
    say("mail", state=state, delivery_id=str(claim.delivery_id), attempts=claim.attempts,
        notifications=len(claim.mail.items))  # fmt: skip
