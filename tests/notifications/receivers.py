"""Receivers of webhooks of others: real HTTP servers that do as they are told."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field

from standardwebhooks import Webhook
from tests.notifications.conftest import free_port, serving


@dataclass
class Receiver:
    """`status`: what it answers, one per request while there are several, the last for ever."""

    secret: str = ""
    statuses: list[int] = field(default_factory=lambda: [204])
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    port: int = 0
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    clients: set[tuple[str, int]] = field(default_factory=set)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope, receive, send):
        """Take a request, as an ASGI application."""
        if scope["type"] != "http":
            return
        self.at_once += 1
        self.clients.add(tuple(scope["client"]))
        self.most_at_once = max(self.most_at_once, self.at_once)
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.requests.append((headers, body))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), self.seconds)
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        given = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": given})
        await send({"type": "http.response.body", "body": self.body})
        self.at_once -= 1

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}/in"

    @property
    def events(self) -> list[dict]:
        """Return what arrived, each verified by the library of others."""
        return [Webhook(self.secret).verify(body, headers) for headers, body in self.requests]

    @property
    def ids(self) -> list[str]:
        """Return the ids of what arrived, as the headers say them."""
        return [headers["webhook-id"] for headers, _ in self.requests]

    def copy(self) -> dict[str, dict]:
        """Return what a partner keeps: the newest state of each subject."""
        kept: dict[str, dict] = {}
        for _, body in self.requests:
            event = json.loads(body)
            known = kept.get(event["subject"])
            if known is None or known["aggregateversion"] < event["aggregateversion"]:
                kept[event["subject"]] = event
        return kept


@contextlib.asynccontextmanager
async def receiving(receiver: Receiver):
    """Let a receiver listen, on its own port once it has one."""
    receiver.port = receiver.port or free_port()
    receiver._stop.clear()
    async with serving(receiver, receiver.port):
        try:
            yield receiver
        finally:
            receiver._stop.set()
