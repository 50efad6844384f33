"""What the sheets of a block come to, in sums: worked out anew only where something moved.

Two hundred sheets have 16,600 rows. What they came to is kept in this process, beside a hash of
all it stands on, which the database makes in a fraction of the time. It is stored nowhere.
"""

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.bodies.models import OWN_BODY, Block
from reporting.criteria.domain import CriteriaSet
from reporting.criteria.sets import body_of
from reporting.score_sheets.models import ScoreRow, Sheet
from reporting.score_sheets.outcome import AreaPoints, Outcome
from reporting.score_sheets.so_far import live_of
from reporting.score_sheets.standing import counting

_MOST = 10_000  # sheets, some 3 KB each
_DECIDED = func.coalesce(Sheet.final, Sheet.standing)
_ROWS = (
    select(func.sum(func.hash_record_extended(literal_column("score_row"), 0)))
    .where(ScoreRow.year == Sheet.year, ScoreRow.body_id == Sheet.body_id)
    .correlate(Sheet)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a sheet comes to, exactly. `appraised`: how many points of applicable rows are decided.

    `stood`: the state that counts while a decided sheet is appraised anew; None: its own counts.
    `provisional`: its index, in percent, with self-scores for what is not appraised yet.
    """

    stood: str | None
    points: Fraction
    applicable_points: Fraction
    bonus: Fraction
    penalty: Fraction
    index: Fraction | None
    areas: tuple[AreaPoints, ...]
    provisional: Fraction | None
    appraised: Fraction


NOTHING = Sums(
    None, Fraction(0), Fraction(0), Fraction(0), Fraction(0), None, (), None, Fraction(0)
)  # fmt: skip


class _Look(NamedTuple):
    """A sheet's state, and a hash of all that its sums stand on; None: on surveys, too."""

    state: str
    key: Hashable


_KNOWN: dict[UUID, tuple[Hashable, Sums]] = {}


async def sums_of(session: AsyncSession, year: int, block: Block) -> dict[UUID, tuple[str, Sums]]:
    """Return the state of each sheet of a block, and what it comes to."""
    looks = await _look(session, year, block)
    known = {id_: (look.state, _KNOWN[id_][1]) for id_, look in looks.items() if _knows(id_, look)}
    missing = looks.keys() - known.keys()
    if not missing:
        return known
    made = await _work_out(session, block, missing)
    again = await _look(session, year, block)
    for id_, (_, sums) in made.items():  # what did not move meanwhile is what was just read
        if looks[id_].key is not None and again.get(id_) == looks[id_]:
            _keep(id_, looks[id_].key, sums)
    return known | made


def _knows(id_: UUID, look: _Look) -> bool:
    return look.key is not None and id_ in _KNOWN and _KNOWN[id_][0] == look.key


def _keep(id_: UUID, key: Hashable, sums: Sums) -> None:
    if len(_KNOWN) >= _MOST:
        _KNOWN.clear()
    _KNOWN[id_] = key, sums


async def _look(session: AsyncSession, year: int, block: Block) -> dict[UUID, _Look]:
    found = await session.execute(
        select(
            Sheet.id, Sheet.body_id, Sheet.state, Sheet.criteria_set_id,
            func.jsonb_hash_extended(_DECIDED, 0).label("decided"),
            case((_DECIDED.is_(None), _ROWS)).label("rows"),
        ).where(Sheet.year == year, Sheet.block_id == block.id)
    )  # fmt: skip
    looks = {}
    for id_, body_id, state, set_id, decided, rows in found:
        key: Hashable = set_id, decided
        if decided is None:
            key = None if body_id == OWN_BODY else (set_id, state, rows, block.without_survey)
        looks[id_] = _Look(state, key)
    return looks


async def _work_out(
    session: AsyncSession, block: Block, ids: Collection[UUID]
) -> dict[UUID, tuple[str, Sums]]:
    sheets = (await session.scalars(select(Sheet).where(Sheet.id.in_(ids)))).all()
    decided = {sheet.id: counts for sheet in sheets if (counts := counting(sheet))}
    live = await live_of(session, block, [each for each in sheets if each.id not in decided])
    made = {}
    for sheet in sheets:
        criteria = await body_of(session, sheet.criteria_set_id)
        if sheet.id in decided:
            state, outcome = decided[sheet.id]
            sums = _sums(criteria, outcome, stood=state if sheet.final is None else None)
        else:
            so_far = live[sheet.id]
            sums = _sums(criteria, so_far.outcome, provisional=so_far.provisional)
        made[sheet.id] = sheet.state, sums
    return made


def _sums(
    criteria: CriteriaSet,
    found: Outcome,
    *,
    stood: str | None = None,
    provisional: Fraction | None = None,
) -> Sums:
    valued = (row for row in found.rows if row.applicable and row.points is not None)
    return Sums(
        stood, Fraction(found.points), Fraction(found.applicable_points), Fraction(found.bonus),
        Fraction(found.penalty), found.index, found.by_area(criteria), provisional,
        Fraction(sum((row.max_points for row in valued), Decimal(0))),
    )  # fmt: skip
