"""Composition root of the tasks service: the only reader of its settings."""

from pathlib import Path

from chassis import i18n
from chassis.files import FileStore
from chassis.jobs import job_router
from chassis.service import Service
from tasks import discarding, handlers, jobs, sheets
from tasks.access import RIGHTS
from tasks.acknowledgements import api as acknowledgements
from tasks.assignments import api as assignments
from tasks.assignments import lists_api as lists
from tasks.bulk import api as bulk
from tasks.by_hand import api as by_hand
from tasks.calendar import api as calendar
from tasks.carrying import api as carrying
from tasks.commitments import api as commitments
from tasks.consequences import api as consequences
from tasks.contributions import api as contributions
from tasks.directory import api as directory
from tasks.directory import groups_api as groups
from tasks.directory.founder import find_actor_or_founder
from tasks.directory_sheets import api as directory_sheets
from tasks.evidence import api as evidence
from tasks.extensions import api as extensions
from tasks.files import api as files
from tasks.handling import api as handling
from tasks.imports import api as imports
from tasks.inspections import api as inspections
from tasks.inspections import weaknesses_api as weaknesses
from tasks.instructions import api as instructions
from tasks.issuing import api as issuing
from tasks.kpi_export import api as kpi_export
from tasks.ladder import api as ladder
from tasks.measures import api as measures
from tasks.office import api as office
from tasks.plans import api as plans
from tasks.questions import api as questions
from tasks.reorganising import api as reorganising
from tasks.rescheduling import api as rescheduling
from tasks.saved_views import api as saved_views
from tasks.settings import Settings
from tasks.signatures import api as signatures
from tasks.steering import api as steering
from tasks.unit_reports import api as unit_reports
from tasks.unit_reports import settings_api as unit_report_settings
from tasks.unit_reports import urging_api as unit_report_urging
from tasks.urging import api as urging
from tasks.work import api as work

HERE = Path(__file__).parent
POLICIES = RIGHTS
ROUTERS = (
    sheets.router,
    directory.me,
    directory.router,
    groups.router,
    directory_sheets.router,
    reorganising.router,
    calendar.router,
    rescheduling.router,
    plans.router,
    issuing.router,
    consequences.router,
    carrying.router,
    acknowledgements.router,
    imports.router,
    lists.router,
    bulk.router,
    by_hand.router,
    by_hand.readings,
    assignments.router,
    extensions.router,
    extensions.decisions,
    steering.router,
    commitments.router,
    contributions.router,
    contributions.decisions,
    questions.asking,
    questions.router,
    measures.router,
    measures.criteria,
    instructions.router,
    urging.router,
    ladder.router,
    unit_report_urging.router,
    unit_reports.router,
    unit_report_settings.router,
    kpi_export.router,
    inspections.router,
    weaknesses.router,
    weaknesses.rule_router,
    handling.router,
    handling.kinds_router,
    files.router,
    assignments.files_router,
    evidence.router,
    evidence.of_assignments,
    signatures.router,
    saved_views.router,
    work.router,
    office.router,
    job_router("job.read"),
)
EVENTS = handlers.router
DESCRIPTION = "Đơn vị, cán bộ, kế hoạch, nhiệm vụ và kết quả. Units, people, plans, assignments."

__all__ = ["EVENTS", "POLICIES", "ROUTERS", "build"]

i18n.load(HERE / "locale")


def build() -> Service:
    """Assemble the service from its doors."""
    settings = Settings()
    files = FileStore(settings.files_url)
    return Service(
        "tasks",
        settings,
        HERE,
        ROUTERS,
        POLICIES,
        description=DESCRIPTION,
        events=EVENTS,
        clock=jobs.schedule,
        loops=[jobs.runner(files)],
        files=files,
        actors=find_actor_or_founder,
        undo=discarding.undo,
        told_whole=discarding.WHOLE,
    )
