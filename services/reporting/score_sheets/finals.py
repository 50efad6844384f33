"""What the sheets of a block come to: what rankings stand on."""

from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.bodies.models import Block, Body
from reporting.score_sheets.models import Sheet
from reporting.score_sheets.sums import NOTHING, Sums, sums_of

NOT_OPENED = "not_opened"
APPROVED = frozenset({"approved", "published"})


@dataclass(frozen=True)
class Final:
    """A body of a block with what its sheet of a year comes to. `state`: the sheet's.

    A body whose sheet was published was eligible then, whatever is said of it now.
    """

    body_id: UUID
    code: str
    name: str
    state: str
    eligible: bool
    ineligible_reason: str | None
    sums: Sums

    @property
    def approved(self) -> bool:
        """Whether what it comes to is decided."""
        return self.state in APPROVED

    @property
    def index(self) -> Fraction | None:
        """Exact, in percent; None: nothing applies, or the sheet is not approved yet."""
        return self.sums.index if self.approved else None


async def finals(session: AsyncSession, year: int, block_id: UUID) -> list[Final]:
    """Return every body of the block, by code. What is approved is read as it was approved.

    That counts while the sheet is appraised anew, too, until it is approved again. A body belongs
    to the block in which its sheet of the year was opened.
    """
    found = await session.execute(
        select(Body, Sheet.id)
        .outerjoin(
            Sheet,
            and_(Sheet.body_id == Body.id, Sheet.year == year, Sheet.block_id == block_id),
        )
        .where(or_(Sheet.block_id == block_id, _without_sheet(year, block_id)))
        .order_by(Body.code)
    )
    sums = await sums_of(session, year, await session.get_one(Block, block_id))
    return [_final(year, body, *sums.get(id_, (NOT_OPENED, NOTHING))) for body, id_ in found]


def _without_sheet(year: int, block_id: UUID) -> ColumnElement[bool]:
    """Return which bodies of a block have no sheet yet; one that moved has its year's elsewhere."""
    has_one = select(Sheet.body_id).where(Sheet.year == year)
    return and_(Body.block_id == block_id, Body.active.is_(True), Body.id.not_in(has_one))


def _final(year: int, body: Body, own: str, sums: Sums) -> Final:
    state = sums.stood or own
    why = None if state == "published" else body.why_ineligible(year)
    return Final(body.id, body.code, body.name, state, why is None, why, sums)
