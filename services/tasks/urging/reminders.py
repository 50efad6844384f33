"""The ladder after the due day: once a working day, who is next is told of what is late.

Rows, people and counts are found by statements over all of them, never row by row.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.clock import TIME_ZONE
from chassis.ids import new_id
from contracts.tasks import UrgedPerson
from tasks.assignments.urged import Urging, UrgingRecipient
from tasks.calendar.moment import Moment, moment_at
from tasks.ladder.actions import ladder
from tasks.ladder.domain import days_late, latest_due_day
from tasks.ladder.models import UrgingLadder
from tasks.urging.record import events

_OPEN = "('not_started', 'in_progress', 'returned')"
# Each step of a due day once: a later due day is told anew, a step that was added is told late.
_CLIMB = text(f"""
    INSERT INTO urging_row (urging_id, assignment_id, told, due_on)
    SELECT CAST(:urging AS uuid), a.id, array_agg(step.told), a.due_on
    FROM assignment a JOIN plan p ON p.id = a.plan_id AND p.status = 'active'
    JOIN unnest(CAST(:told AS text[]), CAST(:latest AS date[])) AS step(told, latest)
      ON a.due_on <= step.latest
    WHERE a.status IN {_OPEN} AND a.paused_on IS NULL AND a.carried_to_id IS NULL
      AND NOT EXISTS (
        SELECT FROM urging_row before WHERE before.assignment_id = a.id
        AND before.due_on = a.due_on AND step.told = ANY(before.told))
    GROUP BY a.id, a.due_on
""")  # noqa: S608 - our own words
# Who is told: the accountable person, while of the lead unit and at work there, else its head; the
# head; the Office; the Director. Whoever stands in today for one of them is told, too, where they
# still may: `directory.domain.may_stand_in`, of the places that both have now.
_WHO = text("""
    WITH at_work AS (
      SELECT p.id, p.unit_id, p.role, s.id AS substitute_id
      FROM person p LEFT JOIN person s ON s.id = p.substitute_id AND s.active
        AND :today BETWEEN p.absent_from AND p.absent_until
        AND CASE WHEN p.role IN ('unit_head', 'unit_officer')
          THEN s.role IN ('unit_head', 'unit_officer') AND s.unit_id = p.unit_id
          ELSE s.role = p.role END
      WHERE p.active
    ), heads AS (
      SELECT p.unit_id, p.id FROM at_work p WHERE p.role = 'unit_head'
      OR p.role IN ('office', 'director') AND NOT EXISTS (
        SELECT FROM at_work h WHERE h.unit_id = p.unit_id AND h.role = 'unit_head')
    ), late AS MATERIALIZED (
      SELECT r.assignment_id, step.told, r.due_on, a.unit_id, a.number, p.id AS accountable_id
      FROM urging_row r CROSS JOIN unnest(r.told) AS step(told)
      JOIN assignment a ON a.id = r.assignment_id
      LEFT JOIN at_work p ON p.id = a.accountable_person_id AND p.unit_id = a.unit_id
        AND p.role IN ('unit_head', 'unit_officer', 'office', 'director')
      WHERE r.urging_id = :urging
    ), of_unit AS (
      SELECT accountable_id AS person_id, assignment_id, due_on, number, 'person' AS told, 1 AS rank
      FROM late WHERE told = 'person' AND accountable_id IS NOT NULL
      UNION ALL
      SELECT h.id, l.assignment_id, l.due_on, l.number, l.told, 2
      FROM late l JOIN heads h ON h.unit_id = l.unit_id
      WHERE l.told = 'head' OR l.told = 'person' AND l.accountable_id IS NULL
    ), with_substitutes AS (
      SELECT * FROM of_unit
      UNION ALL
      SELECT s.id, o.assignment_id, o.due_on, o.number, 'stands_in', 0
      FROM of_unit o JOIN at_work away ON away.id = o.person_id
      JOIN at_work s ON s.id = away.substitute_id
    ), named AS (
      SELECT person_id, array_agg(DISTINCT assignment_id) AS ids,
        count(DISTINCT assignment_id) AS rows, min(due_on) AS first_due, min(number) AS number,
        (array_agg(told ORDER BY rank DESC))[1] AS told, max(rank) AS rank
      FROM with_substitutes GROUP BY person_id
    ), above AS (
      SELECT told, count(*) AS rows, min(due_on) AS first_due, min(number) AS number
      FROM late WHERE told IN ('office', 'director') GROUP BY told
    ), overseeing AS (
      SELECT p.id AS person_id, a.rows, a.first_due, a.number, a.told, 3 AS rank
      FROM above a JOIN at_work p ON p.role = a.told
      UNION ALL
      SELECT s.id, a.rows, a.first_due, a.number, 'stands_in', 0
      FROM above a JOIN at_work p ON p.role = a.told JOIN at_work s ON s.id = p.substitute_id
    ), over_all AS (
      SELECT person_id, max(rows) AS rows, min(first_due) AS first_due, min(number) AS number,
        (array_agg(told ORDER BY rank DESC))[1] AS told FROM overseeing GROUP BY person_id
    )
    SELECT person_id, p.unit_id, coalesce(o.told, n.told) AS told,
      CASE WHEN o.told IS NULL THEN n.ids END AS ids, greatest(o.rows, n.rows) AS rows,
      least(o.first_due, n.first_due) AS first_due, least(o.number, n.number) AS number
    FROM named n FULL JOIN over_all o USING (person_id) JOIN at_work p ON p.id = person_id
    ORDER BY p.unit_id, person_id
