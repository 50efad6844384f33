"""The administrator keeps the directory: by hand, by workbook, for an absence, in a merger."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person, eventually
from tests.tasks.workbooks import person as person_line
from tests.tasks.workbooks import unit as unit_line
from tests.tasks.workbooks import workbook

from chassis.clock import TIME_ZONE

pytestmark = pytest.mark.story
FREE_YEAR = 2031  # nobody entered it, nothing is due in it


@pytest.fixture
def admin(person) -> Person:
    """The administrator."""
    return person("admin")


@pytest.fixture
def code() -> str:
    """A code no other story takes."""
    return f"T{uuid4().hex[:5]}".upper()


def ahead(days: int) -> str:
    return f"{datetime.now(TIME_ZONE).date() + timedelta(days=days):%d/%m/%Y}"


def done(page: Page, words: str) -> None:
    page.get_by_role("status").filter(has_text=words).wait_for()


def test_a_unit_and_its_head_are_entered_found_renamed_and_closed(
    admin: Person, browser: Windows, code, picture
) -> None:
    page = browser(admin, "/directory")
    picture(page, "portal_directory")
    page.get_by_role("link", name="Thêm đơn vị").press("Enter")
    page.get_by_role("button", name="Lưu").press("Enter")
    assert "Có 2 chỗ cần sửa" in page.get_by_role("alert").inner_text(), "name and code lack"
    page.locator("#name").fill(f"Phòng Thử nghiệm {code}")
    page.locator("#code").fill(code)
    page.locator("#parent_id").select_option(label="Sở Nội vụ tỉnh Khánh Hòa")
    page.locator("#aliases").fill(f"Phòng {code}\nP. {code}")
    assert problems_of(page) == []
    page.get_by_role("button", name="Lưu").press("Enter")
    done(page, "Đã thêm đơn vị")
    page.get_by_role("link", name="Thêm cán bộ").press("Enter")
    for name, value in {
        "name": "Lê Thị Thử", "employee_code": code.lower(), "post": "Trưởng phòng",
        "email": "lê@snv.example",
    }.items():  # fmt: skip
        page.locator(f"#{name}").fill(value)
    page.locator("#role").select_option("unit_head")
    page.get_by_role("button", name="Lưu").press("Enter")
    assert "viết không dấu" in page.locator("#email-error").inner_text()
    page.locator("#email").fill(f"{code.lower()}@snv.example")
    page.get_by_role("button", name="Lưu").press("Enter")
    done(page, "Đã thêm cán bộ")

    page.goto("/directory/people")
    page.locator("#q").fill("le thi thu")
    page.locator("#q").press("Enter")
    page.get_by_role("link", name="Lê Thị Thử").first.wait_for()
    page.goto(f"/directory?q=thu+nghiem+{code}")
    page.locator(".unit-tree a").click()
    page.get_by_role("link", name="Sửa").first.press("Enter")
    page.locator("#name").fill(f"Phòng Thí điểm {code}")
    page.get_by_role("button", name="Lưu").press("Enter")
    done(page, "Đã sửa đơn vị")
    assert f"Phòng Thử nghiệm {code}" in page.locator(".facts").inner_text(), "the former name"
    page.get_by_role("button", name="Ngừng hoạt động").press("Enter")
    assert page.locator("#reason-error").is_visible()
    page.locator("#reason").fill("Kết thúc thí điểm")
    assert problems_of(page) == []
    page.get_by_role("button", name="Ngừng hoạt động").press("Enter")
    done(page, "Đơn vị đã ngừng hoạt động")


def test_two_who_change_the_same_unit_are_told_and_lose_nothing(
    admin: Person, browser: Windows, code
) -> None:
    body = {"code": code, "name": f"Phòng {code}", "kind": "room"}
    unit = admin.post("tasks", "/units", body)
    page = browser(admin, f"/directory/units/{unit['id']}/edit")
    admin.patch("tasks", f"/units/{unit['id']}", {"sort_order": 77}, unit["version"])
    page.locator("#name").fill(f"Phòng Mới {code}")
    page.get_by_role("button", name="Lưu").click()
    assert "đã thay đổi trong lúc bạn viết" in page.get_by_role("alert").inner_text()
    assert page.locator("#name").input_value() == f"Phòng Mới {code}", "what was typed stays"
    page.get_by_role("button", name="Lưu").click()
    done(page, "Đã sửa đơn vị")


def test_a_workbook_is_shown_line_by_line_before_it_is_stored(
    admin: Person, browser: Windows, code, tmp_path: Path, picture
) -> None:
    wrong = workbook(
        [unit_line(code, f"Phòng {code}", kind="Ban"), unit_line("VP", "Văn phòng Sở",
         kind="Văn phòng, Thanh tra", aliases="VP Sở; Văn phòng; Văn phòng Sở Nội vụ")],
        [person_line(f"{code}-1".lower(), "Phan Văn Tệp", unit=code)],
    )  # fmt: skip
    right = workbook(
        [unit_line(code, f"Phòng {code}")],
        [person_line(f"{code}-1".lower(), "Phan Văn Tệp", unit=code)],
    )  # fmt: skip
    page = browser(admin, "/directory/files")
    assert problems_of(page) == []
    _upload(page, tmp_path / "sai.xlsx", wrong)
    assert "C2" in page.locator("table").inner_text()
    assert page.get_by_role("button", name="Lưu:").count() == 0
    assert problems_of(page) == []
    picture(page, "portal_directory_import")
    page.goto("/directory/files")
    _upload(page, tmp_path / "dung.xlsx", right)
    page.get_by_role("button", name="Lưu: 2 mục mới").press("Enter")
    done(page, "danh bạ nay như trong tệp")
    page.goto("/directory/files")
    _upload(page, tmp_path / "lai.xlsx", right)
    assert "Tệp không thay đổi gì" in page.locator("main").inner_text()


def _upload(page: Page, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Tải lên và đọc").click()
    page.get_by_role("heading", name="Tệp này sẽ làm gì").wait_for()


def test_who_is_away_is_stood_in_for_on_the_days_said(
    admin: Person, person, browser: Windows
) -> None:
    people = admin.all("tasks", "/people")
    officer = next(each for each in people if each["employee_code"] == "unit_officer_tdkt")
    page = browser(admin, f"/directory/people/{officer['id']}")
    head = next(each for each in people if each["employee_code"] == "unit_head_tdkt")
    page.locator("#substitute_id").select_option(head["id"])
    page.locator("#absent_from").fill(ahead(0))
    page.get_by_role("button", name="Lưu").press("Enter")
    assert "hoặc để trống cả ba" in page.locator("main").inner_text()
    page.locator("#absent_until").fill(ahead(2))
    page.get_by_role("button", name="Lưu").press("Enter")
    done(page, "người làm thay được báo tin")
    assert problems_of(page) == []
    shown = browser(person("unit_head_tdkt"), "/")
    shown.get_by_text("Bạn làm thay").wait_for()
    page.get_by_role("button", name="Đã đi làm lại").press("Enter")
    done(page, "Đã sửa thông tin cán bộ")


def test_a_year_of_the_calendar_says_what_it_moves_before_it_is_stored(
    office: Person, browser: Windows, picture
) -> None:
    page = browser(office, f"/calendar?year={FREE_YEAR}")
    assert "Chưa ai nhập lịch năm này" in page.locator("main").inner_text()
    page.get_by_role("link", name="Nhập lịch của năm").press("Enter")
    page.locator("#day_0").fill(f"31/02/{FREE_YEAR}")
    page.locator("#name_0").fill("Tết Dương lịch")
    page.get_by_role("button", name="Xem hạn nào thay đổi").press("Enter")
    assert "Không có ngày" in page.locator("#day_0-error").inner_text()
    page.locator("#day_0").fill(f"01/01/{FREE_YEAR}")
    assert problems_of(page) == []
    page.get_by_role("button", name="Xem hạn nào thay đổi").press("Enter")
    assert "0 hạn chưa xong sẽ thay đổi" in page.locator("main").inner_text()
    assert problems_of(page) == []
    page.get_by_role("button", name="Lưu lịch").press("Enter")
    done(page, "Đã lưu lịch")
    page.goto("/calendar?year=2025")
    picture(page, "portal_calendar_year")
    assert "làm bù" in page.locator("table").inner_text()
    assert problems_of(page) == []


def test_a_merger_hands_over_by_one_reviewed_list(
    admin: Person, office: Person, open_assignments, stack, browser: Windows, code, picture
) -> None:
    old, new = (
        admin.post("tasks", "/units", {"code": each, "name": f"Phòng {each}", "kind": "room"})
        for each in (f"{code}A", f"{code}B")
    )
    row = open_assignments("NCC")[0]
    path = f"/assignments/{row['id']}"
    given = {"unit_id": old["id"], "reason": "Chuẩn bị sáp nhập"}
    office.post("tasks", f"{path}/hand_over", given, version=row["version"])

    page = browser(admin, f"/directory/units/{old['id']}")
    page.get_by_role("link", name="Sáp nhập, chia tách, chuyển giao").first.press("Enter")
    page.locator("#successor_id").select_option(new["id"])
    page.get_by_role("button", name="Xem những gì sẽ chuyển").press("Enter")
    assert row["number"] in page.locator("table").inner_text()
    picture(page, "portal_reorganise")
    assert problems_of(page) == []
    page.get_by_role("button", name="Thực hiện tất cả").press("Enter")
    assert page.locator("#reason-error").is_visible()
    page.locator("#reason").fill("Quyết định 45/QĐ-UBND")
    page.get_by_role("button", name="Thực hiện tất cả").press("Enter")
    done(page, "Đã thực hiện một lần")

    shown = office.get("tasks", path)
    assert (shown["unit_id"], shown["former_unit_ids"][-1]) == (new["id"], old["id"])
    assert not admin.get("tasks", f"/units/{old['id']}")["active"]
    back = {"unit_id": stack.demo.units["NCC"], "reason": "Trả lại"}
    office.post("tasks", f"{path}/hand_over", back, version=shown["version"])
    eventually(lambda: office.get("tasks", path)["unit_id"] == stack.demo.units["NCC"])


@pytest.mark.parametrize(
    "path", ["/directory", "/directory/people", "/directory/groups", "/directory/files",
             "/directory/units/new", "/directory/people/new", "/calendar?year=2025",
             "/calendar/2026/edit?known=1"],
)  # fmt: skip
def test_pages_of_the_directory_fit_a_phone_and_shut_nobody_out(
    path, admin: Person, browser: Windows, picture
) -> None:
    page = browser.phone(path, admin)
    page.evaluate("document.fonts.ready")
    picture(page, f"phone_{path.split('?')[0].strip('/').replace('/', '_')}")
    assert too_wide(page) == ""
    assert problems_of(page) == []


def test_who_may_only_read_finds_no_button_and_is_refused_at_the_address(
    person, browser: Windows
) -> None:
    page = browser(person("unit_officer"), "/directory")
    assert page.get_by_role("link", name="Thêm đơn vị").count() == 0
    page.goto("/directory/units/new")
    assert "Vai trò của bạn không bao gồm việc này" in page.locator("main").inner_text()
