"""What somebody typed and could not send: kept, and given back to the same person on its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from portal.chosen_files import lost
from portal.forms import read_form, text
from portal.place import own_page
from portal.sessions import REMEMBERED
from portal.visit import Portal, portal_of

MARK = "kept"  # in the address of the page that shows it again
GONE = "gone"
MOST = 1_000_000  # characters: no form of ours has as many
OURS = {"csrf_token", "back"}


@dataclass(frozen=True)
class Kept:
    """Where a kept form is found again. `back`: its page. `token`: for the sign-in."""

    back: str
    token: str

    @property
    def address(self) -> str:
        """The page, which will show what was typed."""
        return marked(self.back)


async def keep(request: Request) -> Kept | None:
    """Keep the form of a request that could not be served; None when there is none of ours."""
    if request.method != "POST":
        return None
    try:
        form = await read_form(request)
    except HTTPException:
        return None
    portal, content = portal_of(request), content_of(request.url.path, form)
    if len(str(content)) > MOST:
        return None
    found = await portal.sessions.keep(text(form, "csrf_token"), content)
    return Kept(page_of(request, form), _serializer(portal).dumps(found.hex())) if found else None


def content_of(action: str, form: FormData) -> dict[str, Any]:
    """Return a form as it is kept: its fields in order; of files input and name only."""
    items = [(name, value) for name, value in form.multi_items() if name not in OURS]
    return {
        "action": action,
        "fields": [[name, value] for name, value in items if isinstance(value, str)],
        "files": [[field, name] for field, names in lost(form).items() for name in names],
    }


def page_of(request: Request, form: Mapping[str, Any]) -> str:
    """Return the page a form was shown on: it says so itself, else the browser does."""
    said = form.get("back")
    if isinstance(said, str) and said:
        return own_page(said)
    parts = urlsplit(request.headers.get("referer", ""))
    return own_page(f"{parts.path}?{parts.query}" if parts.query else parts.path or "/")


def marked(page: str, value: str = "1") -> str:
    """Return a page's address that asks for what was kept; GONE: that says it is lost."""
    mark = "&" if "?" in page else "?"
    return page if f"{MARK}=" in page else f"{page}{mark}{urlencode({MARK: value})}"


def find(portal: Portal, token: str) -> bytes | None:
    """Return what a token of `keep` stands for; None when it is not ours or too old."""
    try:
        seconds = int(REMEMBERED.total_seconds())
        return bytes.fromhex(_serializer(portal).loads(token, max_age=seconds))
    except (BadSignature, ValueError):
        return None


def _serializer(portal: Portal) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(portal.secret, salt="kept-form")
