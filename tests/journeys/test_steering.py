"""A unit asks for a later day, the Office grants another; then it is paused and handed over."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person, eventually

from chassis.clock import TIME_ZONE

HEADS = {
    "LĐVL": "unit_head_ldvl", "NCC": "unit_head_ncc", "XDCQ": "unit_head_xdcq",
    "CBCCVC": "unit_head_cbccvc", "VP": "unit_head_vp",
}  # fmt: skip


def ahead(days: int) -> str:
    """Return a day to come as people write it."""
    return f"{datetime.now(TIME_ZONE).date() + timedelta(days=days):%d/%m/%Y}"


def opened(page: Page, words: str) -> None:
    """Open a form with the keyboard alone."""
    page.locator("summary", has_text=words).first.press("Enter")


def done(page: Page, words: str) -> None:
    page.get_by_role("status").filter(has_text=words).wait_for()


@pytest.fixture
def late(open_assignments) -> dict:
    """An assignment of a room that is overdue and nobody began."""
    return next(each for each in open_assignments("TĐKT") if each["overdue"])


def completion(office: Person) -> dict:
    found: dict = office.get("reporting", "/overview", year=2025)["completion"]
    return found


def test_a_unit_asks_the_office_grants_another_day_and_figures_and_page_follow(
    office: Person, person, late, browser: Windows, picture
) -> None:
    before = completion(office)
    unit = browser(person("unit_head_tdkt"), f"/assignments/{late['id']}")
    opened(unit, "Đề nghị gia hạn")
    unit.locator("#extension-due_on").fill("01/01/2020")
    unit.locator("#extension-reason").fill("Chờ số liệu của các xã, phường sau sắp xếp.")
    unit.get_by_role("button", name="Gửi đề nghị").click()
    assert "Ngày mới phải sau thời hạn hiện nay" in unit.get_by_role("alert").inner_text()
    assert unit.locator("#extension-reason").input_value().startswith("Chờ số liệu"), "kept"
    unit.locator("#extension-due_on").fill(ahead(60))
    unit.get_by_role("button", name="Gửi đề nghị").click()
    done(unit, "Đã gửi đề nghị gia hạn")
    assert unit.locator("summary", has_text="Đề nghị gia hạn").count() == 0, "one at a time"

    desk = browser(office, "/assignments")
    desk.get_by_role("navigation", name="Lọc nhanh").get_by_text("Đề nghị gia hạn").click()
    desk.get_by_role("link", name=late["content"]).first.click()
    opened(desk, "Đồng ý gia hạn")
    assert "Chờ số liệu" in desk.locator("details[open] .quote").inner_text()
    picture(desk, "extension", whole=True)
    assert problems_of(desk) == []
    desk.locator("#approve-due_on").fill(ahead(30))
    desk.locator("#approve-note").fill("Đến hết tháng.")
    desk.get_by_role("button", name="Gia hạn", exact=True).click()
    done(desk, "Đã gia hạn")
    desk.goto(unit.url)

    facts = desk.get_by_role("complementary", name="Thông tin").inner_text()
    assert ahead(30) in facts
    assert "đã gia hạn; ban đầu" in facts
    after = eventually(lambda: _moved(office, before), within=10)
    assert (after["overdue"], after["extended"]) == (before["overdue"] - 1, before["extended"] + 1)
    unit.reload()
    history = unit.get_by_role("region", name="Diễn biến").inner_text()
    assert "Được gia hạn" in history
    assert ahead(30) in history
    head = person("unit_head_tdkt")
    eventually(lambda: any(
        late["number"] in each["title"] and "gia hạn" in each["title"] for each in head.notices()
    ))  # fmt: skip


def _moved(office: Person, before: dict) -> dict | None:
    found = completion(office)
    return found if found["extended"] > before["extended"] else None


def test_the_office_pauses_goes_on_and_hands_over_and_the_old_unit_goes_on_seeing_it(
    office: Person, person, open_assignments, stack, browser: Windows, picture
) -> None:
    unit, head, mine = next(
        (unit, head, each)
        for unit, head in HEADS.items()
        for each in open_assignments(unit)
        if each["overdue"]
    )
    other = next(code for code in HEADS if code != unit)
    desk = browser(office, f"/assignments/{mine['id']}")
    opened(desk, "Tạm dừng")
    desk.locator("#pause-reason").fill("Chờ hướng dẫn của Bộ Nội vụ.")
    desk.get_by_role("button", name="Tạm dừng nhiệm vụ").click()
    done(desk, "Đã tạm dừng")
    assert "ngày quá hạn" not in desk.locator(".title-line").inner_text()
    eventually(lambda: completion(office)["paused"] > 0, within=10)

    opened(desk, "Tiếp tục")
    desk.locator("#resume-reason").fill("Đã có hướng dẫn.")
    desk.get_by_role("button", name="Tiếp tục nhiệm vụ").click()
    done(desk, "Đã tiếp tục")

    opened(desk, "Chuyển đơn vị khác")
    desk.locator("#handover-unit").select_option(stack.demo.units[other])
    desk.locator("#handover-reason").fill("Đúng chức năng sau sắp xếp.")
    picture(desk, "hand_over", whole=True)
    desk.get_by_role("button", name="Chuyển cho đơn vị này").click()
    done(desk, "Đã chuyển đơn vị chủ trì")
    assert "Các đơn vị đã chủ trì" in desk.locator("#content").inner_text()
    assert problems_of(desk) == []

    old = browser(person(head), f"/assignments/{mine['id']}")
    assert old.locator("summary.btn").count() == 0, "seen, without acting"
    new = browser.phone(f"/assignments/{mine['id']}", person(HEADS[other]))
    opened(new, "Cập nhật tiến độ")
    assert too_wide(new) == ""
    picture(new, "hand_over_phone", whole=True)


def test_all_done_without_a_result_proposes_to_hand_in(
    person, open_assignments, browser: Windows
) -> None:
    mine = open_assignments("CCHC")[-1]
    page = browser(person("unit_officer"), f"/assignments/{mine['id']}")
    opened(page, "Cập nhật tiến độ")
    page.locator("#percent").fill("100")
    page.locator("#note").fill("Đã xong.")
    page.get_by_role("button", name="Lưu tiến độ").click()
    done(page, "Đã lưu tiến độ")
    page.locator(".notice", has_text="chưa gửi kết quả").get_by_role("link").click()
    page.locator("#result-note").fill("Báo cáo đã trình.")
    opened(page, "Cập nhật tiến độ")
    page.locator("#percent").fill("80")
    page.locator("#note").fill("")
    page.once("dialog", lambda asked: asked.accept())  # what stands in the other form is not kept
    page.get_by_role("button", name="Lưu tiến độ").click()
    assert "hãy ghi lý do" in page.get_by_role("alert").inner_text()
    assert page.locator("#note-error").is_visible()
