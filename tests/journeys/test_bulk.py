"""The Office adds rows, a unit works on them, the Office decides on all of them at once."""

import re
from io import BytesIO
from itertools import count
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person, eventually

pytestmark = pytest.mark.story
PDF = b"%PDF-1.7\n%ban da ky\n"
YEARS = count(2031)  # a plan of its own for each story: the demo's figures stay as they are


@pytest.fixture
def own_plan(office: Person) -> dict:
    """A plan in force without rows."""
    copy = office.upload("/files", "ban_da_ky.pdf", PDF)["id"]
    year = next(YEARS)
    made = office.post("tasks", "/plans", {
        "year": year, "title": f"Kế hoạch nhập tay {year}", "closes_on": f"{year}-12-31",
        "number": "7/KH-SNV", "issued_on": "2025-04-01", "signer_post": "GIÁM ĐỐC",
        "signer_name": "Nguyễn Văn A", "signed_copy_id": copy, "legal_bases": [], "targets": [],
    })  # fmt: skip
    plan: dict = office.post("tasks", f"/plans/{made['id']}/activate")
    return plan


@pytest.fixture
def months(stack, office: Person, own_plan) -> list[dict]:
    """Twelve assignments of NCC, the first six with a result handed in by its head."""
    made = office.post("tasks", "/assignments", {
        "plan_id": own_plan["id"], "lead_unit_ids": [stack.demo.units["NCC"]],
        "content": "Báo cáo công tác người có công", "deadline_text": "Hằng tháng",
    })["assignments"]  # fmt: skip
    head = Person(stack, "unit_head_ncc")
    for each in made[:6]:
        head.hand_in(each)
    return list(made)


def test_the_office_adds_a_row_by_hand_and_its_unit_hears_of_it(
    stack, office: Person, person, own_plan, browser: Windows, picture
) -> None:
    page = browser(office, "/assignments")
    page.get_by_role("link", name="Thêm nhiệm vụ").press("Enter")
    page.get_by_label("Kế hoạch", exact=True).select_option(own_plan["id"])
    page.locator("#lead_unit_ids").get_by_label("Phòng Người có công").check()
    page.get_by_role("button", name="Tiếp tục").press("Enter")
    page.wait_for_url("**lead_unit_ids=**")
    page.wait_for_load_state()
    page.get_by_label("Việc phải làm").fill("Tổ chức hội nghị tổng kết")
    page.get_by_label("Thời hạn, ghi bằng lời").fill("Trước ngày 30/6")
    page.get_by_label("Số văn bản giao nhiệm vụ").fill("45/TB-UBND")
    page.get_by_label("Ngày văn bản").fill("31/02/2031")
    page.get_by_label("Nhóm KPI").select_option("B")
    page.get_by_role("button", name="Xem thử").press("Enter")
    assert "Không có ngày 31/02/2031" in page.locator("#problem").inner_text()
    page.get_by_label("Ngày văn bản").fill("03/02/2031")
    page.get_by_role("button", name="Xem thử").press("Enter")
    read = page.locator(".read-as")
    read.wait_for()
    assert f"29/06/{own_plan['year']}" in read.inner_text()
    assert problems_of(page) == []
    picture(page, "entry", whole=True)
    page.get_by_role("button", name="Thêm nhiệm vụ").press("Enter")
    page.get_by_role("status").filter(has_text="Đã thêm nhiệm vụ").wait_for()
    assert "45/TB-UBND" in page.locator("main").inner_text()
    head = person("unit_head_ncc")
    eventually(lambda: any("nhiệm vụ mới" in each["title"].lower() for each in head.notices()))


def results_told(person: Person) -> int:
    """Count the results in somebody's digests, each of which is one line."""
    titles = (each["title"] for each in person.get("notifications", "/notifications")["data"])
    return sum(int(found[1]) for title in titles if (found := re.search(r"(\d+) kết quả", title)))


