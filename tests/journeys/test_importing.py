"""The office writes a plan and imports its appendix: looks, corrects, confirms."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.journeys.browsing import Windows, problems_of
from tests.journeys.people import Person
from tests.tasks.appendices import HEAD, document, task

from devstack.demo.loading import DEMO

NOT_READ = "Theo thời hạn tại văn bản giao"  # words nobody can turn into a day
PLAN = {
    "title": "Kế hoạch nâng cao Chỉ số CCHC năm 2026 (thử nhập phụ lục)",
    "year": "2026",
    "closes_on": "29/11/2026",
    "target_satisfaction": "90",
}


@pytest.fixture
def upload_page(office: Person, browser: Windows) -> Page:
    """The office's window at the upload of a plan just written there."""
    page = browser(office, "/plans/new")
    for name, value in PLAN.items():
        page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name="Tạo kế hoạch").click()
    page.get_by_role("link", name="Nhập phụ lục").click()
    return page


def test_an_appendix_is_looked_at_corrected_confirmed_and_becomes_assignments(
    upload_page: Page, office: Person, stack, picture
) -> None:
    page = upload_page
    page.locator("#file").set_input_files(DEMO / "phu_luc_2025.docx")
    page.get_by_role("button", name="Tải lên và đọc").click()
    rows = page.locator("tr[id^=row-]")
    rows.first.wait_for()

    expect(rows).to_have_count(38)
    assert page.get_by_text("Đọc 1 trong 1 bảng").is_visible()  # the letterhead is none of tasks
    for said in rows.locator("td:last-child").all_inner_texts():
        words, _, reading = said.partition("\n")
        assert words.startswith("“")
        assert reading.strip(), said
    assert page.get_by_role("heading", name="Xem từng dòng rồi xác nhận").is_visible()
    picture(page, "import_preview")
    assert problems_of(page) == []

    unread = rows.filter(has_text=NOT_READ)
    number = unread.get_attribute("id")
    assert "row-person" in str(unread.get_attribute("class"))
    assert unread.locator(".warnings").inner_text()
    needed = summary(page, "Cần người xác định thời hạn")
    correct(unread, "Trước ngày 31/10/2026")
    page.wait_for_url("**/imports/*done=row*")
    corrected = page.locator(f"#{number}")
    assert "30/10/2026" in corrected.inner_text()
    assert "row-person" not in str(corrected.get_attribute("class"))
    assert summary(page, "Cần người xác định thời hạn") == needed - 1

    assignments = summary(page, "Nhiệm vụ")
    page.get_by_role("button", name="Xác nhận tất cả").click()
    page.get_by_role("status").filter(has_text=f"Đã tạo {assignments} nhiệm vụ").wait_for()
    page.get_by_role("link", name="Xem nhiệm vụ").click()
    page.wait_for_url("**/assignments?plan_id=*")
    plan_id = page.url.rpartition("plan_id=")[2]
    made = office.all("tasks", "/assignments", plan_id=plan_id)
    assert len(made) == assignments
    assert page.locator(".task-table tbody tr").count() == 25 + 1  # and "show more"
    assert "NV-2026-0001" in page.locator(".task-table tbody").inner_text()
    assert made[0]["content"] in page.locator(".task-table tbody").inner_text()
    stack.settle()


def test_what_stands_outside_of_the_tables_is_told_of_again_where_one_confirms(
    upload_page: Page, stack, tmp_path: Path
) -> None:
    page, file = upload_page, tmp_path / "phu_luc_kem_ghi_chu.docx"
    note, loose = "Riêng việc số 1 lùi sang quý sau.", task(3)[:4]
    file.write_bytes(document([HEAD, task(1), task(2)], note, [loose]))
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Tải lên và đọc").click()
    page.locator("tr[id^=row-]").first.wait_for()

    heed = page.locator(".page-head .warn-text")
    assert "Có 2 lưu ý về tệp" in heed.inner_text()
    heed.get_by_role("link").click()
    notes = page.locator("#file-notes strong").all_inner_texts()
    assert any(note in one for one in notes)
    assert any("trông như có nhiệm vụ" in one for one in notes)
    assert page.get_by_text("Đọc 1 trong 2 bảng").is_visible()
    assert problems_of(page) == []
    stack.settle()


def test_a_pdf_that_calls_itself_docx_is_refused_in_one_sentence_and_leaves_nothing(
    upload_page: Page, stack, tmp_path: Path
) -> None:
    pretender = tmp_path / "phu_luc.docx"
    pretender.write_bytes(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")
    count = "SELECT (SELECT count(*) FROM appendix_import), (SELECT count(*) FROM stored_file)"
    [before] = stack.query("tasks", count)

    upload_page.locator("#file").set_input_files(pretender)
    upload_page.get_by_role("button", name="Tải lên và đọc").click()

    said = upload_page.get_by_role("alert")
    expect(said).to_contain_text("Nội dung của «phu_luc.docx» không phải là tệp docx")
    assert stack.query("tasks", count) == [before]
    assert upload_page.locator("#file").is_visible()


def summary(page: Page, name: str) -> int:
    """Return a figure above the rows."""
    term = page.locator("dl.sums > div").filter(has=page.get_by_text(name, exact=True))
    return int(term.locator("dd").inner_text())


def correct(row: Locator, words: str) -> None:
    """Correct a row's deadline."""
    row.get_by_text("Sửa dòng này").click()
    page = row.page
    page.locator("[name=deadline_text]").fill(words)
    page.get_by_role("button", name="Lưu dòng").click()
