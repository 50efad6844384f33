"""The outermost layer: request id, log line, metrics, safe headers; every error is answered."""

import re
import time
from collections.abc import Mapping
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.ids import new_id
from chassis.web.problems import answer_error

log = structlog.get_logger()
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_NAMES = ["service", "method", "route", "status"]
REQUESTS = Counter("http_requests_total", "Finished HTTP requests", _NAMES)
SECONDS = Histogram(
    "http_request_seconds",
    "Time until the answer was complete",
    ["service", "method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
QUIET = ("/health/", "/metrics")
UNLINKABLE = ("/k/", "/v1/public/")
"""Below these the log line carries no request id: nothing may lead from an answer to a visit."""

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
}


class Observe:
    """Pure ASGI middleware; sees each request from its first byte to its last."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self.app = app
        self.service = service

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, *, began: float | None = None
    ) -> None:
        """Handle one request. `began`: when, by `perf_counter`, if something came before this."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        linked = {} if scope["path"].startswith(UNLINKABLE) else {"request_id": request_id}
        with structlog.contextvars.bound_contextvars(**linked):
            began = time.perf_counter() if began is None else began
            answer = _Answer(send, request_id, scope["state"])
            await self._observed(scope, receive, answer, began)

    async def _observed(
        self, scope: Scope, receive: Receive, answer: "_Answer", began: float
    ) -> None:
        try:
            await self.app(scope, receive, answer.send)
        except ClientDisconnect:
            pass  # nobody is left to answer
        except Exception as error:
            if answer.status:
                raise  # half an answer is out; the server can only cut the connection
            response = await answer_error(Request(scope, receive), error)
            await response(scope, receive, answer.send)
        finally:
            self._note(scope, answer.status or 499, time.perf_counter() - began)
            structlog.contextvars.unbind_contextvars("actor_id")

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """Count and log by route template: a path could hold a citizen's code."""
        route, method = _template(scope), scope["method"]
        REQUESTS.labels(self.service, method, route, str(status)).inc()
        SECONDS.labels(self.service, method, route).observe(seconds)
        if not scope["path"].startswith(QUIET):
            ms = round(seconds * 1000, 1)
            log.info("request", method=method, route=route, status=status, ms=ms)


class _Answer:
    """Passes an answer on with our headers and remembers whether it has begun."""

    def __init__(self, send: Send, request_id: str, state: Mapping[str, Any]) -> None:
        """`state`: of the request; its `headers` go out with whatever is answered."""
        self._send, self._state = send, state
        self._request_id = request_id
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self._request_id
            headers.update(self._state.get("headers", {}))
            for name, value in SAFE_HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _GIVEN_ID.fullmatch(given) else str(new_id())


def _template(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", None) or "-"