def test_six_results_are_accepted_at_once_by_keyboard_and_told_in_one_line(
    office: Person, person, own_plan, months, browser: Windows, picture
) -> None:
    head = person("unit_head_ncc")
    told = results_told(head)
    page = browser(office, f"/assignments?plan_id={own_plan['id']}")
    page.get_by_label("Chọn tất cả").press("Space")
    assert page.locator("#ticked").inner_text() == "Đã chọn 12"
    page.get_by_label("Chọn NV-").last.press("Space")
    assert page.locator("#ticked").inner_text() == "Đã chọn 11"
    picture(page, "ticked")
    page.get_by_label("Chọn NV-").first.press("Enter")
    page.get_by_label("Việc cần làm").select_option("accept")
    page.get_by_role("button", name="Xem trước").press("Enter")
    what = page.locator("section", has=page.locator("#what-happens"))
    what.wait_for()
    assert "Sẽ làm với 6 nhiệm vụ" in what.inner_text()
    assert "5 nhiệm vụ giữ nguyên" in what.inner_text()
    assert office.get("tasks", "/assignments/counts", plan_id=own_plan["id"])["done"] == 0
    assert problems_of(page) == []
    picture(page, "bulk_preview", whole=True)
    page.get_by_role("button", name="Thực hiện với 6 nhiệm vụ").press("Enter")
    page.get_by_role("status").filter(has_text="Đã làm với 6 nhiệm vụ").wait_for()
    assert page.locator(".outcomes li", has_text="Đơn vị chưa gửi kết quả").count() == 5
    picture(page, "bulk_done", whole=True)
    page.reload()  # sends the form again
    counts = office.get("tasks", "/assignments/counts", plan_id=own_plan["id"])
    assert (counts["done"], counts["waiting"]) == (6, 0)
    eventually(lambda: results_told(head) == told + 6)


def test_a_list_shows_what_one_is_told_of_and_says_so_to_whoever_works_in_it(
    own_plan, months, office: Person, person, browser: Windows
) -> None:
    page = browser(office, f"/assignments?plan_id={own_plan['id']}&status=submitted")
    rows = page.locator("a[id^=row-]")
    expect(rows).to_have_count(6)
    eventually(lambda: page.locator("#live").get_attribute("data-state") == "live")
    person("unit_head_ncc").hand_in(months[6])
    expect(rows).to_have_count(7, timeout=20_000)

    page.get_by_label("Chọn NV-").first.check()
    person("unit_head_ncc").hand_in(months[7])
    expect(page.locator("#older")).to_be_visible(timeout=20_000)
    expect(rows).to_have_count(7)
    assert page.locator("#ticked").inner_text() == "Đã chọn 1"
    assert problems_of(page) == []
    page.locator("#older a").press("Enter")
    expect(rows).to_have_count(8)


def test_the_ticked_rows_alone_are_taken_away_as_excel_and_stay_ticked(
    office: Person, own_plan, months, browser: Windows
) -> None:
    page = browser(office, f"/assignments?plan_id={own_plan['id']}")
    for place in (1, 3):
        page.get_by_label("Chọn NV-").nth(place).check()
    for _ in range(2):  # what is saved leaves the page as it is
        with page.expect_download() as saving:
            page.locator("#many").get_by_role("button", name="Xuất Excel").click()
        rows = openpyxl.load_workbook(
            BytesIO(Path(saving.value.path()).read_bytes())
        ).active.iter_rows(values_only=True)
        taken = [row[0] for row in rows if str(row[0]).startswith("NV-")]
        assert taken == sorted(each["number"] for each in months)[1:4:2]
    assert page.locator("#ticked").inner_text() == "Đã chọn 2"


def focused(page: Page) -> str:
    """Return the id of what has the focus."""
    return str(page.evaluate("document.activeElement.id"))


def test_results_are_decided_one_after_another_by_keyboard_without_losing_the_place_in_the_list(
    own_plan, months, office: Person, browser: Windows
) -> None:
    """Six wait: the second is accepted, the third returned; each time the next has the focus."""
    waiting = f"/assignments?plan_id={own_plan['id']}&status=submitted&sort=-number"
    page = browser(office, waiting)
    rows = page.locator("a[id^=row-]")
    ids = [str(each.get_attribute("id")) for each in rows.all()]
    assert len(ids) == 6

    rows.nth(1).press("Enter")
    page.get_by_text("Duyệt kết quả", exact=True).press("Enter")
    page.get_by_role("button", name="Duyệt: nhiệm vụ hoàn thành").press("Enter")
    page.wait_for_url(f"**done=accepted#{ids[2]}")
    assert focused(page) == ids[2]
    assert [each.get_attribute("id") for each in rows.all()] == [ids[0], *ids[2:]]

    page.keyboard.press("Enter")
    page.get_by_text("Trả lại đơn vị", exact=True).press("Enter")
    page.locator("#reason").fill("Thiếu minh chứng.")
    page.get_by_role("button", name="Trả lại kết quả").press("Enter")
    page.wait_for_url(f"**done=returned#{ids[3]}")
    assert focused(page) == ids[3]

    page.keyboard.press("Enter")
    page.locator(".crumbs a").press("Enter")
    page.wait_for_url(f"**sort=-number#{ids[3]}")
    assert "status=submitted" in page.url
    assert focused(page) == ids[3]


