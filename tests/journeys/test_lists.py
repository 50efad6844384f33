"""An officer finds their work, narrows a list, keeps how they look at it, takes it away."""

import openpyxl
import pytest
from playwright.sync_api import Page
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person

pytestmark = pytest.mark.story
HEADER = 5  # line of a file's headings


def rows_of(page: Page) -> list[str]:
    """Return the numbers of the rows, from the first."""
    return page.locator("#listing tbody tr:not(.more) th .num").all_inner_texts()


def settled(page: Page) -> None:
    """Wait until the list that was asked for is there."""
    page.wait_for_load_state("networkidle")


def test_an_officer_opens_the_home_and_sees_what_waits_and_their_units_work(
    person, browser: Windows, picture
) -> None:
    page = browser(person("unit_head"), "/")

    assert page.get_by_role("heading", name="Đang chờ tôi").is_visible()
    unit = page.get_by_role("region", name="Đơn vị tôi")
    assert unit.get_by_role("listitem").count() > 0
    picture(page, "home")
    unit.get_by_role("link", name="chưa xong").click()
    page.wait_for_url("**/assignments?**")
    units = set(page.locator("td[data-label='Đơn vị']").all_inner_texts())
    assert len(units) == 1


def test_a_list_is_sorted_narrowed_kept_and_taken_away_by_keyboard(
    office: Person, browser: Windows, picture, tmp_path
) -> None:
    page = browser(office, "/assignments")
    heading = page.get_by_role("columnheader", name="Thời hạn")
    heading.get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=due_on**")
    assert heading.get_attribute("aria-sort") == "ascending"
    heading.get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=-due_on**")
    assert heading.get_attribute("aria-sort") == "descending"

    page.get_by_text("Thêm bộ lọc").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Định kỳ").focus()
    page.keyboard.press("Space")
    chip = page.get_by_role("link", name="loại: Định kỳ")
    chip.wait_for()
    settled(page)
    shown = rows_of(page)
    told = page.locator(".list-acts p").inner_text()
    assert shown
    assert "deadline_kind=recurring" in page.url
    assert "sort=-due_on" in page.url
    picture(page, "list", whole=True)

    page.get_by_text("Xuất tệp").click()
    with page.expect_download() as saving:
        page.get_by_role("link", name="Danh sách đang hiển thị").click()
    file = tmp_path / "list.xlsx"
    saving.value.save_as(file)
    sheet = openpyxl.load_workbook(file).active
    lines = list(sheet.iter_rows(min_row=HEADER + 1, values_only=True))
    assert [line[0] for line in lines][: len(shown)] == shown
    assert told.startswith(f"{len(lines)} nhiệm vụ")
    assert sheet["A3"].value == "Lọc theo: loại thời hạn Định kỳ"

    page.get_by_text("Cách xem đã lưu").click()
    page.get_by_label("Tên cách xem").fill("Định kỳ, muộn nhất trước")
    page.get_by_label("Ai xem được").select_option("department")
    page.get_by_role("button", name="Lưu cách xem").click()
    page.get_by_role("heading", level=1, name="Định kỳ, muộn nhất trước").wait_for()
    assert rows_of(page) == shown

    chip.click()
    page.wait_for_url(lambda url: "deadline_kind" not in url)
    assert page.locator(".list-acts p").inner_text() != told


def test_a_shared_view_opens_for_others_at_its_own_address(
    office: Person, person, browser: Windows
) -> None:
    made = office.post("tasks", "/saved_views", {
        "name": "Quá hạn theo đơn vị", "shared_with": "department",
        "filters": {"overdue": True}, "sort": "unit,due_on",
        "columns": ["unit", "due_on", "person"],
    })  # fmt: skip
    page = browser(person("unit_head"), f"/views/{made['id']}")

    assert page.get_by_role("heading", level=1).inner_text() == "Quá hạn theo đơn vị"
    heads = page.get_by_role("columnheader").all_inner_texts()
    assert [head.split("\n")[0].strip("▲▼↕ ") for head in heads][:2] == ["Nhiệm vụ", "Đơn vị"]
    assert page.get_by_role("button", name="Xóa cách xem này").count() == 0


def test_a_day_that_no_calendar_has_is_said_and_narrows_nothing(
    office: Person, browser: Windows
) -> None:
    page = browser(office, "/assignments?due_from=31/02/2025")
    assert "Không có ngày 31/02/2025" in page.locator("#due_from-error").inner_text()
    assert rows_of(page)


def test_the_same_list_stands_as_a_month_and_each_move_is_a_link(
    office: Person, browser: Windows, picture
) -> None:
    page = browser(office, "/assignments?deadline_kind=recurring")
    page.get_by_role("link", name="Dạng lịch tháng").click()
    page.goto(f"{page.url}&month=2025-06")
    assert page.get_by_role("heading", level=1).inner_text() == "Đến hạn trong tháng 6/2025"
    assert page.locator(".month li a").count() > 0
    assert problems_of(page) == []
    picture(page, "month", whole=True)
    page.get_by_role("link", name="Tháng sau").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**month=2025-07**")
    assert "deadline_kind=recurring" in page.url


@pytest.mark.parametrize("path", ["/", "/assignments?sort=-due_on&overdue=true&column=person"])
def test_home_and_list_fit_a_phone_and_shut_nobody_out(
    path: str, person, browser: Windows, picture
) -> None:
    page = browser.phone(path, person("unit_head"))
    page.evaluate("document.fonts.ready")
    for more in page.get_by_text("Thêm bộ lọc").all():
        more.click()

    assert too_wide(page) == ""
    assert problems_of(page) == []
    picture(page, "home_phone" if path == "/" else "list_phone", whole=True)
