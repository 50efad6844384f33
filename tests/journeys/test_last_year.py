"""What a sheet came to last year, elsewhere: its own workbook filled in and uploaded."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.own_sheet import OwnBody
from tests.journeys.people import Person
from tests.journeys.stack import Stack

HEADER = 5  # line of the headings
LAST, MOST = "Điểm năm trước", "Điểm tối đa năm trước"


@pytest.fixture
def body(stack: Stack, office: Person) -> OwnBody:
    """A body whose sheet is open."""
    return OwnBody(stack, office, "unit_head_xdcq", ["appraiser"]).open()


def filled(workbook: Path, points: dict[str, tuple]) -> dict:
    """Return the workbook with what rows came to last year, as a browser sends it."""
    book = openpyxl.load_workbook(workbook)
    heads = {each.value: each.column for each in book.active[HEADER]}
    for row in book.active.iter_rows(min_row=HEADER + 1):
        if row[0].value in points:
            row[heads[LAST] - 1].value, row[heads[MOST] - 1].value = points[row[0].value]
    content = BytesIO()
    book.save(content)
    return {"name": "phieu_2024.xlsx", "mimeType": "application/octet-stream",
            "buffer": content.getvalue()}  # fmt: skip


def upload(page: Page, file: dict) -> None:
    page.locator("#last_year #file").set_input_files(file)
    page.locator("#last_year button").press("Enter")


def looks_well(page: Page, picture, name: str) -> None:
    assert problems_of(page) == []
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 844})
        assert too_wide(page) == ""
        picture(page, f"{name}_{width}")


def test_last_years_points_are_read_from_the_sheets_own_file_or_the_wrong_row_is_named(
    office: Person, body: OwnBody, browser: Windows, picture, tmp_path
) -> None:
    page = browser(office, body.address)
    page.locator("#last_year > summary").press("Enter")
    looks_well(page, picture, "sheet_last_year")
    with page.expect_download() as saving:
        page.locator("#last_year").get_by_role("link").click()
    form = tmp_path / "phieu.xlsx"
    saving.value.save_as(form)

    upload(page, filled(form, {"1.1.1": (0.25, 0.5), "1.1.3": (2, 1.5)}))
    said = page.locator("#problem").inner_text()
    assert "1.1.3" in said
    assert "lớn hơn" in said
    assert "chưa được gửi" not in said, "it was read"
    assert page.locator("#last_year").get_by_text("phieu_2024.xlsx").first.is_visible()
    looks_well(page, picture, "sheet_last_year_wrong")
    assert body.row("1.1.1")["last_year_score"] is None

    upload(page, filled(form, {"1.1.1": (0.25, 0.5), "1.1.3": (1.5, 1.5)}))
    page.get_by_role("status").filter(has_text="Đã đọc").first.wait_for()
    page.get_by_text("Tiêu chí chưa đạt, còn hạn chế năm trước (1)").press("Enter")
    weak = page.get_by_role("link", name="1.1.1")
    assert weak.first.is_visible()
    looks_well(page, picture, "sheet_last_year_read")
    assert [body.row(each)["weak"] for each in ("1.1.1", "1.1.3")] == [True, False]
