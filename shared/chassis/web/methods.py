"""What an address answers to (RFC 9110): HEAD wherever GET is, OPTIONS, and a complete `Allow`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.web.problems import answer_http_exception

ADDRESS = "address"
"""In a request's scope: the path of the routes that it is for, None when it is for none."""


@dataclass
class Address:
    """A path that routes share, and the methods they answer together."""

    path: str
    pattern: re.Pattern[str]
    methods: set[str] = field(default_factory=lambda: {"OPTIONS"})

    @property
    def allow(self) -> str:
        """The value of `Allow`."""
        return ", ".join(sorted(self.methods))


class Methods:
    """Pure ASGI middleware; what it does not answer itself goes on to the routes.

    The first path that fits is the address meant, whatever the method: `PATCH /things/counts` is
    not about a thing named counts.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._addresses: list[Address] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS and what is not allowed; let GET answer HEAD."""
        address = self._address(scope) if scope["type"] == "http" else None
        method = scope.get("method", "")
        scope[ADDRESS] = address and address.path
        if address is None or (method in address.methods and method not in {"HEAD", "OPTIONS"}):
            await self.app(scope, receive, send)
            return
        scope["route"] = address
        if method == "HEAD" and method in address.methods:
            await self._head(scope, receive, send)
            return
        response = await _instead(Request(scope), address)
        await response(scope, receive, send)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run GET and keep its content back; a stream ends with its beginning."""
        begun = False

        async def heard() -> Message:
            return {"type": "http.disconnect"} if begun else await receive()

        async def said(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.body":
                if begun:
                    return
                begun, message = True, {"type": "http.response.body", "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, heard, said)

    def _address(self, scope: Scope) -> Address | None:
        if not self._addresses:
            self._addresses = list(_addresses(scope["app"]))
        path = scope["path"]
        return next((one for one in self._addresses if one.pattern.match(path)), None)


def _addresses(app: FastAPI) -> Iterator[Address]:
    found: dict[str, Address] = {}
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, Route):
            address = found.setdefault(route.path, Address(route.path, route.path_regex))
            address.methods |= set(route.methods or ())
            address.methods |= {"HEAD"} if "GET" in address.methods else set()
    return iter(found.values())


async def _instead(request: Request, address: Address) -> Response:
    headers = {"Allow": address.allow}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=headers)
    return await answer_http_exception(request, HTTPException(405, headers=headers))
