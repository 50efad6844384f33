"""O: from an event's commit at its producer to other systems, fifty of whom hang.

Events are put where the tasks service puts its own, one transaction each, at a fixed pace: what is
measured is the way out, not the request that made the event.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from benchmarks.figures import PATIENCE, WrongFigures, ask, quantile
from benchmarks.receivers import HANGING, Arrival, Receivers
from benchmarks.stack import Stack, Usage
from chassis.database import Database
from chassis.messaging import outbox
from contracts.samples import sample
from contracts.tasks import AssignmentState, ProgressReported

KINDS = (HANGING, "fast_a", "fast_b", "queue")
"""Each unit's four subscribers: a webhook that hangs, two that answer, a queue."""
QUEUE = "partner_"  # begins the name of a queue
UNITS = 50
TRACE = 30.0  # seconds for what is on its way to arrive
_COMMITTED = """
    SELECT id::text AS id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS at
    FROM event_log WHERE type = 'tasks.progress_reported.v1' AND id = ANY($1::uuid[])
"""
_NOTICED = """
    SELECT event_id::text AS id,
      min(extract(epoch FROM pg_xact_commit_timestamp(xmin)))::float8 AS at
    FROM notification WHERE event_id = ANY($1::uuid[]) GROUP BY 1
"""
_READY = "SELECT count(*) FROM partner_queue WHERE made_at IS NOT NULL"
_STATE = "UPDATE subscription SET state = $1, version = version + 1 WHERE transport <> 'feed'"
_HEAD = """
    UPDATE subscription SET (cursor_tx, cursor_seq) =
      (SELECT tx, seq FROM public_event ORDER BY tx DESC, seq DESC LIMIT 1)
    WHERE transport <> 'feed' AND EXISTS (SELECT FROM public_event)
"""


@dataclass
class Handed:
    """One run: seconds from commit to arrival, by kind of receiver, and CPU seconds of all."""

    events: int
    late: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    def ms(self, kind: str, share: float) -> float:
        """Return a quantile of a kind in milliseconds."""
        return quantile(self.late[kind], share) * 1000


