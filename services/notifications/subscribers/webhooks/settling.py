"""What became of attempts, written down together; when people are told, when a receiver is left."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from random import random
from typing import Any
from uuid import UUID

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
    SELECT s.id, s.partner_id, s.name, s.failures_in_row, coalesce(t.told, 0) AS told, now() AS now
    FROM subscription s LEFT JOIN webhook_target t ON t.subscription_id = s.id
    WHERE s.id = ANY(CAST(:ids AS uuid[])) ORDER BY s.id FOR NO KEY UPDATE OF s
""")
_TOOK = text("""
    WITH forgotten AS (
      DELETE FROM webhook_target WHERE subscription_id = ANY(CAST(:ids AS uuid[]))
    ), hurried AS (
      UPDATE webhook_delivery SET next_attempt_at = now()
      WHERE subscription_id = ANY(CAST(:back AS uuid[])) AND state = 'pending' AND example IS NULL
    )
    UPDATE subscription SET failures_in_row = 0, last_sent_at = now()
    WHERE id = ANY(CAST(:ids AS uuid[]))
""")
_FORGET = text("DELETE FROM webhook_target WHERE subscription_id = :id")
_AFRESH = text("""
    UPDATE webhook_delivery SET state = 'pending', attempts = 0, next_attempt_at = now()
    WHERE subscription_id = :id AND example IS NULL
    AND (state = 'pending' OR id = ANY(CAST(:failed AS uuid[])))
""")
_REFUSED = text("""
    WITH given AS (
      SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:failures AS integer[]),
        CAST(:errors AS text[]), CAST(:untils AS timestamptz[]), CAST(:tolds AS integer[]))
        AS given (id, failures, error, until, told)
    ), held AS (
      INSERT INTO webhook_target (subscription_id, hold_until, told)
      SELECT id, until, told FROM given
      ON CONFLICT (subscription_id) DO UPDATE
      SET hold_until = excluded.hold_until, told = excluded.told
    )
    UPDATE subscription s SET failures_in_row = given.failures, last_error = given.error,
      last_error_at = now()
    FROM given WHERE s.id = given.id
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


@dataclass(frozen=True)
class _Refusal:
    """A receiver that did not take the last of what it was sent, and what follows from that."""

    row: Row[Any]
    failed: Sequence[Outcome]
    failures: int
    told: int

    @property
    def last(self) -> Answer:
        return self.failed[0].answer

    @property
    def percent(self) -> int | None:
        """Of what is allowed; None: nothing new to tell."""
        if self.last.gone:
            return ALARMS[-1]
        most = max(each.claim.attempts for each in self.failed)
        return alarm(most, self.failures, self.told)


async def settle(database: Database, outcomes: Sequence[Outcome]) -> None:
    """Write outcomes down in one transaction, in the order in which they came.

    As many statements for many receivers as for one, but for those of whom people are told.
    """
    counted: dict[UUID, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.claim.is_example:
            counted[outcome.claim.subscription_id].append(outcome)
    async with database.sessions.begin() as session:
        rows = (await session.execute(_STANDING, {"ids": sorted(counted)})).all()
        now = rows[0].now if rows else await database_now(session)
        await session.execute(_SETTLE, _columns(outcomes, now))
        await _note_taken(session, [row for row in rows if _took(counted[row.id])])
        refusals = [each for row in rows if (each := _refusal(row, counted[row.id]))]
        if refusals:
            await _note_refused(session, refusals, now)


def _took(outcomes: Sequence[Outcome]) -> bool:
    return any(each.answer.taken for each in outcomes)


async def _note_taken(session: AsyncSession, rows: Sequence[Row[Any]]) -> None:
    """A receiver that was away is back: what waited for it goes at once.

    After a single failure it does not: that event is perhaps one it never takes.
    """
    if rows:
        back = [row.id for row in rows if row.failures_in_row >= OUTAGE]
        await session.execute(_TOOK, {"ids": [row.id for row in rows], "back": back})


def _refusal(row: Row[Any], outcomes: Sequence[Outcome]) -> _Refusal | None:
    """Count one receiver's failures in a row; None: it took the last that it was sent."""
    failed = list(takewhile(lambda each: not each.answer.taken, reversed(outcomes)))
    gone = [each for each in outcomes if each.answer.gone]
    if not failed and not gone:
        return None
    before, told = (0, 0) if _took(outcomes) else (row.failures_in_row, row.told)
    return _Refusal(row, [*gone, *failed], before + len(failed), told)


async def _note_refused(session: AsyncSession, refusals: Sequence[_Refusal], now: datetime) -> None:
    """Leave receivers alone for a while; tell of those of whom there is something new to tell."""
    await session.execute(_REFUSED, {
        "ids": [each.row.id for each in refusals],
        "failures": [each.failures for each in refusals],
        "errors": [each.last.error for each in refusals],
        "untils": [now + hold(each.failures, each.last, now) for each in refusals],
        "tolds": [each.percent or each.told for each in refusals],
    })  # fmt: skip
    for each in refusals:
        if each.percent is not None:
            alert = Alert(
                each.row.id, each.row.partner_id, each.row.name, each.percent,
                each.last.error or "", gone=each.last.gone,
            )  # fmt: skip
            if alert.is_end:
                await _disable(session, alert, each.failed)
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
