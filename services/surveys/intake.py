"""Group commit: the one place besides the doors that owns a transaction.

Ballots queue in the process; whatever queued while the last group was being stored is stored next,
in one transaction and a handful of statements. Nothing is acknowledged before its COMMIT, and each
ballot gets its own outcome.

Every transaction locks in the same order (rounds, tickets, responses, counters; each sorted), so
that processes do not deadlock. Closing a round takes its row FOR UPDATE and therefore waits for
the groups under way; every later group sees it closed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import randbelow
from time import monotonic
from typing import Any, Literal
from uuid import UUID, uuid4

from pydantic_core import to_json
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import failpoints, outbox
from chassis.clock import local_date
from chassis.database import Database
from chassis.errors import Unavailable
from contracts.surveys import ResponseSubmitted
from surveys.domain import tickets
from surveys.domain.answers import Answers
from surveys.domain.rounds import Refusal, Round
from surveys.grouping import Grouped
from surveys.models import NO_UNIT

MOST = 200  # ballots in one transaction: about 50 ms of work, and what a crash may leave unanswered
REST = 0.005  # seconds between two transactions: one costs as much as ten ballots
SLOTS = 16  # counter rows per cell: two processes seldom share one
BACKLOG_EVERY = 5.0  # seconds between two looks at the outbox

Outcome = Literal["accepted", "ticket_used"] | Refusal

_ROUNDS = text("""
    SELECT id, status, opens_on, closes_on, now() AS now FROM survey_round
    WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR SHARE
""")
_TICKETS = text("""
    SELECT key FROM ticket WHERE key = ANY(CAST(:keys AS text[])) ORDER BY key FOR UPDATE
""")
_STORE = text("""
    WITH given AS (
      SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:rounds AS uuid[]), CAST(:units AS uuid[]),
        CAST(:channels AS text[]), CAST(:lanes AS text[]), CAST(:reasons AS text[]),
        CAST(:answers AS text[]), CAST(:choices AS text[]), CAST(:tickets AS text[]))
        AS g(id, round_id, unit_id, channel, lane, reason, answers, choices, ticket)
    ), stored AS (
      INSERT INTO response (response_id, round_id, unit_id, channel, lane, hour, state, reason,
        answers, choices)
      SELECT id, round_id, unit_id, channel, lane, CAST(:hour AS timestamptz),
        CASE WHEN reason IS NULL THEN 'counted' ELSE 'excluded' END, reason,
        CAST(answers AS jsonb), CAST(choices AS jsonb)
      FROM given ORDER BY id
      ON CONFLICT DO NOTHING RETURNING response_id, round_id, unit_id, state
    ), spent AS (
      DELETE FROM ticket USING given JOIN stored ON stored.response_id = given.id
      WHERE ticket.key = given.ticket
    ), counted AS (
      INSERT INTO answer_count AS c (round_id, unit_id, slot, counted, held, excluded)
      SELECT round_id, coalesce(unit_id, CAST(:no_unit AS uuid)), CAST(:slot AS smallint),
        count(*) FILTER (WHERE state = 'counted'), count(*) FILTER (WHERE state = 'held'),
        count(*) FILTER (WHERE state = 'excluded')
      FROM stored GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (round_id, unit_id, slot) DO UPDATE SET counted = c.counted + excluded.counted,
        held = c.held + excluded.held, excluded = c.excluded + excluded.excluded
    )
    SELECT response_id FROM stored
""")
_REMARKS = text("""
    INSERT INTO remark (id, round_id, unit_id, hour, question, text)
    SELECT id, round_id, unit_id, CAST(:hour AS timestamptz), question, words
    FROM unnest(CAST(:ids AS uuid[]), CAST(:rounds AS uuid[]), CAST(:units AS uuid[]),
      CAST(:questions AS text[]), CAST(:texts AS text[]))
      AS g(id, round_id, unit_id, question, words)
    ORDER BY id
