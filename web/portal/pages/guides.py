"""The guides, one per role: written in Markdown, with pictures that the journeys take."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from markdown_it import MarkdownIt
from markdown_it.token import Token

from portal.format import unaccented
from portal.problems import Problem
from portal.visit import Visitor

router = APIRouter()
FOLDER = Path(__file__).parents[1] / "guides"
NAMES = (
    "chuyen-vien", "lanh-dao-don-vi", "van-phong", "giam-doc", "tham-dinh", "kiem-tra-vien",
    "quan-tri",
)  # fmt: skip
"""In the order in which they are listed."""


@router.get("/guides")
async def listing(visit: Visitor) -> Response:
    """Show the list of guides."""
    titles = {name: title(name) for name in NAMES}
    return visit.page("guides.html", titles=titles)


@router.get("/guides/pictures/{name}")
async def picture(visit: Visitor, name: str) -> Response:  # noqa: ARG001 - signed in
    """Hand out a picture of a guide."""
    known = {path.name: path for path in (FOLDER / "pictures").glob("*.png")}
    if name not in known:
        raise Problem(404, {})
    return FileResponse(known[name], media_type="image/png")


@router.get("/guides/{name}")
async def show(visit: Visitor, name: str) -> Response:
    """Show a guide."""
    if name not in NAMES:
        raise Problem(404, {})
    return visit.page("guide.html", title=title(name), html=rendered(name))


@cache
def title(name: str) -> str:
    """Return the heading of a guide."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8").splitlines()[0].strip("# ")


@cache
def rendered(name: str) -> str:
    """Return a guide as HTML; its headings can be led to by their words without accents."""
    markdown = MarkdownIt("commonmark", {"html": False})
    tokens = markdown.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", _place(inline))
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _place(heading: Token) -> str:
    return re.sub(r"[^a-z0-9]+", "-", unaccented(heading.content)).strip("-")
