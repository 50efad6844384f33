"""Who may do what here: everybody reads their own, administrators and the Office see mails.

Administrators manage partners, the Office reads of them.
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
        "notification.acknowledge": Right(PEOPLE),
        "mail.list": Right(ADMIN | {"office"}),
        "mail.retry": Right(ADMIN),
        "delivery.list": Right(OF_PARTNERS | {"office"}, partners="events"),
        "delivery.export": Right(ADMIN | {"office"}),
        "delivery.retry": Right(OF_PARTNERS, partners="events"),
        "partner.read": Right(ADMIN | {"office"}),
        "partner.create": Right(ADMIN),
        "partner.change": Right(ADMIN),
        "partner.revoke": Right(ADMIN),
        "partner.make_credential": Right(ADMIN),
        "partner.revoke_credential": Right(ADMIN),
        "partner.read_access": Right(ADMIN | {"office"}),
        "event.read": Right(OF_PARTNERS | {"office", "auditor"}, partners="events"),
        "event_type.read": Right(OF_PARTNERS | {"office", "auditor"}, partners="events"),
        "event_type.export": Right(ADMIN | {"office", "auditor"}),
        "subscription.read": Right(OF_PARTNERS | {"office"}, partners="events"),
        "subscription.export": Right(ADMIN | {"office"}),
        "subscription.create": Right(OF_PARTNERS, partners="events"),
        "subscription.change": Right(OF_PARTNERS, partners="events"),
        "subscription.delete": Right(OF_PARTNERS, partners="events"),
        "subscription.pause": Right(OF_PARTNERS, partners="events"),
        "subscription.resume": Right(OF_PARTNERS, partners="events"),
        "subscription.rotate_secret": Right(OF_PARTNERS, partners="events"),
        "subscription.recover": Right(OF_PARTNERS, partners="events"),
        "subscription.test": Right(OF_PARTNERS, partners="events"),
        "subscription.credentials": Right(OF_PARTNERS, partners="events"),
    }
)
