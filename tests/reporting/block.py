"""A block of bodies whose sheets stand as a test wants them, without anybody scoring them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4

from chassis.ids import new_id
from reporting.bodies.models import Block, Body
from reporting.criteria.sets import set_in_force
from reporting.score_sheets.models import Sheet, SheetRound
from reporting.score_sheets.outcome import FinalRow, Outcome

OPENED = datetime(2025, 9, 1, tzinfo=UTC)


class RankedBlock:
    """A block in the database of a test; `years` in which its sheets are open."""

    def __init__(self, database, code: str = "SO", name: str = "Khối các sở") -> None:
        self.database, self.id = database, new_id()
        self.code, self.name = code, name
        self.bodies: dict[str, UUID] = {}

    async def create(self, *codes: str, appraisers: tuple[UUID, ...] = ()) -> "RankedBlock":
        """Store the block with its bodies."""
        async with self.database.sessions.begin() as session:
            session.add(
                Block(id=self.id, code=self.code, name=self.name, kind="departments",
                      appraisers=list(appraisers))
            )  # fmt: skip
            for code in codes:
                self.bodies[code] = new_id()
                session.add(
                    Body(id=self.bodies[code], code=code, name=f"Sở {code}", block_id=self.id)
                )
        return self

    async def open(self, year: int = 2025) -> None:
        """Open every sheet on the criteria set in force in 2025."""
        async with self.database.sessions.begin() as session:
            published = await set_in_force(session, 2025)
            session.add(
                SheetRound(year=year, block_id=self.id, criteria_set_id=published.id,
                           closes_on=date(year, 11, 30), opened_by=uuid4(), opened_at=OPENED)
            )  # fmt: skip
            for body_id in self.bodies.values():
                session.add(
                    Sheet(id=new_id(), year=year, body_id=body_id, block_id=self.id,
                          criteria_set_id=published.id, steps=[])
                )  # fmt: skip

    async def approve(self, year: int = 2025, **indices: str | Fraction) -> None:
        """Let the sheets of some bodies be approved with an index, in percent."""
        async with self.database.sessions.begin() as session:
            criteria = (await set_in_force(session, 2025)).body
            for code, index in indices.items():
                sheet = await session.get_one(Sheet, (year, self.bodies[code]))
                sheet.state, sheet.final = "approved", final(criteria, Fraction(index)).as_json()

    async def published_before(self, *codes: str) -> None:
        """Let approved sheets have been published once, and appraised anew since."""
        async with self.database.sessions.begin() as session:
            for code in codes:
                sheet = await session.get_one(Sheet, (2025, self.bodies[code]))
                sheet.standing = {"state": "published", "final": sheet.final, "rows": {}}

    async def exempt(self, code: str, reason: str) -> None:
        """Enter that a body is not eligible."""
        async with self.database.sessions.begin() as session:
            body = await session.get_one(Body, self.bodies[code])
            body.ineligible_reason = reason

    async def of_unit(self, code: str, unit_id: UUID) -> None:
        """Let a body be a unit of ours."""
        async with self.database.sessions.begin() as session:
            (await session.get_one(Body, self.bodies[code])).unit_id = unit_id


def final(criteria, index: Fraction) -> Outcome:
    """Return a sheet's outcome with this index: every row has its share."""
    share = Decimal(round(index * 10**6)) / 10**8
    rows = tuple(
        FinalRow(sub.code, sub.max_points * share, sub.max_points, applicable=True)
        for sub in criteria.sub_criteria()
    )
    points = sum((row.points for row in rows if row.points is not None), Decimal(0))
    return Outcome(points, Decimal(100), Decimal(0), Decimal(0), index, rows)
