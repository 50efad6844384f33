"""What a message says: its subject, its plain text and its HTML."""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage


@dataclass(frozen=True)
class Read:
    """The parts of a message that people read; `html` is None when it has none."""

    subject: str
    text: str
    html: str | None


def read_message(raw: bytes) -> Read:
    """Read a message as it came over SMTP; what cannot be read is shown as it is."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    try:
        html = _part(message, "html")
        text = _part(message, "plain")
        return Read(str(message.get("subject", "")), text or "", html)
    except (LookupError, ValueError, AttributeError):
        return Read("", raw.decode(errors="replace"), None)


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    return None if part is None else str(part.get_content())
