"""What moves on screens with each answer: how many ballots count, and steering's figure."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import live
from reporting.indices.live import STEERING
from reporting.marks import TOPIC
from reporting.releases.publications import Results
from reporting.satisfaction.counts import counts_of
from reporting.satisfaction.domain import scaled
from reporting.satisfaction.steering import steering_of

_TOLD = text("""
    SELECT counted, steering_value, steering_n FROM told_count WHERE round_id = :round
""")
_TELL = text("""
    INSERT INTO told_count (round_id, counted, steering_value, steering_n)
    VALUES (:round, :counted, :value, :n) ON CONFLICT (round_id) DO UPDATE
    SET counted = excluded.counted, steering_value = excluded.steering_value,
      steering_n = excluded.steering_n
""")


async def tell(session: AsyncSession, about: Results) -> None:
    """Push the count to everybody and steering's figure to steering, each only when it moved.

    A look that moves nothing says nothing: in tens, a message would be a ballot.
    """
    round_id = about.round.round_id
    counted = (await counts_of(session, about.round)).department
    steering = await steering_of(session, about.round, scaled(about.questionnaire))
    value, n = (steering.value, steering.n) if steering else (None, None)
    told = (await session.execute(_TOLD, {"round": round_id})).first()
    if told == (counted, value, n):
        return
    given = {"round": round_id, "counted": counted, "value": value, "n": n}
    await session.execute(_TELL, given)
    if told is None or told.counted != counted:
        await _push(session, TOPIC, "answers_counted", round_id, {"n": counted})
    if steering and (told is None or told[1:] != (value, n)):
        facts = {"value": None if value is None else str(value), "n": n}
        await _push(session, STEERING, "steering_moved", round_id, facts)


async def _push(
    session: AsyncSession, topic: str, event: str, round_id: UUID, facts: Mapping[str, object]
) -> None:
    payload = {"round_id": str(round_id), **facts}
    await live.push(session, live.Push(topic, payload, event=event, coalesce=str(round_id)))
