"""A unit's report from its first word to the Office's compiled document, by keyboard."""

from io import BytesIO

import docx
from playwright.sync_api import Locator, Page
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person, eventually
from tests.journeys.test_steering import done


def press(page: Page | Locator, name: str) -> None:
    """Press a button as somebody without a mouse does."""
    button = page.get_by_role("button", name=name)
    button.press("Enter")


def told(person: Person, words: str) -> bool:
    found = person.get("notifications", "/notifications", limit=50)["data"]
    return any(words in each["title"] for each in found)


def write(unit: Page) -> None:
    """Begin and write a report; a theme without words is refused beside its line."""
    press(unit, "Lập báo cáo")
    done(unit, "Đã lập báo cáo")
    assert "nhiệm vụ có thời hạn" in unit.locator("#results").input_value()
    before = unit.locator("textarea[name^=difficulty_][name$=_text]").count()
    unit.locator("select[name^=difficulty_]").last.select_option("funding")
    press(unit, "Lưu")
    assert "chưa có nội dung" in unit.get_by_role("alert").inner_text()
    unit.locator("[aria-invalid=true]").fill("Chưa bố trí kinh phí")
    unit.locator("#proposals").fill("Bổ sung kinh phí")
    press(unit, "Lưu")
    done(unit, "Đã lưu")
    assert unit.locator("textarea[name^=difficulty_][name$=_text]").count() == before + 1


def compiled(desk: Page) -> str:
    """Take the compiled document away; return what its paragraphs say."""
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Báo cáo tổng hợp").first.focus()
        desk.keyboard.press("Enter")
    document = docx.Document(BytesIO(download.value.path().read_bytes()))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def send_back(desk: Page) -> None:
    """Return the report that is shown; without a reason it is refused."""
    press(desk, "Trả lại báo cáo")
    desk.locator("#reason-error").wait_for()
    desk.locator("#reason").fill("Ghi rõ nguồn kinh phí")
    press(desk, "Trả lại báo cáo")
    done(desk, "Đã trả lại")


def hand_in(unit: Page, desk: Page, address: str) -> None:
    """The officer submits what is typed and not saved, the head approves."""
    unit.locator("#proposals").fill("Bổ sung kinh phí trước tháng 9")
    press(unit, "Trình phụ trách đơn vị")
    done(unit, "Đã trình")
    desk.goto(address)
    assert "Bổ sung kinh phí trước tháng 9" in desk.locator("#content").inner_text()
    assert problems_of(desk) == []
    press(desk, "Duyệt và gửi Văn phòng Sở")
    done(desk, "Đã gửi")


def test_a_unit_reports_its_head_hands_in_and_the_office_takes_all_away(
    office: Person, person, plan, browser: Windows, picture
) -> None:
    officer, head = person("unit_officer_ldvl"), person("unit_head_ldvl")
    unit = browser(officer, "/unit_reports")
    row = unit.get_by_role("row").filter(has_text="Chưa lập").first
    assert "ngày làm việc" in row.inner_text(), "long past its day"
    write(unit)
    address = unit.url.partition("?")[0]
    picture(unit, "unit_report", whole=True)
    assert problems_of(unit) == []
    hands = browser(head, "/unit_reports")
    hand_in(unit, hands, address)
    eventually(lambda: told(head, "chờ phụ trách đơn vị duyệt"))

    eventually(lambda: told(office, "đã gửi báo cáo"))
    desk = browser(office, f"/unit_reports?plan_id={plan['id']}")
    assert "Đã gửi Văn phòng Sở" in desk.locator("table").inner_text()
    picture(desk, "unit_reports", whole=True)
    assert problems_of(desk) == []
    said = compiled(desk)
    assert "Chưa bố trí kinh phí" in said
    assert "Kinh phí (1 đơn vị)" in said
    desk.goto(address)
    send_back(desk)
    eventually(lambda: told(officer, "Văn phòng Sở trả lại"))
    unit.goto(address)
    assert "Ghi rõ nguồn kinh phí" in unit.locator("#content").inner_text()
    hand_in(unit, hands, address)
    desk.goto(address)
    press(desk, "Tiếp nhận")
    done(desk, "Đã tiếp nhận")
    eventually(lambda: told(officer, "đã tiếp nhận báo cáo"))


def test_pages_of_units_reports_fit_a_phone(
    office: Person, person, browser: Windows, picture
) -> None:
    for who, path in ((office, "/unit_reports"), (office, "/unit_report_settings"),
                      (person("unit_head_tdkt"), "/unit_reports")):  # fmt: skip
        phone = browser.phone(path, who)
        assert too_wide(phone) == "", path
        assert problems_of(phone) == [], path
        if path == "/unit_reports":
            picture(phone, "unit_reports_phone", whole=True)
    press(phone.get_by_role("region", name="Kế hoạch duy trì"), "Lập báo cáo")
    done(phone, "Đã lập báo cáo")
    assert too_wide(phone) == ""
    assert problems_of(phone) == []
    picture(phone, "unit_report_phone", whole=True)
