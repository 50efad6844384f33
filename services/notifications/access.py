"""Who may do what here: everybody reads their own, administrators and the Office see mails.

Other systems read public events and manage their own subscriptions.
"""

from chassis.access import Right, Rights
from contracts.tasks import Role

PEOPLE: frozenset[Role] = frozenset(
    {"director", "office", "unit_head", "unit_officer", "appraiser", "auditor", "admin"}
)
ADMIN: frozenset[Role] = frozenset({"admin"})
PARTNERS: frozenset[Role] = frozenset({"external_system"})
OF_PARTNERS: frozenset[Role] = PARTNERS | ADMIN

RIGHTS = Rights(
    {
        "notification.read": Right(PEOPLE),
        "notification.mark": Right(PEOPLE),
        "mail.list": Right(ADMIN | {"office"}),
        "mail.retry": Right(ADMIN),
        "delivery.list": Right(OF_PARTNERS | {"office"}),
        "delivery.retry": Right(OF_PARTNERS),
        "event.read": Right(OF_PARTNERS | {"office", "auditor"}),
        "event_type.read": Right(OF_PARTNERS | {"office", "auditor"}),
        "subscription.read": Right(OF_PARTNERS | {"office"}),
        "subscription.create": Right(OF_PARTNERS),
        "subscription.change": Right(OF_PARTNERS),
        "subscription.delete": Right(OF_PARTNERS),
        "subscription.pause": Right(OF_PARTNERS),
        "subscription.resume": Right(OF_PARTNERS),
        "subscription.rotate_secret": Right(OF_PARTNERS),
        "subscription.recover": Right(OF_PARTNERS),
        "subscription.test": Right(OF_PARTNERS),
    }
)