class Outsiders:
    """Two hundred subscribers of other systems, of whom each event concerns four."""

    def __init__(self, stack: Stack, receivers: Receivers) -> None:
        """Make units, partners and subscriptions over the APIs."""
        self.stack, self.receivers, self.office = stack, receivers, stack.demo.office
        self.units = [self._unit(number) for number in range(UNITS)]
        queues = [self._subscribe(number, kind) for number in range(UNITS) for kind in KINDS]
        self._wait(_READY, UNITS)
        receivers.read_queues([url for url in queues if url])

    def run(self, rate: float, seconds: float) -> Handed:
        """Let events happen; wait until each has reached its three; check that none came twice."""
        self.receivers.arrivals()
        usage = Usage(self.stack)
        sent = self._happen(rate, seconds, has_difficulty=False)
        arrived = self._arrivals(set(sent))
        handed = Handed(len(sent), cpu=usage.cpu())
        committed = self._times("tasks", _COMMITTED, sent)
        for name, id_, at in arrived:
            kind = "queue" if name.startswith(QUEUE) else "webhook"
            handed.late.setdefault(kind, []).append(at - committed[id_])
        return handed

    def notices(self, rate: float, seconds: float) -> list[float]:
        """Let events happen that tell people; return seconds from commit to notice."""
        sent = self._happen(rate, seconds, has_difficulty=True)
        until = time.monotonic() + PATIENCE
        while len(noticed := self._times("notifications", _NOTICED, sent)) < len(sent):
            if time.monotonic() > until:
                raise WrongFigures(f"{len(sent)} events, of {len(noticed)} somebody was told")
            time.sleep(0.2)
        committed = self._times("tasks", _COMMITTED, sent)
        return [noticed[id_] - committed[id_] for id_ in sent]

    def pause(self) -> None:
        """As if nobody had subscribed."""
        ask(self.stack.databases["notifications"], _STATE, "paused")

    def resume(self) -> None:
        """From now on, as if what happened meanwhile had been handed over."""
        ask(self.stack.databases["notifications"], _HEAD)
        ask(self.stack.databases["notifications"], _STATE, "active")
        time.sleep(1)

    def _happen(self, rate: float, seconds: float, *, has_difficulty: bool) -> list[str]:
        """Return the ids of the events."""
        count = range(int(rate * seconds))
        events = {uuid4(): self._event(n, has_difficulty=has_difficulty) for n in count}
        asyncio.run(self._put(events, rate))
        return [str(id_) for id_ in events]

    async def _put(self, events: dict[UUID, ProgressReported], rate: float) -> None:
        database = Database(self.stack.databases["tasks"])
        began = time.monotonic()
        running = []
        for number, (id_, event) in enumerate(events.items()):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            running.append(asyncio.create_task(_commit(database, id_, event)))
        await asyncio.gather(*running)
        await database.close()

    def _event(self, place: int, *, has_difficulty: bool) -> ProgressReported:
        state: AssignmentState = sample(AssignmentState, "assignment")
        facts = {
            "assignment_id": uuid4(), "version": 1, "unit_id": UUID(self.units[place % UNITS]),
            "coordinating_unit_ids": [], "accountable_person_id": None, "status": "in_progress",
            "accepted_at": None, "submitted_on": None,
        }  # fmt: skip
        assignment = state.model_copy(update=facts)
        return ProgressReported(assignment=assignment, has_difficulty=has_difficulty)

    def _arrivals(self, sent: set[str]) -> list[Arrival]:
        """Wait for everything that must arrive. Raises WrongFigures for what is missing or twice.

        A receiver that hangs gets what it gets: it is left alone for longer and longer.
        """
        found: list[Arrival] = []
        until = time.monotonic() + TRACE
        wanted = len(sent) * (len(KINDS) - 1)
        while len(found) < wanted and time.monotonic() < until:
            time.sleep(0.2)
            found += [
                each
                for each in self.receivers.arrivals()
                if each[1] in sent and not each[0].startswith(HANGING)
            ]
        twice = len(found) - len({(name, id_) for name, id_, _ in found})
        if len(found) != wanted or twice:
            raise WrongFigures(f"{len(found)} of {wanted} arrived, {twice} of them twice")
        return found

    def _times(self, service: str, query: str, ids: list[str]) -> dict[str, float]:
        url = self.stack.databases[service]
        return {row["id"]: row["at"] for row in ask(url, query, [UUID(id_) for id_ in ids])}

    def _unit(self, number: int) -> str:
        body = {
            "code": f"O{number:03}", "name": f"Đơn vị có hệ thống {number:03}", "kind": "room",
            "sort_order": 2000 + number,
        }  # fmt: skip
        made: str = self.office.post("admin", "tasks", "/units", body)["id"]
        return made

    def _subscribe(self, number: int, kind: str) -> str:
        """Return the address of the queue with its user, of a subscriber that has one."""
        place = number * len(KINDS) + KINDS.index(kind)
        subscription = self._patiently({
            "name": f"Hệ thống {place:03}", "partner_id": self._partner(place),
            "transport": "amqp" if kind == "queue" else "webhook",
            "unit_ids": [self.units[number]], "types": ["tasks.*"], "after": "now",
            **({} if kind == "queue" else {"url": self.receivers.url(place, f"{kind}/{number}")}),
        })  # fmt: skip
        path = f"/subscriptions/{subscription['id']}"
        if kind != "queue":
            self.office.post("admin", "notifications", f"{path}/rotate_secret")
            return ""
        given = self.office.post("admin", "notifications", f"{path}/credentials")
        scheme, rest = given["address"].split("://")
        return f"{scheme}://{given['user']}:{given['password']}@{rest}"

    def _partner(self, place: int) -> str:
        body = {
            "name": f"Hệ thống {place:03}", "organisation": "Đơn vị khác",
            "contact_email": f"he-thong-{place}@snv.example", "event_types": ["*"],
            "read_apis": [], "unit_ids": None, "subject": None,
            "expires_on": str(datetime.now(UTC).date() + timedelta(days=30)),
        }  # fmt: skip
        made: str = self.office.post("admin", "notifications", "/partners", body)["id"]
        return made

    def _patiently(self, body: dict[str, Any]) -> Any:
        """Subscribe, again while the unit is still on its way to notifications."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self.office.post("admin", "notifications", "/subscriptions", body)
            except Exception:  # raised again when patience ends
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)

    def _wait(self, query: str, wanted: int) -> None:
        until = time.monotonic() + PATIENCE
        while ask(self.stack.databases["notifications"], query)[0][0] < wanted:
            if time.monotonic() > until:
                raise WrongFigures("the queues were not made")
            time.sleep(0.3)


async def _commit(database: Database, id_: UUID, event: ProgressReported) -> None:
    async with database.sessions.begin() as session:
        await outbox.add(session, event, now=datetime.now(UTC), event_ids=[id_])


@contextmanager
def outsiders(stack: Stack) -> Iterator[Outsiders]:
    """Give the stack two hundred subscribers; afterwards they are paused."""
    with ExitStack() as stop:
        made = Outsiders(stack, stop.enter_context(Receivers(stack.receivers_port)))
        stop.callback(made.pause)
        yield made
