"""The form of a kind of report: what the service keeps as one body, input by input."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.datastructures import FormData

from portal.forms import text

LINES = ("addressed_to", "copies_to", "signer_titles")
TEXTS = (
    "name", "subject", "opening", "closing", "source", "parent", "issuer", "symbol", "place",
    "signer_name",
)  # fmt: skip
WORDINGS = ("running", "ended", "zero")
NEW_WINDOWS = 2  # empty lines below those there are
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})")


def read_kind(form: FormData, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kind's body as the form has it; what the form does not ask for stays."""
    return {
        **body, **{name: text(form, name) for name in TEXTS},
        **{name: _lines(text(form, name)) for name in LINES},
        "active": text(form, "active") == "true",
        "windows": list(_windows(form, body["windows"])),
        "outline": [_section(form, place, each) for place, each in enumerate(body["outline"])],
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
                "starts_year": int(text(form, f"{before}-starts_year") or 0),
                "ends": month_day(text(form, f"{before}-ends")),
                "ends_year": int(text(form, f"{before}-ends_year") or 0),
            }


def month_day(written: str) -> str:
    """Return 15/12 as 12-15; what is no such day goes on as it was written."""
    found = _DAY.fullmatch(written)
    return f"{int(found[2]):02}-{int(found[1]):02}" if found else written


def _section(form: FormData, place: int, section: Mapping[str, Any]) -> dict[str, Any]:
    before = f"section-{place}"
    return {
        **section, "heading": text(form, f"{before}-heading"),
        "sentences": [
            {**each, **{name: text(form, f"{before}-{line}-{name}") or None for name in WORDINGS}}
            for line, each in enumerate(section["sentences"])
        ],
    }  # fmt: skip
