"""What moves on screens with each answer: how many ballots count, and steering's figure."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import live
from reporting.indices.live import STEERING, TOPIC
from reporting.releases.publications import Results
from reporting.satisfaction.counts import counts_of
from reporting.satisfaction.domain import scaled
from reporting.satisfaction.steering import steering_of

_TOLD = text("""
    INSERT INTO steering_figure AS told (round_id, value, n)
    VALUES (:round, CAST(:value AS numeric), :n)
    ON CONFLICT (round_id) DO UPDATE SET value = excluded.value, n = excluded.n
    WHERE (told.value, told.n) IS DISTINCT FROM (excluded.value, excluded.n) RETURNING round_id
""")


async def tell(session: AsyncSession, about: Results) -> None:
    """Push the count to everybody, and steering's figure to steering when it moved."""
    round_id = about.round.round_id
    n = (await counts_of(session, about.round)).department
    await _push(session, TOPIC, "answers_counted", round_id, {"n": n})
    steering = await steering_of(session, about.round, scaled(about.questionnaire))
    if steering is None:
        return
    told = {"value": steering.value, "n": steering.n, "round": round_id}
    if (await session.execute(_TOLD, told)).first():
        value = None if steering.value is None else str(steering.value)
        facts = {"value": value, "n": steering.n}
        await _push(session, STEERING, "steering_moved", round_id, facts)


async def _push(
    session: AsyncSession, topic: str, event: str, round_id: UUID, facts: Mapping[str, object]
) -> None:
    payload = {"round_id": str(round_id), **facts}
    await live.push(session, live.Push(topic, payload, event=event, coalesce=str(round_id)))
