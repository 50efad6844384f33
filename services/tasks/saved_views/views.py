"""A saved view as the API shows it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from chassis.access import Actor
from chassis.web import ResponseBody
from tasks.saved_views.models import SavedView, SharedWith


class SavedViewView(ResponseBody):
    """A saved view. `query`: filters, `sort` and `columns` as the list and its file take them.

    `own`: the caller's. `owner_name` null: not in the directory.
    """

    id: UUID
    version: int
    name: str
    own: bool
    owner_name: str | None
    shared_with: SharedWith
    filters: dict[str, Any]
    sort: str
    columns: list[str]
    query: str
    allowed: list[str]


def saved_view_view(view: SavedView, actor: Actor, owner_name: str | None) -> SavedViewView:
    """Return a view with its address."""
    own = view.owner_id == actor.person_id
    return SavedViewView(
        id=view.id,
        version=view.version,
        name=view.name,
        own=own,
        owner_name=owner_name,
        shared_with=view.shared_with,
        filters=view.filters,
        sort=view.sort,
        columns=view.columns,
        query=query_of(view),
        allowed=["change", "delete"] if own else [],
    )


def query_of(view: SavedView) -> str:
    """Return the query of the list's address."""
    asked: dict[str, Any] = {name: _written(value) for name, value in view.filters.items()}
    ordered = {"sort": view.sort} if view.sort else {}
    chosen = {"columns": ",".join(view.columns)} if view.columns else {}
    return urlencode({**asked, **ordered, **chosen}, doseq=True)


def _written(value: Any) -> Any:
    return "true" if value is True else value
