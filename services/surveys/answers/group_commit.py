"""Group commit: the one place besides the doors that owns a transaction.

Ballots queue in the process; whatever queued while the last group was being stored is stored next,
by one statement, which is a transaction of its own. It takes a round for what it was when last
looked at, and takes no ballot when that, the hour or a ticket is no longer so; what it leaves is
looked into in a transaction of several steps. Nothing is acknowledged before its COMMIT, and each
ballot gets its own outcome.

Every transaction locks in the same order (rounds, tickets, responses, counters; each sorted), so
that processes do not deadlock. Closing a round takes its row FOR UPDATE and therefore waits for
the groups under way; every later group sees it closed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import randbelow
from time import monotonic
from typing import Any, Literal, Self
from uuid import UUID, uuid4

from pydantic_core import to_json
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import failpoints
from chassis.clock import local_date
from chassis.database import Database
from chassis.errors import Unavailable
from chassis.messaging import outbox
from contracts.surveys import ResponseSubmitted
from surveys.answers import identity
from surveys.answers.ballot import Ballot, Content
from surveys.answers.coalescer import Coalescer
from surveys.answers.models import NO_UNIT
from surveys.rounds.domain import Refusal, Round

MOST = 200  # ballots in one transaction: about 50 ms of work, and what a crash may leave unanswered
REST = 0.005  # seconds between two transactions: one costs as much as ten ballots
SLOTS = 16  # counter rows per cell: two processes seldom share one
BACKLOG_EVERY = 5.0  # seconds between two looks at the outbox

Outcome = Literal["accepted", "ticket_used", "response_id_taken"] | Refusal

_ROUNDS = text("""
    SELECT id, status, opens_on, closes_on, now() AS now FROM survey_round
    WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR SHARE
""")
# What speaks against a ballot keeps its row out of `given`: its round is not as it was last seen,
# the hour is over, its ticket is gone. `given` is sorted, so every lock is there before a row is.
_STORE = text(f"""
    WITH welcoming AS MATERIALIZED (
      SELECT id FROM survey_round WHERE (id, status, opens_on, closes_on) IN (
        SELECT * FROM unnest(CAST(:seen_ids AS uuid[]), CAST(:seen_statuses AS text[]),
          CAST(:seen_opens_on AS date[]), CAST(:seen_closes_on AS date[])))
      AND date_trunc('hour', now(), 'UTC') = CAST(:hour AS timestamptz)
      ORDER BY id FOR SHARE
    ), spendable AS MATERIALIZED (
      SELECT key FROM ticket WHERE key = ANY(CAST(:tickets AS text[]))
      AND round_id IN (SELECT id FROM welcoming) ORDER BY key FOR UPDATE
    ), given AS (
      SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:rounds AS uuid[]), CAST(:units AS uuid[]),
        CAST(:channels AS text[]), CAST(:lanes AS text[]), CAST(:reasons AS text[]),
        CAST(:answers AS text[]), CAST(:choices AS text[]), CAST(:tickets AS text[]))
        AS g(id, round_id, unit_id, channel, lane, reason, answers, choices, ticket)
      WHERE round_id IN (SELECT id FROM welcoming)
      AND (ticket IS NULL OR ticket IN (SELECT key FROM spendable))
    ), stored AS (
      INSERT INTO response (response_id, round_id, unit_id, channel, lane, hour, state, reason,
        answers, choices)
      SELECT id, round_id, unit_id, channel, lane, CAST(:hour AS timestamptz),
        CASE WHEN reason IS NULL THEN 'counted' ELSE 'excluded' END, reason,
        CAST(answers AS jsonb), CAST(choices AS jsonb)
      FROM given ORDER BY id
      ON CONFLICT DO NOTHING RETURNING response_id, round_id, unit_id, lane, state
    ), spent AS (
      DELETE FROM ticket USING given JOIN stored ON stored.response_id = given.id
      WHERE ticket.key = given.ticket
    ), counted AS (
      INSERT INTO answer_count AS c (round_id, unit_id, lane, slot, counted, held, excluded)
      SELECT round_id, coalesce(unit_id, CAST(:no_unit AS uuid)), lane, CAST(:slot AS smallint),
        count(*) FILTER (WHERE state = 'counted'), count(*) FILTER (WHERE state = 'held'),
        count(*) FILTER (WHERE state = 'excluded')
      FROM stored GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (round_id, unit_id, lane, slot) DO UPDATE SET
        counted = c.counted + excluded.counted, held = c.held + excluded.held,
        excluded = c.excluded + excluded.excluded
    ), apart AS (
      INSERT INTO remark (id, round_id, unit_id, hour, question, text)
      SELECT id, round_id, unit_id, CAST(:hour AS timestamptz), question, words
      FROM unnest(CAST(:remark_ids AS uuid[]), CAST(:remark_responses AS uuid[]),
        CAST(:remark_questions AS text[]), CAST(:remark_texts AS text[]))
        AS r(id, response_id, question, words)
      JOIN stored USING (response_id) ORDER BY id
    ), said AS (
      SELECT event.* FROM {outbox.EVENTS}
      JOIN stored ON stored.response_id = event.subject AND stored.state = 'counted'
    ), {outbox.INSERT}
    SELECT array_agg(response_id) AS ids, {outbox.NOTIFY} FROM stored
