"""How a list of assignments is looked at, as its address says: filters, order, columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams

from portal.format import DayProblem, day, day_problem, iso_day
from portal.i18n import mark

ONE = ("q", "section", "source", "person_id", "contribution_of", "due_from", "due_to")
SEVERAL = ("plan_id", "unit_id", "status", "deadline_kind")
MARKS = (
    "overdue", "late", "no_evidence", "needs_person", "accountable_lost", "in_force",
    "extension_requested", "extension_to_decide", "extended", "paused", "not_paused",
    "contribution_given", "unanswered", "update_owed",
)  # fmt: skip
DAYS = ("due_from", "due_to")
QUICK = (  # what the quick filters above the list set
    "status", "overdue", "needs_person", "extension_requested", "extension_to_decide", "extended",
    "paused", "not_paused",
)  # fmt: skip
FILTERS = (*ONE, *SEVERAL, *MARKS)
MOST = 300  # values of one filter, characters of a text


@dataclass(frozen=True)
class ListColumn:
    """A column. `sort`: what its heading sorts by; `exported`: its columns of a file."""

    name: str
    title: str
    sort: str
    exported: tuple[str, ...]


TASK = ListColumn("task", mark("Task"), "number", ("number", "content", "occurrence"))
COLUMNS = {
    each.name: each
    for each in (
        ListColumn("section", mark("Section"), "section", ("section",)),
        ListColumn("product", mark("Product"), "", ("product",)),
        ListColumn("source", mark("Document that gave it"), "source", ("source",)),
        ListColumn("unit", mark("Unit"), "unit", ("unit",)),
        ListColumn("coordinating", mark("Coordinating units"), "", ("coordinating",)),
        ListColumn("person", mark("Accountable person"), "person", ("person",)),
        ListColumn("deadline_kind", mark("Kind of deadline"), "deadline_kind", ("deadline_kind",)),
        ListColumn("starts_on", mark("Begins"), "starts_on", ("starts_on",)),
        ListColumn("due_on", mark("Due"), "due_on", ("due_on",)),
        ListColumn("submitted_on", mark("Handed in on"), "submitted_on", ("submitted_on",)),
        ListColumn("status", mark("Status"), "status", ("status",)),
        ListColumn("progress", mark("Progress"), "progress", ("progress",)),
    )
}
USUAL = ("unit", "due_on", "status", "progress")


@dataclass(frozen=True)
class Listing:
    """What an address asks for. `filters`: as written, without the empty ones.

    `wrong`: days that nobody can read; they narrow nothing. `view`: the saved view it is from.
    """

    filters: Mapping[str, Any]
    sort: str
    columns: tuple[str, ...]
    wrong: Mapping[str, DayProblem]
    view: str = ""

    @property
    def shown(self) -> list[ListColumn]:
        """The columns beside the task, as chosen."""
        return [COLUMNS[name] for name in self.columns]

    @property
    def is_simple(self) -> bool:
        """Whether the order is that of one column of the page."""
        return self.sort.removeprefix("-") in {one.sort for one in COLUMNS.values()} - {""}

    def asked(self, *without: str) -> dict[str, Any]:
        """Return the filters as the service takes them, but for some."""
        return {
            name: iso_day(value) if name in DAYS else value
            for name, value in self.filters.items()
            if name not in self.wrong and name not in without
        }

    def address(self, **changed: Any) -> str:
        """Return the page's address with filters, `sort` or `column` changed; None leaves out."""
        own = {"column": self.columns} if self.columns != USUAL else {}
        whole = {**self.filters, "sort": self.sort, **own, "view": self.view, **changed}
        written = {name: value for name, value in whole.items() if value}
        return f"/assignments?{urlencode(written, doseq=True)}" if written else "/assignments"

    def quick(self, chosen: Mapping[str, Any]) -> str:
        """Return the address of a quick filter: it replaces the others, the rest stays."""
        return self.address(**{**dict.fromkeys(QUICK), **chosen})

    def month(self, day: date | None = None) -> str:
        """Return the address of the list as a month, that of a day or this one."""
        query = self.address(month=f"{day:%Y-%m}" if day else "").partition("?")[2]
        return f"/assignments/calendar?{query}" if query else "/assignments/calendar"

    def board(self) -> str:
        """Return the address of the list as a board, a column for each status."""
        query = self.address().partition("?")[2]
        return f"/assignments/board?{query}" if query else "/assignments/board"

    def timeline(self, year: int | None = None, cursor: str = "") -> str:
        """Return the address of the list as bars over a year, that one or this one."""
        query = self.address(year=year or "", cursor=cursor).partition("?")[2]
        return f"/assignments/timeline?{query}" if query else "/assignments/timeline"

    def without(self, name: str, value: str = "") -> str:
        """Return the address without a filter, or without one of its values."""
        left = [one for one in self.filters[name] if one != value] if value else None
        return self.address(**{name: left})

    def cleared(self) -> str:
        """Return the address without any filter: order and columns stay."""
        return self.address(**dict.fromkeys(FILTERS), view=None)

    def direction(self, column: ListColumn) -> str:
        """Return what a heading tells a screen reader: ascending, descending or nothing."""
        first = (self.sort or "number").split(",")[0]
        ways = {column.sort: "ascending", f"-{column.sort}": "descending"}
        return ways.get(first, "") if column.sort else ""

    def sorted_by(self, column: ListColumn) -> str:
        """Return the address that sorts by a column, downwards where it rises already."""
        falls = self.direction(column) == "ascending"
        return self.address(sort=f"-{column.sort}" if falls else column.sort)

    def export(self, ready: str = "", ids: Sequence[str] = ()) -> str:
        """Return the address of the file of what is shown, or of a ready view of it.

        `ids`: of those alone.
        """
        columns = ready or ",".join(
            name for column in (TASK, *self.shown) for name in column.exported
        )
        sort = {"sort": self.sort} if self.sort and not ready else {}
        chosen = {"id": list(ids)} if ids else {}
        query = urlencode({**self.asked(), **sort, "columns": columns, **chosen}, doseq=True)
        return f"/assignments.xlsx?{query}"