""")


async def escalate(session: AsyncSession, now: datetime) -> int:
    """Climb the ladder, once a working day within its hours; return how many people are told.

    Rows, people and events are one transaction: killed within it, the next look does it all.
    """
    at, found = await moment_at(session, now), await ladder(session, lock=True)
    if not _its_time(found, at):
        return 0
    urging = Urging(
        id=new_id(), origin="ladder", reason="ladder", words="", made_at=now, made_by=None,
        row_count=0,
    )  # fmt: skip
    async with session.begin_nested() as point:
        session.add(urging)
        await session.flush()
        climbed = await session.execute(_CLIMB, _given(found, urging, at))
        urging.row_count = climbed.rowcount  # type: ignore[attr-defined]  # of an INSERT
        if not urging.row_count:
            await point.rollback()
            return 0  # the day is not spent: rows may come, or a calendar may change
        found.escalated_on = at.today
        return await _tell(session, urging, at)


def _its_time(found: UrgingLadder, at: Moment) -> bool:
    hour = at.now.astimezone(TIME_ZONE).hour
    in_hours = found.work_from <= hour < found.work_until
    return in_hours and at.calendar.is_working(at.today) and found.escalated_on != at.today


def _given(found: UrgingLadder, urging: Urging, at: Moment) -> dict[str, Any]:
    steps = found.steps
    return {
        "urging": urging.id,
        "told": [step.told for step in steps],
        "latest": [latest_due_day(at.today, step.working_days, at.calendar) for step in steps],
    }


async def _tell(session: AsyncSession, urging: Urging, at: Moment) -> int:
    given = {"urging": urging.id, "today": at.today}
    told = (await session.execute(_WHO, given)).all()
    if told:
        await session.execute(insert(UrgingRecipient), [_recipient(urging, row) for row in told])
    people = [(row.unit_id, _named(row, at)) for row in told]
    after = {"rows": urging.row_count, "people": len(told)}
    await traces.leave(
        session, None, "urging.climb", urging.id, *events(urging, people, at.today),
        now=at.now, after=after,
    )  # fmt: skip
    return len(told)


def _recipient(urging: Urging, row: Any) -> dict[str, Any]:
    return {
        "urging_id": urging.id, "person_id": row.person_id, "unit_id": row.unit_id,
        "urged_as": row.told, "row_count": row.rows, "assignment_ids": row.ids, "words": "",
    }  # fmt: skip


def _named(row: Any, at: Moment) -> UrgedPerson:
    return UrgedPerson(
        person_id=row.person_id, urged_as=row.told, count=row.rows, number=row.number,
        days_late=days_late(row.first_due, at.today, at.calendar), words="",
    )  # fmt: skip
