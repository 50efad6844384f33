"""The officer's corrections of one row."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.web import check_version
from tasks.imports.amendment import amend, facts, follow, open_import, open_row
from tasks.imports.models import AppendixRow


async def correct(
    session: AsyncSession,
    actor: Actor,
    import_id: UUID,
    row_number: int,
    expected: int,
    given: Mapping[str, Any],
) -> AppendixRow:
    """Change what `given` names and read the row again; what it leaves out stays.

    Raises NotFound, StaleVersion, RuleBroken unless the import waits for confirmation and the row
    does, too, InputRefused for a unit that is not an active one.
    """
    started = await open_import(session, import_id)
    row = await open_row(session, import_id, row_number)
    check_version(row.version, expected)
    before = facts(row)
    if await amend(session, started, row, given):
        await follow(session, started, row)
        await session.flush()
        await traces.leave(
            session,
            actor,
            "import.correct_row",
            import_id,
            now=await database_now(session),
            before={f"row_{row_number}": before},
            after={f"row_{row_number}": facts(row)},
        )
    return row
