"""Where in a list somebody stands: what is opened from a list remembers it in its address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

LIST, NEXT = "from", "next"
WHOLE = "listing"  # the list as such, where no row comes after


@dataclass(frozen=True)
class Place:
    """`page`: the list as it was narrowed and sorted. `after`: its row after the opened one."""

    page: str
    after: str = ""

    @property
    def onward(self) -> str:
        """What to go on with, as a fragment of the page."""
        return f"row-{self.after}" if self.after else WHOLE


def from_list(path: str, page: str, after: Any = "") -> str:
    """Return the address of something opened from a list. `after`: the row below it, if any."""
    return f"{path}?{urlencode({LIST: page, **({NEXT: after} if after else {})})}"


def place_of(address: str) -> Place | None:
    """Return the place that an address remembers; it may have been written by anybody."""
    said = parse_qs(urlsplit(address).query)
    page = own_page(said.get(LIST, [""])[0], "")
    return Place(page, said.get(NEXT, [""])[0]) if page else None


def own_page(address: str, otherwise: str = "/") -> str:
    """Return an address if it is a page of ours: one with a host would lead people elsewhere.

    Browsers leave tabs and ends of lines out before they read it: one between two slashes, too.
    """
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and address.isprintable() else otherwise
