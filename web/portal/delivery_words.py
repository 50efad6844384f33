"""Words for how handing events to other systems stands."""

from portal.i18n import mark

DELIVERIES: dict[str, dict[str, str]] = {
    "delivery_state": {
        "pending": mark("Waiting"),
        "sending": mark("Being sent"),
        "delivered": mark("Taken"),
        "failed": mark("Not delivered"),
    },
    "queue_state": {
        "making": mark("Being made"),
        "ready": mark("Ready"),
        "failed": mark("Cannot be made; tried again"),
    },
    "delivery_error": {
        "timeout": mark("no answer within 15 seconds"),
        "ConnectError": mark("no connection: nothing listens there, or it is closed to us"),
        "ReadError": mark("the connection broke off before an answer came"),
        "RemoteProtocolError": mark("what came back is no HTTP answer"),
        "the name cannot be looked up": mark("the name of the address cannot be looked up"),
        "refused: the name has no address": mark("the name of the address leads nowhere"),
        "refused: the name leads to an address that webhooks may not go to": mark(
            "the name leads to an address that webhooks may not go to"
        ),
        "the event is older than what is kept": mark("the event is older than what is kept"),
        "not sent: the partner may not have it any more": mark(
            "not sent: the partner may not have it any more"
        ),
        "not sent: the subscription was put behind it": mark(
            "not sent: the subscription was put behind it"
        ),
    },
}
