"""The worker's loop that hands mails to the mail server."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from chassis import failpoints
from chassis.database import Database, is_away
from notifications.channels.mail.claims import Claim, Failed, find_lost, next_claim, settle
from notifications.channels.mail.hours import MailHours
from notifications.channels.mail.message import Sheet, message_of

log = structlog.get_logger()

LOOK_EVERY = 1.0  # seconds
PATIENCE = 20.0  # seconds for one answer of the mail server
BACK_OFF = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600))  # the last: for ever
_PERMANENT = 500  # SMTP replies from here on: it will never be taken


class ServerAway(Exception):
    """The mail server cannot be reached, or does not let us in."""


class Sender:
    """Sends what is due. Any number of workers may: a mail is claimed by one of them."""

    def __init__(
        self,
        smtp_url: str,
        sheet: Sheet,
        hours: MailHours,
        *,
        back_off: Sequence[timedelta] = BACK_OFF,
        failed: Failed | None = None,
    ) -> None:
        """Take the mail server's address; the first mail that is due connects.

        `hours`: when mail may come that is not critical. `failed`: who hears of what failed.
        """
        self.smtp_url, self.sheet, self.hours = smtp_url, sheet, hours
        self.back_off, self.failed = back_off, failed

    async def run(self, database: Database) -> None:
        """Send for ever. A database or mail server that is away is waited for."""
        while True:
            try:
                await self.send_due(database)
            except ServerAway as error:
                log.warning("mail_server_away", error=str(error)[:200])
            except Exception as error:
                if not is_away(error):
                    raise
            await asyncio.sleep(LOOK_EVERY)

    async def send_due(self, database: Database) -> int:
        """Send everything that is due over one connection; return how many were tried.

        Raises ServerAway, after the claimed mail was put back into the queue.
        """
        await find_lost(database)
        client: aiosmtplib.SMTP | None = None
        tried = 0
        try:
            while (claim := await next_claim(database, self.sheet, self.hours)) is not None:
                if client is None or not client.is_connected:
                    client = await self._connected(database, claim)
                await _to_its_end(self._send(database, claim, client))
                tried += 1
        finally:
            if client is not None:
                client.close()
        return tried

    async def _connected(self, database: Database, claim: Claim) -> aiosmtplib.SMTP:
        try:
            client = _client(self.smtp_url)
            await client.connect()
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            reason = f"{type(error).__name__}: {error}"
            await self._settle(database, claim, "queued", reason)
            raise ServerAway(reason) from error
        return client

    async def _send(self, database: Database, claim: Claim, client: aiosmtplib.SMTP) -> None:
        state, reply = await self._hand_over(claim, client)
        failpoints.hit("notify.after_send_before_mark")
        await self._settle(database, claim, state, reply)

    async def _hand_over(self, claim: Claim, client: aiosmtplib.SMTP) -> tuple[str, str]:
        """Return the state the mail is in now and what the server said."""
        try:
            content = message_of(claim.mail, self.sheet).as_bytes()
        except Exception as error:  # noqa: BLE001 - what is wrong with one mail stops no other
            return "failed", f"the mail cannot be written: {type(error).__name__}: {error}"
        try:
            _, reply = await client.sendmail(self.sheet.address, [claim.mail.address], content)
        except aiosmtplib.SMTPRecipientsRefused as error:
            refusal = error.recipients[0]
            return _refused(refusal.code, refusal.message)
        except aiosmtplib.SMTPSenderRefused as error:  # our own setting: no fault of the mail
            return "queued", f"{error.code} {error.message}"
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            client.close()
            return "unknown", f"{type(error).__name__}: {error}"
        return "sent", reply

    async def _settle(self, database: Database, claim: Claim, state: str, reply: str) -> None:
        await settle(database, claim, state, reply, after=self._wait(claim), failed=self.failed)

    def _wait(self, claim: Claim) -> timedelta:
        return self.back_off[min(claim.attempts, len(self.back_off)) - 1]


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Do not stop between sending a mail and noting it: a process told to end waits for this."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _refused(code: int, message: str) -> tuple[str, str]:
    return ("failed" if code >= _PERMANENT else "queued"), f"{code} {message}"


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
