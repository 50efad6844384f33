"""What the cells of a round's unit lack: what its ballots say, less what the cells hold.

A batch commits its facts and what they add to the cells together, a release the numbers it writes
on ballots and what they move. One statement sees one moment, so what the cells lack then is exactly
the error, whatever is under way. A unit at a time: a round may have millions of ballots.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.satisfaction import cells
from reporting.satisfaction.cells import Cell
from reporting.satisfaction.domain import LEVELS

_SHOWN = "released_in IS NOT NULL AND left_in IS NULL"
_PIECES = text("""
    SELECT round_id, unit_id FROM response_fact
    WHERE round_id = coalesce(CAST(:round AS uuid), round_id) GROUP BY 1, 2
    UNION SELECT round_id, unit_id FROM answer_cell
    WHERE round_id = coalesce(CAST(:round AS uuid), round_id) ORDER BY 1, 2
""")
_OF_PIECE = "WHERE round_id = CAST(:round AS uuid) AND unit_id = CAST(:unit AS uuid)"
_FACTS = text(f"SELECT count(*) FROM response_fact {_OF_PIECE}")  # noqa: S608 - ours
# Numbers by name at place 0, counts by place from 1.
_LACKING = text(f"""
    WITH fact AS (
      SELECT lane, answers, excluded, released_in IS NULL AS waits, {_SHOWN} AS shown
      FROM response_fact {_OF_PIECE}
    ), numbers AS (
      SELECT lane, count(*) AS ballots, count(*) FILTER (WHERE NOT excluded) AS n,
        count(*) FILTER (WHERE waits) AS waiting, count(*) FILTER (WHERE shown) AS released_n
      FROM fact GROUP BY 1
    ), answers AS (
      SELECT lane, {LEVELS} * (a.question - 1) + a.answer AS place, count(*) AS counts,
        count(*) FILTER (WHERE shown) AS released
      FROM fact, unnest(answers) WITH ORDINALITY AS a(answer, question)
      WHERE a.answer IS NOT NULL GROUP BY 1, 2
    ), cell AS (SELECT * FROM answer_cell {_OF_PIECE})
    SELECT lane, name, place, CAST(sum(n) AS int) AS n FROM (
      SELECT lane, v.name, 0, v.n FROM numbers CROSS JOIN LATERAL (VALUES ('ballots', ballots),
        ('n', n), ('waiting', waiting), ('released_n', released_n)) AS v(name, n)
      UNION ALL
      SELECT lane, v.name, 0, -v.n FROM cell CROSS JOIN LATERAL (VALUES ('ballots', ballots),
        ('n', cell.n), ('waiting', waiting), ('released_n', released_n)) AS v(name, n)
      UNION ALL
      SELECT lane, v.name, place, v.n FROM answers CROSS JOIN LATERAL (VALUES
        ('counts', counts), ('released', released)) AS v(name, n)
      UNION ALL SELECT lane, 'counts', c.place, -c.n
      FROM cell CROSS JOIN LATERAL unnest(counts) WITH ORDINALITY AS c(n, place)
      UNION ALL SELECT lane, 'released', c.place, -c.n
      FROM cell CROSS JOIN LATERAL unnest(released) WITH ORDINALITY AS c(n, place)
    ) AS facts_less_cells(lane, name, place, n) GROUP BY 1, 2, 3 HAVING sum(n) <> 0
""")  # noqa: S608 - constants of ours


class Piece(NamedTuple):
    """The ballots and cells of a round's unit."""

    round_id: UUID
    unit_id: UUID

    @property
    def given(self) -> dict[str, str]:
        """The parameters of statements about it."""
        return {"round": str(self.round_id), "unit": str(self.unit_id)}


class Lacks(NamedTuple):
    """A number that a cell lacks: `name` of the column, `place` in it from 1 (0: no array)."""

    lane: str
    name: str
    place: int
    n: int


async def pieces(session: AsyncSession, round_id: UUID | None = None) -> list[Piece]:
    """Return all there is, or a round's, oldest first."""
    given = {"round": str(round_id) if round_id else None}
    return [Piece(*row) for row in await session.execute(_PIECES, given)]


async def lacking(session: AsyncSession, piece: Piece) -> list[Lacks]:
    """Return every number that the cells of a piece lack; nothing when they are right."""
    return [Lacks(*row) for row in await session.execute(_LACKING, piece.given)]


async def facts(session: AsyncSession, piece: Piece) -> int:
    """Return how many ballots a piece has."""
    found: int = (await session.execute(_FACTS, piece.given)).scalar_one()
    return found


def by_cell(piece: Piece, missing: list[Lacks], questions: int) -> Mapping[cells.Key, Cell]:
    """Put what is lacking together, cell by cell."""
    found: dict[cells.Key, Any] = {}
    for each in missing:
        cell = found.setdefault((*piece, each.lane), Cell.none(questions))
        if each.place:
            getattr(cell, each.name)[each.place - 1] = each.n
        else:
            setattr(cell, each.name, each.n)
    return found
