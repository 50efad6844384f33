"""A request for a later deadline that somebody is about to decide: found, locked, theirs."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound
from tasks.assignments import later_day
from tasks.assignments.change import AssignmentChange
from tasks.assignments.models import Extension, ExtensionStatus


@dataclass(frozen=True)
class Decision:
    """A request that somebody decides, and its assignment, locked."""

    change: AssignmentChange
    extension: Extension

    @classmethod
    async def begin(cls, session: AsyncSession, actor: Actor, id_: UUID) -> "Decision":
        """Lock for a decision. Raises NotFound unless its assignment is seen, NotAllowed."""
        about = select(Extension.assignment_id).where(Extension.id == id_)
        assignment_id = await session.scalar(about)
        if assignment_id is None:
            raise NotFound("Không tìm thấy đề nghị gia hạn này", code="extension_not_found")
        change = await AssignmentChange.begin(session, actor, "decide_extension", assignment_id)
        return cls(change, await session.get_one(Extension, id_))

    async def close(self, status: ExtensionStatus, note: str | None) -> None:
        """Settle the request, once. Raises RuleBroken `extension_decided`."""
        if self.extension.status != "open":
            raise later_day.decided()
        self.extension.status, self.extension.decision_note = status, note
        self.extension.decided_at = self.change.at.now
        self.extension.decided_by = self.change.actor.person_id
