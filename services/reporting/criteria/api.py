"""Criteria sets: versions, drafts and their changes, what differs, files."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, UploadFile
from pydantic import Field
from sqlalchemy import select
from starlette.responses import FileResponse, Response

from chassis.clock import database_now
from chassis.documents.sheet import MEDIA_TYPE, sheet_response
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    IfMatch,
    Page,
    PageParams,
    RequestBody,
    ServiceRouter,
    Transaction,
    created_at,
    paginate,
    set_etag,
)
from reporting.access import RIGHTS
from reporting.criteria import actions
from reporting.criteria.models import StoredSet
from reporting.criteria.sets import read_body, replaced_by, stored_set
from reporting.criteria.uploads import read_file
from reporting.criteria.views import (
    CriteriaSetView,
    DifferencesView,
    WholeCriteriaSet,
    brief,
    differences_view,
    whole,
)
from reporting.criteria.workbook import workbook_of
from reporting.criteria.written import as_yaml

router = ServiceRouter(prefix="/v1/criteria_sets", tags=["criteria sets"])
YAML = "application/yaml"


class NewPart(RequestBody):
    """A part to add: below `parent`, without one an area. `rule` and the rest: of a sub-criterion.

    A new area or criterion gets a first part of its name; a new row without a rule a deduction.
    """

    parent: Annotated[str, Field(max_length=40)] = ""
    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=1000)]
    max_points: Annotated[Decimal, Field(ge=0, le=1000)]
    rule: dict[str, Any] = Field(default={})
    feeds_from: Annotated[str | None, Field(max_length=40)] = None
    counts: Annotated[str | None, Field(max_length=40)] = None
    na_allowed: bool = False
    na_when: Annotated[str | None, Field(max_length=1000)] = None
    evidence: Annotated[list[Annotated[str, Field(max_length=1000)]], Field(max_length=50)] = Field(
        default=[]
    )
    source: Annotated[str, Field(max_length=1000)] = ""


class NewVersion(RequestBody):
    """The next version; `year` null: of the same year."""

    year: Annotated[int | None, Field(ge=2000, le=2100)] = None


WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}}}
TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {YAML: {}}}}


@router.post("", policy="criteria_set.create", status_code=201)
async def create_criteria_set(
    data: dict[str, Any],
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> WholeCriteriaSet:
    """Load a set as a new draft version. 422 names every wrong place of the sheet."""
    made = await actions.create(session, actor, data, await database_now(session))
    created_at(response, f"/v1/criteria_sets/{made.id}")
    return whole(made, actor, language)


@router.post("/imports", policy="criteria_set.create", status_code=201)
async def import_criteria_set(
    file: UploadFile,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> WholeCriteriaSet:
    """Read a .xlsx or .yaml file as a new draft version; of one that is wrong nothing is stored.

    422 `criteria_file_invalid` names every problem: the pointer is `/<sheet>/<cell>` in a workbook.
    415 `criteria_file_wrong_kind`, `criteria_file_unreadable`; 413 `criteria_file_too_large`.
    """
    body = await read_file(await file.read(), file.filename or "")
    made = await actions.store(session, actor, body, await database_now(session))
    created_at(response, f"/v1/criteria_sets/{made.id}")
    return whole(made, actor, language)


@router.get("", policy="criteria_set.read")
async def list_criteria_sets(
    session: Transaction,
    paging: PageParams,
    actor: CurrentActor,
    year: Annotated[int | None, Query()] = None,
) -> Page[CriteriaSetView]:
    """All versions of all sets."""
    query = select(StoredSet)
    if year is not None:
        query = query.where(StoredSet.year == year)
    rows, following = await paginate(session, query, paging, StoredSet.id)
    return Page[CriteriaSetView](
        data=[brief(row, actor) for row in rows],
        next_cursor=following,
        allowed=RIGHTS.allowed(actor, "criteria_set", ["create"]),
    )


@router.get(
    "/{set_id}.xlsx", policy="criteria_set.read", response_class=FileResponse, responses=WORKBOOK
)
async def get_workbook(set_id: UUID, session: Transaction, language: AskedLanguage) -> FileResponse:
    """Return a version as a workbook, in the form that an import takes."""
    stored = await stored_set(session, set_id)
    return sheet_response(await workbook_of(read_body(stored), language), _name(stored, "xlsx"))


@router.get("/{set_id}.yaml", policy="criteria_set.read", response_class=Response, responses=TEXT)
async def get_text(set_id: UUID, session: Transaction) -> Response:
    """Return a version as YAML, in the form that an import takes."""
    stored = await stored_set(session, set_id)
    disposition = f'attachment; filename="{_name(stored, "yaml")}"'
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return Response(as_yaml(read_body(stored)), media_type=YAML, headers=headers)


@router.get("/{set_id}", policy="criteria_set.read")
async def get_criteria_set(
    set_id: UUID,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> WholeCriteriaSet:
    """One version with all its rows; `problems` name what keeps a draft from being published."""
    stored = await stored_set(session, set_id)
    set_etag(response, stored.version)
    return whole(stored, actor, language)


@router.patch("/{set_id}", policy="criteria_set.change")
async def change_criteria_set(
    set_id: UUID,
    fields: dict[str, Any],
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> WholeCriteriaSet:
    """Change facts of a draft itself: title, totals, caps, grades, rounding. 412 when stale."""
    now = await database_now(session)
    stored = await actions.change_part(session, actor, set_id, "", fields, expected, now)
    set_etag(response, stored.version)
    return whole(stored, actor, language)


@router.patch("/{set_id}/parts/{code}", policy="criteria_set.change")
async def change_part(
    set_id: UUID,
    code: str,
    fields: dict[str, Any],
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> WholeCriteriaSet:
    """Change an area, criterion or sub-criterion of a draft, which need not add up meanwhile.

    A field that is null is taken away. 409 `criteria_set_published`, 412 when stale, 422 where a
    field cannot be read.
    """
    now = await database_now(session)
    stored = await actions.change_part(session, actor, set_id, code, fields, expected, now)
    set_etag(response, stored.version)
    return whole(stored, actor, language)


@router.post("/{set_id}/parts", policy="criteria_set.change", status_code=201)
async def add_part(
    set_id: UUID,
    body: NewPart,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> WholeCriteriaSet:
    """Add an area, criterion or sub-criterion to a draft, last below its parent.

    422 for a code that is taken, or a field that cannot be read.
    """
    now = await database_now(session)
    fields = body.model_dump(mode="json", exclude={"parent"}, exclude_unset=True)
    stored = await actions.add_part(session, actor, set_id, body.parent, fields, expected, now)
    created_at(response, f"/v1/criteria_sets/{set_id}/parts/{body.code}")
    set_etag(response, stored.version)
    return whole(stored, actor, language)


@router.post("/{set_id}/parts/{code}/remove", policy="criteria_set.change")
async def remove_part(
    set_id: UUID,
    code: str,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> WholeCriteriaSet:
    """Take a part out of a draft, with all below it and its links there; other versions keep it."""
    now = await database_now(session)
    stored = await actions.remove_part(session, actor, set_id, code, expected, now)
    set_etag(response, stored.version)
    return whole(stored, actor, language)


@router.post("/{set_id}/versions", policy="criteria_set.revise", status_code=201)
async def revise_criteria_set(
    set_id: UUID,
    body: NewVersion,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> WholeCriteriaSet:
    """Begin the next version from this one: a draft that says the same, maybe of another year."""
    now = await database_now(session)
    made = await actions.revise(session, actor, set_id, body.year, now)
    created_at(response, f"/v1/criteria_sets/{made.id}")
    set_etag(response, made.version)
    return whole(made, actor, language)


@router.get("/{set_id}/differences", policy="criteria_set.read")
async def get_differences(
    set_id: UUID,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    since: Annotated[UUID | None, Query()] = None,
) -> DifferencesView:
    """How a version differs from another one; without `since` from the one in force in its place.

    It is what publishing changes.
    """
    stored = await stored_set(session, set_id)
    old = await stored_set(session, since) if since else await replaced_by(session, stored)
    return await differences_view(session, stored, old, actor, language)


@router.post("/{set_id}/publish", policy="criteria_set.publish")
async def publish_criteria_set(
    set_id: UUID, session: Transaction, actor: CurrentActor, language: AskedLanguage
) -> WholeCriteriaSet:
    """Put a draft in force for its year. 409 when it already is, 422 while it does not add up."""
    made = await actions.publish(session, actor, set_id, await database_now(session))
    return whole(made, actor, language)


def _name(stored: StoredSet, kind: str) -> str:
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-.") else "-" for c in stored.code)
    return f"{plain}-v{stored.set_version}.{kind}"
