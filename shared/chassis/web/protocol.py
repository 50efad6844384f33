"""HTTP/1.1 as uvicorn reads it, with an end to what a client may take its time for.

A connection on which a request does not arrive costs memory and a descriptor for as long as its
client likes: nobody asks more of the server by asking slowly.
"""

import re
from asyncio import TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 15.0  # for a request's line and headers, from the connection or its first byte
BODY_SECONDS = 20.0  # for a body, and beside it a second for every:
BODY_RATE = 8 * 1024  # bytes; a 20 MB file over a bad line has 43 minutes
HEAD_LIMIT = 64 * 1024  # bytes of a request's line and headers
_UNKNOWN_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [/*]\S* HTTP/1\.[01]\r\n")
_ANSWERS = {
    408: b"408 Request Timeout",
    431: b"431 Request Header Fields Too Large",
    501: b"501 Not Implemented",
}


class PatientProtocol(HttpToolsProtocol):
    """Cuts a connection whose request takes too long to arrive, or has no end of headers."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._timer: TimerHandle | None = None
        self._arriving = True  # headers, or the first byte of them
        self._head = self._parsed = self._body = 0  # bytes so far; parsed: of the head
        self._began = 0.0
        self._unknown = False  # whether what came last is a request by a method of its own

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for a first request."""
        super().connection_made(transport)
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count headers; say 501 to a method that the parser has never heard of."""
        if self._arriving and self._timer is None and not self._under_way():
            self._wait(HEAD_SECONDS)  # blank lines begin no request, but end the server's own wait
        if self._arriving:
            self._head += len(data)
            if self._head > HEAD_LIMIT + len(data):
                self._refuse(431)
                return
        self._unknown = bool(self._arriving and _UNKNOWN_METHOD.match(data))
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, or HTTP with a method of somebody's own."""
        if self._parsed > HEAD_LIMIT:
            self._refuse(431)
        elif self._unknown:
            self._refuse(501)
        else:
            super().send_400_response(msg)

    def on_message_begin(self) -> None:
        """A request's first byte is there: its headers must follow."""
        super().on_message_begin()
        self._arriving, self._head, self._parsed, self._body = True, 0, 0, 0
        self._wait(HEAD_SECONDS)

    def on_url(self, url: bytes) -> None:
        """Count what was read of a request's line."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header, also of a head that came in one piece."""
        self._count(len(name) + len(value) + len(b": \r\n"))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The body must follow, at some pace."""
        super().on_headers_complete()
        self._arriving, self._began = False, self.loop.time()
        self._wait(BODY_SECONDS)

    def on_body(self, body: bytes) -> None:
        """Count what came."""
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All is there; what comes next is another request."""
        self._stop()
        self._arriving, self._head = True, 0
        super().on_message_complete()

    def _count(self, more: int) -> None:
        """Raise ValueError beyond the limit, by which the parser ends and asks for an answer."""
        self._parsed += more
        if self._parsed > HEAD_LIMIT:
            raise ValueError("a head beyond its limit")

    def _wait(self, seconds: float) -> None:
        self._stop()
        self._timer = self.loop.call_later(seconds, self._late)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        left = self._left()
        if left > 0:
            self._wait(left)
        else:
            self._refuse(408)

    def _left(self) -> float:
        """Return the seconds a client still has; while we do not read, the time is ours."""
        if self._arriving:
            return HEAD_SECONDS if self._under_way() else 0.0
        due = self._began + BODY_SECONDS + self._body / BODY_RATE
        return max(due - self.loop.time(), float(self.flow.read_paused))

    def _under_way(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, status: int) -> None:
        """Answer where nothing was answered yet, and close."""
        if self.transport.is_closing():
            return
        cycle, under_way = self.cycle, self._under_way()
        if not (under_way and cycle.response_started):
            line = _ANSWERS[status]
            self.transport.write(
                b"HTTP/1.1 %b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % line
            )
        if under_way:
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.close()
