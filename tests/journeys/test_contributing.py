"""A unit asks those that help, they give by the day; it asks the Office, all read the answer."""

import re

import pytest
from playwright.sync_api import Page
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person, eventually
from tests.journeys.test_steering import ahead, done, opened

HEADS = {
    "LĐVL": "unit_head_ldvl", "NCC": "unit_head_ncc", "XDCQ": "unit_head_xdcq",
    "CBCCVC": "unit_head_cbccvc", "TCBC": "unit_head_tcbc", "CCHC": "unit_head",
    "TĐKT": "unit_head_tdkt", "TTr": "unit_head_ttr",
}  # fmt: skip


@pytest.fixture
def helped(open_assignments, stack) -> tuple[dict, str, str]:
    """An assignment, its lead unit, and a unit that helps with it and has a head."""
    codes = {id_: code for code, id_ in stack.demo.units.items()}
    return next(
        (each, lead, codes[helper])
        for lead in HEADS
        for each in open_assignments(lead)
        for helper in each["coordinating_unit_ids"]
        if codes.get(helper) in HEADS
    )


def card(page: Page, name: str):
    return page.get_by_role("region", name=name)


def test_a_unit_asks_the_helping_unit_gives_it_is_taken_and_the_figure_moves(
    office: Person, person, helped, stack, browser: Windows, picture
) -> None:
    assignment, lead, helper = helped
    path = f"/assignments/{assignment['id']}"
    unit = browser(person(HEADS[lead]), path)
    opened(unit, "Đề nghị phối hợp")
    unit.locator("#contribution-what").fill("Số liệu thực hiện quý IV, mẫu 02.")
    unit.locator("#contribution-due_on").fill("01/01/2020")
    box = unit.locator(f"#contribution-units input[value='{stack.demo.units[helper]}']")
    box.check()
    unit.get_by_role("button", name="Gửi đề nghị").click()
    assert "đã qua" in unit.get_by_role("alert").inner_text()
    assert unit.locator("#contribution-what").input_value().startswith("Số liệu"), "kept"
    unit.locator("#contribution-due_on").fill(ahead(0))
    unit.locator(f"#contribution-units input[value='{stack.demo.units[helper]}']").check()
    unit.get_by_role("button", name="Gửi đề nghị").click()
    done(unit, "Đã đề nghị các đơn vị")
    assert problems_of(unit) == []

    head = person(HEADS[helper])
    eventually(lambda: _told(head, assignment, "phối hợp"), within=15)
    desk = browser(head, "/?year=2025")
    owed = card(desk, "Đóng góp phối hợp đơn vị tôi còn nợ")
    assert "Số liệu thực hiện quý IV" in owed.inner_text()
    owed.get_by_role("link", name="Số liệu thực hiện quý IV").first.click()
    opened(desk, "Gửi đóng góp")
    desk.get_by_label("Nội dung đóng góp").fill("Gửi bảng số liệu quý IV.")
    file = {"name": "so_lieu.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}
    desk.locator("input[type=file][name=files]").last.set_input_files([file])
    desk.get_by_role("button", name="Gửi đến đơn vị chủ trì").click()
    done(desk, "Đã gửi đóng góp")
    assert "so_lieu.pdf" in card(desk, "Đóng góp của đơn vị phối hợp").inner_text()

    unit.goto(path)
    opened(unit, "Nhận đóng góp")
    picture(unit, "contribution", whole=True)
    assert problems_of(unit) == []
    unit.get_by_role("button", name="Nhận", exact=True).click()
    done(unit, "Đã nhận đóng góp")
    history = card(unit, "Diễn biến").inner_text()
    assert "Đã gửi đóng góp phối hợp" in history

    figure = eventually(lambda: _coordination(office, stack.demo.units[helper]), within=15)
    assert (figure["in_time"], figure["due"]) == (1, 1)
    overview = browser(office, "/?year=2025")
    overview.locator(f"a[href$='{stack.demo.units[helper]}/explain']").click()
    assert re.search(r"1 trong 1", overview.locator("#content").inner_text())
    assert assignment["number"] in overview.locator("#content").inner_text()

    phone = browser.phone(path, person(HEADS[lead]))
    assert too_wide(phone) == ""
    picture(phone, "contribution_phone", whole=True)


def _told(person: Person, assignment: dict, words: str) -> bool:
    told = person.notices()
    return any(assignment["number"] in each["title"] and words in each["title"] for each in told)


def _coordination(office: Person, unit_id: str) -> dict | None:
    for unit in office.get("reporting", "/overview", year=2025)["units"]:
        found: dict | None = unit["coordination"]
        if unit["unit_id"] == unit_id and found and found["given"]:
            return found
    return None


def test_a_unit_asks_the_office_answers_all_and_another_unit_reads_it_beside_the_plan(
    office: Person, person, helped, plan, browser: Windows, picture
) -> None:
    assignment, lead, _ = helped
    unit = browser(person(HEADS[lead]), f"/assignments/{assignment['id']}")
    opened(unit, "Hỏi Văn phòng Sở")
    unit.locator("#question-words").fill("Báo cáo theo mẫu nào?")
    unit.get_by_role("button", name="Gửi câu hỏi").click()
    done(unit, "Đã gửi câu hỏi")
    assert "đã chờ 0 ngày làm việc" in card(unit, "Hỏi đáp, hướng dẫn").inner_text()

    desk = browser(office, "/questions")
    picture(desk, "questions", whole=True)
    assert problems_of(desk) == []
    asked = desk.locator(".question", has_text="Báo cáo theo mẫu nào?").first
    asked.get_by_role("link", name="Trả lời").click()
    desk.get_by_role("button", name="Gửi trả lời").click()
    assert desk.get_by_role("alert").count() == 1, "an empty answer is none"
    desk.locator("#answer-words").fill("Theo mẫu 02 kèm theo.")
    desk.get_by_label("Công khai câu hỏi và trả lời").check()
    picture(desk, "answer", whole=True)
    desk.get_by_role("button", name="Gửi trả lời").click()
    done(desk, "Đã trả lời")
    assert problems_of(desk) == []

    stranger = person("unit_head_ttdd")
    eventually(lambda: "Hướng dẫn chung" in _titles(stranger), within=15)
    reading = browser(stranger, f"/plans/{plan['id']}")
    reading.get_by_role("link", name="Hướng dẫn chung của Văn phòng Sở").click()
    assert "Theo mẫu 02 kèm theo." in reading.locator("#content").inner_text()
    assert problems_of(reading) == []
    phone = browser.phone(f"/plans/{plan['id']}/guidance", stranger)
    assert too_wide(phone) == ""
    picture(phone, "guidance_phone", whole=True)


def _titles(person: Person) -> str:
    return " ".join(each["title"] for each in person.notices())
