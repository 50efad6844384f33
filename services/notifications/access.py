"""Who may do what here: everybody reads their own, administrators and the Office see mails."""

from chassis.access import Right, Rights
from contracts.tasks import Role

PEOPLE: frozenset[Role] = frozenset(
    {"director", "office", "unit_head", "unit_officer", "appraiser", "auditor", "admin"}
)
ADMIN: frozenset[Role] = frozenset({"admin"})

RIGHTS = Rights(
    {
        "notification.read": Right(PEOPLE),
        "notification.mark": Right(PEOPLE),
        "delivery.list": Right(ADMIN | {"office"}),
        "delivery.retry": Right(ADMIN),
    }
)
