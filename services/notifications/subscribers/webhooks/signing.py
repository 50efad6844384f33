"""Signatures of webhooks by Standard Webhooks 1.0 (standardwebhooks.com). Pure."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
_BYTES = 32  # of a secret; the standard allows 24 to 64


def new_secret() -> str:
    """Return a new secret, as it is given to its owner once: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signed(secrets: Sequence[str], id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers of one attempt.

    Args:
        secrets: every live one; each gives a signature, so that its holder may change it.
        id: of the event, the same in every attempt.
        sent_at: of this attempt; receivers refuse what is older than five minutes.
    """
    seconds = str(int(sent_at.timestamp()))
    return {
        "webhook-id": id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(_signature(each, id, seconds, body) for each in secrets),
    }


def _signature(secret: str, id: str, seconds: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    message = b".".join((id.encode(), seconds.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, message, hashlib.sha256)).decode()
