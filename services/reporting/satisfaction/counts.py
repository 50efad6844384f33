"""How many ballots of a round count: what everybody may see move at once."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.surveys import RoundState
from reporting.disclosure.thresholds import count_told, in_tens
from reporting.satisfaction.ballots import LANES, lanes_counted

_N = text("SELECT unit_id, lane, n FROM answer_cell WHERE round_id = :round")


class Counts:
    """A round's counted ballots as they may be told; exact inside."""

    def __init__(self, round_: RoundState, cells: list[tuple[UUID, str, int]]) -> None:
        """Take the ballots of each unit and lane."""
        self._round, self._cells, self._lanes = round_, cells, lanes_counted(round_)

    @property
    def department(self) -> int:
        """Ballots of the index: live; in tens when the round is over fewer than three units."""
        n = sum(n for _, lane, n in self._cells if lane in self._lanes)
        return count_told(n, len(set(self._round.unit_ids)))

    @property
    def units(self) -> dict[UUID, int]:
        """Ballots of the index by unit, in tens: the round's units, and others from ten on."""
        found = dict.fromkeys(self._round.unit_ids, 0)
        for unit, lane, n in self._cells:
            if lane in self._lanes:
                found[unit] = found.get(unit, 0) + n
        told = {unit: in_tens(n) for unit, n in found.items()}
        return {unit: n for unit, n in told.items() if n or unit in self._round.unit_ids}

    @property
    def beside(self) -> dict[str, int]:
        """Ballots outside of the index by lane, in tens; while it is open all without a ticket."""
        found: dict[str, int] = {lane: 0 for lane in LANES if lane not in self._lanes}
        for _, lane, n in self._cells:
            if lane in found:
                found[lane] += n
        return {lane: in_tens(n) for lane, n in found.items()}


async def counts_of(session: AsyncSession, round_: RoundState) -> Counts:
    """Return a round's counted ballots."""
    rows = await session.execute(_N, {"round": round_.round_id})
    return Counts(round_, [(row.unit_id, row.lane, row.n) for row in rows])
