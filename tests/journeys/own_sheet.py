"""A body in a block of its own: a score sheet that no other story touches."""

from typing import Any
from uuid import uuid4

from playwright.sync_api import Page
from tests.journeys.people import Person
from tests.journeys.stack import Stack

YEAR = 2025


class OwnBody:
    """Made by the Office; somebody acts for it, some appraise it. Its sheet is not open yet."""

    def __init__(self, stack: Stack, office: Person, acting: str, appraisers: list[str]) -> None:
        self.stack, self.office = stack, office
        named = {each["employee_code"]: each["id"] for each in office.all("tasks", "/people")}
        code = f"T{uuid4().hex[:6]}"
        block = {"code": code, "name": f"Tổ thử {code}", "kind": "departments",
                 "appraisers": [named[each] for each in appraisers]}  # fmt: skip
        self.block = office.post("reporting", "/blocks", block)["id"]
        body = {"code": code, "name": f"Ban thử {code}", "block_id": self.block,
                "people": [named[acting]]}  # fmt: skip
        self.id, self.name = office.post("reporting", "/bodies", body)["id"], body["name"]

    @property
    def address(self) -> str:
        """The sheet's page, and its place in the API."""
        return f"/score_sheets/{YEAR}/bodies/{self.id}"

    def open(self) -> "OwnBody":
        """Open its sheet."""
        round_ = {"block_id": self.block, "closes_on": "2099-11-30"}
        self.office.post("reporting", f"/score_sheets/{YEAR}/rounds", round_)
        return self

    def sheet(self, person: Person | None = None) -> dict[str, Any]:
        """Return the sheet as somebody sees it."""
        found: dict[str, Any] = (person or self.office).get("reporting", self.address)
        return found

    def row(self, code: str) -> dict[str, Any]:
        """Return a row as it is stored."""
        return next(each for each in self.sheet()["rows"] if each["code"] == code)

    def score(self, *, appraised: bool = False) -> list[str]:
        """Let every row be scored in full, and the sheet locked; return the rows with points.

        Who typed it is no matter: the database says so.
        """
        rows = [each for each in self.sheet()["rows"] if not each["survey"]]
        values = ", ".join(
            f"({YEAR}, '{self.id}', '{row['code']}', {row['max_points']}, 'Sổ theo dõi', "
            f"{row['max_points'] if appraised else 'NULL'}, 2)"
            for row in rows
        )
        columns = "year, body_id, code, self_score, self_note, appraised_1, version"
        self.run(f"INSERT INTO score_row ({columns}) VALUES {values}")
        self.become("locked")
        return [row["code"] for row in rows if row["numerator"] is None and row["steps"] is None]

    def become(self, state: str) -> None:
        """Let the sheet have come so far."""
        self.run(f"UPDATE sheet SET state = '{state}' WHERE body_id = '{self.id}'")

    def run(self, statement: str) -> None:
        """Change the database of reporting."""
        self.stack.query("reporting", statement)


def cell(name: str, code: str) -> str:
    """Return how a cell of a row is found."""
    return f"#{name}-{code.replace('.', '-')}"


def saved(page: Page) -> None:
    """Wait until the last cell is saved."""
    page.locator("#rows[data-saving='0']").wait_for()