def test_a_person_is_named_for_all_of_a_list_and_a_reason_that_lacks_is_asked_for(
    office: Person, own_plan, months, browser: Windows
) -> None:
    page = browser(office, f"/assignments?plan_id={own_plan['id']}&status=not_started")
    page.get_by_label("Chọn NV-").first.check()
    page.get_by_label("Việc cần làm").select_option("pause")
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Xem điều sẽ xảy ra").click()
    assert page.locator("#bulk-reason").get_attribute("aria-invalid") == "true"
    page.get_by_role("link", name="Quay lại").click()

    page.get_by_label("Chọn tất cả").check()
    page.get_by_label("Việc cần làm").select_option("set_person")
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_label("Người chịu trách nhiệm").select_option(index=1)
    page.get_by_role("button", name="Xem điều sẽ xảy ra").click()
    page.get_by_role("button", name="Thực hiện với 6 nhiệm vụ").click()
    page.get_by_role("status").filter(has_text="Đã làm với 6 nhiệm vụ").wait_for()
    page.get_by_role("link", name="Về danh sách").click()
    assert "status=not_started" in page.url
    listed = office.all("tasks", "/assignments", plan_id=own_plan["id"], status="not_started")
    assert all(each["accountable_person_name"] for each in listed)


def column(page: Page, status: str):
    return page.locator(f".board-column[data-status={status}]")


def test_a_unit_moves_cards_on_the_board_by_keyboard_and_by_hand(
    person, own_plan, months, browser: Windows, picture
) -> None:
    page = browser(person("unit_head_ncc"), f"/assignments/board?plan_id={own_plan['id']}")
    waiting = column(page, "not_started").locator(".board-card")
    assert waiting.count() == 6
    assert problems_of(page) == []
    waiting.first.locator("summary").press("Enter")
    waiting.first.get_by_role("button", name="Đang thực hiện").press("Enter")
    page.get_by_role("status").filter(has_text="Đã chuyển").wait_for()
    assert column(page, "in_progress").locator(".board-card").count() == 1

    waiting.first.drag_to(column(page, "in_progress"))
    page.wait_for_function(
        "document.querySelectorAll('[data-status=in_progress] .board-card').length === 2"
    )
    page.wait_for_load_state()  # its script runs last
    waiting.first.drag_to(column(page, "returned"))
    page.locator("#move-refused").wait_for()
    picture(page, "board")
    waiting.first.locator("summary").press("Enter")
    waiting.first.get_by_role("button", name="Chờ duyệt kết quả").press("Enter")
    page.locator("#bulk-note").fill("Đã hoàn thành")
    page.get_by_role("button", name="Xem điều sẽ xảy ra").press("Enter")
    page.get_by_role("button", name="Thực hiện với 1 nhiệm vụ").press("Enter")
    page.wait_for_url("**/assignments/board?**")
    assert column(page, "submitted").locator(".board-card").count() == 7


def test_who_may_do_nothing_has_nothing_to_tick(person, months, own_plan, browser: Windows) -> None:
    page = browser(person("auditor"), f"/assignments?plan_id={own_plan['id']}")
    assert page.locator("#listing tbody tr").count() == 12
    assert page.locator("input[name=chosen], #many").count() == 0
    assert page.get_by_role("link", name="Thêm nhiệm vụ").count() == 0
    page.goto(f"/assignments/board?plan_id={own_plan['id']}")
    assert page.locator(".card-menu").count() == 0


def test_lists_with_ticks_board_and_forms_fit_a_phone_and_shut_nobody_out(
    office: Person, own_plan, months, browser: Windows, picture
) -> None:
    page = browser.phone(f"/assignments?plan_id={own_plan['id']}", office)
    page.evaluate("document.fonts.ready")
    page.get_by_label("Chọn NV-").first.check()
    assert too_wide(page) == ""
    assert problems_of(page) == []
    picture(page, "ticked_phone")
    page.get_by_label("Việc cần làm").select_option("cancel")
    page.get_by_role("button", name="Xem trước").click()
    page.locator("#bulk-reason").fill("Không còn phù hợp")
    page.get_by_role("button", name="Xem điều sẽ xảy ra").click()
    page.locator("#what-happens").wait_for()
    assert too_wide(page) == ""
    assert problems_of(page) == []
    picture(page, "bulk_preview_phone", whole=True)
    for name, path in (
        ("board", f"/assignments/board?plan_id={own_plan['id']}"),
        (
            "entry",
            f"/assignments/new?plan_id={own_plan['id']}&lead_unit_ids={months[0]['unit_id']}",
        ),
    ):
        page.goto(path)
        assert too_wide(page) == "", name
        assert problems_of(page) == [], name
        picture(page, f"{name}_phone", whole=True)
