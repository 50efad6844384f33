"""From lost points to an assignment, from a figure to an instruction, and the Office's month."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Locator, Page
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person, eventually
from tests.journeys.stack import Stack
from tests.journeys.test_steering import done, opened

pytestmark = pytest.mark.story


@pytest.fixture
def weak(stack: Stack) -> None:
    """What the department's sheet of 2024 lost, as its event would have told."""
    stack.query(
        "tasks",
        "INSERT INTO weak_criterion VALUES"
        " (2024, '1.1.3', 'Mức độ hoàn thành kế hoạch cải cách hành chính', 0.75, 1.5, 1, 1),"
        " (2024, '2.1.2', 'Xử lý văn bản trái pháp luật', 1, 1, 2, 1) ON CONFLICT DO NOTHING",
    )


SHOW = "Xem thử được hiểu thế nào"


def by_keyboard(part: Page | Locator, button: str) -> None:
    part.get_by_role("button", name=button, exact=True).last.press("Enter")


def criterion(page: Page, code: str):
    return page.get_by_role("region", name=code)


def test_what_lost_points_becomes_an_assignment_of_the_unit_that_proposes(
    office: Person, person, plan, weak, browser: Windows, picture
) -> None:
    head = person("unit_head")
    unit = browser(head, "/measures")
    assert "chưa có giải pháp" in criterion(unit, "1.1.3").inner_text()
    opened(criterion(unit, "1.1.3"), "Đề xuất giải pháp")
    unit.locator("[id='words-1.1.3']").fill("Rà soát tiến độ từng tháng, nhắc trước hạn")
    unit.locator("[id='deadline_text-1.1.3']").fill("Trước ngày 30/12/2030")
    assert problems_of(unit) == []
    by_keyboard(criterion(unit, "1.1.3"), SHOW)
    assert "29/12/2030" in criterion(unit, "1.1.3").get_by_role("status").inner_text()
    assert problems_of(unit) == []
    by_keyboard(criterion(unit, "1.1.3"), "Gửi đề xuất")
    done(unit, "Đã đề xuất")
    assert "chưa có giải pháp" not in criterion(unit, "1.1.3").inner_text()

    eventually(lambda: any("đề xuất giải pháp" in n["title"] for n in office.notices()), within=20)
    desk = browser(office, "/measures")
    picture(desk, "measures", whole=True)
    opened(criterion(desk, "1.1.3"), "Chấp nhận thành nhiệm vụ")
    criterion(desk, "1.1.3").get_by_label("Kế hoạch nhận").select_option(value=plan["id"])
    assert problems_of(desk) == []
    criterion(desk, "1.1.3").get_by_label("Thời hạn, ghi bằng lời").first.fill(
        "Trước ngày 30/6/2030; trước ngày 30/12/2030"
    )
    by_keyboard(criterion(desk, "1.1.3"), SHOW)
    assert "29/6/2030" in criterion(desk, "1.1.3").get_by_role("status").inner_text()
    picture(desk, "measure_read", whole=True)
    assert problems_of(desk) == []
    assert too_wide(browser.phone("/measures", office)) == ""
    by_keyboard(criterion(desk, "1.1.3"), "Chấp nhận giải pháp")
    done(desk, "đã thành nhiệm vụ")
    assert "0/2 nhiệm vụ" in criterion(desk, "1.1.3").inner_text()
    link = criterion(desk, "1.1.3").get_by_role("link", name="NV-").first
    desk.goto(str(link.get_attribute("href")))
    assert "Giải pháp khắc phục tiêu chí 1.1.3" in desk.locator("main").inner_text()
    eventually(lambda: any("được chấp nhận" in n["title"] for n in head.notices()), within=20)
    phone = browser.phone("/measures", head)
    assert too_wide(phone) == ""


