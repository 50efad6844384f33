"""The Office's month as it is answered: each line with its reason and where it can be acted on."""

from datetime import date, datetime
from uuid import UUID

from chassis.web import ResponseBody
from contracts.tasks import InspectionBody, InspectionStatus, UnitReportStatus
from tasks.office.domain import Need


class Reason(ResponseBody):
    """Why a unit needs attention: how many, and the query of the list that shows them.

    `not_urged`: overdue, and nobody was urged about it for 30 days. `report_late`: its report is
    missing after the day; its list is that of units' reports, all others that of assignments.
    """

    what: Need
    count: int
    query: str


class UnitInNeed(ResponseBody):
    """A unit with its reasons. `oldest`: since when its longest overdue assignment is due."""

    unit_id: UUID
    open: int
    due: int
    handed_in: int
    overdue: int
    oldest: date | None
    reasons: list[Reason]


class UnitToReport(ResponseBody):
    """A unit that reports under a plan. `report_id` null: not begun, or not handed in yet.

    `late_days`: working days past the last allowed day, until it was handed in or today. `all`: how
    many assignments it leads there, `open`: how many of them are still owed.
    """

    unit_id: UUID
    report_id: UUID | None
    status: UnitReportStatus
    handed_in_on: date | None
    late_days: int
    all: int
    open: int


class PlanReports(ResponseBody):
    """A plan whose units report by a day of the month, or still owe what was due before.

    `working_days_left` null: the day has passed. `allowed`: `urge` the units that are missing.
    """

    plan_id: UUID
    title: str
    number: str | None
    closes_on: date
    working_days_left: int | None
    handed_in: int
    missing: int
    units: list[UnitToReport]
    allowed: list[str]


class UrgingToFollow(ResponseBody):
    """An urging that somebody has not acknowledged. `letter_number`: of its letter, if any.

    `row_count`: assignments, or, for the reason `report`, units.
    """

    id: UUID
    origin: str
    reason: str
    made_at: datetime
    row_count: int
    people: int
    acknowledged: int
    letter_number: str | None


class Letter(ResponseBody):
    """An urging letter that went out in the month: its number, and about how many assignments."""

    urging_id: UUID
    number: str
    issued_on: date
    row_count: int


class InspectionOfMonth(ResponseBody):
    """An inspection on days of the month."""

    id: UUID
    unit_id: UUID
    body: InspectionBody
    subject: str
    starts_on: date
    ends_on: date
    state: InspectionStatus


class InspectionsOfMonth(ResponseBody):
    """Inspections on days of the month, and, of all, what waits.

    `without_conclusion`: the team came, nothing is concluded. `open_findings`: whose remediation is
    not accepted, `overdue_findings` of them past its day.
    """

    data: list[InspectionOfMonth]
    without_conclusion: int
    open_findings: int
    overdue_findings: int


class ToDecide(ResponseBody):
    """What waits for the Office itself: how many of each. `extensions`: that the reader decides."""

    results: int
    extensions: int
    questions: int
    measures: int


class Totals(ResponseBody):
    """All units together: owed now, due in the month, handed in of those, overdue, not urged."""

    open: int
    due: int
    handed_in: int
    overdue: int
    not_urged: int


class MeasuresMissing(ResponseBody):
    """How many of the last published sheet's losses have no measure; no year: no such sheet."""

    year: int | None
    missing: int


class InstructionsOfMonth(ResponseBody):
    """How many instructions were issued in the month, and how many of them are still open."""

    issued: int
    open: int


class MonthView(ResponseBody):
    """The Office's month. `overdue`: now, of what was due until the month's last day.

    `units`: those that need attention, the most pressing first: by overdue, then not urged, a late
    report, returned, without a day, due in the month.
    """

    month: str
    first_day: date
    last_day: date
    today: date
    totals: Totals
    to_decide: ToDecide
    reports: list[PlanReports]
    urgings: list[UrgingToFollow]
    letters: list[Letter]
    inspections: InspectionsOfMonth
    measures: MeasuresMissing
    instructions: InstructionsOfMonth
    units: list[UnitInNeed]
