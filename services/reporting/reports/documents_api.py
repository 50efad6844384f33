"""A report's files: Word, PDF, the annex as Excel, the signed copy."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, UploadFile
from pydantic import StringConstraints
from starlette.responses import Response

from chassis.clock import database_now
from chassis.files import Files
from chassis.web import CurrentActor, ServiceRouter, Transaction, set_etag
from reporting.reports import annex, papers, signed_copies
from reporting.reports.doors import Copying, Seen
from reporting.reports.numbers import ListCode
from reporting.reports.views import ReportView, report_view

router = ServiceRouter(prefix="/v1/reports", tags=["reports"])
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


@router.post("/{id}/signed_copy", policy="report.add_signed_copy", status_code=201)
async def add_signed_copy(
    report: Copying,
    file: UploadFile,
    session: Transaction,
    actor: CurrentActor,
    files: Files,
    response: Response,
    reason: Reason | None = None,
) -> ReportView:
    """Keep a signed copy; those before are kept, too. 413 above 20 MB, 415 for what is no PDF.

    409 `report_not_now`; `report_copy_kept`: there is one, and `reason` does not say why another;
    `signed_copy_of_other` for the file that another report has as its copy.
    """
    now = await database_now(session)
    content = await file.read()
    name = file.filename or ""
    await signed_copies.add_signed_copy(session, actor, files, report, name, content, reason, now)
    set_etag(response, report.version)
    return await report_view(session, report, actor)


@router.get("/{id}/signed_copy", policy="report.read")
async def get_signed_copy(
    report: Seen, session: Transaction, files: Files, file_id: UUID | None = None
) -> Response:
    """Return the signed copy, or the one that `file_id` names. 404 while there is none."""
    return await files.download(await signed_copies.signed_copy(session, files, report, file_id))


@router.get("/{id}/document.docx", policy="report.read")
async def get_word_document(
    report: Seen, session: Transaction, files: Files, template_id: UUID | None = None
) -> Response:
    """Return the report as Word, from its snapshot. 409 `report_not_ready` until it has one.

    `template_id`: in this template of its kind, else in the one in force; what was signed stays as
    it is. 404 `report_template_not_found`, 409 `template_no_longer_fits`.
    """
    return await papers.document(session, files, report, "docx", template_id)


@router.get("/{id}/document.pdf", policy="report.read")
async def get_pdf_document(
    report: Seen, session: Transaction, files: Files, template_id: UUID | None = None
) -> Response:
    """Return the report as PDF, in a template as the Word document is.

    409 `report_not_ready`, `pdf_not_available` without LibreOffice. Of what is signed it is made
    once and kept.
    """
    return await papers.document(session, files, report, "pdf", template_id)


@router.get("/{id}/annex.xlsx", policy="report.read")
async def get_annex(
    report: Seen,
    session: Transaction,
    code: Annotated[ListCode | None, Query(alias="list")] = None,
) -> Response:
    """Return the lists of the snapshot as Excel, a sheet each, or the one asked for."""
    return await annex.annex(session, report, code)