def test_where_no_sheet_says_it_a_weak_criterion_is_named_and_taken_off_again(
    office: Person, browser: Windows, picture
) -> None:
    desk = browser(office, "/measures/criteria/new?year=2022")
    assert desk.locator("#chosen option").count() > 10, "from the department's criteria set"
    desk.locator("#chosen").select_option(index=3)
    by_keyboard(desk, "Ghi tiêu chí")
    assert desk.get_by_role("alert").count() == 1, "it asks why"
    desk.locator("#reason").fill("Tỉnh nhắc trong hội nghị tháng 1")
    assert problems_of(desk) == []
    picture(desk, "criterion_named", whole=True)
    by_keyboard(desk, "Ghi tiêu chí")
    done(desk, "Đã ghi")
    assert "Tỉnh nhắc trong hội nghị" in desk.locator("main").inner_text()
    assert problems_of(desk) == []
    phone = browser.phone("/measures?year=2022", office)
    assert too_wide(phone) == ""
    by_keyboard(desk, "Bỏ khỏi danh sách")
    done(desk, "Đã bỏ")


def test_the_director_writes_an_instruction_from_a_figure_by_keyboard(
    person, stack: Stack, browser: Windows, picture
) -> None:
    desk = browser(person("director"), "/?year=2025")
    desk.get_by_role("link", name="Viết chỉ đạo", exact=True).focus()
    desk.keyboard.press("Enter")
    desk.locator("#about_path").wait_for()
    assert desk.locator("#about_path").input_value() == "/?year=2025"
    desk.locator("#unit_id").select_option(value=stack.demo.units["NCC"])
    desk.locator("#words").fill("Báo cáo nguyên nhân chậm tiến độ")
    desk.locator("#deadline_text").fill("Trước ngày 15/12/2030")
    desk.locator("#issuing_body").select_option(label="Cấp ủy")
    desk.locator("#document_number").fill("12-CT/ĐU")
    desk.locator("#document_issued_on").fill("31/02/2025")
    assert problems_of(desk) == []
    by_keyboard(desk, SHOW)
    assert "14/12/2030" in desk.get_by_role("status").last.inner_text()
    assert problems_of(desk) == []
    by_keyboard(desk, "Ban hành chỉ đạo")
    assert "31/02/2025" in desk.get_by_role("alert").inner_text()
    desk.locator("#document_issued_on").fill("01/03/2025")
    by_keyboard(desk, "Ban hành chỉ đạo")
    done(desk, "chỉ đạo đã thành nhiệm vụ")
    picture(desk, "instruction", whole=True)
    assert problems_of(desk) == []

    head = person("unit_head_ncc")
    eventually(lambda: any("Ý kiến chỉ đạo" in n["title"] for n in head.notices()), within=20)
    phone = browser.phone("/instructions", head)
    phone.get_by_role("link", name="Báo cáo nguyên nhân chậm tiến độ").first.click()
    assert "12-CT/ĐU" in phone.locator("main").inner_text()
    assert too_wide(phone) == ""
    stranger = browser(person("unit_head_tdkt"), "/instructions")
    assert "Báo cáo nguyên nhân" not in stranger.locator("main").inner_text()


def test_the_month_leads_from_a_unit_to_the_rows_that_need_it(
    office: Person, person, weak, browser: Windows, picture
) -> None:
    desk = browser(office, "/office_month?month=2025-11")
    assert problems_of(desk) == []
    picture(desk, "office_month", whole=True)
    units = desk.get_by_role("region", name="Đơn vị cần lưu ý").first
    reason = units.get_by_role("link", name="Quá hạn:").first
    count = int(reason.inner_text().rpartition(" ")[2])
    address = str(reason.get_attribute("href")).partition("?")[2]
    listed = office.get("tasks", "/assignments/counts", **parse_qs(address))
    assert listed["listed"] == count
    phone = browser.phone("/office_month?month=2025-11", person("director"))
    assert too_wide(phone) == ""
    picture(phone, "office_month_phone", whole=True)
    assert browser(person("unit_head")).get_by_role("link", name="Tháng của Văn phòng").count() == 0
