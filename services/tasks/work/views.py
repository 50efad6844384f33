"""What waits for somebody, and what their work and their unit's stands like."""

from datetime import date, datetime
from uuid import UUID

from chassis.web import ResponseBody
from tasks.assignments.models import EntryKind
from tasks.assignments.views import AssignmentView
from tasks.contributions.views import ContributionView
from tasks.work.domain import What


class Share(ResponseBody):
    """Assignments still owed, and the first of them by due day.

    `due_this_week`: from today to Sunday. `query`: of the list that shows them all.
    """

    open: int
    overdue: int
    due_this_week: int
    query: str
    data: list[AssignmentView]


class Waiting(ResponseBody):
    """Something that waits for the caller: how many, and the query of the list that shows them."""

    what: What
    count: int
    query: str


class StoodInFor(ResponseBody):
    """Somebody who is away until a day included, and what they owe; `query`: of that list."""

    person_id: UUID
    name: str
    until: date
    open: int
    overdue: int
    query: str


class Moved(ResponseBody):
    """A line of the history of an assignment. No actor: the system."""

    assignment_id: UUID
    number: str
    content: str
    occurrence: str
    unit_id: UUID
    kind: EntryKind
    at: datetime
    actor_name: str | None


class PlanToNote(ResponseBody):
    """A plan in force that waits for the caller's "đã quán triệt"."""

    id: UUID
    number: str | None
    title: str
    asked_at: datetime


class WorkView(ResponseBody):
    """The caller's day. `unit` null: the role leads no assignments.

    `contributions`: what the caller's unit owes other units' assignments, the first of it by day.
    `standing_in`: for whom the caller stands in today.

    `moved`: what others or the system did since the start of yesterday to what the caller sees
    (unit staff: to what their unit leads), the newest first; `moved_count`: all of it.
    """

    today: date
    week_ends_on: date
    waiting: list[Waiting]
    mine: Share
    unit: Share | None
    acknowledge: list[PlanToNote]
    contributions: list[ContributionView]
    standing_in: list[StoodInFor]
    since: datetime
    moved: list[Moved]
    moved_count: int
