"""What the ledger says about the system: the invariants I1 to I8."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

import asyncpg
import httpx
from tests.faults.ledger import Operation
from tests.faults.load import World
from tests.faults.rig import Rig

from chassis.service import POOL

TYPES = {
    "progress": "tasks.progress_reported.v1",
    "response": "surveys.response_submitted.v1",
}
EXTRA = 2  # connections of a process outside its pool: the relay's lock, the live listener


@dataclass
class Verdict:
    """What a row ended in; all empty and zero when the system kept its word."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    operations: int = 0
    recovered_s: float = 0.0

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.doubled or self.ghosts or self.stuck or self.other)

    def __str__(self) -> str:
        names = ("lost", "doubled", "ghosts", "stuck", "other")
        parts = [f"{n}: {len(v)} {v[:4]}" for n in names if (v := getattr(self, n))]
        return f"{self.operations} operations; " + ("; ".join(parts) or "all well")


async def check(
    rig: Rig, world: World, row: str, *, within: float = 120, still: float = 120
) -> Verdict:
    """Wait until nothing moves any more, at most `within` seconds; then judge.

    What is missing while nothing is on its way for `still` seconds is lost: no need to wait longer.
    """
    until = time.monotonic() + within
    moved_at, last = time.monotonic(), -1
    while True:
        verdict = await _look(rig, world, row)
        if verdict.stuck or len(verdict.lost) != last:
            moved_at, last = time.monotonic(), len(verdict.lost)
        settled = not verdict.lost or time.monotonic() - moved_at > still
        if (settled and not verdict.stuck) or time.monotonic() > until:
            break
        await asyncio.sleep(0.4)
    verdict.other += rig.died
    if verdict.well:
        await _verify(rig, verdict)
    return verdict


async def until_seen(rig: Rig, row: str, attempted_before: float, within: float) -> None:
    """Wait until what was attempted before a moment is acknowledged and every consumer saw it.

    Gives up silently: the check will tell.
    """
    until = time.monotonic() + within
    while time.monotonic() < until:
        operations = rig.ledger.operations(row=row, attempted_before=attempted_before)
        try:
            if all(o.status is not None for o in operations) and not await _missing(
                rig, operations
            ):
                return
        except (OSError, TimeoutError, asyncpg.PostgresError):
            pass
        await asyncio.sleep(0.2)


async def begin(rig: Rig) -> None:
    """Remember how far the probe is: what comes from now on belongs to the row."""
    (found,) = await rig.query("probe", "SELECT coalesce(max(n), 0) AS n FROM seen")
    rig.seen_before = found["n"]
    rig.died.clear()


async def _missing(rig: Rig, operations: list[Operation]) -> list[str]:
    keys = {(o.subject, o.version) for o in operations if o.acked}
    seen = await _seen(rig)
    facts = await _facts(rig)
    return [f"probe {k}" for k in keys if not seen[k]] + [
        f"reporting {s} v{v}" for s, v in keys if facts.get(s, 0) < (v or 0)
    ]


async def _look(rig: Rig, world: World, row: str) -> Verdict:
    operations = rig.ledger.operations(row=row)
    acked = [o for o in operations if o.acked]
    verdict = Verdict(operations=len(acked))
    seen, facts = await _seen(rig), await _facts(rig)
    for o in acked:
        count = seen[o.subject, o.version]
        if count != 1:
            (verdict.doubled if count else verdict.lost).append(f"probe {o.kind} {o.id} x{count}")
        if facts.get(o.subject, 0) < (o.version or 0):
            verdict.lost.append(f"reporting {o.kind} {o.id}")
    await _tasks(rig, world, operations, verdict)
    await _surveys(rig, operations, verdict)
    await _notifications(rig, world, acked, verdict)
    await _ghosts(rig, operations, verdict)
    await _stuck(rig, verdict)
    await _accounts(rig, verdict)
    return verdict


async def _seen(rig: Rig) -> Counter[tuple[str, int]]:
    rows = await rig.query(
        "probe", "SELECT subject, version, count(*) AS n FROM seen GROUP BY 1, 2"
    )
    return Counter({(str(r["subject"]), r["version"]): r["n"] for r in rows})


async def _facts(rig: Rig) -> dict[str, int]:
    rows = await rig.query(
        "reporting",
        "SELECT assignment_id AS id, version FROM assignment_fact "
        "UNION ALL SELECT response_id, 1 FROM response_fact",
    )
    return {str(r["id"]): r["version"] for r in rows}


async def _ghosts(rig: Rig, operations: list[Operation], verdict: Verdict) -> None:
    """What was seen in this row must have been acknowledged: at rest no outcome is open."""
    told = {(o.subject, o.version) for o in operations if o.acked}
    known = {o.subject for o in operations}
    rows = await rig.query(
        "probe",
        "SELECT DISTINCT subject, version FROM seen WHERE n > $1 AND type <> $2",
        rig.seen_before,
        "tasks.assignment_changed.v1",
    )
    keys = {(str(r["subject"]), r["version"]) for r in rows}
    verdict.ghosts += [f"probe {key}" for key in keys if key[0] in known and key not in told]


