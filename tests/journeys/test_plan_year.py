"""A plan through its year: its document entered, issued, taken note of, replaced, closed."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.access.world import PDF, appendix
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person, eventually

YEAR = 2027
FACTS = {
    "number": "12/KH-SNV", "issued_on": "02/11/2026", "signer_authority": "KT. GIÁM ĐỐC",
    "signer_post": "PHÓ GIÁM ĐỐC", "signer_name": "Nguyễn Văn A",
}  # fmt: skip
COPY = {"name": "ban_da_ky.pdf", "mimeType": "application/pdf", "buffer": PDF}


def draft(office: Person, title: str, **facts: Any) -> dict[str, Any]:
    """Write a plan without a document, its appendix imported."""
    body = {"year": YEAR, "title": title, "closes_on": f"{YEAR}-11-30", **facts}
    plan: dict[str, Any] = office.post("tasks", "/plans", body)
    return plan


def with_appendix(office: Person, plan: dict[str, Any]) -> None:
    started = office.upload(f"/plans/{plan['id']}/imports", "phu_luc.xlsx", appendix())
    path = f"/imports/{started['import_id']}"
    eventually(lambda: office.get("tasks", path)["state"] == "ready", within=30)
    office.post("tasks", f"{path}/confirm")


@pytest.fixture
def issued(office: Person, stack) -> dict[str, Any]:
    """A plan in force, sent to the room CCHC."""
    copy = office.upload("/files", "ban_da_ky.pdf", PDF)["id"]
    facts = {
        **FACTS, "issued_on": "2026-11-02", "signed_copy_id": copy,
        "recipient_unit_ids": [stack.demo.units["CCHC"]],
    }  # fmt: skip
    plan = draft(office, "Kế hoạch cần thay thế", **facts)
    with_appendix(office, plan)
    office.post("tasks", f"/plans/{plan['id']}/activate")
    plan["successor"] = draft(office, "Kế hoạch thay thế giữa năm", **facts)
    return plan


def check(page: Page) -> None:
    """Nothing shuts people out, and it fits a phone."""
    assert problems_of(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert too_wide(page) == ""
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_document_is_entered_where_it_lacks_and_the_plan_issued_with_its_summary(
    office: Person, browser: Windows, stack, picture
) -> None:
    plan = draft(office, "Kế hoạch thiếu thông tin văn bản")
    with_appendix(office, plan)
    page = browser(office, f"/plans/{plan['id']}")
    page.get_by_role("link", name="Ban hành").click()
    expect(page.get_by_text("Chưa ban hành được:")).to_be_visible()
    assert page.locator("form button[type=submit]").last.is_disabled()
    check(page)

    page.get_by_role("link", name="Nhập ngay").click()
    for name in ("number", "issued_on", "signer_post", "signer_name", "signed_copy"):
        expect(page.locator(f"#{name}-error")).to_be_visible()
    check(page)
    for name, value in FACTS.items():
        page.locator(f"#{name}").fill(value)
    page.locator("#signed_copy").set_input_files(COPY)
    unit = stack.demo.units["CCHC"]
    page.locator(f"[name=recipient_unit_ids][value='{unit}']").check()
    page.locator("#objective_text_0").fill("Giữ vững chỉ số theo Kế hoạch của tỉnh")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url("**/plans/*done=plan_changed")
    expect(page.locator("#document")).to_contain_text("12/KH-SNV")
    expect(page.locator("#document")).to_contain_text("ban_da_ky.pdf")
    check(page)

    page.get_by_role("link", name="Ban hành").click()
    summary = page.locator("main")
    expect(summary).to_contain_text("4 nhiệm vụ được tính từ bây giờ")
    expect(summary).to_contain_text("Giữ vững chỉ số theo Kế hoạch của tỉnh")  # no task serves it
    assert page.locator("table tbody tr").count() >= 4  # units of the appendix, and who is told
    picture(page, "plan_summary")
    check(page)
    page.get_by_role("button", name="Ban hành").click()
    page.wait_for_url("**/plans/*done=activated")

    page.get_by_role("link", name="Chọn nhiệm vụ").click()
    page.locator("[name=task_ids]").first.check()
    check(page)
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("#objectives")).to_contain_text("1 nhiệm vụ")
    stack.settle()


def test_a_unit_takes_note_by_one_click_and_is_counted(
    issued: dict[str, Any], office: Person, person, browser: Windows, stack
) -> None:
    officer = person("unit_officer")
    told = eventually(
        lambda: [
            each
            for each in officer.get("notifications", "/notifications")["data"]
            if "quán triệt" in each["title"] and each["subject_id"] == issued["id"]
        ]
    )
    assert told[0]["read_at"] is None
    page = browser(officer, f"/plans/{issued['id']}")
    check(page)

    page.get_by_role("button", name="Tôi đã quán triệt kế hoạch này").click()

    expect(page.locator("#coverage")).to_contain_text("Bạn đã xác nhận quán triệt")
    assert page.get_by_role("button", name="Tôi đã quán triệt kế hoạch này").count() == 0
    coverage = office.get("tasks", f"/plans/{issued['id']}/acknowledgements")
    assert coverage["acknowledged"] == 1
    eventually(
        lambda: all(
            each["read_at"]
            for each in officer.get("notifications", "/notifications")["data"]
            if "quán triệt" in each["title"] and each["subject_id"] == issued["id"]
        )
    )
    stack.settle()


def test_a_plan_is_replaced_by_a_reviewed_list_and_the_new_one_closed(
    issued: dict[str, Any], office: Person, person, browser: Windows, stack, picture
) -> None:
    page = browser(office, f"/plans/{issued['id']}")
    page.get_by_role("link", name="Thay bằng kế hoạch khác").click()
    page.locator("#successor_id").select_option(issued["successor"]["id"])
    page.get_by_role("button", name="Xem danh sách chuyển").click()
    rows = page.locator("[name=rows]")
    expect(rows).to_have_count(4)
    assert all(rows.nth(place).is_checked() for place in range(4))
    rows.nth(3).uncheck()
    check(page)
    picture(page, "plan_replace")

    act = page.get_by_role("button", name="Thay bằng kế hoạch khác")
    act.click()
    expect(page.locator("#reason-error")).to_be_visible()
    assert [rows.nth(place).is_checked() for place in range(4)] == [True, True, True, False]
    page.locator("#reason").fill("Sở được sắp xếp lại")
    act.click()
    page.wait_for_url("**/plans/*done=plan_replaced")
    check(page)
    expect(page.locator("main")).to_contain_text("Đã được thay bằng")
    expect(page.locator("#history")).to_contain_text("Sở được sắp xếp lại")

    page.get_by_role("link", name=issued["successor"]["title"]).click()
    expect(page.locator("main")).to_contain_text("Thay thế")
    moved = office.all("tasks", "/assignments", plan_id=issued["successor"]["id"])
    assert len(moved) == 3
    unit = person("unit_head")
    old = moved[0]["carried_from_id"]
    seen = browser(unit if unit.get("tasks", "/me")["unit_id"] == moved[0]["unit_id"] else office,
                   f"/assignments/{old}")  # fmt: skip
    expect(seen.locator("main")).to_contain_text(f"{moved[0]['number']}")

    page.get_by_role("link", name="Kết thúc kế hoạch").click()
    expect(page.locator("main")).to_contain_text("3 nhiệm vụ chưa xong, vẫn phải làm")
    check(page)
    page.locator("#reason").fill("Hết năm")
    page.get_by_role("button", name="Kết thúc kế hoạch").click()
    page.wait_for_url("**/plans/*done=plan_closed")
    expect(page.locator("main")).to_contain_text("Tình trạng khi kết thúc")
    assert office.get("tasks", f"/plans/{issued['successor']['id']}")["closed_counts"]["open"] == 3
    check(page)
    stack.settle()
