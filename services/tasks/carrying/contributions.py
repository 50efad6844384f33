"""What coordinating units still owe goes along with the row it is for, by the same day."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import new_id
from tasks.assignments.asked import OWED, Contribution
from tasks.calendar.moment import Moment
from tasks.carrying.rows import Carried

_SAME = ("unit_id", "what", "due_on", "asked_at", "asked_by")


async def owed_along(
    session: AsyncSession, carried: Sequence[Carried], at: Moment
) -> list[Contribution]:
    """Return what is asked for the rows that go on, and let their states say it.

    The caller adds it once these rows are written, and withdraws it from the old ones: not due yet
    there. What was given before stays there; a unit that leads the new row owes itself nothing.
    """
    new = {each.old.id: each.new for each in carried}
    statement = (
        select(Contribution)
        .where(
            Contribution.assignment_id.in_(new),
            Contribution.status.in_(OWED),
            Contribution.due_on >= at.today,
        )
        .order_by(Contribution.asked_at, Contribution.id)
    )
    made = []
    for old in await session.scalars(statement):
        row = new[old.assignment_id]
        if old.unit_id not in row.coordinating_unit_ids:
            continue
        one = Contribution(
            id=new_id(), assignment_id=row.id, status="asked", note="", file_ids=[],
            given_at=None, given_on=None, given_by=None, on_time=None, decided_at=None,
            decided_by=None, decision_note=None, reminded_for=None,
            **{name: getattr(old, name) for name in _SAME},
        )  # fmt: skip
        row.contributions = [*row.contributions, one.state().model_dump(mode="json")]
        made.append(one)
    return made
