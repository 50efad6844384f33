"""A report's page: its progress while figures are taken, then all of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Response

from chassis.clock import TIME_ZONE
from portal.parts import optional_if_visible
from portal.visit import Visit

REPORTS = "/v1/reports"
UNMADE = ("preparing", "failed")


async def page_of(visit: Visit, id: UUID, *, at: str = "", **view: Any) -> Response:
    """Show a report. `at`: the sentence, or the section, that stands open."""
    report = await visit.api.get("reporting", f"{REPORTS}/{id}")
    if report["state"] in UNMADE:
        job = await job_of(visit, report)
        return visit.page("reports/preparing.html", report=report, job=job, **view)
    return visit.page(
        "reports/report.html", report=report, at=at,
        figures={each["id"]: each for each in report["figures"]},
        tables={each["code"]: each for each in report["lists"]},
        today=datetime.now(TIME_ZONE).date().isoformat(), **view,
    )  # fmt: skip


async def job_of(visit: Visit, report: dict[str, Any]) -> Any:
    """Return the job that makes a report, to who started it; others see that it goes on."""
    return await optional_if_visible(visit.api.get("reporting", f"/v1/jobs/{report['job_id']}"))
