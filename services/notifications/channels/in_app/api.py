"""HTTP: one's own notifications, and the live stream."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from sqlalchemy import select
from sse_starlette import EventSourceResponse

from chassis import live
from chassis.clock import database_now
from chassis.i18n import Language, preferred
from chassis.web import CurrentActor, Page, PageParams, ServiceRouter, Transaction, paginate
from notifications.channels.in_app import actions
from notifications.channels.in_app.pushes import topic
from notifications.channels.in_app.views import NotificationView, UnreadCount, presented
from notifications.ledger.models import Notification

router = ServiceRouter(prefix="/v1", tags=["notifications"])


async def _language(accept_language: Annotated[str | None, Header()] = None) -> Language:
    return preferred(accept_language)


AskedLanguage = Annotated[Language, Depends(_language)]


@router.get("/notifications", policy="notification.read")
async def list_notifications(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    language: AskedLanguage,
    unread: bool | None = None,
) -> Page[NotificationView]:
    """Return one's own notifications, newest first; with `unread` only those that are, or not."""
    query = actions.scope(select(Notification), actor)
    if unread is not None:
        waiting = Notification.read_at.is_(None) & Notification.moot_at.is_(None)
        query = query.where(waiting if unread else ~waiting)
    newest_first = (Notification.created_at.desc(), Notification.id.desc())
    rows, following = await paginate(session, query, paging, *newest_first)
    return Page(data=[presented(row, actor, language) for row in rows], next_cursor=following)


@router.get("/notifications/unread_count", policy="notification.read")
async def unread_count(session: Transaction, actor: CurrentActor) -> UnreadCount:
    """Return the number beside the bell."""
    return UnreadCount(unread=await actions.unread_count(session, actor))


@router.post("/notifications/read_all", policy="notification.mark")
async def read_all(session: Transaction, actor: CurrentActor) -> UnreadCount:
    """Mark all of one's own as read."""
    await actions.mark_all_read(session, actor, await database_now(session))
    return UnreadCount(unread=0)


@router.post("/notifications/{id}/read", policy="notification.mark")
async def read(
    id: UUID, session: Transaction, actor: CurrentActor, language: AskedLanguage
) -> NotificationView:
    """Mark one as read; again changes nothing. 404 `notification_not_found` for anybody else's."""
    now = await database_now(session)
    return presented(await actions.mark_read(session, id, actor, now), actor, language)


@router.get("/live", policy="notification.read", response_class=EventSourceResponse)
async def follow(request: Request, actor: CurrentActor) -> EventSourceResponse:
    """Stream `notification` {unread, notification} and `unread` {unread}, with Last-Event-ID.

    Of more than three at once only the newest comes along; `unread` counts them all.
    """
    return live.stream(request, [topic(actor.person_id)])
