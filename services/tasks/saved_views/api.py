"""Saved views of the list of assignments."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from sqlalchemy import select
from starlette.responses import Response

from chassis.entered import ReadableLine
from chassis.web import (
    CurrentActor,
    Day,
    Distinct,
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
from contracts.tasks import AssignmentStatus, DeadlineKind
from tasks.access import RIGHTS
from tasks.assignments.columns import columns_of
from tasks.assignments.sorting import order_of
from tasks.directory.models import Person
from tasks.saved_views import actions
from tasks.saved_views.models import SavedView, SharedWith
from tasks.saved_views.scope import visible
from tasks.saved_views.views import SavedViewView, saved_view_view

router = ServiceRouter(prefix="/v1/saved_views", tags=["saved views"])
Name = Annotated[ReadableLine, Field(min_length=1, max_length=120)]
ColumnName = Annotated[str, Field(max_length=40)]


class ViewFilters(RequestBody):
    """The filters of `GET /v1/assignments`, by their names there; what is left out is not asked."""

    plan_id: Annotated[list[UUID], Distinct] = Field(default=[], max_length=50)
    unit_id: Annotated[list[UUID], Distinct] = Field(default=[], max_length=300)
    section: str = Field(default="", max_length=1000)
    source: str = Field(default="", max_length=200)
    person_id: UUID | None = None
    status: Annotated[list[AssignmentStatus], Distinct] = Field(default=[], max_length=10)
    deadline_kind: Annotated[list[DeadlineKind], Distinct] = Field(default=[], max_length=10)
    due_from: Day | None = None
    due_to: Day | None = None
    overdue: bool = False
    late: bool = False
    no_evidence: bool = False
    needs_person: bool = False
    accountable_lost: bool = False
    in_force: bool = False
    extension_requested: bool = False
    extension_to_decide: bool = False
    extended: bool = False
    paused: bool = False
    not_paused: bool = False
    contribution_of: UUID | None = None
    contribution_given: bool = False
    unanswered: bool = False
    update_owed: bool = False
    q: str = Field(default="", max_length=200)


class SavedViewBody(RequestBody):
    """A view to save. `shared_with`: `unit` shares it with one's own unit."""

    name: Name
    shared_with: SharedWith = "nobody"
    filters: ViewFilters = Field(default_factory=ViewFilters)
    sort: str = Field(default="", max_length=200)
    columns: Annotated[list[ColumnName], Distinct] = Field(default=[], max_length=40)


class SavedViewChanges(RequestBody):
    """What to change of a view; what is left out stays."""

    name: Name = ""
    shared_with: SharedWith = "nobody"
    filters: ViewFilters = Field(default_factory=ViewFilters)
    sort: str = Field(default="", max_length=200)
    columns: Annotated[list[ColumnName], Distinct] = Field(default=[], max_length=40)


async def _own(id: UUID, session: Transaction, actor: CurrentActor) -> SavedView:
    return await actions.find_own(session, actor, id)


@router.get("", policy="saved_view.read")
async def list_saved_views(
    session: Transaction, actor: CurrentActor, paging: PageParams
) -> Page[SavedViewView]:
    """List one's own views and what others shared, by name."""
    statement: Any = (
        select(SavedView, Person.name)
        .outerjoin(Person, Person.id == SavedView.owner_id)
        .where(visible(actor))
    )
    rows, cursor = await paginate(session, statement, paging, SavedView.name, SavedView.id)
    views = [saved_view_view(view, actor, name) for view, name in rows]
    allowed = RIGHTS.allowed(actor, "saved_view", ("create",))
    return Page(data=views, next_cursor=cursor, allowed=allowed)


@router.post("", policy="saved_view.create", status_code=201)
async def create_saved_view(
    body: SavedViewBody, session: Transaction, actor: CurrentActor, response: Response
) -> SavedViewView:
    """Save a view. 409 `saved_view_name_taken`, `saved_views_full`; 400 as the list does."""
    view = await actions.create(session, actor, _facts(body))
    created_at(response, f"/v1/saved_views/{view.id}")
    return _answer(view, actor, response)


@router.get("/{id}", policy="saved_view.read")
async def read_saved_view(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> SavedViewView:
    """Return a view with its ETag."""
    view = await actions.find(session, actor, id)
    owner = await session.scalar(select(Person.name).where(Person.id == view.owner_id))
    set_etag(response, view.version)
    return saved_view_view(view, actor, owner)


@router.patch("/{id}", policy="saved_view.change")
async def change_saved_view(
    view: Annotated[SavedView, Depends(_own)],
    expected: IfMatch,
    body: SavedViewChanges,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> SavedViewView:
    """Change one's own view. 403 for a shared one, 412 when it was changed meanwhile."""
    await actions.change(session, actor, view, expected, _facts(body))
    return _answer(view, actor, response)


@router.delete("/{id}", policy="saved_view.delete", status_code=204)
async def delete_saved_view(
    view: Annotated[SavedView, Depends(_own)], session: Transaction, actor: CurrentActor
) -> None:
    """Throw one's own view away. 403 for a shared one."""
    await actions.delete(session, actor, view)


def _facts(body: SavedViewBody | SavedViewChanges) -> dict[str, Any]:
    """Return what was said, as it is stored; refuses columns and orders that no list has."""
    facts = body.model_dump(mode="json", exclude_unset=isinstance(body, SavedViewChanges))
    if "filters" in facts:
        asked = body.filters.model_dump(mode="json", exclude_defaults=True)
        facts["filters"] = asked
    order_of(facts.get("sort", ""))
    columns_of(",".join(facts.get("columns", [])))
    return facts


def _answer(view: SavedView, actor: CurrentActor, response: Response) -> SavedViewView:
    set_etag(response, view.version)
    return saved_view_view(view, actor, actor.name)
