"""What counts as stale: what others changed meanwhile, not what was announced or contributed."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web import check_version
from tasks.assignments.models import Assignment, Entry

ANNOUNCEMENTS = frozenset(
    {
        "due_soon", "overdue", "contribution_asked", "contribution_due_soon", "contribution_given",
        "contribution_accepted", "contribution_returned", "contribution_withdrawn",
        "update_missed",
    }
)  # fmt: skip
"""Kinds of lines that stand against nobody's change: by the clock, or about a contribution."""


async def check_seen(
    session: AsyncSession,
    assignment: Assignment,
    seen: int,
    *,
    fields: Collection[str] | None = None,
) -> None:
    """Raise StaleVersion when something the actor has not seen stands against the change.

    `fields` None: everything but the announcements does. Else only changes by the Office
    of the same fields do: disjoint changes are merged.
    """
    if seen >= assignment.version:
        check_version(assignment.version, seen)
        return
    missed = await session.scalars(
        select(Entry).where(Entry.assignment_id == assignment.id, Entry.version > seen)
    )
    if any(_against(entry, fields) for entry in missed):
        check_version(assignment.version, seen)


def _against(entry: Entry, fields: Collection[str] | None) -> bool:
    if entry.kind in ANNOUNCEMENTS:
        return False
    if fields is None:
        return True
    return any(change["field"] in fields for change in entry.changes)
