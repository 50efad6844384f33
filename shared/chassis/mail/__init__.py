"""Mail: header fields every reader decodes, and handing a letter to the mail server."""

from chassis.mail.headers import CONTROL, address_field, parted, text_field
from chassis.mail.server import Outcome, ServerAway, connected, hand_over

__all__ = [
    "CONTROL", "Outcome", "ServerAway", "address_field", "connected", "hand_over", "parted",
    "text_field",
]  # fmt: skip
