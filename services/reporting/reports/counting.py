"""Assignments as they stood at the end of a day, counted: what came later is not in it.

Out of the newest version of each: a result counts as accepted, handed in, or an assignment as
paused, from the day on which it was. What an assignment was asked to be (unit, deadline), that it
was cancelled, or a result returned, is told with no day: of that the newest is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.reports.windows import AsOf, after

_ACCEPTED = "coalesce(CAST(s.accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date), s.submitted_on)"
# Of `others`, plans of other years, a period has to do with what is due in it, what was due before
# and not done when it began (the backlog), and what was accepted in it though due later. What of
# them is due in the period after it is none of its own (`mine`), but comes next.
_FACTS = f"""
    SELECT f.unit_id, f.state, s.*, {_ACCEPTED} AS accepted_on,
      coalesce(f.plan_id = ANY(CAST(:plans AS uuid[])) OR s.due_on BETWEEN :starts AND :ends
        OR s.due_on < :starts AND s.status NOT IN ('done', 'cancelled')
        OR s.due_on < :starts AND s.status = 'done' AND {_ACCEPTED} >= :starts
        OR s.due_on > :ends AND s.status = 'done' AND {_ACCEPTED} BETWEEN :starts AND :ends,
        false) AS mine
    FROM assignment_fact f, LATERAL jsonb_to_record(f.state) AS s(
      section text, number text, task_number text, content text, occurrence text, product text,
      deadline_text text, deadline_kind text, status text, due_on date, first_due_on date,
      submitted_on date, paused_on date, accepted_at timestamptz)
    WHERE f.plan_id = ANY(CAST(:plans AS uuid[]) || CAST(:others AS uuid[]))
      AND f.state IS NOT NULL
"""  # noqa: S608 - ours
_HAS_HELPERS = "AND f.state -> 'contributions' <> CAST('[]' AS jsonb)"
# OFFSET 0: else each of the twenty counts would find out anew how a row stood.
_AS_OF = """
    WITH fact AS ({facts}), stood AS (
      SELECT fact.*, CASE
          WHEN status = 'done' AND accepted_on > :until AND submitted_on <= :until THEN 'submitted'
          WHEN status = 'done' AND accepted_on > :until THEN 'in_progress'
          WHEN status = 'submitted' AND submitted_on > :until THEN 'in_progress'
          ELSE status END AS stands,
        CASE WHEN submitted_on <= :until THEN submitted_on END AS handed_in_on
      FROM fact WHERE mine OR due_on > :ends AND due_on <= :next OFFSET 0
    ), told AS (
      SELECT stood.*, stands NOT IN ('done', 'cancelled') AND coalesce(paused_on <= :until, false)
          AS paused,
        mine AND stands <> 'cancelled' AND deadline_kind <> 'continuous' AND due_on IS NOT NULL
          AS owed,
        stands NOT IN ('done', 'cancelled') AND deadline_kind <> 'continuous'
          AND NOT coalesce(paused_on <= :until, false)
          AND coalesce(due_on > :ends AND due_on <= :next, false) AS coming
      FROM stood OFFSET 0
    )
