"""The one hot route: a ballot as JSON that is simply accepted, answered before FastAPI sees it.

It stands before the application and its framework. Whatever is not the plain good case (another
path, a query, a refusal, an error) goes on to the ordinary route in `public.py`, body and all,
which alone says what is wrong. Asking twice is harmless: the ballot's id makes it one ballot.
docs/performance.md says what it is worth.
"""

import asyncio
from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.web.limits import JSON_LIMIT
from chassis.web.observe import REQUESTS, SAFE_HEADERS, SECONDS
from surveys.answers.api import Submission
from surveys.answers.domain import Raw
from surveys.answers.reception import Reception
from surveys.codes import domain as tickets

log = structlog.get_logger()

ROUTE = "/v1/public/{code}/responses"
_BEFORE, _AFTER = ROUTE.split("{code}")
_LABELS = ("surveys", "POST", ROUTE)
_HEADERS = [
    (b"content-type", b"application/json"),
    *((name.lower().encode(), value.encode()) for name, value in SAFE_HEADERS.items()),
]
_LOG_EVERY = 1.0  # seconds


class HotRoute:
    """Pure ASGI middleware."""

    def __init__(self, app: ASGIApp, reception: Reception) -> None:
        """Stand before the application, in front of its reception."""
        self.app, self.reception = app, reception
        self._accepted = Accepted()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Accept a plain ballot; hand everything else on."""
        code = _code(scope)
        if code is None:
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        message = await receive()
        response_id = None if message.get("more_body") else await self._take(code, message)
        if response_id is None:
            await self.app(scope, _first(message, receive), send)
            return
        await _answer(send, response_id)
        self._accepted.note(perf_counter() - began)

    async def _take(self, code: str, message: Message) -> str | None:
        """Return the id of the stored ballot; None: let the ordinary route say what is wrong."""
        body: bytes = message.get("body", b"")
        if not 0 < len(body) <= JSON_LIMIT:
            return None
        try:
            sent = Submission.model_validate_json(body)
            response_id = tickets.response_id(sent.response_id)
            unit = str(sent.unit_id) if sent.unit_id else None
            raw = Raw(sent.answers, sent.choices, sent.text, unit)
            await self.reception.take(code, response_id, sent.channel, lambda _: raw)
        except Exception:  # noqa: BLE001 - met again, and answered, in the ordinary route
            return None
        return str(response_id)


class Accepted:
    """Counts accepted ballots; one log line per second says how many, the first one at once."""

    def __init__(self) -> None:
        """Start with none."""
        self._counter = REQUESTS.labels(*_LABELS, "202")
        self._seconds = SECONDS.labels(*_LABELS)
        self._count, self._slowest, self._quiet = 0, 0.0, False

    def note(self, seconds: float) -> None:
        """Count one ballot that took so many seconds."""
        self._counter.inc()
        self._seconds.observe(seconds)
        self._count += 1
        self._slowest = max(self._slowest, seconds)
        if not self._quiet:
            self._quiet = True
            self._tell()
            asyncio.get_running_loop().call_later(_LOG_EVERY, self._end_of_quiet)

    def _end_of_quiet(self) -> None:
        self._quiet = False
        if self._count:
            self._tell()

    def _tell(self) -> None:
        method, ms = "POST", round(self._slowest * 1000, 1)
        log.info("request", method=method, route=ROUTE, status=202, ms=ms, count=self._count)
        self._count, self._slowest = 0, 0.0


def _code(scope: Scope) -> str | None:
    """Return the code of a request that may be a plain ballot."""
    if scope["type"] != "http" or scope["method"] != "POST" or scope["query_string"]:
        return None
    path: str = scope["path"]
    if not (path.startswith(_BEFORE) and path.endswith(_AFTER)):
        return None
    if (b"content-type", b"application/json") not in scope["headers"]:
        return None
    return path[len(_BEFORE) : -len(_AFTER)]


def _first(message: Message, receive: Receive) -> Receive:
    """Return a `receive` that begins with a message that was already taken."""
    taken = [message]

    async def again() -> Message:
        return taken.pop() if taken else await receive()

    return again


async def _answer(send: Send, response_id: str) -> None:
    body = f'{{"response_id":"{response_id}","status":"accepted"}}'.encode()
    headers = [*_HEADERS, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 202, "headers": headers})
    await send({"type": "http.response.body", "body": body})
