"""HTTP: which events there are, what they look like, what is promised of them."""

from starlette.responses import Response

from chassis.errors import NotFound
from chassis.web import AskedLanguage, CurrentActor, IfNoneMatch, ServiceRouter, answer_by_content
from notifications.subscribers.catalogue.views import (
    EventTypes,
    EventTypeView,
    listed,
    whole,
    written,
)
from notifications.subscribers.subscriptions.choice import PUBLIC

router = ServiceRouter(prefix="/v1/event_types", tags=["events"])


@router.get("", policy="event_type.read", response_model=EventTypes)
async def list_event_types(actor: CurrentActor, if_none_match: IfNoneMatch = None) -> Response:  # noqa: ARG001
    """List the public event types; each alone has its schema and an example, too."""
    return answer_by_content(written(listed()), if_none_match)


@router.get("/{type}", policy="event_type.read", response_model=EventTypeView)
async def read_event_type(
    type: str,
    actor: CurrentActor,  # noqa: ARG001
    language: AskedLanguage,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return one type with its schema and an example. 404 `event_type_not_found`."""
    if type not in PUBLIC:
        raise NotFound(
            "Không có loại sự kiện công khai nào tên «{type}»: hãy xem danh sách ở GET "
            "/v1/event_types",
            code="event_type_not_found",
            type=type,
        )
    return answer_by_content(written(whole(PUBLIC[type], language)), if_none_match)
