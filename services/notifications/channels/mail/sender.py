"""The worker's loop that hands mails to the mail server."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any

import aiosmtplib
import structlog

from chassis import failpoints
from chassis.database import Database, is_away
from chassis.mail import Outcome, ServerAway, connected, hand_over
from notifications.channels.mail.claims import Claim, Failed, find_lost, next_claim, settle
from notifications.channels.mail.hours import MailHours
from notifications.channels.mail.message import Sheet, message_of

log = structlog.get_logger()

LOOK_EVERY = 1.0  # seconds
BACK_OFF = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600))  # the last: for ever


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
            return await connected(self.smtp_url)
        except ServerAway as error:
            await self._settle(database, claim, "queued", str(error))
            raise

    async def _send(self, database: Database, claim: Claim, client: aiosmtplib.SMTP) -> None:
        state, reply = await self._hand_over(claim, client)
        failpoints.hit("notify.after_send_before_mark")
        await self._settle(database, claim, state, reply)

    async def _hand_over(self, claim: Claim, client: aiosmtplib.SMTP) -> Outcome:
        try:
            content = message_of(claim.mail, self.sheet).as_bytes()
        except Exception as error:  # noqa: BLE001 - what is wrong with one mail stops no other
            reason = f"the mail cannot be written: {type(error).__name__}: {error}"
            return Outcome("failed", reason)
        return await hand_over(client, self.sheet.address, claim.mail.address, content)

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
