"""Asking the people of a plan's recipients to take note of it, and taking note."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.ids import new_id
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import PlanAcknowledged
from tasks.acknowledgements.models import Acknowledgement
from tasks.plans.models import Plan

NOT_ASKED = Sentence(N_("Kế hoạch này không gửi đến đơn vị của bạn, không cần xác nhận quán triệt"))
NOT_IN_FORCE = Sentence(N_("Chỉ xác nhận quán triệt kế hoạch đang có hiệu lực"))

# Who is at work in a unit that the document goes to; systems of others take note of nothing.
_ASK = text("""
    INSERT INTO acknowledgement (id, plan_id, person_id, unit_id, asked_at)
    SELECT gen_random_uuid(), :plan_id, id, unit_id, now() FROM person
    WHERE active AND role <> 'external_system' AND unit_id = ANY(CAST(:units AS uuid[]))
    ON CONFLICT (plan_id, person_id) DO NOTHING
""")
_ASK_NO_MORE = text("""
    DELETE FROM acknowledgement
    WHERE plan_id = :plan_id AND acknowledged_at IS NULL
      AND NOT unit_id = ANY(CAST(:units AS uuid[]))
""")


async def follow_recipients(session: AsyncSession, plan: Plan) -> None:
    """Ask everybody of the units that a plan in force goes to, once; who has taken note stays."""
    if plan.status != "active":
        return
    given = {"plan_id": plan.id, "units": list(plan.recipient_unit_ids)}
    await session.execute(_ASK_NO_MORE, given)
    await session.execute(_ASK, given)


async def acknowledge(session: AsyncSession, actor: Actor, plan: Plan) -> Acknowledgement:
    """Take note of a plan, once; who came to a recipient later is taken in.

    Raises RuleBroken `plan_not_addressed` for somebody of no recipient, `plan_not_in_force`.
    """
    taken = await _mine(session, actor, plan.id)
    if taken and taken.acknowledged_at:
        return taken
    if plan.status != "active":
        raise RuleBroken("plan_not_in_force", NOT_IN_FORCE)
    if taken is None and actor.unit_id not in plan.recipient_unit_ids:
        raise RuleBroken("plan_not_addressed", NOT_ASKED)
    now = await database_now(session)
    if taken is None:
        row = {
            "id": new_id(), "plan_id": plan.id, "person_id": actor.person_id,
            "unit_id": actor.unit_id, "asked_at": now,
        }  # fmt: skip
        await session.execute(insert(Acknowledgement).values(row).on_conflict_do_nothing())
        return await acknowledge(session, actor, plan)
    taken.acknowledged_at = now
    event = PlanAcknowledged(acknowledgement=taken.state(now))
    await traces.leave(session, actor, "plan.acknowledge", plan.id, event, now=now)
    return taken


async def _mine(session: AsyncSession, actor: Actor, plan_id: UUID) -> Acknowledgement | None:
    mine = select(Acknowledgement).where(
        Acknowledgement.plan_id == plan_id, Acknowledgement.person_id == actor.person_id
    )
    found: Acknowledgement | None = await session.scalar(mine.with_for_update())
    return found
