"""The mail server: what became of a letter, as far as it can be known."""

from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

import aiosmtplib

PATIENCE = 20.0  # seconds for one answer of the mail server
_PERMANENT = 500  # SMTP replies from here on: it will never be taken
State = Literal["sent", "queued", "failed", "unknown"]


class ServerAway(Exception):
    """The mail server cannot be reached, or does not let us in."""


class Outcome(NamedTuple):
    """What became of a letter, and what the server said.

    `queued`: it may be taken later. `unknown`: the connection broke, and nobody knows whether it
    left; sent again, it must have the same Message-ID.
    """

    state: State
    reply: str


async def connected(smtp_url: str) -> aiosmtplib.SMTP:
    """Connect to a mail server, `smtp://user:password@host:port`. Raises ServerAway."""
    client = _client(smtp_url)
    try:
        await client.connect()
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise ServerAway(f"{type(error).__name__}: {error}") from error
    return client


async def hand_over(client: aiosmtplib.SMTP, sender: str, to: str, content: bytes) -> Outcome:
    """Hand one letter over to one address; `sender` is a bare address."""
    try:
        _, reply = await client.sendmail(sender, [to], content)
    except aiosmtplib.SMTPRecipientsRefused as error:
        refusal = error.recipients[0]
        return _refused(refusal.code, refusal.message)
    except aiosmtplib.SMTPSenderRefused as error:  # our own setting: no fault of the letter
        return Outcome("queued", f"{error.code} {error.message}")
    except aiosmtplib.SMTPResponseException as error:
        return _refused(error.code, error.message)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        client.close()
        return Outcome("unknown", f"{type(error).__name__}: {error}")
    return Outcome("sent", reply)


def _refused(code: int, message: str) -> Outcome:
    return Outcome("failed" if code >= _PERMANENT else "queued", f"{code} {message}")


def _client(smtp_url: str) -> aiosmtplib.SMTP:
    parts = urlsplit(smtp_url)
    tls = parts.scheme == "smtps"
    return aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port or (465 if tls else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=tls,
        timeout=PATIENCE,
    )