""")  # noqa: S608 - our own steps
_KNOWN = text("""
    SELECT response_id, round_id, unit_id, channel, lane, answers, choices FROM response
    WHERE response_id = ANY(CAST(:ids AS uuid[]))
""").columns(answers=JSONB, choices=JSONB)
_BACKLOG = text("SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM outbox")  # two looks at its index


@dataclass(frozen=True)
class Seen:
    """Rounds that took answers when somebody last looked, as they were, and the hour of that."""

    hour: datetime
    rounds: Mapping[UUID, Round]

    def after(
        self, now: datetime, found: Mapping[UUID, Round], welcoming: Collection[UUID]
    ) -> Self:
        """Return what is known after a look at some rounds; another hour's looks are forgotten."""
        hour = identity.event_time(now)
        others = {
            id_: r for id_, r in self.rounds.items() if hour == self.hour and id_ not in found
        }
        return type(self)(hour, {**others, **{id_: found[id_] for id_ in welcoming}})


class GroupCommit:
    """Stores the ballots of one process."""

    def __init__(self, database: Database, most_unsent: int) -> None:
        """Store into a database. `most_unsent`: events waiting for the broker before it is 503."""
        self._database, self._most_unsent = database, most_unsent
        self._ballots: Coalescer[Ballot, Outcome] = Coalescer(self._commit, MOST, REST)
        self._slot = randbelow(SLOTS)
        self._seen = Seen(datetime.min.replace(tzinfo=UTC), {})
        self._unsent, self._looked = 0, float("-inf")

    async def submit(self, ballot: Ballot) -> Outcome:
        """Return once the ballot is committed, or why it is not taken.

        A ballot that is already stored is accepted again without any effect; another one under
        its response id is not. Raises Unavailable past the outbox's bound, else the database's
        error: nothing is known then, and the same ballot may be sent again.
        """
        return await self._ballots.ask(ballot)

    async def has(self, response_id: UUID) -> bool:
        """Tell whether a ballot is stored under this id, the same or another one."""
        async with self._database.at_once.connect() as connection:
            return bool(await _known(connection, [response_id]))

    async def _commit(self, group: Sequence[Ballot]) -> Sequence[Outcome]:
        """Store what nothing speaks against by one statement; look into what it left, if any."""
        async with self._database.at_once.connect() as connection:
            await self._refuse_past_bound(connection)
            failpoints.hit("api.before_commit")
            stored = await _store(connection, group, self._seen, self._slot)
            failpoints.hit("api.after_commit")
        left = [ballot for ballot in group if not _is_in(stored, ballot)]
        outcomes = iter(await self._look_into(left) if left else [])
        return ["accepted" if _is_in(stored, b) else next(outcomes) for b in group]

    async def _look_into(self, group: Sequence[Ballot]) -> list[Outcome]:
        """Look at the rounds, store what may be stored after all; return an outcome for each."""
        async with self._database.engine.begin() as connection:
            now, found = await _hold(connection, {ballot.round_id for ballot in group})
            refusals = {id_: round_.accepts(local_date(now)) for id_, round_ in found.items()}
            welcoming = [id_ for id_, refusal in refusals.items() if refusal is None]
            self._seen = self._seen.after(now, found, welcoming)
            stored = await _store(connection, group, self._seen, self._slot)
            left = {b.response_id for b in group} - stored.keys()
            stored |= await _known(connection, left)
            failpoints.hit("api.before_commit")
        failpoints.hit("api.after_commit")
        return [_outcome(ballot, stored, refusals[ballot.round_id]) for ballot in group]

    async def _refuse_past_bound(self, connection: AsyncConnection) -> None:
        if monotonic() - self._looked > BACKLOG_EVERY:
            self._unsent = (await connection.execute(_BACKLOG)).scalar_one()
            self._looked = monotonic()
        if self._unsent > self._most_unsent:
            raise Unavailable(retry_after=60)


