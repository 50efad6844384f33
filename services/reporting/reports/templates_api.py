"""Templates of reports: taken away, edited in Word, uploaded as a new version, checked."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Query, UploadFile
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from chassis.access import Actor
from chassis.bodies import Nothing
from chassis.clock import database_now
from chassis.documents.official import MEDIA_TYPE
from chassis.errors import NotFound
from chassis.files import Files
from chassis.i18n import say
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Page,
    ResponseBody,
    ServiceRouter,
    Transaction,
    created_at,
)
from chassis.words import N_
from reporting.access import RIGHTS
from reporting.report_templates import actions
from reporting.report_templates.models import ReportTemplate
from reporting.report_templates.views import FieldView, TemplateView, field_views, names_of
from reporting.reports import kinds
from reporting.reports.kinds import body_of
from reporting.reports.models import StoredKind
from reporting.reports.numbers import TEMPLATE_FILE
from reporting.reports.shipped import shipped
from reporting.reports.templates import kind_of

router = ServiceRouter(prefix="/v1/report_templates", tags=["reports"])
OWN_LAYOUT = N_("Mẫu gốc của loại báo cáo")
_NOT_FOUND = N_("Không có mẫu báo cáo này")
KindCode = Annotated[str, Query(alias="kind", max_length=40)]


class FieldsView(ResponseBody):
    """Every field of a kind."""

    kind: str
    data: list[FieldView]


async def _may_create(actor: CurrentActor) -> None:
    RIGHTS.check(actor, "report_template.create")


@router.get("", policy="report_template.read")
async def list_report_templates(
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    kind: Annotated[str | None, Query(max_length=40)] = None,
) -> Page[TemplateView]:
    """All versions by kind, the newest first; last of each its own layout, number 0."""
    every = [each for each in await kinds.all_kinds(session) if kind in (None, each.code)]
    rows = (
        await session.scalars(select(ReportTemplate).order_by(ReportTemplate.number.desc()))
    ).all()
    names = await names_of(session, rows)
    data = [
        view
        for stored in every
        for view in _versions(
            stored, [row for row in rows if row.kind_code == stored.code], names, actor, language
        )
    ]
    allowed = RIGHTS.allowed(actor, "report_template", ["create"])
    return Page[TemplateView](data=data, next_cursor=None, allowed=allowed)


@router.post(
    "", policy="report_template.create", status_code=201, dependencies=[Depends(_may_create)]
)
async def upload_report_template(
    kind: KindCode,
    file: UploadFile,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    files: Files,
    response: Response,
) -> TemplateView:
    """Take in a .docx as the kind's next version, in force at once; of a wrong one nothing is kept.

    422 `template_invalid` names every problem: the pointer is its place, `/table/1/2/3` for table,
    row and column, `/body/12` for a paragraph. 413 `template_too_large`, 415 for what is no .docx.
    """
    stored, content = await kinds.find(session, kind), await file.read()
    name = file.filename or ""
    named = await _named_in(session, stored, name, content)
    now = await database_now(session)
    made = await actions.take_in(session, files, actor, kind_of(stored), name, content, named, now)
    created_at(response, f"/v1/report_templates/{made.id}/file.docx")
    return await _made(session, stored, made, actor, language)


async def _named_in(
    session: AsyncSession, stored: StoredKind, name: str, content: bytes
) -> list[str]:
    """Check a template for its kind, then hold the kind; once more if that changed meanwhile."""
    checked = stored.version
    named = await actions.named_in(kind_of(stored), name, content)
    await session.refresh(stored, with_for_update=True)
    if stored.version != checked:
        named = await actions.named_in(kind_of(stored), name, content)
    return named


@router.get("/fields", policy="report_template.read")
async def list_template_fields(
    kind: KindCode, session: Transaction, language: AskedLanguage
) -> FieldsView:
    """All that a template of this kind may say, with the tag to type."""
    stored = await kinds.find(session, kind)
    fields = kind_of(stored).fields
    return FieldsView(kind=stored.code, data=list(field_views(fields, language)))


@router.get("/{id}/file.docx", policy="report_template.read", response_class=Response)
async def get_template_file(id: UUID, session: Transaction, files: Files) -> Response:
    """Return a version to be edited in Word; the kind's own layout has the fields in it, too."""
    stored, row = await _found(session, id)
    if row is not None and row.file_id is not None:
        return await files.download(await files.find(session, row.file_id))
    name = quote(TEMPLATE_FILE.format(code=stored.code))
    headers = {
        "Content-Disposition": f"attachment; filename=\"mau.docx\"; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(shipped(body_of(stored)), media_type=MEDIA_TYPE, headers=headers)


@router.post("/{id}/take_again", policy="report_template.create", status_code=201)
async def take_template_again(
    id: UUID,
    _: Nothing,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> TemplateView:
    """Put an older version, or the kind's own layout, in force as a new version."""
    stored, row = await _found(session, id, lock=True)
    now = await database_now(session)
    name = row.name if row else OWN_LAYOUT
    made = await actions.take_again(session, actor, kind_of(stored), row, name, now)
    created_at(response, f"/v1/report_templates/{made.id}/file.docx")
    return await _made(session, stored, made, actor, language)


async def _found(
    session: AsyncSession, id_: UUID, *, lock: bool = False
) -> tuple[StoredKind, ReportTemplate | None]:
    """Return a version with its kind; None: the kind's own layout. Raises NotFound."""
    row = await session.get(ReportTemplate, id_)
    if row is not None:
        return await kinds.find(session, row.kind_code, lock=lock), row
    code = await session.scalar(select(StoredKind.code).where(StoredKind.id == id_))
    if code is None:
        raise NotFound(_NOT_FOUND, code="report_template_not_found")
    return await kinds.find(session, code, lock=lock), None


def _versions(
    stored: StoredKind,
    rows: list[ReportTemplate],
    names: dict[UUID, str],
    actor: Actor,
    language: AskedLanguage,
) -> list[TemplateView]:
    """Return a kind's versions; `rows`: the newest first."""
    said = [
        _view(stored, row, names, actor, language, in_force=place == 0)
        for place, row in enumerate(rows)
    ]
    return [*said, _own(stored, actor, language, in_force=not rows)]


async def _made(
    session: AsyncSession,
    stored: StoredKind,
    row: ReportTemplate,
    actor: Actor,
    language: AskedLanguage,
) -> TemplateView:
    names = await names_of(session, [row])
    return _view(stored, row, names, actor, language, in_force=True)


def _view(
    stored: StoredKind,
    row: ReportTemplate,
    names: dict[UUID, str],
    actor: Actor,
    language: AskedLanguage,
    *,
    in_force: bool,
) -> TemplateView:
    return TemplateView(
        id=row.id, kind=stored.code, kind_name=body_of(stored).name, number=row.number,
        name=say(row.name, language), in_force=in_force, own_layout=row.file_id is None,
        behind=row.file_id is not None and row.kind_version != stored.version,
        taken_from=row.taken_from, uploaded_by_name=names.get(row.uploaded_by),
        uploaded_at=row.uploaded_at, allowed=_allowed(actor, in_force=in_force),
    )  # fmt: skip


def _own(
    stored: StoredKind, actor: Actor, language: AskedLanguage, *, in_force: bool
) -> TemplateView:
    return TemplateView(
        id=stored.id, kind=stored.code, kind_name=body_of(stored).name, number=0,
        name=say(OWN_LAYOUT, language), in_force=in_force, own_layout=True, behind=False,
        taken_from=None, uploaded_by_name=None, uploaded_at=None,
        allowed=_allowed(actor, in_force=in_force),
    )  # fmt: skip


def _allowed(actor: Actor, *, in_force: bool) -> list[str]:
    may = RIGHTS.allowed(actor, "report_template", ["create"])
    return ["take_again"] if may and not in_force else []
