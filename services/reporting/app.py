"""The reporting service, put together."""

from pathlib import Path

from chassis import i18n
from chassis.files import FileStore
from chassis.jobs import job_router
from chassis.service import Service
from reporting import handlers, jobs, sheets
from reporting.access import RIGHTS
from reporting.bodies import api as bodies
from reporting.criteria import api as criteria
from reporting.criteria import links_api
from reporting.indices import api as indices
from reporting.indices import live
from reporting.proof import discarding
from reporting.ranking import api as ranking
from reporting.reports import api as reports
from reporting.reports import documents_api as report_documents
from reporting.reports import kinds_api as report_kinds
from reporting.reports import steps_api as report_steps
from reporting.reports import templates_api as report_templates
from reporting.reports.mailing import Post
from reporting.score_sheets import api as score_sheets
from reporting.score_sheets import body_api as body_sheets
from reporting.score_sheets import row_api as body_rows
from reporting.settings import Settings

HERE = Path(__file__).parent
EVENTS = handlers.router
POLICIES = RIGHTS
ROUTERS = [
    sheets.router,
    indices.router,
    criteria.router,
    links_api.router,
    score_sheets.router,
    ranking.router,
    body_sheets.router,
    body_rows.router,
    bodies.blocks,
    bodies.bodies,
    reports.router,
    report_steps.router,
    report_documents.router,
    report_kinds.router,
    report_templates.router,
    live.router,
    job_router("job.read"),
]

i18n.load(HERE / "locale")


def build() -> Service:
    """Assemble the service from its doors."""
    settings = Settings()
    files = FileStore(settings.files_url)
    post = Post(settings.smtp_url.get_secret_value(), settings.mail_from)
    return Service(
        "reporting",
        settings,
        HERE,
        ROUTERS,
        POLICIES,
        description="The PAR index and the satisfaction index, live and explained.",
        events=EVENTS,
        clock=jobs.schedule,
        loops=[jobs.announce_what_waited, jobs.runner(files, post)],
        files=files,
        undo=discarding.undo,
        with_live=True,
    )
