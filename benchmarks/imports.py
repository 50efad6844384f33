"""An appendix of 5,000 rows: from its upload to the page that shows it, and its confirmation."""

import time
from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

import xlsxwriter

from benchmarks.figures import PATIENCE, WrongFigures
from benchmarks.stack import Stack
from benchmarks.task import HEAD
from devstack.demo.loading import read
from devstack.demo.plan import plan_of

ROWS = 5_000
YEAR = 2028
DEADLINES = ("Trước ngày 30/6", "Quý III", "Trước ngày 15 tháng 11", "Thường xuyên", "Tháng 5")
LOOK = 0.02  # seconds between two looks at the job


@dataclass
class Imported:
    """How long it took, in seconds. `shown`: from the upload until its first page was read."""

    shown: float
    confirmed: float


def import_once(stack: Stack) -> Imported:
    """Import an appendix into a draft of its own; none of its rows is lost."""
    office = stack.demo.office
    content = {
        **plan_of(office, []), "year": YEAR, "closes_on": f"{YEAR}-12-31", "legal_bases": [],
        "objectives": [], "title": f"Kế hoạch để đo việc nhập {uuid4()}",
    }  # fmt: skip
    plan = office.post("office", "tasks", "/plans", content)["id"]
    file = _appendix()
    began = time.monotonic()
    started = office.post(
        "office", "tasks", f"/plans/{plan}/imports", files={"file": ("phu_luc.xlsx", file)}
    )
    path = f"/imports/{started['import_id']}"
    while (found := office.get("office", "tasks", path))["state"] == "reading":
        if time.monotonic() - began > PATIENCE:
            raise WrongFigures("the appendix was not read in time")
        time.sleep(LOOK)
    shown = time.monotonic()
    if found["state"] != "ready" or found["counts"]["rows"] != ROWS:
        raise WrongFigures(f"{found['state']}: {found['counts']} of {ROWS} rows")
    office.post("office", "tasks", f"{path}/confirm")
    confirmed = time.monotonic()
    counted = office.get("office", "tasks", "/assignments/counts", plan_id=plan)["listed"]
    if counted != found["counts"]["assignments"]:
        raise WrongFigures(f"{counted} of {found['counts']['assignments']} assignments")
    return Imported(shown - began, confirmed - shown)


def _appendix() -> bytes:
    units = [unit["name"] for unit in read("units.yaml")["units"]]
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for row in range(1, ROWS + 1):
            lead, helper = units[row % len(units)], units[(row + 1) % len(units)]
            work = [row, f"Nội dung {row % 40}", f"Rà soát, công khai việc {row}", "Báo cáo"]
            sheet.write_row(row, 0, [*work, lead, helper, DEADLINES[row % len(DEADLINES)]])
    return file.getvalue()