async def _hold(
    connection: AsyncConnection, ids: Collection[UUID]
) -> tuple[datetime, dict[UUID, Round]]:
    """Return now and some rounds, which stay as they are until the commit."""
    rows = (await connection.execute(_ROUNDS, {"ids": sorted(ids)})).all()
    return rows[0].now, {row.id: Round.model_validate(row) for row in rows}


async def _store(
    connection: AsyncConnection, group: Sequence[Ballot], seen: Seen, slot: int
) -> dict[UUID, Content]:
    """Store the ballots nothing speaks against, with events; return by id what is new."""
    ballots = _distinct([ballot for ballot in group if ballot.round_id in seen.rounds])
    if not ballots:
        return {}
    given = {
        **_as_seen({ballot.round_id: seen.rounds[ballot.round_id] for ballot in ballots}),
        "hour": seen.hour,
        "slot": slot,
        "no_unit": NO_UNIT,
        **_columns(ballots),
        **_remarks(ballots),
        **_events(ballots, seen.hour),
    }
    new = set((await connection.execute(_STORE, given)).one().ids or ())
    return {b.response_id: b.content for b in ballots if b.response_id in new}


def _distinct(group: Sequence[Ballot]) -> list[Ballot]:
    """Leave out copies, and of the ballots that spend one ticket all but the first."""
    first = {ballot.response_id: ballot for ballot in reversed(group)}
    return list({b.ticket or b.response_id: b for b in first.values()}.values())


def _as_seen(rounds: Mapping[UUID, Round]) -> dict[str, Any]:
    return {
        "seen_ids": list(rounds),
        "seen_statuses": [r.status for r in rounds.values()],
        "seen_opens_on": [r.opens_on for r in rounds.values()],
        "seen_closes_on": [r.closes_on for r in rounds.values()],
    }


def _columns(ballots: Sequence[Ballot]) -> dict[str, Any]:
    return {
        "ids": [b.response_id for b in ballots],
        "rounds": [b.round_id for b in ballots],
        "units": [b.unit_id for b in ballots],
        "channels": [b.channel for b in ballots],
        "lanes": [b.lane for b in ballots],
        "reasons": ["invalid_ballot" if b.answers.invalid_ballot else None for b in ballots],
        "answers": [to_json(b.answers.scaled).decode() for b in ballots],
        "choices": [to_json(b.answers.choices).decode() for b in ballots],
        "tickets": [b.ticket for b in ballots],
    }


def _remarks(ballots: Sequence[Ballot]) -> dict[str, Any]:
    """Return the free texts, which are written apart from the ballots they came with."""
    remarks = [(b.response_id, *item) for b in ballots for item in b.answers.texts.items()]
    return {
        "remark_ids": [uuid4() for _ in remarks],
        "remark_responses": [response_id for response_id, _, _ in remarks],
        "remark_questions": [question for _, question, _ in remarks],
        "remark_texts": [words for _, _, words in remarks],
    }


def _events(ballots: Sequence[Ballot], hour: datetime) -> dict[str, Any]:
    ids = [identity.event_id(ballot.response_id, identity.ENTERED) for ballot in ballots]
    return outbox.columns([_event(ballot) for ballot in ballots], now=hour, event_ids=ids)


def _event(ballot: Ballot) -> ResponseSubmitted:
    """Return the event of a ballot without checking it again: a tenth of what storing it costs."""
    return ResponseSubmitted.model_construct(
        response_id=ballot.response_id,
        round_id=ballot.round_id,
        unit_id=ballot.unit_id,
        channel=ballot.channel,
        lane=ballot.lane,
        answers=ballot.answers.scaled,
        choices=ballot.answers.choices,
    )


async def _known(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Content]:
    if not ids:
        return {}
    rows = (await connection.execute(_KNOWN, {"ids": sorted(ids)})).all()
    return {id_: (*content,) for id_, *content in rows}


def _is_in(stored: Mapping[UUID, Content], ballot: Ballot) -> bool:
    return stored.get(ballot.response_id) == ballot.content


def _outcome(ballot: Ballot, stored: Mapping[UUID, Content], refusal: Refusal | None) -> Outcome:
    """Say what became of a ballot of which everything under its id is known."""
    if _is_in(stored, ballot):
        return "accepted"
    return "response_id_taken" if ballot.response_id in stored else refusal or "ticket_used"
