"""The Office urges what was ticked; who is urged meets it on every page until acknowledged."""

import pytest
from tests.journeys.browsing import Windows, problems_of, sign_in, too_wide
from tests.journeys.people import Person, eventually

pytestmark = pytest.mark.story


def test_what_is_ticked_is_urged_met_at_sign_in_and_acknowledged(
    office: Person, person, stack, open_assignments, browser: Windows, picture
) -> None:
    unit = "TCBC"
    assignment = open_assignments(unit)[0]
    head = person("unit_head_tcbc")
    page = browser(office, f"/assignments?q={assignment['number']}")
    page.locator("input[name=chosen]").first.check()
    page.get_by_role("button", name="Đôn đốc").press("Enter")
    page.get_by_role("heading", name="Đôn đốc").wait_for()
    assert "sẽ đọc:" in page.locator("#example").inner_text()
    assert "{" not in page.locator("#example .quote").inner_text()
    page.get_by_role("button", name="Xem ai nhận gì").press("Enter")
    page.get_by_role("heading", name="Ai nhận gì").wait_for()
    page.get_by_label("Lời đôn đốc").fill("{don_vi}: báo cáo ngay {danh_sach}")
    page.get_by_role("button", name="Đôn đốc 1 người").press("Enter")
    assert "xem trước lại" in page.locator("#problem").inner_text()
    assert page.get_by_role("button", name="Đôn đốc 1 người").count() == 0
    page.get_by_role("button", name="Xem ai nhận gì").press("Enter")
    page.get_by_role("heading", name="Ai nhận gì").wait_for()
    assert problems_of(page) == []
    picture(page, "portal_urging")
    page.get_by_role("button", name="Đôn đốc 1 người").press("Enter")
    page.get_by_role("heading", name="Ai đã được báo").wait_for()
    address = page.url.partition("?")[0]
    asked = {"to_acknowledge": "true"}
    eventually(lambda: head.get("notifications", "/notifications", **asked)["data"], within=15)

    desk = browser.phone("/assignments", head)
    dialog = desk.get_by_role("dialog", name="Bạn được đôn đốc")
    assert "nhiệm vụ" in dialog.inner_text()
    assert problems_of(desk) == []
    assert not too_wide(desk)
    picture(desk, "portal_urged_phone")
    dialog.get_by_role("link", name="Xem lần đôn đốc").press("Enter")
    desk.get_by_role("heading", name="Bạn được đôn đốc về").wait_for()
    assert desk.evaluate("document.querySelector('#urged').matches(':modal')") is False
    desk.get_by_role("button", name="Để sau").press("Enter")
    desk.get_by_text("Sẽ hỏi lại khi bạn đăng nhập lần sau").wait_for()
    desk.goto("/plans")
    assert desk.get_by_role("dialog").count() == 0
    desk = browser.open("/sign_in", viewport={"width": 390, "height": 844})
    sign_in(desk, head.code, "/assignments")
    dialog = desk.get_by_role("dialog", name="Bạn được đôn đốc")
    dialog.get_by_role("button", name="Đã biết, sẽ thực hiện").first.press("Enter")
    desk.wait_for_load_state()
    assert desk.get_by_role("dialog").count() == 0

    def known() -> bool:
        page.goto(address)
        return (
            "đã xác nhận" in page.locator("[aria-labelledby=receipts-title] .things").inner_text()
        )

    eventually(known, within=15)
    assert problems_of(page) == []
    picture(page, "portal_urging_receipts")


def test_the_ladder_is_read_and_changed_on_its_page(office: Person, browser: Windows) -> None:
    page = browser(office, "/urgings")
    page.get_by_role("link", name="Bậc thang đôn đốc").press("Enter")
    page.get_by_label("Lý do").wait_for()
    assert problems_of(page) == []
    page.get_by_label("Số ngày làm việc trước hạn").fill("7, 3, 3")
    page.get_by_label("Lý do").fill("Thử bậc thang")
    page.get_by_role("button", name="Ban hành").press("Enter")
    assert "hai lần" in page.locator("#problem").inner_text()
    page.get_by_label("Số ngày làm việc trước hạn").fill("7, 3, 1, 0")
    page.get_by_label("Giờ làm việc đến").fill("18")
    page.get_by_role("button", name="Ban hành").press("Enter")
    page.get_by_text("Bậc thang đôn đốc đã có hiệu lực.").wait_for()
    small = browser.phone("/urging_ladder", office)
    assert not too_wide(small)


def test_a_unit_that_has_not_reported_is_urged_from_the_offices_month(
    office: Person, person, stack, browser: Windows, picture
) -> None:
    head = person("unit_head_ttr")
    page = browser(office, "/office_month?month=2025-11")
    page.get_by_role("link", name="Đôn đốc nộp báo cáo").first.press("Enter")
    page.get_by_role("heading", name="Đôn đốc nộp báo cáo").wait_for()
    for box in page.locator("input[name=unit]").all():
        box.set_checked(box.get_attribute("value") == stack.demo.units["TTr"])
    page.get_by_role("button", name="Xem ai được báo gì").press("Enter")
    page.get_by_role("heading", name="Ai được báo gì").wait_for()
    assert "Thanh tra" in page.locator("[aria-labelledby=who]").inner_text()
    assert problems_of(page) == []
    picture(page, "portal_urging_reports")
    page.get_by_role("button", name="Đôn đốc 1 người").press("Enter")
    page.get_by_role("heading", name="Ai đã được báo").wait_for()
    assert "1 đơn vị phải báo cáo" in page.locator(".lead").inner_text()
    asked = {"to_acknowledge": "true"}
    eventually(lambda: head.get("notifications", "/notifications", **asked)["data"], within=15)
    small = browser.phone("/urgings", head)
    dialog = small.get_by_role("dialog", name="Bạn được đôn đốc")
    assert "gửi báo cáo" in dialog.inner_text()
    dialog.get_by_role("button", name="Đã biết, sẽ thực hiện").press("Enter")
    small.wait_for_load_state()
    assert small.get_by_role("dialog").count() == 0
    assert problems_of(small) == []
    assert not too_wide(small)