""")
_KNOWN = text("SELECT response_id FROM response WHERE response_id = ANY(CAST(:ids AS uuid[]))")
_BACKLOG = text("SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM outbox")  # two looks at its index


@dataclass(frozen=True)
class Ballot:
    """A checked ballot on its way in. `ticket`: key of the ticket to spend, None for a link."""

    response_id: UUID
    round_id: UUID
    unit_id: UUID | None
    channel: str
    ticket: str | None
    answers: Answers

    @property
    def lane(self) -> Literal["ticket", "open"]:
        """How the respondent came in."""
        return "ticket" if self.ticket else "open"


class Intake:
    """Stores ballots of one process."""

    def __init__(self, database: Database, most_unsent: int) -> None:
        """Start idle. `most_unsent`: events waiting for the broker past which ballots wait too."""
        self._database, self._most_unsent = database, most_unsent
        self._group: Grouped[Ballot, Outcome] = Grouped(self._commit, MOST, REST)
        self._slot = randbelow(SLOTS)
        self._unsent, self._looked = 0, float("-inf")

    async def submit(self, ballot: Ballot) -> Outcome:
        """Return once the ballot is committed, or why it is not taken.

        A response id that is already stored is accepted again without any effect. Raises
        Unavailable past the outbox's bound, else the database's error: nothing is known then, and
        the same ballot may be sent again.
        """
        return await self._group.ask(ballot)

    async def has(self, response_id: UUID) -> bool:
        """Whether the response is stored."""
        async with self._database.sessions() as session:
            return bool(await _known(session, [response_id]))

    async def _commit(self, group: Sequence[Ballot]) -> Sequence[Outcome]:
        async with self._database.sessions() as session:
            await self._refuse_past_bound(session)
            outcomes = await _store(session, group, self._slot)
            failpoints.hit("api.before_commit")
            await session.commit()
            failpoints.hit("api.after_commit")
        return outcomes

    async def _refuse_past_bound(self, session: AsyncSession) -> None:
        if monotonic() - self._looked > BACKLOG_EVERY:
            self._unsent = (await session.execute(_BACKLOG)).scalar_one()
            self._looked = monotonic()
        if self._unsent > self._most_unsent:
            raise Unavailable(retry_after=60)


async def _store(session: AsyncSession, group: Sequence[Ballot], slot: int) -> list[Outcome]:
    """Store what may be stored; return an outcome for each ballot, in order."""
    first: dict[UUID, Ballot] = {}
    for ballot in group:  # a copy in the same group shares the first one's outcome
        first.setdefault(ballot.response_id, ballot)
    now, refusals = await _check_rounds(session, {ballot.round_id for ballot in group})
    spendable = await _lock_tickets(session, [b.ticket for b in first.values() if b.ticket])
    welcome: list[Ballot] = []
    for ballot in (b for b in first.values() if refusals[b.round_id] is None):
        if ballot.ticket is None or ballot.ticket in spendable:
            spendable.discard(ballot.ticket or "")
            welcome.append(ballot)
    hour = tickets.event_time(now)
    stored = await _insert(session, welcome, hour, slot)
    await _publish(session, [ballot for ballot in welcome if ballot.response_id in stored], hour)
    known = stored | await _known(session, first.keys() - stored)
    return [
        "accepted" if b.response_id in known else refusals[b.round_id] or "ticket_used"
        for b in group
    ]


async def _check_rounds(
    session: AsyncSession, ids: Collection[UUID]
) -> tuple[datetime, Mapping[UUID, Refusal | None]]:
    """Hold the rounds as they are until the commit; return now and why each takes no answer."""
    rows = (await session.execute(_ROUNDS, {"ids": sorted(ids)})).all()
    now: datetime = rows[0].now
    today: date = local_date(now)
    return now, {row.id: Round.model_validate(row).accepts(today) for row in rows}


async def _lock_tickets(session: AsyncSession, keys: Sequence[str]) -> set[str]:
    """Return the keys that are there; nobody else can spend them until the commit."""
    if not keys:
        return set()
    return set((await session.execute(_TICKETS, {"keys": sorted(set(keys))})).scalars())


async def _insert(
    session: AsyncSession, ballots: Sequence[Ballot], hour: datetime, slot: int
) -> set[UUID]:
    """Store ballots and spend their tickets; return the ids that were not there before."""
    if not ballots:
        return set()
    columns: dict[str, Any] = {
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
    given = {**columns, "hour": hour, "slot": slot, "no_unit": NO_UNIT}
    return set((await session.execute(_STORE, given)).scalars())


async def _publish(session: AsyncSession, stored: Sequence[Ballot], hour: datetime) -> None:
    """Write free texts apart from the ballots they came with; announce the ballots that count."""
    remarks = [(b, *item) for b in stored for item in b.answers.texts.items()]
    if remarks:
        columns: dict[str, Any] = {
            "ids": [uuid4() for _ in remarks],
            "rounds": [ballot.round_id for ballot, _, _ in remarks],
            "units": [ballot.unit_id for ballot, _, _ in remarks],
            "questions": [question for _, question, _ in remarks],
            "texts": [said for _, _, said in remarks],
        }
        await session.execute(_REMARKS, {**columns, "hour": hour})
    counted = [ballot for ballot in stored if not ballot.answers.invalid_ballot]
    ids = [tickets.event_id(ballot.response_id, 1) for ballot in counted]
    await outbox.add(session, *map(_event, counted), now=hour, event_ids=ids)


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


async def _known(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    if not ids:
        return set()
    return set((await session.execute(_KNOWN, {"ids": sorted(ids)})).scalars())
