"""Who is away and who stands in, as the directory says it."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.events import Received
from contracts.tasks import PersonChanged
from notifications.obligations.models import Absence

_KEPT = ("version", "substitute_id", "absent_from", "absent_until")


async def keep_absences(session: AsyncSession, events: Sequence[Received[PersonChanged]]) -> None:
    """Keep the newest word about each person; an older one that comes later says nothing."""
    newest = {
        each.event.subject: each.event.person
        for each in sorted(events, key=lambda each: each.event.version)
    }
    if not newest:
        return
    rows = [
        {"person_id": id_, **{name: getattr(newest[id_], name) for name in _KEPT}}
        for id_ in sorted(newest)
    ]
    statement = insert(Absence)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id"],
            set_={name: statement.excluded[name] for name in _KEPT},
            where=statement.excluded.version > Absence.version,
        ),
        rows,
    )
