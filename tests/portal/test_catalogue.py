"""Every word a reader sees is in the catalogue, and the Vietnamese one is complete."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from portal import i18n, labels

PORTAL = Path(i18n.__file__).parent
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
OWN_NAMES = {"Nhịp CCHC", "Nhịp CCHC —", "PAR INDEX", "SIPAS", "Tiếng Việt", "English", "n", "s"}
VIETNAMESE = re.compile(
    "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE
)


def extracted() -> set[str]:
    """Return every message of the code and the templates; of one with a plural, the singular."""
    found = extract_from_dir(
        PORTAL, METHODS, OPTIONS, keywords={"_": None, "gettext": None, "mark": None,
                                            "ngettext": (1, 2)},
    )  # fmt: skip
    messages = (message for _file, _line, message, _comments, _context in found)
    return {message if isinstance(message, str) else message[0] for message in messages}


def catalogue(language: str) -> dict[str, Message]:
    with i18n.catalogue_path(language).open("rb") as source:
        return {
            message.id if isinstance(message.id, str) else message.id[0]: message
            for message in read_po(source, locale=language)
            if message.id
        }


def translations(message: Message) -> list[str]:
    """Return a message's translation, or all its plural forms; empty texts are untranslated."""
    text = message.string
    return [text] if isinstance(text, str) else list(text or [""])


def test_every_message_has_a_vietnamese_translation() -> None:
    known = catalogue("vi")
    assert extracted() - set(known) == set()
    assert [name for name, message in known.items() if not all(translations(message))] == []


def test_the_catalogue_keeps_nothing_that_no_page_says() -> None:
    assert set(catalogue("vi")) - extracted() == set()


def test_translations_keep_the_placeholders_of_their_messages() -> None:
    wrong = [
        message for message, entry in catalogue("vi").items()
        for text in translations(entry)
        if set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", message))
        != set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))
    ]  # fmt: skip
    assert wrong == []


def visible_text(template: str) -> list[str]:
    """Return the literal words of a template: between tags, and in attributes people hear."""
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "\x00", template, flags=re.DOTALL)
    attributes = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', bare)
    between = re.sub(
        r"<(svg|script|style)\b.*?</\1>|<!doctype[^>]*>", "\x00", bare, flags=re.DOTALL
    )
    words = re.split(r"<[^>]*>|\x00", between, flags=re.DOTALL)
    found = [word for text in [*words, *attributes] for word in text.split("\x00")]
    return [word.strip(" \n\t·–—:;,.()/=“”→%?") for word in found]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_words_outside_the_catalogue(path: Path) -> None:
    literal = {
        word for word in visible_text(path.read_text(encoding="utf-8"))
        if re.search(r"[^\W\d_]{2,}", word) and word not in OWN_NAMES
    }  # fmt: skip
    assert literal == set()


@pytest.mark.parametrize("path", [*PORTAL.glob("static/*.js"), *PORTAL.rglob("*.py")])
def test_no_code_holds_vietnamese_words(path: Path) -> None:
    assert VIETNAMESE.findall(path.read_text(encoding="utf-8")) == []


def test_an_unknown_code_is_shown_as_it_is_and_a_known_one_in_words() -> None:
    translate = i18n.load("vi").gettext
    assert labels.label(translate, "status", "done") == "Hoàn thành"
    assert labels.label(translate, "status", "brand_new") == "brand_new"


def test_the_language_is_vietnamese_unless_another_of_ours_is_wished() -> None:
    assert i18n.chosen(None, None) == "vi"
    assert i18n.chosen("fr", "en") == "en"
    assert i18n.chosen("en", "vi") == "en"
