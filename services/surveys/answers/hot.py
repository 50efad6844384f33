"""The one hot route: a ballot as JSON, answered before the framework sees it.

It stands before the application. What it cannot begin (another path, a query, another content
type, a body that is too long or no ballot) goes on to the ordinary route in `api.py`, untouched.
What it has begun it answers, refusals and failures too, with what surrounds every route: nothing
is ever run twice. docs/performance.md says what it is worth.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from uuid import UUID

import structlog
from pydantic import ValidationError
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.rules import InputRefused
from chassis.web.limits import JSON_LIMIT
from chassis.web.observe import REQUESTS, SAFE_HEADERS, SECONDS, Observe
from chassis.web.problems import answer_error
from surveys.answers.api import Stored, Submission
from surveys.answers.identity import response_id
from surveys.answers.reception import Reception

log = structlog.get_logger()

ROUTE = "/v1/public/{code}/responses"
_BEFORE, _AFTER = ROUTE.split("{code}")
_LABELS = ("surveys", "POST", ROUTE)
_HEADERS = [
    (b"content-type", b"application/json"),
    *((name.lower().encode(), value.encode()) for name, value in SAFE_HEADERS.items()),
]
_UNSTORABLE = (b"\\u0000", b"\\ud", b"\\uD")  # escapes of which some cannot be kept
_LOG_EVERY = 1.0  # seconds


class HotRoute:
    """Pure ASGI middleware."""

    def __init__(
        self, app: ASGIApp, reception: Reception, guard: Callable[[ASGIApp], ASGIApp]
    ) -> None:
        """Stand before the application, in front of its reception. `guard`: around refusals."""
        self.app, self.reception, self._guard = app, reception, guard
        self._accepted = Accepted()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a ballot; hand everything else on."""
        code = _code(scope)
        if code is None:
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        message = await receive()
        ballot = _ballot(message)
        if ballot is None:
            await self.app(scope, _first(message, receive), send)
            return
        id_, sent = ballot
        try:
            complete = await self.reception.take(code, id_, sent.channel, lambda _: sent.raw)
        except Exception as error:  # noqa: BLE001 - answered as in every route
            await self._refuse(error, scope, receive, send, began)
            return
        await _answer(send, Stored(response_id=id_, complete=complete))
        self._accepted.note(perf_counter() - began)

    async def _refuse(
        self, error: Exception, scope: Scope, receive: Receive, send: Send, began: float
    ) -> None:
        """Answer, log and count an error exactly as the ordinary route would."""

        async def fail(scope: Scope, receive: Receive, send: Send) -> None:
            response = await answer_error(Request(scope, receive), error)
            await response(scope, receive, send)

        scope["route"] = _Route(ROUTE)
        await Observe(self._guard(fail), "surveys")(scope, receive, send, began=began)


class Accepted:
    """Counts accepted ballots; one log line per second says how many, the first one at once."""

    def __init__(self) -> None:
        """Count in the metrics of every route."""
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
            self._log()
            asyncio.get_running_loop().call_later(_LOG_EVERY, self._end_of_quiet)

    def _end_of_quiet(self) -> None:
        self._quiet = False
        if self._count:
            self._log()

    def _log(self) -> None:
        method, ms = "POST", round(self._slowest * 1000, 1)
        log.info("request", method=method, route=ROUTE, status=202, ms=ms, count=self._count)
        self._count, self._slowest = 0, 0.0


@dataclass(frozen=True)
class _Route:
    """What the log and the metrics need of a route."""

    path: str


def _code(scope: Scope) -> str | None:
    """Return the code of a request that may be a ballot."""
    if scope["type"] != "http" or scope["method"] != "POST" or scope["query_string"]:
        return None
    path: str = scope["path"]
    if not (path.startswith(_BEFORE) and path.endswith(_AFTER)):
        return None
    if (b"content-type", b"application/json") not in scope["headers"]:
        return None
    code = path[len(_BEFORE) : -len(_AFTER)]
    return code if code and "/" not in code else None


def _ballot(message: Message) -> tuple[UUID, Submission] | None:
    """Return a ballot and its id; None: let the ordinary route say what is wrong."""
    body: bytes = message.get("body", b"")
    if message.get("more_body") or not 0 < len(body) <= JSON_LIMIT:
        return None
    if any(escape in body for escape in _UNSTORABLE):
        return None
    try:
        sent = Submission.model_validate_json(body)
        id_ = response_id(sent.response_id)
    except (ValidationError, InputRefused):
        return None
    return (id_, sent) if body.count(b":") == _fields(sent) else None


def _fields(sent: Submission) -> int:
    """Return how many fields were read; a colon more in the body: a text's, or a field twice."""
    inside = (sent.answers, sent.choices, sent.text)
    return len(sent.model_fields_set) + sum(len(each) for each in inside)


def _first(message: Message, receive: Receive) -> Receive:
    """Return a `receive` that begins with a message that was already taken."""
    taken = [message]

    async def again() -> Message:
        return taken.pop() if taken else await receive()

    return again


async def _answer(send: Send, stored: Stored) -> None:
    body = stored.model_dump_json().encode()
    headers = [*_HEADERS, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 202, "headers": headers})
    await send({"type": "http.response.body", "body": body})
