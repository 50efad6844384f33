"""The cells: one row per round, unit and lane, with five counts per scaled question.

Whoever changes some locks the rows in the order of their keys, so that two workers do not
deadlock, and holds them for the rest of one transaction only.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import add as plus
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.satisfaction.domain import LEVELS

Key = tuple[UUID, UUID, str]
"""Round, unit and lane."""

_DIGITS = [str(level) for level in range(1, LEVELS + 1)]

_KEYS = "unnest(CAST(:rounds AS uuid[]), CAST(:units AS uuid[]), CAST(:lanes AS text[])"
_LOCKED = text(f"""
    SELECT round_id, unit_id, lane, ballots, n, waiting, CAST(counts AS text) AS counts
    FROM {_KEYS}) AS g(round_id, unit_id, lane) JOIN answer_cell AS cell
    USING (round_id, unit_id, lane) ORDER BY round_id, unit_id, lane FOR UPDATE OF cell
""")  # noqa: S608 - ours
_MADE = text(f"""
    INSERT INTO answer_cell (round_id, unit_id, lane, ballots, n, waiting, released_n, counts,
      released)
    SELECT round_id, unit_id, lane, 0, 0, 0, 0, array_fill(0, ARRAY[size]),
      array_fill(0, ARRAY[size])
    FROM {_KEYS}, CAST(:sizes AS int[])) AS g(round_id, unit_id, lane, size)
    ORDER BY round_id, unit_id, lane ON CONFLICT DO NOTHING
""")  # noqa: S608 - ours
_SHOWN = text(f"""
    SELECT round_id, unit_id, lane, CAST(released AS text) AS released
    FROM {_KEYS}) AS g(round_id, unit_id, lane) JOIN answer_cell USING (round_id, unit_id, lane)
""")  # noqa: S608 - ours
_COUNTED = text(f"""
    UPDATE answer_cell AS cell SET ballots = g.ballots, n = g.n, waiting = g.waiting,
      counts = CAST(g.counts AS int[])
    FROM {_KEYS}, CAST(:ballots AS int[]), CAST(:n AS int[]), CAST(:waiting AS int[]),
      CAST(:counts AS text[])) AS g(round_id, unit_id, lane, ballots, n, waiting, counts)
    WHERE (cell.round_id, cell.unit_id, cell.lane) = (g.round_id, g.unit_id, g.lane)
""")  # noqa: S608 - ours
_RELEASED = text(f"""
    UPDATE answer_cell AS cell SET waiting = cell.waiting + g.waiting,
      released_n = cell.released_n + g.n, released = CAST(g.released AS int[])
    FROM {_KEYS}, CAST(:waiting AS int[]), CAST(:released_n AS int[]), CAST(:released AS text[]))
      AS g(round_id, unit_id, lane, waiting, n, released)
    WHERE (cell.round_id, cell.unit_id, cell.lane) = (g.round_id, g.unit_id, g.lane)
""")  # noqa: S608 - ours


@dataclass
class Cell:
    """A cell, or by how much one changes: five numbers per scaled question of the round."""

    counts: list[int]
    released: list[int]
    ballots: int = 0
    n: int = 0
    waiting: int = 0
    released_n: int = 0

    @classmethod
    def none(cls, questions: int) -> "Cell":
        """Return no ballot to so many questions."""
        return cls([0] * (LEVELS * questions), [0] * (LEVELS * questions))

    def release(self, ballots: int, levels: str) -> None:
        """Put ballots into what is shown: one after the other, a digit for each question.

        A question that was skipped stands as 0. Raises ValueError when a digit is missing.
        """
        questions = len(self.released) // LEVELS
        if len(levels) != ballots * questions:
            raise ValueError(f"{ballots} ballots do not have {len(levels)} answers")
        self.released_n += ballots
        given = (levels[question::questions] for question in range(questions))
        counts = [answers.count(level) for answers in given for level in _DIGITS]
        self.released = _sum(self.released, counts)


async def add(session: AsyncSession, more: Mapping[Key, Cell]) -> None:
    """Add to what cells count. What is released of them only releases change.

    Raises ValueError when a cell has another number of questions than is added to it.
    """
    before = await locked(session, more)
    counts = [_sum(numbers(before[key].counts), each.counts) for key, each in more.items()]
    given = {
        **_keys(more),
        "ballots": [before[key].ballots + each.ballots for key, each in more.items()],
        "n": [before[key].n + each.n for key, each in more.items()],
        "waiting": [before[key].waiting + each.waiting for key, each in more.items()],
        "counts": [array(each) for each in counts],
    }
    await session.execute(_COUNTED, given)


async def release(session: AsyncSession, more: Mapping[Key, Cell]) -> None:
    """Add to what is released of cells that the caller holds, and to what waits in them."""
    rows = (await session.execute(_SHOWN, _keys(more))).all()
    before = {(row.round_id, row.unit_id, row.lane): numbers(row.released) for row in rows}
    given = {
        **_keys(more),
        "waiting": [each.waiting for each in more.values()],
        "released_n": [each.released_n for each in more.values()],
        "released": [array(_sum(before[key], each.released)) for key, each in more.items()],
    }
    await session.execute(_RELEASED, given)


async def locked(session: AsyncSession, cells: Mapping[Key, Cell]) -> Mapping[Key, Any]:
    """Return cells as they are, made where they are not, which nobody else changes till the end.

    `counts` stand as PostgreSQL writes an array: see `numbers`.
    """
    keys = {**_keys(cells), "sizes": [len(cell.counts) for cell in cells.values()]}
    lookup = {name: keys[name] for name in ("rounds", "units", "lanes")}
    found = (await session.execute(_LOCKED, lookup)).all()
    if len(found) < len(cells):
        await session.execute(_MADE, keys)
        found = (await session.execute(_LOCKED, lookup)).all()
    return {(row.round_id, row.unit_id, row.lane): row for row in found}


def array(numbers: Sequence[int | None]) -> str:
    """Return numbers as PostgreSQL reads an array: the driver would look at each, for long."""
    return "{" + to_json(numbers)[1:-1].decode() + "}"


def numbers(written: str) -> list[int]:
    """Read an array as PostgreSQL writes it, in a tenth of the driver's time."""
    found: list[int] = from_json(f"[{written[1:-1]}]")
    return found


def _sum(one: Sequence[int], other: Sequence[int]) -> list[int]:
    if len(one) != len(other):
        raise ValueError(f"a cell of {len(one)} numbers does not take {len(other)}")
    return list(map(plus, one, other))


def _keys(cells: Collection[Key]) -> dict[str, Any]:
    rounds, units, lanes = zip(*cells, strict=True) if cells else ((), (), ())
    return {"rounds": list(rounds), "units": list(units), "lanes": list(lanes)}
