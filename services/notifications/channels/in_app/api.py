"""HTTP: one's own notifications, and the live stream."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from sqlalchemy import and_, select
from sse_starlette import EventSourceResponse

from chassis import live
from chassis.clock import database_now
from chassis.i18n import Language, preferred
from chassis.web import CurrentActor, Page, PageParams, ServiceRouter, Transaction, paginate
from notifications.calendar.moment import moment
from notifications.channels.in_app import actions
from notifications.channels.in_app.pushes import topic
from notifications.channels.in_app.views import NotificationView, Presenter, UnreadCount
from notifications.ledger.digests import held_in
from notifications.ledger.models import Notification

router = ServiceRouter(prefix="/v1", tags=["notifications"])


async def _language(accept_language: Annotated[str | None, Header()] = None) -> Language:
    return preferred(accept_language)


_ASKING = and_(Notification.asks, Notification.read_at.is_(None), Notification.moot_at.is_(None))
IN_ORDER = (_ASKING.desc(), Notification.created_at.desc(), Notification.id.desc())
AskedLanguage = Annotated[Language, Depends(_language)]


@router.get("/notifications", policy="notification.read")
async def list_notifications(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    language: AskedLanguage,
    unread: bool | None = None,
    to_acknowledge: bool = False,
) -> Page[NotificationView]:
    """Return one's own notifications; with `unread` only those that are, or not.

    `to_acknowledge`: those that stand on every page until one says that one knows.

    What waits and asks for an act comes first, then the newest. What a digest holds stands in it.
    """
    query = actions.scope(select(Notification).where(Notification.digest_id.is_(None)), actor)
    if unread is not None:
        waiting = Notification.read_at.is_(None) & Notification.moot_at.is_(None)
        query = query.where(waiting if unread else ~waiting)
    if to_acknowledge:
        query = query.where(Notification.must_acknowledge, Notification.acknowledged_at.is_(None))
    rows, following = await paginate(session, query, paging, *IN_ORDER)
    if not rows:  # as nearly always for what every page asks
        return Page(data=[], next_cursor=None)
    held = await held_in(session, rows)
    presenter = Presenter(await moment(session), actor, language)
    data = [presenter.view(row, held.get(row.id, ())) for row in rows]
    return Page(data=data, next_cursor=following)


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
    """Mark one as read, a digest with all it holds; again changes nothing.

    404 `notification_not_found` for anybody else's.
    """
    at = await moment(session)
    notification = await actions.mark_read(session, id, actor, at.now)
    held = await held_in(session, [notification])
    return Presenter(at, actor, language).view(notification, held.get(notification.id, ()))


@router.post("/notifications/{id}/acknowledge", policy="notification.acknowledge")
async def acknowledge(
    id: UUID, session: Transaction, actor: CurrentActor, language: AskedLanguage
) -> NotificationView:
    """Say that one knows of a notice that asks for it; again changes nothing. Then it is read, too.

    404 `notification_not_found`, 409 `notification_needs_no_acknowledgement`.
    """
    at = await moment(session)
    notice = await actions.acknowledge(session, id, actor, at.now)
    return Presenter(at, actor, language).view(notice)


@router.get("/live", policy="notification.read", response_class=EventSourceResponse)
async def follow(request: Request, actor: CurrentActor) -> EventSourceResponse:
    """Stream `notification` {unread, notification} and `unread` {unread}, with Last-Event-ID.

    Of more than three at once only the newest comes along; `unread` counts them all.
    """
    return live.stream(request, [topic(actor.person_id)])
