"""The Office writes what an appendix has no column for; everybody looks at the year at once."""

import pytest
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person

pytestmark = pytest.mark.story


def test_the_office_writes_document_kpi_and_helpers_and_is_told_what_is_wrong(
    office: Person, open_assignments, browser: Windows, picture
) -> None:
    assignment = open_assignments("CCHC")[0]
    page = browser(office, f"/assignments/{assignment['id']}")
    page.get_by_text("Ghi văn bản giao và KPI").press("Enter")
    page.get_by_label("Số văn bản giao nhiệm vụ").fill("99/TB-UBND")
    page.get_by_label("Ngày văn bản").fill("31/02/2025")
    page.get_by_label("Nhóm KPI").select_option("B")
    form = page.locator("form[action$='/origin']")
    form.get_by_role("button", name="Lưu").press("Enter")
    assert page.locator("#source_issued_on").get_attribute("aria-invalid") == "true"
    assert page.get_by_label("Số văn bản giao nhiệm vụ").input_value() == "99/TB-UBND"
    page.get_by_label("Ngày văn bản").fill("03/02/2025")
    page.locator("#origin-reason").fill("Bổ sung theo thông báo")
    picture(page, "origin", whole=True)
    form.get_by_role("button", name="Lưu").press("Enter")
    page.locator("dd", has_text="99/TB-UBND").first.wait_for()
    assert problems_of(page) == []

    page.get_by_text("Thời hạn, người chịu trách nhiệm").first.press("Enter")
    helper = page.locator("#helper_ids input").first
    helper.press("Space")
    page.locator("#change-reason").fill("Phân công thêm")
    page.locator("form[action$='/change']").get_by_role("button", name="Lưu").press("Enter")
    page.locator("dt", has_text="Người cùng thực hiện").wait_for()
    assert page.locator("#helper_ids input:checked").count() == 1


def test_the_list_is_looked_at_over_the_year_by_keyboard_and_on_a_phone(
    office: Person, browser: Windows, picture
) -> None:
    page = browser(office, "/assignments?deadline_kind=fixed")
    page.get_by_role("link", name="Theo năm").press("Enter")
    page.wait_for_url("**/assignments/timeline?**")
    page.goto(f"{page.url}&year=2025")
    bars = page.locator(".year tbody tr")
    assert bars.count() > 3
    assert "đến" in (page.locator(".year-bar svg").first.get_attribute("aria-label") or "")
    assert problems_of(page) == []
    picture(page, "year")
    page.get_by_role("link", name="Năm trước").press("Enter")
    page.get_by_text("đến hạn trong năm 2024").wait_for()

    phone = browser.phone("/assignments/timeline?year=2025", office)
    assert phone.locator(".year tbody tr").count() > 3
    assert too_wide(phone) == ""
    assert problems_of(phone) == []
    picture(phone, "year_phone")
