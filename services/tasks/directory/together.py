"""Many entries of the directory changed by one act: a line in the audit and an event of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit, traces
from chassis.access import Actor
from chassis.messaging import outbox
from contracts.tasks import PersonChanged, PersonState, UnitChanged, UnitState
from tasks.directory.models import Person, Unit


@dataclass(frozen=True)
class Kept:
    """An entry that is as it shall be. `before`: its state until now; None: it is new."""

    entry: Unit | Person
    before: UnitState | PersonState | None = None


async def leave_all(
    session: AsyncSession, actor: Actor, kept: Sequence[Kept], now: datetime, reason: str | None
) -> None:
    """Write the entries, who did it and why, and the events, in three statements."""
    await session.flush()
    if not kept:
        return
    lines = [_line(each, actor, now, reason) for each in kept]
    await session.execute(audit.RECORD, lines)
    events = [_event(each.entry) for each in kept]
    await outbox.add(session, *events, now=now, actor_id=actor.person_id)


def _line(kept: Kept, actor: Actor, now: datetime, reason: str | None) -> dict[str, object]:
    old, new = traces.difference(kept.before, kept.entry.state())
    noun, act = kept.entry.__tablename__, "change" if kept.before else "create"
    return audit.entry(
        actor_id=actor.person_id, action=f"{noun}.{act}", subject_id=kept.entry.id, before=old,
        after=new, reason=reason, now=now,
    )  # fmt: skip


def _event(entry: Unit | Person) -> UnitChanged | PersonChanged:
    if isinstance(entry, Unit):
        return UnitChanged(unit=entry.state())
    return PersonChanged(person=entry.state())