def read(query: QueryParams) -> Listing:
    """Read an address."""
    found: dict[str, Any] = {name: query.get(name, "").strip()[:1000] for name in ONE}
    found |= {name: _some(query.getlist(name)) for name in SEVERAL}
    found |= {name: "true" if query.get(name) == "true" else "" for name in MARKS}
    filters = {name: value for name, value in found.items() if value}
    problems = {name: day_problem(filters[name]) for name in DAYS if name in filters}
    wrong = {name: problem for name, problem in problems.items() if problem}
    columns = tuple(name for name in _some(query.getlist("column")) if name in COLUMNS)
    sort, view = query.get("sort", "")[:200], query.get("view", "")[:40]
    return Listing(filters, sort, columns or USUAL, wrong, view)


def saved(view: Mapping[str, Any]) -> str:
    """Return the address of the list as a saved view has it."""
    asked = QueryParams(urlencode(
        [pair for name, value in view["filters"].items() for pair in _pairs(name, value)]
    ))  # fmt: skip
    listing = read(asked)
    columns = tuple(name for name in view["columns"] if name in COLUMNS) or USUAL
    return Listing(listing.filters, view["sort"], columns, {}, str(view["id"])).address()


def of_query(query: str) -> Listing:
    """Read the query of an address that a form brings back."""
    return read(QueryParams(parse_qsl(query)))


def body(listing: Listing) -> dict[str, Any]:
    """Return how the list is looked at, as a saved view keeps it."""
    filters = {name: True if name in MARKS else value for name, value in listing.asked().items()}
    return {"filters": filters, "sort": listing.sort, "columns": list(listing.columns)}


def _some(values: Sequence[str]) -> list[str]:
    """Return what is filled in, once each."""
    return list(dict.fromkeys(value.strip() for value in values if value.strip()))[:MOST]


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list):
        return [(name, str(one)) for one in value]
    return [(name, "true" if value is True else str(value))]


@dataclass(frozen=True)
class Pick:
    """A filter of several values to choose from. `kind`: whose labels the values have, if any."""

    name: str
    title: str
    choices: Sequence[tuple[str, str]]
    kind: str = ""


@dataclass(frozen=True)
class Chip:
    """One active filter: what it says, or the label that says it, and the address without it."""

    title: str
    words: str
    address: str
    kind: str = ""
    code: str = ""


def chips(asked: Listing, names: Mapping[str, Mapping[str, str]]) -> list[Chip]:
    """Return the active filters. `names`: of units, people and plans, by the filter's name and id.

    A day that nobody can read is no filter.
    """
    found = []
    for name, value in asked.filters.items():
        for one in value if isinstance(value, list) else [value]:
            address = asked.without(name, one if isinstance(value, list) else "")
            if name not in asked.wrong:
                found.append(_chip(name, one, address, names))
    return found


def _chip(name: str, value: str, address: str, names: Mapping[str, Mapping[str, str]]) -> Chip:
    if name in MARKS:
        return Chip("", "", address, "filter", name)
    if name in ("status", "deadline_kind"):
        return Chip(_CHIPS[name], "", address, name, value)
    words = day(iso_day(value)) if name in DAYS else names.get(name, {}).get(value, value)
    return Chip(_CHIPS[name], words, address)


_CHIPS = {
    "q": mark("words: "),
    "section": mark("section: "),
    "source": mark("document: "),
    "person_id": mark("accountable: "),
    "contribution_of": mark("contribution owed by: "),
    "due_from": mark("due from "),
    "due_to": mark("due until "),
    "plan_id": mark("plan: "),
    "unit_id": mark("unit: "),
    "status": mark("status: "),
    "deadline_kind": mark("kind: "),
}
