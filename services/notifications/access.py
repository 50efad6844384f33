"""Who may do what here: everybody reads their own, administrators and the Office see mails.

Administrators manage partners, the Office reads of them.
"""

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
        "partner.read": Right(ADMIN | {"office"}),
        "partner.create": Right(ADMIN),
        "partner.change": Right(ADMIN),
        "partner.revoke": Right(ADMIN),
        "partner.make_credential": Right(ADMIN),
        "partner.revoke_credential": Right(ADMIN),
        "partner.read_access": Right(ADMIN | {"office"}),
    }
)
