"""Reading and changing the ladder."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.web import check_version
from tasks.ladder.domain import (
    Step,
    check_before,
    check_escalation,
    check_hours,
    check_words,
)
from tasks.ladder.models import UrgingLadder


async def ladder(session: AsyncSession, *, lock: bool = False) -> UrgingLadder:
    """Return the ladder in force."""
    statement = select(UrgingLadder)
    return (await session.scalars(statement.with_for_update() if lock else statement)).one()


async def change(
    session: AsyncSession, actor: Actor, expected: int, facts: Mapping[str, Any], reason: str
) -> UrgingLadder:
    """Put another ladder in force. Raises StaleVersion, InputRefused."""
    check_words(facts["words"])
    check_before(facts["before"])
    check_escalation([Step(**each) for each in facts["escalation"]])
    check_hours(facts["work_from"], facts["work_until"])
    found = await ladder(session, lock=True)
    check_version(found.version, expected)
    before = found.facts()
    ordered = {
        "before": sorted(facts["before"]),
        "escalation": sorted(facts["escalation"], key=lambda each: int(each["working_days"])),
    }
    for name, value in {**facts, **ordered}.items():
        setattr(found, name, value)
    if found.facts() == before:
        return found
    found.version += 1
    await traces.leave(
        session, actor, "urging_ladder.change", found.id, now=await database_now(session),
        before=before, after=found.facts(), reason=reason,
    )  # fmt: skip
    return found
