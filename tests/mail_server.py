"""A mail server that listens, and keeps what it takes."""

import asyncio
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller

from devstack.servers.ports import free_port


class MailServer:
    """A real SMTP server; `answer` is what it says to each message (None: takes it)."""

    def __init__(self):
        self.port = free_port()
        self.answer: str | None = None
        self.messages = []
        self.seconds = 0.0  # it thinks before it answers
        self.busy = False
        self._controller = None

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.busy = True
        await asyncio.sleep(self.seconds)
        if self.answer is not None:
            return self.answer
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        return "250 2.0.0 taken"

    def start(self):
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self):
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, code: str):
        return [m for m in self.messages if m["To"].addresses[0].username == code]
