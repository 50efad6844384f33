"""What became of attempts, written down together; when people are told, when a receiver is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from random import random
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.database import Database
from notifications.subscribers.webhooks.alerts import Alert, tell
from notifications.subscribers.webhooks.claims import Claim
from notifications.subscribers.webhooks.retrying import ALARMS, Answer, alarm, hold, next_wait

OUTAGE = 5
"""Failures in a row behind which a receiver that is back gets at once what waited for it."""

_SETTLE = text("""
    UPDATE webhook_delivery d SET state = given.state, lease_until = NULL, status = given.status,
      error = given.error, milliseconds = given.milliseconds,
      delivered_at = CASE given.state WHEN 'delivered' THEN now() END,
      next_attempt_at = coalesce(given.next, d.next_attempt_at)
    FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS integer[]), CAST(:states AS text[]),
      CAST(:statuses AS integer[]), CAST(:errors AS text[]), CAST(:milliseconds AS integer[]),
      CAST(:nexts AS timestamptz[]))
      AS given (id, attempts, state, status, error, milliseconds, next)
    WHERE d.id = given.id AND d.state = 'sending' AND d.attempts = given.attempts
""")
_STANDING = text("""
    SELECT s.id, s.partner_id, s.name, s.failures_in_row, coalesce(t.told, 0) AS told
    FROM subscription s LEFT JOIN webhook_target t ON t.subscription_id = s.id
    WHERE s.id = ANY(CAST(:ids AS uuid[])) ORDER BY s.id FOR NO KEY UPDATE OF s
""")
_TOOK = text("UPDATE subscription SET failures_in_row = 0, last_sent_at = now() WHERE id = :id")
_FORGET = text("DELETE FROM webhook_target WHERE subscription_id = :id")
_AT_ONCE = text("""
    UPDATE webhook_delivery SET next_attempt_at = now()
    WHERE subscription_id = :id AND state = 'pending' AND example IS NULL
""")
_AFRESH = text("""
    UPDATE webhook_delivery SET state = 'pending', attempts = 0, next_attempt_at = now()
    WHERE subscription_id = :id AND example IS NULL
    AND (state = 'pending' OR id = ANY(CAST(:failed AS uuid[])))
""")
_FAILED = text("""
    UPDATE subscription SET failures_in_row = :failures, last_error = :error, last_error_at = now()
    WHERE id = :id
""")
_HOLD = text("""
    INSERT INTO webhook_target (subscription_id, hold_until, told) VALUES (:id, :until, :told)
    ON CONFLICT (subscription_id) DO UPDATE SET hold_until = :until, told = :told
""")
_DISABLE = text("""
    UPDATE subscription SET state = 'disabled', state_reason = :reason, version = version + 1
    WHERE id = :id AND state = 'active'
""")


@dataclass(frozen=True)
class Outcome:
    """One attempt and what came of it."""

    claim: Claim
    answer: Answer


async def settle(database: Database, outcomes: Sequence[Outcome]) -> None:
    """Write outcomes down in one transaction, in the order in which they came."""
    async with database.sessions.begin() as session:
        now = await database_now(session)
        counted = [each for each in outcomes if not each.claim.is_example]
        ids = sorted({each.claim.subscription_id for each in counted})
        standing = {row.id: row for row in await session.execute(_STANDING, {"ids": ids})}
        await session.execute(_SETTLE, _columns(outcomes, now))
        for id_, row in standing.items():
            own = [each for each in counted if each.claim.subscription_id == id_]
            await _judge(session, row, own, now)


async def _judge(
    session: AsyncSession, row: Row[Any], outcomes: Sequence[Outcome], now: datetime
) -> None:
    """Count one receiver's failures in a row, and do what their number asks for."""
    failed = list(takewhile(lambda each: not each.answer.taken, reversed(outcomes)))
    gone = [each for each in outcomes if each.answer.gone]
    before, told = row.failures_in_row, row.told
    if len(failed) < len(outcomes):
        await _took(session, row)
        before, told = 0, 0
    if failed or gone:
        await _refused(session, row, [*gone, *failed], before + len(failed), told, now)


async def _took(session: AsyncSession, row: Row[Any]) -> None:
    """A receiver that was away is back: what waited for it goes at once.

    After a single failure it does not: that event is perhaps one it never takes.
    """
    await session.execute(_TOOK, {"id": row.id})
    await session.execute(_FORGET, {"id": row.id})
    if row.failures_in_row >= OUTAGE:
        await session.execute(_AT_ONCE, {"id": row.id})


async def _refused(
    session: AsyncSession,
    row: Row[Any],
    failed: Sequence[Outcome],
    failures: int,
    told: int,
    now: datetime,
) -> None:
    last, gone = failed[0].answer, failed[0].answer.gone
    facts = {"id": row.id, "failures": failures, "error": last.error}
    await session.execute(_FAILED, facts)
    most = max(each.claim.attempts for each in failed)
    percent = ALARMS[-1] if gone else alarm(most, failures, told)
    until = now + hold(failures, last, now)
    await session.execute(_HOLD, {"id": row.id, "until": until, "told": percent or told})
    if percent is not None:
        alert = Alert(row.id, row.partner_id, row.name, percent, last.error or "", gone=gone)
        if percent == ALARMS[-1]:
            await _disable(session, alert, failed)
        await tell(session, alert, now)


async def _disable(session: AsyncSession, alert: Alert, failed: Sequence[Outcome]) -> None:
    """Send nothing more until somebody resumes it; everything waits, with its attempts afresh."""
    id_ = alert.subscription_id
    await session.execute(_DISABLE, {"id": id_, "reason": alert.reason})
    await session.execute(_AFRESH, {"id": id_, "failed": [each.claim.id for each in failed]})
    await session.execute(_FORGET, {"id": id_})


def _columns(outcomes: Sequence[Outcome], now: datetime) -> dict[str, Any]:
    settled = [_settled(each, now) for each in outcomes]
    return {
        "ids": [each.claim.id for each in outcomes],
        "attempts": [each.claim.attempts for each in outcomes],
        "states": [state for state, _ in settled],
        "statuses": [each.answer.status for each in outcomes],
        "errors": [each.answer.error for each in outcomes],
        "milliseconds": [each.answer.milliseconds for each in outcomes],
        "nexts": [next_ for _, next_ in settled],
    }


def _settled(outcome: Outcome, now: datetime) -> tuple[str, datetime | None]:
    """Return the state of a delivery, and when it is tried again."""
    claim, answer = outcome.claim, outcome.answer
    if answer.taken:
        return "delivered", None
    if claim.is_example or claim.body is None:
        return "failed", None
    wait = next_wait(claim.attempts, answer, now, luck=random())  # noqa: S311 - only spreads
    return ("failed", None) if wait is None else ("pending", now + wait)
