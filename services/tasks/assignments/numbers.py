"""The numbers people see: one series a year, without gaps."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tasks.tables import Base


class NumberSeries(Base):
    """The last number given out in a year; the row's lock keeps numbers gapless."""

    __tablename__ = "number_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


async def take_numbers(session: AsyncSession, year: int, count: int) -> range:
    """Take the next `count` numbers of the year; the series is locked until the commit."""
    statement = insert(NumberSeries).values(year=year, last=count)
    statement = statement.on_conflict_do_update(
        index_elements=[NumberSeries.year], set_={"last": NumberSeries.last + count}
    )
    last = (await session.execute(statement.returning(NumberSeries.last))).scalar_one()
    return range(last - count + 1, last + 1)
