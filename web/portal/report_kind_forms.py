"""The form of a kind of report: what the service keeps as one body, input by input."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from starlette.datastructures import FormData

from portal.forms import text, whole

LINES = ("addressed_to", "copies_to", "signer_titles")
TEXTS = (
    "name", "subject", "opening", "closing", "source", "parent", "issuer", "symbol", "place",
    "signer_name",
)  # fmt: skip
WORDINGS = ("running", "ended", "zero")
NEW_WINDOWS = 2  # empty lines below those there are
NEW_SECTIONS = 2
FRAMES = ("opening", "closing")
"""Codes of what stands before and behind all sections."""
NEXT_TO = ("-1", "0", "1")
_PLAIN = {0x111: "d"}  # the one letter whose stroke is no accent
_NO_CODE = re.compile(r"[^a-z0-9]+")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})")


def read_kind(form: FormData, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kind's body as the form has it; what the form does not ask for stays."""
    return {
        **body, **{name: text(form, name) for name in TEXTS},
        **{name: _lines(text(form, name)) for name in LINES},
        "active": text(form, "active") == "true",
        "windows": list(_windows(form, body["windows"])),
        "outline": list(_outline(form, body["outline"])),
    }  # fmt: skip


def _lines(written: str) -> list[str]:
    return [line.strip() for line in written.split("\n") if line.strip()]


def _windows(form: FormData, known: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the windows; one without a name is taken out."""
    for place in range(len(known) + NEW_WINDOWS):
        before = f"window-{place}"
        if name := text(form, f"{before}-name"):
            yield {
                "code": known[place]["code"] if place < len(known) else f"window_{place + 1}",
                "name": name,
                "starts": month_day(text(form, f"{before}-starts")),
                "starts_year": _next_to(form, f"{before}-starts_year"),
                "ends": month_day(text(form, f"{before}-ends")),
                "ends_year": _next_to(form, f"{before}-ends_year"),
            }


def _next_to(form: FormData, name: str) -> int | str:
    """Return -1, 0 or 1; what is another goes on as it was written."""
    written = text(form, name) or "0"
    return int(written) if written in NEXT_TO else written


def month_day(written: str) -> str:
    """Return 15/12 as 12-15; what is no such day goes on as it was written."""
    found = _DAY.fullmatch(written)
    return f"{int(found[2]):02}-{int(found[1]):02}" if found else written


def _outline(form: FormData, known: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the sections in the order that the form gives them, but those that are taken out."""
    found = [
        (_place(form, place), section)
        for place, section in enumerate(_sections(form, known))
        if text(form, f"section-{place}-removed") != "true"
    ]
    yield from (section for _, section in sorted(found, key=lambda each: each[0]))


def _place(form: FormData, place: int) -> tuple[int, int]:
    """Return where a section stands: as it is entered, else where it was, else behind all."""
    written = text(form, f"section-{place}-place")
    return (int(written) if written.isdecimal() else place + 1, place)


def _sections(form: FormData, known: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield from (_section(form, place, each) for place, each in enumerate(known))
    taken = {*FRAMES, *(each["id"] for each in known)}
    for place in range(len(known), len(known) + NEW_SECTIONS):
        heading, said = text(form, f"section-{place}-heading"), f"section-{place}-new"
        if heading or any(_wordings(form, said).values()):
            id_ = free_code(heading, taken)
            taken.add(id_)
            yield _section(form, place, {"id": id_, "words": [], "sentences": []})


def _section(form: FormData, place: int, section: Mapping[str, Any]) -> dict[str, Any]:
    before = f"section-{place}"
    sentences = [
        {**each, **_wordings(form, f"{before}-{line}")}
        for line, each in enumerate(section["sentences"])
    ]
    sentences = [each for each in sentences if any(each[name] for name in WORDINGS)]
    if any((added := _wordings(form, f"{before}-new")).values()):
        code = free_code("sentence", {each["id"] for each in section["sentences"]})
        about = text(form, f"{before}-new-about") or None
        sentences.append({"id": code, "about": about, **added})
    return {
        **section, **_shape(form, before), "heading": text(form, f"{before}-heading"),
        "sentences": sentences,
    }  # fmt: skip


def _shape(form: FormData, before: str) -> dict[str, Any]:
    """Return level, words and table, where the form asks for them."""
    if f"{before}-level" not in form:
        return {}
    return {
        "level": whole(form, f"{before}-level") or 1,
        "words": _lines(text(form, f"{before}-words").replace(",", "\n")),
        "table": text(form, f"{before}-table") or None,
    }


def _wordings(form: FormData, before: str) -> dict[str, str | None]:
    """Return the wordings; where one is missing that has to be there, the service says so."""
    said = {name: text(form, f"{before}-{name}") or None for name in WORDINGS}
    return {**said, "running": said["running"] or ""}


def free_code(words: str, taken: set[str]) -> str:
    """Return a code out of words that is not taken yet: small letters without accents."""
    plain = unicodedata.normalize("NFD", words.casefold()).translate(_PLAIN)
    code = _NO_CODE.sub("_", "".join(c for c in plain if c.isascii())).strip("_")[:34] or "section"
    numbers = (f"{code}_{number}" for number in count(2))
    return code if code not in taken else next(each for each in numbers if each not in taken)
