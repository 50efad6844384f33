"""The office reviews a difficult appendix: what was not understood is seen, chosen, filled."""

from io import BytesIO

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect
from tests.journeys.browsing import (
    Windows,
    end_session,
    problems_of,
    sign_in,
    sign_in_again,
    too_wide,
)
from tests.journeys.people import Person

HEADER = ("STT", "Nhiệm vụ", "Sản phẩm", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn")
FIRST = (
    ("1", "Rà soát quy chế làm việc", "Báo cáo", "Văn phòng Sở", "", "Trước ngày 30/6/2030"),
    ("2", "Tập huấn công chức, lập danh sách học viên", "Danh sách", "Phòng CCHC", "", "Quý III"),
    ("3", "Xây dựng đề án vị trí việc làm", "Đề án", "Phòng CCHC; Phòng TĐKT", "", "Quý IV/2030"),
    ("4", "Kiểm tra công vụ đột xuất", "Biên bản", "Phòng Lạ", "", "Trước ngày 15/9/2030"),
    ("", "Tổng cộng", "", "", "", ""),
)
LAST = (("1", "Việc của trang bị ẩn", "", "Văn phòng Sở", "", "Tháng 12/2030"),)
VALUES = "all => all.map((each) => `${each.name}=${each.value}`)"
PLAN = {"year": 2030, "title": "Kế hoạch xem lại phụ lục", "closes_on": "2030-11-29"}


def workbook() -> bytes:
    content = BytesIO()
    book = xlsxwriter.Workbook(content)
    for name, rows in (("Phụ lục I", FIRST), ("Nháp", LAST)):
        sheet = book.add_worksheet(name)
        for place, row in enumerate((HEADER, *rows)):
            sheet.write_row(place, 0, row)
    book.worksheets()[1].hide()
    book.close()
    return content.getvalue()


@pytest.fixture
def preview(office: Person, browser: Windows) -> Page:
    """The office's window at an appendix that was just read."""
    plan = office.post("tasks", "/plans", {**PLAN, "legal_bases": [], "targets": []})
    page = browser(office, f"/plans/{plan['id']}/imports/new")
    expect(page.get_by_text("Chưa chọn tệp nào")).to_be_visible()
    file = {"name": "phu_luc.xlsx", "mimeType": "application/octet-stream", "buffer": workbook()}
    page.locator("#file").set_input_files(file)
    expect(page.locator("#file-chosen")).to_have_text("phu_luc.xlsx")
    page.get_by_role("button", name="Tải lên và đọc").click()
    page.get_by_role("heading", name="Những gì có trong tệp").wait_for()
    return page


def test_what_was_not_understood_is_settled_row_by_row_and_the_rest_confirmed_first(
    preview: Page, office: Person, stack
) -> None:
    page = preview
    assert page.locator("tr[id^=row-]").count() == 4
    expect(page.get_by_text("Tổng cộng", exact=True)).to_be_visible()
    assert problems_of(page) == []

    page.get_by_role("button", name="Đọc bảng này").click()
    row(page, "Việc của trang bị ẩn").wait_for()

    page.get_by_role("button", name="Xác nhận 3 dòng đã rõ").click()
    expect(page.get_by_role("status").first).to_contain_text("3 nhiệm vụ")
    expect(page.get_by_text("Còn 2 dòng phải xem")).to_be_visible()

    row(page, "Xây dựng đề án").get_by_text("Sửa dòng này").click()
    assert problems_of(page) == []
    page.get_by_role("button", name="Thi đua - Khen thưởng chủ trì").click()
    expect(row(page, "Xây dựng đề án")).not_to_contain_text("Còn phải xem")

    row(page, "Kiểm tra công vụ").get_by_text("Sửa dòng này").click()
    page.get_by_role("group", name="Đơn vị chủ trì").get_by_label("Thanh tra Sở").check()
    page.get_by_role("button", name="Lưu dòng").click()
    page.get_by_role("button", name="Xác nhận tất cả").click()
    expect(page.get_by_role("status").first).to_contain_text("2 nhiệm vụ")
    stack.settle()


def test_a_row_is_split_left_out_taken_and_added_by_keyboard(preview: Page) -> None:
    page = preview
    link = row(page, "Tập huấn").get_by_text("Sửa dòng này")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/rows/*")
    page.locator("#parts").fill("Tập huấn công chức\nLập danh sách học viên")
    page.get_by_role("button", name="Tách", exact=True).press("Enter")
    expect(row(page, "Lập danh sách học viên")).to_be_visible()

    row(page, "Rà soát quy chế").get_by_role("button", name="Bỏ dòng").press("Enter")
    left = page.locator("section", has=page.get_by_role("heading", name="Các dòng không lấy"))
    expect(left).to_contain_text("Rà soát quy chế")
    left.locator("li", has_text="Rà soát quy chế").get_by_role("button").press("Enter")
    expect(row(page, "Rà soát quy chế")).to_be_visible()

    page.get_by_role("link", name="Thêm dòng").press("Enter")
    page.get_by_label("Giải pháp, nhiệm vụ").fill("Việc tệp không có")
    page.get_by_label("Thời hạn bằng chữ").fill("Tháng 11/2030")
    page.get_by_role("button", name="Thêm dòng này").press("Enter")
    expect(row(page, "Việc tệp không có")).to_contain_text("cán bộ thêm")


def test_a_review_fits_a_phone(preview: Page, office: Person, browser: Windows) -> None:
    phone = browser.phone(preview.url.partition("?")[0], office)
    assert too_wide(phone) == ""

    row(phone, "Xây dựng đề án").get_by_text("Sửa dòng này").click()
    phone.wait_for_url("**/rows/*")
    assert too_wide(phone) == ""


def test_a_deadline_of_two_lines_means_the_same_after_another_field_was_corrected(
    preview: Page, office: Person
) -> None:
    page = preview
    path = f"/imports/{page.url.partition('?')[0].rpartition('/')[2]}"
    number = next(
        each for each in office.get("tasks", path)["rows"] if each["content"].startswith("Kiểm tra")
    )["row_number"]
    path = f"{path}/rows/{number}"
    lines = {"deadline_text": "Tháng 1\n2", "stt": "4\n5", "section": "Phần\nI"}
    office.patch("tasks", path, lines, version=office.get("tasks", path)["version"])
    before = office.get("tasks", path)

    page.goto(f"{page.url.partition('/imports/')[0]}{path}")
    page.get_by_role("group", name="Đơn vị chủ trì").get_by_label("Thanh tra Sở").check()
    page.get_by_role("button", name="Lưu dòng").click()
    row(page, "Kiểm tra công vụ").wait_for()

    after = office.get("tasks", path)
    assert {name: after[name] for name in lines} == lines
    assert after["deadline"] == before["deadline"]
    assert after["lead_unit_ids"] != before["lead_unit_ids"]


def test_a_decision_that_came_too_late_alters_no_button_and_no_other_form(
    preview: Page, office: Person, browser: Windows, stack
) -> None:
    page = browser.open()
    sign_in(page, office.code)
    page.goto(preview.url)
    buttons = page.locator("main button[name]")
    before = buttons.evaluate_all(VALUES)
    assert len({said for said in before if said.startswith("do=")}) > 1

    for pressed, kept in (("Bỏ dòng", "leave"), ("Bỏ bảng này", "no")):
        end_session(stack, page)
        page.get_by_role("button", name=pressed).last.click()
        sign_in_again(page, office.code)
        expect(page.locator("#kept-text")).to_have_attribute("open", "")
        expect(page.locator("#kept-text dd").last).to_have_text(kept)
        assert buttons.evaluate_all(VALUES) == before


def test_chosen_columns_come_back_to_the_table_they_were_chosen_for(
    preview: Page, office: Person, browser: Windows, stack
) -> None:
    preview.get_by_role("button", name="Đọc bảng này").click()
    row(preview, "Việc của trang bị ẩn").wait_for()
    page = browser.open()
    sign_in(page, office.code)
    page.goto(preview.url)
    first, second = (page.locator("form:has(.columns)").nth(place) for place in (0, 1))
    of_first = first.locator("select").evaluate_all(VALUES)
    second.evaluate("form => { form.closest('details').open = true; }")
    second.locator("select").nth(1).select_option("ignored")
    chosen = second.locator("select").evaluate_all(VALUES)

    end_session(stack, page)
    second.locator("[type=submit]").click()
    sign_in_again(page, office.code)

    assert second.locator("select").evaluate_all(VALUES) == chosen
    assert first.locator("select").evaluate_all(VALUES) == of_first


def row(page: Page, words: str):
    """Return the line of the preview that says the words."""
    return page.locator("tr[id^=row-]", has_text=words)
