"""The cells: one row per round and unit, with five counts per scaled question.

Whoever adds locks the rows in the order of their keys, so that two workers do not deadlock, and
holds them for the rest of one transaction only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.disclosure import released
from reporting.satisfaction.domain import LEVELS

Key = tuple[UUID, UUID]
"""Round and unit."""

_LOCKED = text("""
    SELECT round_id, unit_id, cell.n, cell.counts, cell.released
    FROM unnest(CAST(:rounds AS uuid[]), CAST(:units AS uuid[])) AS g(round_id, unit_id)
    JOIN answer_cell AS cell USING (round_id, unit_id)
    ORDER BY round_id, unit_id FOR UPDATE OF cell
""")
_MADE = text("""
    INSERT INTO answer_cell (round_id, unit_id, n, counts, released)
    SELECT round_id, unit_id, 0, array_fill(0, ARRAY[size]), array_fill(0, ARRAY[size])
    FROM unnest(CAST(:rounds AS uuid[]), CAST(:units AS uuid[]), CAST(:sizes AS int[]))
      AS g(round_id, unit_id, size)
    ORDER BY round_id, unit_id ON CONFLICT DO NOTHING
""")
_WRITTEN = text("""
    UPDATE answer_cell AS cell SET n = g.n, counts = CAST(g.counts AS int[]),
      released = CAST(g.released AS int[])
    FROM unnest(CAST(:rounds AS uuid[]), CAST(:units AS uuid[]), CAST(:n AS int[]),
      CAST(:counts AS text[]), CAST(:released AS text[]))
      AS g(round_id, unit_id, n, counts, released)
    WHERE cell.round_id = g.round_id AND cell.unit_id = g.unit_id
""")


@dataclass
class Counts:
    """Responses, and answers: five numbers per scaled question of the round, in order."""

    n: int
    counts: list[int]

    @classmethod
    def none(cls, questions: int) -> "Counts":
        """Return no response to so many questions."""
        return cls(0, [0] * (LEVELS * questions))


async def add(session: AsyncSession, more: Mapping[Key, Counts]) -> None:
    """Add to cells; each question's answers are released as small groups allow."""
    before = await _locked(session, more)
    after = {
        key: [was + new for was, new in zip(before[key].counts, added.counts, strict=True)]
        for key, added in more.items()
    }
    shown = [released(before[key].released, counts, LEVELS) for key, counts in after.items()]
    given = {
        **_keys(more),
        "n": [before[key].n + added.n for key, added in more.items()],
        "counts": [array(counts) for counts in after.values()],
        "released": [array(counts) for counts in shown],
    }
    await session.execute(_WRITTEN, given)


def array(numbers: Sequence[int | None]) -> str:
    """Return numbers as PostgreSQL reads an array: the driver would look at each, for long."""
    return "{" + to_json(numbers)[1:-1].decode() + "}"


async def _locked(session: AsyncSession, more: Mapping[Key, Counts]) -> Mapping[Key, Any]:
    keys = _keys(more)
    found = (await session.execute(_LOCKED, keys)).all()
    if len(found) < len(more):
        await session.execute(_MADE, keys)
        found = (await session.execute(_LOCKED, keys)).all()
    return {(row.round_id, row.unit_id): row for row in found}


def _keys(more: Mapping[Key, Counts]) -> dict[str, Any]:
    return {
        "rounds": [round_id for round_id, _ in more],
        "units": [unit_id for _, unit_id in more],
        "sizes": [len(added.counts) for added in more.values()],
    }
