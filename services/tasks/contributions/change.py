"""A contribution that somebody is about to give or decide: found, locked, theirs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound
from contracts.events import Event
from tasks.assignments.asked import Contribution
from tasks.assignments.change import AssignmentChange
from tasks.assignments.domain import Act, status_after
from tasks.assignments.models import EntryKind


@dataclass(frozen=True)
class ContributionChange:
    """A contribution about to change, and its assignment, locked."""

    change: AssignmentChange
    contribution: Contribution

    @classmethod
    async def begin(
        cls, session: AsyncSession, actor: Actor, act: Act, id_: UUID
    ) -> "ContributionChange":
        """Lock for an act. Raises NotFound unless its assignment is seen, NotAllowed.

        And RuleBroken where the assignment is over. What is given is of the unit asked; what is
        decided, of the lead unit.
        """
        about = select(Contribution.assignment_id, Contribution.unit_id).where(
            Contribution.id == id_
        )
        found = (await session.execute(about)).first()
        if found is None:
            raise NotFound("Không tìm thấy đóng góp này", code="contribution_not_found")
        theirs = found.unit_id if act == "give_contribution" else None
        change = await AssignmentChange.begin(
            session, actor, act, found.assignment_id, of_unit=theirs
        )
        assignment = change.assignment
        status_after(act, assignment.status, paused=assignment.paused_on is not None)
        return cls(change, await session.get_one(Contribution, id_))

    async def record(self, kind: EntryKind, event: type[Event], **facts: Any) -> None:
        """Write the assignment's next version, in which the contribution stands as it is now."""
        state = self.contribution.state().model_dump(mode="json")
        others = self.change.assignment.contributions
        self.change.assignment.contributions = [
            state if each["contribution_id"] == state["contribution_id"] else each
            for each in others
        ]
        await self.change.record(kind, event, contribution_id=self.contribution.id, **facts)