"""
_THEN = _AS_OF.format(facts=_FACTS)
_COUNTED = text(f"""
    {_THEN}
    SELECT section, unit_id,
      count(*) FILTER (WHERE owed) AS total,
      count(*) FILTER (WHERE owed AND stands = 'done') AS done,
      count(*) FILTER (WHERE owed AND stands = 'done' AND handed_in_on <= due_on) AS on_time,
      count(*) FILTER (WHERE owed AND paused) AS paused,
      count(*) FILTER (WHERE owed AND stands = 'submitted') AS waiting,
      count(*) FILTER (WHERE owed AND stands = 'returned') AS returned,
      count(*) FILTER (WHERE owed AND first_due_on IS NOT NULL) AS extended,
      count(*) FILTER (WHERE owed AND NOT paused AND due_on <= :until) AS due,
      count(*) FILTER (WHERE owed AND due_on <= :until AND stands = 'done') AS done_due,
      count(*) FILTER (WHERE owed AND NOT paused AND due_on < :until
        AND stands NOT IN ('done', 'submitted')) AS overdue,
      count(*) FILTER (WHERE owed AND NOT paused AND due_on BETWEEN :starts AND :ends)
        AS window_due,
      count(*) FILTER (WHERE owed AND stands = 'done' AND due_on BETWEEN :starts AND :ends)
        AS window_met,
      count(*) FILTER (WHERE owed AND stands = 'done' AND accepted_on BETWEEN :starts AND :ends)
        AS window_done,
      count(*) FILTER (WHERE owed AND stands = 'done' AND accepted_on BETWEEN :starts AND :ends
        AND handed_in_on > due_on) AS window_late,
      count(*) FILTER (WHERE mine) AS mine,
      count(*) FILTER (WHERE coming) AS next_due,
      count(*) FILTER (WHERE stands <> 'cancelled' AND deadline_kind = 'continuous') AS continuous,
      count(*) FILTER (WHERE stands <> 'cancelled' AND deadline_kind = 'triggered'
        AND due_on IS NULL) AS untriggered,
      count(*) FILTER (WHERE stands <> 'cancelled'
        AND deadline_kind NOT IN ('continuous', 'triggered') AND due_on IS NULL) AS needs_person,
      min(CAST(nullif(left(regexp_replace(task_number, '\\D.*', ''), 9), '') AS integer)) AS place
    FROM told GROUP BY section, unit_id ORDER BY place, section
""")  # noqa: S608 - ours
_HELPED = text(f"""
    {_AS_OF.format(facts=_FACTS + _HAS_HELPERS)}, asked AS (
      SELECT g.due_on, coalesce(g.given_on <= :until, false) AS given, told.paused,
        coalesce(g.on_time, false) AS on_time
      FROM told, LATERAL jsonb_to_recordset(told.state -> 'contributions')
        AS g(due_on date, given_on date, on_time boolean, status text)
      WHERE told.mine AND told.stands <> 'cancelled' AND g.status <> 'withdrawn'
    )
    SELECT count(*) AS asked,
      count(*) FILTER (WHERE due_on <= :until AND (given OR NOT paused)) AS due,
      count(*) FILTER (WHERE due_on <= :until AND given AND on_time) AS in_time
    FROM asked
""")  # noqa: S608 - ours
_ROWS = text(f"""
    {_THEN}
    SELECT told.number, told.content || coalesce(' (' || nullif(told.occurrence, '') || ')', '')
      AS content, told.product, told.stands, told.paused, told.paused_on,
      told.owed, told.mine, told.coming, told.due_on, told.handed_in_on, unit.name AS unit_name,
      coalesce(to_char(told.due_on, 'DD/MM/YYYY'), told.deadline_text) AS due
    FROM told LEFT JOIN unit ON unit.id = told.unit_id
    ORDER BY unit.sort_order, unit.id, length(told.number), told.number
""")  # noqa: S608 - ours


@dataclass(frozen=True)
class Scope:
    """What is counted: all of `plans`, of `others` what the period has to do with; as of when."""

    plans: Sequence[UUID]
    others: Sequence[UUID]
    starts_on: date
    ends_on: date
    as_of: AsOf

    @property
    def next_ends_on(self) -> date:
        """Return the last day of the period after this one."""
        return after(self.starts_on, self.ends_on)

    def facts(self) -> dict[str, Any]:
        """Return what the statements ask for."""
        return {
            "plans": list(self.plans), "others": list(self.others), "starts": self.starts_on,
            "ends": self.ends_on, "next": self.next_ends_on, "until": self.as_of.day,
        }  # fmt: skip


async def counted_of(session: AsyncSession, scope: Scope) -> Sequence[Any]:
    """Return the counts of each section and unit, in the order of the plans."""
    return (await session.execute(_COUNTED, scope.facts())).all()


async def helped_of(session: AsyncSession, scope: Scope) -> Any:
    """Return what coordinating units were asked for, what of it is due and came in time."""
    return (await session.execute(_HELPED, scope.facts())).one()


async def rows_of(session: AsyncSession, scope: Scope) -> Sequence[Any]:
    """Return every assignment, unit by unit."""
    return (await session.execute(_ROWS, scope.facts())).all()
