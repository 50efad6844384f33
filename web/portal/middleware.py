"""What every answer gets: the reader's language, and headers that keep foreign code out."""

from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal import i18n

COOKIE = "nhip_lang"
YEAR = 365 * 24 * 3600


def policy(issuer: str) -> str:
    """Return the content security policy: our own files only, nothing written into pages."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(issuer))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            f"form-action 'self' {origin}",
            "frame-ancestors 'none'",
        )
    )


class LanguageAndHeaders:
    """ASGI middleware, not Starlette's BaseHTTPMiddleware: event streams pass through it."""

    def __init__(self, app: ASGIApp, issuer: str, secure: bool) -> None:
        """Build the headers once."""
        self._app = app
        self._secure = secure
        self._headers = {
            "Content-Security-Policy": policy(issuer),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        }
        if secure:
            self._headers["Strict-Transport-Security"] = f"max-age={YEAR}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose the language, then add the headers to whatever answers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [None])[-1]
        scope.setdefault("state", {})["language"] = i18n.chosen(asked, _cookie(scope))

        async def finish(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._finish(MutableHeaders(scope=message), scope, asked)
            await send(message)

        await self._app(scope, receive, finish)

    def _finish(self, headers: MutableHeaders, scope: Scope, asked: str | None) -> None:
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        if not scope["path"].startswith("/static/"):
            headers.setdefault("Cache-Control", "no-store")  # pages hold what one person may see
        if asked in i18n.LANGUAGES:
            secure = "; Secure" if self._secure else ""
            headers.append(
                "Set-Cookie", f"{COOKIE}={asked}; Path=/; Max-Age={YEAR}; SameSite=Lax{secure}"
            )


def _cookie(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"cookie":
            found = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            return found.value if found else None
    return None
