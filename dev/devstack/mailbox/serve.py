"""Runs the SMTP server and the pages in one process."""

import asyncio
import contextlib
import sys

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session

from devstack.mailbox.settings import MailboxSettings
from devstack.mailbox.store import MessageStore
from devstack.mailbox.web import MailboxPages

LARGEST = 20 * 1024 * 1024  # bytes of one message


class KeepEverything:
    """Takes every message for every recipient."""

    def __init__(self, store: MessageStore) -> None:
        self.store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - aiosmtpd's name and arguments
        """Store the message, then say so."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        number = self.store.add(envelope.mail_from or "", list(envelope.rcpt_tos), raw)
        return f"250 OK, kept as message {number}"


async def serve(settings: MailboxSettings) -> None:
    """Serve SMTP and pages until stopped."""
    store = MessageStore(settings.file)
    handler = KeepEverything(store)
    smtp = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, hostname="mailbox", enable_SMTPUTF8=True, data_size_limit=LARGEST),
        settings.host,
        settings.smtp_port,
    )
    config = uvicorn.Config(
        MailboxPages(store).app(),
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    web = uvicorn.Server(config)
    try:
        await web.serve()
    finally:
        smtp.close()
        store.close()


def main() -> None:
    """Serve with the settings of the environment."""
    with contextlib.suppress(KeyboardInterrupt):
        try:
            asyncio.run(serve(MailboxSettings()))
        except OSError as error:
            sys.exit(f"The mailbox cannot listen: {error}")
