"""An inspection from its plan to a remedied finding, and a proposal that few may read."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person, eventually
from tests.journeys.test_steering import done

from chassis.clock import TIME_ZONE

pytestmark = pytest.mark.story


def today() -> str:
    return f"{datetime.now(TIME_ZONE):%d/%m/%Y}"


def card(page: Page, name: str):
    return page.get_by_role("region", name=name)


def by_keyboard(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).last.focus()
    page.keyboard.press("Enter")


def test_an_inspection_goes_from_its_plan_to_a_remedied_finding(
    office: Person, person, plan, browser: Windows, picture
) -> None:
    desk = browser(office, "/inspections/new")
    assert problems_of(desk) == []
    desk.get_by_label("Cơ quan kiểm tra").select_option(label="Đoàn phối hợp")
    desk.get_by_label("Đơn vị được kiểm tra").select_option(label="Phòng Người có công")
    desk.locator("#starts_on").fill(today())
    desk.locator("#ends_on").fill(today())
    desk.locator("#subject").fill("Kỷ luật, kỷ cương hành chính")
    desk.locator("#head_id").select_option(label="Chánh Thanh tra Sở")
    desk.locator("#records").fill("Sổ theo dõi hồ sơ\nBáo cáo quý III")
    by_keyboard(desk, "Lưu")
    done(desk, "Cuộc kiểm tra đã có trong kế hoạch")
    here = desk.url.partition("?")[0]
    desk.locator("#announce-number").fill("12/TB-SNV")
    by_keyboard(desk, "Thông báo")
    done(desk, "Đã thông báo")

    unit = browser(person("unit_head_ncc"), here)
    assert "Sổ theo dõi hồ sơ" in card(unit, "Hồ sơ yêu cầu").inner_text()
    assert card(unit, "Tồn tại, hạn chế").count() == 0

    desk.locator("#visited_on").fill("01/01/2099")
    card(desk, "Đoàn đã tiến hành kiểm tra").get_by_role("button").click()
    assert "chưa đến" in desk.get_by_role("alert").inner_text()
    desk.locator("#visited_on").fill(today())
    card(desk, "Đoàn đã tiến hành kiểm tra").get_by_role("button").click()
    done(desk, "Đã tiến hành")
    team = browser(person("unit_head_ttr"), here)
    team.locator("#finding-text").fill("Trả hồ sơ chậm hạn trong tháng 9")
    team.locator("#criterion_code").fill("3.2")
    by_keyboard(team, "Ghi lại")
    done(team, "Đã ghi")
    eventually(lambda: any("tồn tại" in n["title"] for n in office.notices()), within=20)

    desk.goto(here)
    picture(desk, "inspection", whole=True)
    assert problems_of(desk) == []
    _conclude(desk, plan["title"])
    assert "chưa khắc phục xong" in card(desk, "Tồn tại, hạn chế").inner_text()
    assert f"hạn {in_thirty_days()}" in card(desk, "Tồn tại, hạn chế").inner_text()

    head = person("unit_head_ncc")
    eventually(lambda: any("kết luận kiểm tra" in n["title"] for n in head.notices()), within=20)
    unit.goto(here)
    assert "Trả hồ sơ chậm hạn" in card(unit, "Tồn tại, hạn chế").inner_text()
    _remedy(office, head, here.rpartition("/")[2])
    phone = browser.phone(f"/inspections/{here.rpartition('/')[2]}", head)
    assert "đã khắc phục" in card(phone, "Tồn tại, hạn chế").inner_text()
    assert too_wide(phone) == ""
    picture(phone, "inspection_phone", whole=True)


def in_thirty_days() -> str:
    return f"{datetime.now(TIME_ZONE) + timedelta(days=30):%d/%m/%Y}"


def _conclude(desk: Page, plan: str) -> None:
    assert f"hạn {in_thirty_days()} nếu kết luận hôm nay" in card(desk, "Kết luận").inner_text()
    by_keyboard(desk, "Kết luận, không sửa lại")
    desk.get_by_role("alert").filter(has_text="(1: Trả hồ sơ chậm hạn").wait_for()
    assert problems_of(desk) == []
    desk.locator("#conclude-number").fill("15/TB-SNV")
    desk.locator("#issued_on").fill(today())
    desk.locator("#conclude-text").fill("Đơn vị cần khắc phục ngay.")
    desk.locator("#plan_id").select_option(label=plan)
    desk.locator("textarea[name^=what_]").fill("Rà soát quy trình trả hồ sơ")
    by_keyboard(desk, "Kết luận, không sửa lại")
    done(desk, "Đã kết luận")


def _remedy(office: Person, head: Person, id_: str) -> None:
    [finding] = office.get("tasks", f"/inspections/{id_}")["findings"]
    path = f"/assignments/{finding['assignment_id']}"
    version = head.get("tasks", path)["version"]
    head.post("tasks", f"{path}/results", {"note": "Đã rà soát"}, version=version)
    result = office.get("tasks", path)["results"][0]["id"]
    office.post("tasks", f"{path}/results/{result}/accept", {})


def test_the_calendar_warns_in_words_where_two_bodies_meet(
    office: Person, person, stack, browser: Windows, picture
) -> None:
    people = {p["employee_code"]: p["id"] for p in office.all("tasks", "/people")}
    for body, head in (("government", "unit_head_ttr"), ("party_committee", "unit_head_tcbc")):
        planned = {
            "body": body, "method": "planned", "unit_id": stack.demo.units["TĐKT"],
            "starts_on": "2027-03-02", "ends_on": "2027-03-03", "subject": "Công tác thi đua",
            "head_id": people[head],
        }  # fmt: skip
        office.post("tasks", "/inspections", planned)

    page = browser(office, "/inspections/calendar?month=2027-03")
    assert "cấp ủy" in card(page, "Cuộc kiểm tra trùng lịch hoặc thiếu người").inner_text()
    assert page.locator(".month .chip", has_text="cần xem").count() == 4
    assert problems_of(page) == []
    picture(page, "inspection_calendar", whole=True)
    phone = browser.phone("/inspections/calendar?month=2027-03", office)
    assert too_wide(phone) == ""


def test_what_inspections_found_again_stands_on_the_home_of_the_units_head(
    office: Person, person, plan, stack, browser: Windows
) -> None:
    team = next(p for p in office.all("tasks", "/people") if p["employee_code"] == "unit_head_ttr")
    year = datetime.now(TIME_ZONE).year
    for first in (f"{year - 1}-12-01", f"{year}-01-05"):
        _found_wanting(office, stack.demo.units["XDCQ"], team["id"], first, plan["id"])

    home = browser(person("unit_head_xdcq"), "/")
    again = card(home, "Tồn tại, hạn chế lặp lại của đơn vị qua kiểm tra")
    assert "tiêu chí 1.2, trong 2 năm" in again.inner_text()
    assert problems_of(home) == []
    again.get_by_role("link", name="Kỷ cương hành chính").first.click()
    assert "Không có sổ theo dõi" in card(home, "Tồn tại, hạn chế").inner_text()
    for code in ("unit_officer", "unit_head_ldvl"):
        assert "lặp lại của đơn vị" not in browser(person(code), "/").locator("body").inner_text()
    phone = browser.phone("/", person("unit_head_xdcq"))
    assert too_wide(phone) == ""


def _found_wanting(office: Person, unit: str, head: str, first: str, plan_id: str) -> None:
    """Inspect a unit from a day on, today, and conclude with one finding."""
    on_day = f"{datetime.now(TIME_ZONE):%Y-%m-%d}"
    planned = {
        "body": "government", "method": "unannounced", "unit_id": unit, "starts_on": first,
        "ends_on": first, "subject": "Kỷ cương hành chính", "head_id": head,
    }  # fmt: skip
    path = f"/inspections/{office.post('tasks', '/inspections', planned)['id']}"
    office.post("tasks", f"{path}/visit", {"visited_on": on_day})
    found = {"kind": "shortcoming", "text": "Không có sổ theo dõi", "criterion_code": "1.2"}
    [finding] = office.post("tasks", f"{path}/findings", found)["findings"]
    remedy = {"finding_id": finding["id"], "lead_unit_id": unit, "what": "Lập sổ theo dõi"}
    office.post("tasks", f"{path}/conclude", {
        "number": "16/TB-SNV", "issued_on": on_day, "text": "Cần lập sổ.", "plan_id": plan_id,
        "remediations": [remedy],
    })  # fmt: skip


def test_a_proposal_is_written_decided_and_shown_to_nobody_else(
    office: Person, person, browser: Windows, picture
) -> None:
    desk = browser(office, "/inspections?year=2025")
    desk.get_by_role("link", name="Tham mưu xử lý").click()
    desk.get_by_role("link", name="Viết đề nghị").click()
    desk.locator("#person_id").select_option(label="Trưởng phòng Người có công")
    desk.locator("#evidence").fill("Không khắc phục theo kết luận")
    by_keyboard(desk, "Ghi lại")
    desk.get_by_role("alert").filter(has_text="Hình thức đề nghị").wait_for()
    desk.locator("#measure").fill("Nhắc nhở bằng văn bản")
    by_keyboard(desk, "Ghi lại")
    done(desk, "Đã ghi đề nghị")
    assert problems_of(desk) == []
    here = desk.url.partition("?")[0]

    director = browser(person("director"), here)
    director.locator("#decision").fill("Đồng ý nhắc nhở")
    by_keyboard(director, "Ghi quyết định")
    done(director, "Đã ghi quyết định")
    for code in ("admin", "unit_head_ncc", "appraiser"):
        other = browser(person(code), here)
        assert "Nhắc nhở" not in other.locator("body").inner_text()
        other.goto("/inspections?year=2025")
        assert other.get_by_role("link", name="Tham mưu xử lý").count() == 0
    assert too_wide(browser.phone(f"/handling_proposals/{here.rpartition('/')[2]}", office)) == ""


def test_the_office_rewords_a_kind_and_adds_one(office: Person, browser: Windows) -> None:
    page = browser(office, "/handling_proposals/kinds")
    assert problems_of(page) == []
    page.locator("#code_new").fill("Khác")
    page.locator("#name_new").fill("Lý do khác")
    by_keyboard(page, "Lưu")
    page.get_by_role("alert").filter(has_text="Mã loại mới").wait_for()
    page.locator("#code_new").fill("other")
    page.locator("#reason").fill("Bổ sung")
    by_keyboard(page, "Lưu")
    done(page, "Đã đổi danh mục")
    page.goto("/handling_proposals/new")
    assert "Lý do khác" in page.locator("#kind").inner_text()
