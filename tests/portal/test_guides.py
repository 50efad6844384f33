"""Guides say what the pages say, and every page says what it is for."""

import re
from pathlib import Path
from typing import get_args

import httpx
import pytest
from babel.messages.pofile import read_po
from fastapi import FastAPI, Request
from tests.portal.conftest import ME, TOKENS

from contracts.tasks import Role
from portal import i18n
from portal.client import Api
from portal.explained import EXPLAINED, GUIDES, explained, guide_of
from portal.pages.guides import FOLDER, NAMES, rendered, title
from portal.visit import Visit, portal_of, signed_in

TEMPLATES = FOLDER.parent / "templates"
PICTURES = {path.name for path in (FOLDER / "pictures").glob("*.png")}
PAGES = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*.html")
    if 'extends "base.html"' in path.read_text()
)
# Errors, the door, and the guides explain themselves; the others say what they are for.
SPEAK_FOR_THEMSELVES = {"sign_in.html", "guide.html", "guides.html"}
SENTENCE_END = re.compile(r"[.?](?=\s|$)")


def vietnamese() -> dict[str, list[str]]:
    """Return the Vietnamese words of each message, every plural of them."""
    with i18n.catalogue_path("vi").open("rb") as source:
        return {
            message.id if isinstance(message.id, str) else message.id[0]: (
                [message.string] if isinstance(message.string, str) else list(message.string)
            )
            for message in read_po(source, locale="vi")
            if message.id
        }


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_what_it_is_for_in_two_sentences(page):
    if page.startswith("errors/") or page in SPEAK_FOR_THEMSELVES:
        assert explained(page) is None
        return
    words = explained(page)
    assert words is not None
    for said in (words, *vietnamese()[words]):
        assert len(SENTENCE_END.findall(said)) == 2, said


def test_nothing_is_explained_that_is_not_there():
    known = {*PAGES, *(page.rpartition("/")[0] + "/" for page in PAGES)}
    assert set(EXPLAINED) - known == set()


@pytest.mark.parametrize("name", NAMES)
def test_bold_words_of_a_guide_are_words_of_the_pages(name):
    said = {word for words in vietnamese().values() for word in words}
    bold = re.findall(r"\*\*(.+?)\*\*", (FOLDER / f"{name}.md").read_text())

    assert bold
    assert [word for word in bold if word not in said] == []


def test_every_picture_is_shown_and_every_picture_shown_is_there():
    shown = [
        picture
        for name in NAMES
        for picture in re.findall(r"\(pictures/([^)]+)\)", (FOLDER / f"{name}.md").read_text())
    ]

    assert sorted(shown) == sorted(PICTURES)


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_is_drawn_with_places_to_lead_to_and_pictures_with_words(name):
    html = rendered(name)

    assert f">{title(name)}</h1>" in html
    assert re.findall(r'<h2 id="[a-z0-9-]+">', html)
    assert 'alt=""' not in html


def test_each_role_has_its_guide_and_others_the_list():
    assert set(GUIDES.values()) == set(NAMES)
    assert guide_of({"role": "office"}) == "/guides/van-phong"
    assert set(GUIDES) == set(get_args(Role)) - {"external_system"}
    assert guide_of({"role": "external_system"}) == guide_of({}) == "/guides"


def test_the_documents_show_the_same_guides():
    assert Path(FOLDER).samefile(Path(__file__).parents[2] / "docs/huong-dan")


async def _somebody(request: Request) -> Visit:
    portal = portal_of(request)
    request.state.visit = Visit(request, Api(portal.services, "token", "vi"), ME, "t", TOKENS)
    found: Visit = request.state.visit
    return found


@pytest.mark.parametrize(
    ("path", "status"),
    [("/guides", 200), ("/guides/van-phong", 200), ("/guides/README", 404),
     ("/guides/..%2Fsettings", 404), ("/guides/pictures/..%2F..%2Fsettings.py", 404)],
)  # fmt: skip
async def test_only_guides_are_handed_out(app: FastAPI, path: str, status: int) -> None:
    app.dependency_overrides[signed_in] = _somebody
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        assert (await client.get(path)).status_code == status