async def _tasks(rig: Rig, world: World, operations: list[Operation], verdict: Verdict) -> None:
    """The history of each assignment holds each acknowledged report once, and no other."""
    mine = [o for o in operations if o.kind == "progress"]
    subjects = sorted({o.subject for o in mine})
    headers = {"Authorization": f"Bearer {world.tokens['office']}"}
    notes: Counter[str] = Counter()
    async with httpx.AsyncClient(base_url=rig.addresses["tasks"], timeout=10) as client:
        for subject in subjects:
            answer = await client.get(f"/v1/assignments/{subject}/timeline", headers=headers)
            notes.update(e["note"] for e in answer.raise_for_status().json()["data"] if e["note"])
    for o in mine:
        if o.acked and notes[o.id] != 1:
            (verdict.doubled if notes[o.id] else verdict.lost).append(f"tasks {o.id}")
        if not o.acked and notes[o.id]:
            verdict.ghosts.append(f"tasks {o.id} answered {o.status}")
    refused = [o for o in operations if not o.acked]
    verdict.other += [f"{o.kind} {o.id} ended with {o.status} {o.failures}" for o in refused]


async def _surveys(rig: Rig, operations: list[Operation], verdict: Verdict) -> None:
    ids = [o.id for o in operations if o.kind == "response" and o.acked]
    rows = await rig.query(
        "surveys",
        "SELECT response_id FROM response WHERE response_id = ANY(CAST($1::text[] AS uuid[]))",
        ids,
    )
    stored = {str(r["response_id"]) for r in rows}
    verdict.lost += [f"surveys {id_}" for id_ in ids if id_ not in stored]
    (counted,) = await rig.query("surveys", "SELECT sum(counted) AS n FROM answer_count")
    (kept,) = await rig.query("surveys", "SELECT count(*) AS n FROM response")
    if (counted["n"] or 0) != kept["n"]:
        verdict.doubled.append(f"surveys counts {counted['n']} of {kept['n']} answers")


async def _notifications(rig: Rig, world: World, acked: list[Operation], verdict: Verdict) -> None:
    rows = await rig.query(
        "notifications",
        "SELECT subject_id, step, count(*) AS n FROM notification "
        "WHERE event_type = $1 GROUP BY 1, 2",
        TYPES["progress"],
    )
    told = {(str(r["subject_id"]), r["step"]): r["n"] for r in rows}
    for o in (o for o in acked if o.loud):
        n = told.get((o.subject, f"v{o.version}"), 0)
        if n != world.told:
            (verdict.lost if n < world.told else verdict.doubled).append(
                f"notifications {o.id} {n}"
            )


async def _stuck(rig: Rig, verdict: Verdict) -> None:
    for service in ("tasks", "surveys", "notifications", "reporting"):
        (row,) = await rig.query(service, "SELECT count(*) AS n FROM outbox")
        if row["n"]:
            verdict.stuck.append(f"{service} outbox {row['n']}")
    for queue, (messages, consumers) in (await rig.queues()).items():
        if messages:
            verdict.stuck.append(f"queue {queue} {messages}")
        if not consumers:
            verdict.stuck.append(f"queue {queue} has no consumer")
    for process in rig.processes.values():
        if process.pid is None:
            verdict.stuck.append(f"{process.name} ended with {process.status}")


async def _accounts(rig: Rig, verdict: Verdict) -> None:
    """Parked is exactly what was injected; nothing waits for a retry; no session has leaked."""
    injected = rig.ledger.injected()
    for service in ("surveys", "notifications", "reporting", "probe"):
        rows = await rig.query(
            service, "SELECT state, count(*) AS n FROM inbox WHERE state <> 'done' GROUP BY 1"
        )
        states = {r["state"]: r["n"] for r in rows}
        if states.get("failed"):
            verdict.stuck.append(f"{service} inbox failed {states['failed']}")
        if states.get("parked", 0) != injected[service]:
            verdict.other.append(
                f"{service} parked {states.get('parked', 0)}, injected {injected[service]}"
            )
    rows = await rig.query(
        "tasks",
        "SELECT application_name AS name, count(*) AS n, count(*) FILTER (WHERE state LIKE "
        "'idle in transaction%') AS idle FROM pg_stat_activity WHERE application_name LIKE '%.%' "
        "GROUP BY 1",
    )
    for row in rows:
        pool = POOL.get(row["name"].split(".")[-1], 0)
        if row["n"] > pool * 2 + EXTRA or row["idle"] > pool:
            verdict.other.append(f"sessions of {row['name']}: {row['n']}")


async def _verify(rig: Rig, verdict: Verdict) -> None:
    for _ in range(3):
        done = await rig.run("reporting", "verify")
        if done.returncode == 0:
            return
        await asyncio.sleep(1)
    verdict.other.append(f"verify: {done.stdout}{done.stderr[-500:]}")
