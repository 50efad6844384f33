"""What an act on a plan leaves behind: a line of its history, the audit, and its events."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.ids import new_id
from contracts.events import Event
from contracts.tasks import PlanState
from tasks.plans.models import Plan, PlanEntry, PlanEntryKind

AUDITED: dict[PlanEntryKind, str] = {
    "created": "plan.create",
    "changed": "plan.change",
    "issued": "plan.activate",
    "closed": "plan.close",
    "replaced": "plan.replace",
    "rolled_over": "plan.roll_over",
    "cancelled": "plan.cancel",
}


class Before:
    """A plan as it was until now."""

    def __init__(self, plan: Plan) -> None:
        """Remember the plan's state and its facts."""
        self.state: PlanState = plan.state()
        self.facts: dict[str, Any] = plan.facts()


async def leave(
    session: AsyncSession,
    actor: Actor,
    plan: Plan,
    kind: PlanEntryKind,
    *events: Event,
    now: datetime,
    before: Before | None = None,
    reason: str | None = None,
) -> None:
    """Write what became of a plan, which already is as it shall be, its version too."""
    after = plan.facts()
    old = before.facts if before else {}
    changes = [
        {"field": name, "before": old.get(name), "after": value}
        for name, value in after.items()
        if before and old.get(name) != value
    ]
    entry = PlanEntry(
        id=new_id(), plan_id=plan.id, version=plan.version, at=now, kind=kind,
        actor_id=actor.person_id, reason=reason, changes=changes,
    )  # fmt: skip
    await session.flush()  # a new plan's row first: its history refers to it
    session.add(entry)
    await traces.leave(
        session, actor, AUDITED[kind], plan.id, *events, now=now,
        before=before.state if before else None, after=plan.state(), reason=reason,
    )  # fmt: skip
