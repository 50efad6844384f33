"""Pages of partners may read from a browser: by the origins that each partner was given (CORS).

Never any origin, never cookies: a page needs its partner's token, as every program does.
"""

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Origins = Callable[[], Awaitable[frozenset[str]]]
READABLE = "/v1/"
PREFLIGHT_SECONDS = 600
_ASKED = {
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "Authorization, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
}
_SHOWN = {
    "Access-Control-Expose-Headers": (
        "ETag, Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
        "X-Request-Id"
    )
}


class CrossOrigin:
    """Pure ASGI middleware: lets pages of listed origins read answers, and nobody else's."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        """`origins`: those that are listed now."""
        self.app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a listed origin's preflight; mark answers to its pages as readable."""
        origin = _origin(scope)
        if origin is None:
            await self.app(scope, receive, send)
            return
        headers = await self._headers(scope, origin)
        if _is_preflight(scope) and headers:
            await Response(status_code=204, headers={**headers, **_ASKED})(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.add_vary_header("Origin")
                answer.update({**headers, **_SHOWN} if headers else {})
            await send(message)

        await self.app(scope, receive, marked)

    async def _headers(self, scope: Scope, origin: str) -> dict[str, str]:
        reading = scope["method"] in {"GET", "HEAD"} or _asks_to_read(scope)
        listed = reading and origin in await self._origins()
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if listed else {}


def _origin(scope: Scope) -> str | None:
    if scope["type"] != "http" or not scope["path"].startswith(READABLE):
        return None
    return Headers(scope=scope).get("origin")


def _is_preflight(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return scope["method"] == "OPTIONS" and "access-control-request-method" in headers


def _asks_to_read(scope: Scope) -> bool:
    asked = Headers(scope=scope).get("access-control-request-method", "")
    return _is_preflight(scope) and asked.upper() == "GET"
