"""New notifications, and the mails that carry them: one per person and burst."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import new_id
from notifications.ledger.models import Notification

QUIET = timedelta(seconds=2)  # nothing more came for the person: the burst is over
LONGEST = timedelta(seconds=20)  # a burst that does not end is cut here
PATIENCE = timedelta(days=3)  # with a mail server that does not take it; then it has failed

# What a digest holds is counted where it grows (`digests`): nothing stored here holds anything.
_COLUMNS = [column.key for column in Notification.__table__.columns if column.key != "held"]
_OTHERS = ", ".join(f'given."{name}"' for name in _COLUMNS if name != "delivery_id")

# A given row's `delivery_id` is the mail to open when none is gathering for the person; sorted, so
# that two workers do not deadlock.
_STORE = text(f"""
    WITH given AS (
      SELECT * FROM jsonb_populate_recordset(NULL::notification, CAST(:rows AS jsonb))
    ), opened AS (
      INSERT INTO delivery (id, person_id, channel, created_at, next_attempt_at, give_up_at)
      SELECT DISTINCT given.delivery_id, given.person_id, 'email', given.created_at,
        now() + CAST(:quiet AS interval), now() + CAST(:patience AS interval)
      FROM given WHERE given.delivery_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM notification old
        WHERE old.event_type = given.event_type AND old.subject_id = given.subject_id
        AND old.step = given.step AND old.person_id = given.person_id)
      ORDER BY given.person_id
      ON CONFLICT (person_id, channel) WHERE state = 'queued' AND attempts = 0
      DO UPDATE SET next_attempt_at =
        least(delivery.created_at + CAST(:longest AS interval), excluded.next_attempt_at)
      RETURNING id, person_id
    )
    INSERT INTO notification (delivery_id, {_OTHERS.replace("given.", "")})
    SELECT opened.id, {_OTHERS} FROM given
    LEFT JOIN opened ON opened.person_id = given.person_id AND given.delivery_id IS NOT NULL
    ORDER BY given.subject_id, given.event_type, given.step, given.person_id
    ON CONFLICT DO NOTHING RETURNING id
""")  # noqa: S608 - our own column names


async def store(
    session: AsyncSession, notifications: Sequence[Notification], by_mail: Collection[UUID]
) -> list[Notification]:
    """Insert what is not there yet and put what goes by mail into its person's next; return it."""
    mails: dict[UUID, UUID] = {}
    rows = []
    for each in notifications:
        row = {name: getattr(each, name) for name in _COLUMNS}
        if each.id in by_mail:
            row["delivery_id"] = mails.setdefault(each.person_id, new_id())
        rows.append(row)
    facts = {"rows": to_json(rows).decode(), "quiet": QUIET, "longest": LONGEST,
             "patience": PATIENCE}  # fmt: skip
    fresh = set((await session.execute(_STORE, facts)).scalars())
    return [each for each in notifications if each.id in fresh]
