"""Assignments as they stood at the end of a day, counted: what came later is not in it.

Out of the newest version of each: a result counts as accepted, handed in, or an assignment as
paused, from the day on which it was. What an assignment was asked to be (unit, deadline), that it
was cancelled, or a result returned, is told with no day: of that the newest is taken.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.reports.lines import COLUMNS, LINES, list_of
from reporting.reports.lists import Listed
from reporting.reports.numbers import ListCode
from reporting.reports.windows import AsOf, after

_ACCEPTED = "coalesce(CAST(s.accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date), s.submitted_on)"
# Of `others`, plans of other years, a period has to do with what is due in it, what was due before
# and not done when it began (the backlog), and what was accepted in it though due later. What of
# them is due in the period after it is none of its own (`mine`), but comes next.
_FACTS = f"""
    SELECT f.unit_id, s.*, {_ACCEPTED} AS accepted_on,
      coalesce(f.plan_id = ANY(CAST(:plans AS uuid[])) OR s.due_on BETWEEN :starts AND :ends
        OR s.due_on < :starts AND s.status NOT IN ('done', 'cancelled')
        OR s.due_on < :starts AND s.status = 'done' AND {_ACCEPTED} >= :starts
        OR s.due_on > :ends AND s.status = 'done' AND {_ACCEPTED} BETWEEN :starts AND :ends,
        false) AS mine
    FROM assignment_fact f, LATERAL jsonb_to_record(f.state) AS s(
      section text, number text, task_number text, content text, occurrence text, product text,
      deadline_text text, deadline_kind text, status text, due_on date, first_due_on date,
      submitted_on date, paused_on date, accepted_at timestamptz, contributions jsonb)
    WHERE f.plan_id = ANY(CAST(:plans AS uuid[]) || CAST(:others AS uuid[]))
      AND f.state IS NOT NULL
"""  # noqa: S608 - ours
# OFFSET 0: else each of the twenty counts would find out anew how a row stood. And `told` is read
# by the counts and by every list: what a row holds is taken out of its JSON once.
_TOLD = f"""
    WITH fact AS ({_FACTS}), stood AS (
      SELECT fact.*, CASE
          WHEN status = 'done' AND accepted_on > :until AND submitted_on <= :until THEN 'submitted'
          WHEN status = 'done' AND accepted_on > :until THEN 'in_progress'
          WHEN status = 'submitted' AND submitted_on > :until THEN 'in_progress'
          ELSE status END AS stands,
        CASE WHEN submitted_on <= :until THEN submitted_on END AS handed_in_on
      FROM fact WHERE mine OR due_on > :ends AND due_on <= :next OFFSET 0
    ), known AS (
      SELECT stood.*, stands NOT IN ('done', 'cancelled') AND coalesce(paused_on <= :until, false)
          AS paused,
        mine AND stands <> 'cancelled' AND deadline_kind <> 'continuous' AND due_on IS NOT NULL
          AS owed,
        stands NOT IN ('done', 'cancelled') AND deadline_kind <> 'continuous'
          AND NOT coalesce(paused_on <= :until, false)
          AND coalesce(due_on > :ends AND due_on <= :next, false) AS coming
      FROM stood OFFSET 0
    ), told AS MATERIALIZED (
      SELECT known.*, owed AND NOT paused AND due_on < :until
          AND stands NOT IN ('done', 'submitted') AS overdue
      FROM known
    )
"""  # noqa: S608 - ours
_COUNTED = """
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
      count(*) FILTER (WHERE overdue) AS overdue,
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
    FROM told GROUP BY section, unit_id
"""
_HELPED = """
    SELECT count(*) AS asked,
      count(*) FILTER (WHERE due_on <= :until AND (given OR NOT paused)) AS due,
      count(*) FILTER (WHERE due_on <= :until AND given AND on_time) AS in_time
    FROM (
      SELECT g.due_on, coalesce(g.given_on <= :until, false) AS given, helped.paused,
        coalesce(g.on_time, false) AS on_time
      FROM (SELECT * FROM told WHERE contributions <> CAST('[]' AS jsonb) OFFSET 0) AS helped,
        LATERAL jsonb_to_recordset(helped.contributions)
          AS g(due_on date, given_on date, on_time boolean, status text)
      WHERE helped.mine AND helped.stands <> 'cancelled' AND g.status <> 'withdrawn'
    ) AS asked
"""
_EVERYTHING = f"""
    {_TOLD}, {LINES}
    SELECT 'counts' AS what, 0 AS part, count(*) AS rows,
      CAST(json_agg(c ORDER BY c.place, c.section) AS text) AS said FROM ({_COUNTED}) AS c
    UNION ALL SELECT 'helped', 0, 1, CAST(row_to_json(h) AS text) FROM ({_HELPED}) AS h
"""  # noqa: S608 - ours


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


@dataclass(frozen=True)
class Told:
    """Everything that is counted and listed of assignments, as of one moment.

    `counts` of each section and unit, in the order of the plans; `helped`: what coordinating units
    were asked for, what of it is due and came in time; `lists`: unit by unit.
    """

    counts: Sequence[Any]
    helped: Any
    lists: Sequence[Listed]


async def told_of(session: AsyncSession, scope: Scope, lists: Collection[ListCode]) -> Told:
    """Read the assignments once, for the counts and for those of `lists` that are of them."""
    chosen = [code for code in COLUMNS if code in lists]
    everything = " UNION ALL ".join([_EVERYTHING, *map(list_of, chosen)])
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in await session.execute(text(everything), scope.facts()):
        found[row.what].append(row)
    [counts], [helped] = found["counts"], found["helped"]
    return Told(
        [_count(each) for each in json.loads(counts.said or "[]")],
        SimpleNamespace(**json.loads(helped.said)),
        [_listed(code, found[code]) for code in chosen],
    )


def _count(row: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**{**row, "unit_id": row["unit_id"] and UUID(row["unit_id"])})


def _listed(code: ListCode, parts: list[Any]) -> Listed:
    parts.sort(key=lambda each: each.part)
    said = [each.said for each in parts] or ["[]"]
    return Listed(code, COLUMNS[code], sum(each.rows for each in parts), said)
