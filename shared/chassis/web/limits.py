"""How long a body may be, decided before anything reads it."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MB = 1024 * 1024
JSON_LIMIT = 1 * MB
MULTIPART_LIMIT = 25 * MB  # a 20 MB file and its form around it


class BodyLimit:
    """Pure ASGI middleware; reading past the limit raises 413 wherever the body is read."""

    def __init__(
        self, app: ASGIApp, *, limit: int = JSON_LIMIT, multipart: int = MULTIPART_LIMIT
    ) -> None:
        """Take the limits in bytes; `multipart`: of a form with files."""
        self.app, self.limit, self.multipart = app, limit, multipart

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the bytes of one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers, total = Headers(scope=scope), 0
        multipart = headers.get("content-type", "").lower().startswith("multipart/")
        limit = self.multipart if multipart else self.limit
        announced = headers.get("content-length", "0")

        async def limited() -> Message:
            nonlocal total
            if announced.isdigit() and int(announced) > limit:
                raise HTTPException(413)
            message = await receive()
            total += len(message.get("body", b""))
            if total > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, limited, send)
