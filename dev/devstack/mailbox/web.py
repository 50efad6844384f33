"""The mailbox's pages and its JSON."""

from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from devstack.mailbox.store import Letter, MessageStore
from devstack.pages import page, style_route

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FRAMED = (
    "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; frame-ancestors 'none'"
)
# A message's HTML comes from anywhere: no script, no form, nothing loaded, no same origin.
LETTER_POLICY = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class MailboxPages:
    """Shows the messages of a store."""

    def __init__(self, store: MessageStore) -> None:
        self.store = store

    def app(self) -> Starlette:
        """Return the web application."""
        return Starlette(
            routes=[
                Route("/", self.list_page),
                Route("/messages.json", self.list_json),
                Route("/messages/{number:int}", self.letter_page),
                Route("/messages/{number:int}/html", self.letter_html),
                Route("/messages/{number:int}/raw", self.letter_raw),
                Route("/health/{kind}", self.health),
                style_route,
            ]
        )

    async def list_page(self, request: Request) -> Response:
        """Newest first; `?to=` finds by recipient."""
        to = request.query_params.get("to", "")
        letters = [{"letter": found, "at": _when(found)} for found in self.store.find(to)]
        return page("mailbox.html", letters=letters, to=to, total=self.store.count())

    async def list_json(self, request: Request) -> Response:
        """The same as data: `?to=&after=&limit=`, newest first."""
        asked = request.query_params
        try:
            after, limit = int(asked.get("after", "0")), int(asked.get("limit", "100"))
        except ValueError:
            return JSONResponse({"error": "after and limit are numbers"}, 400)
        found = self.store.find(asked.get("to", ""), after, max(1, min(limit, 1000)))
        return JSONResponse({"data": [_as_json(letter) for letter in found]})

    async def letter_page(self, request: Request) -> Response:
        """One message, its HTML in a closed frame."""
        letter = self.store.get(request.path_params["number"])
        if letter is None:
            return _unknown()
        return page("letter.html", policy=FRAMED, letter=letter, at=_when(letter))

    async def letter_html(self, request: Request) -> Response:
        """The HTML part alone, for the frame."""
        letter = self.store.get(request.path_params["number"])
        if letter is None or letter.html is None:
            return _unknown()
        return HTMLResponse(letter.html, headers={"Content-Security-Policy": LETTER_POLICY})

    async def letter_raw(self, request: Request) -> Response:
        """The message as it came, to save."""
        number = request.path_params["number"]
        raw = self.store.raw(number)
        if raw is None:
            return _unknown()
        name = {"Content-Disposition": f'attachment; filename="{number}.eml"'}
        return Response(raw, media_type="message/rfc822", headers=name)

    async def health(self, _: Request) -> Response:
        """Answer 200 while the file can be read."""
        return JSONResponse({"status": "ok", "messages": self.store.count()})


def _unknown() -> Response:
    return page("notice.html", 404, heading="Không có thư này", text="Thư không có trong hộp thư.")


def _when(letter: Letter) -> str:
    return letter.received_at.astimezone(TIME_ZONE).strftime("%H:%M:%S %d/%m/%Y")


def _as_json(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "received_at": letter.received_at.isoformat(),
        "from": letter.sender,
        "to": letter.recipients,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
    }
