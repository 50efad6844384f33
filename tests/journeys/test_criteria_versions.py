"""The Office keeps the criteria sets: by file, in the editor, with what a version changes."""

from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person
from tests.reporting.criteria_sets import cell_of, with_cells

pytestmark = pytest.mark.story
CODE = "tthc-chin-chi-so"  # a figure of its own: no version of it moves the index of the others
ROWS, DETAILS = "Tiêu chí", "Bậc và mức"


@pytest.fixture
def in_force(office: Person) -> dict:
    """The version of the nine indices that is in force; the first one when none is."""
    sets = [each for each in office.all("reporting", "/criteria_sets") if each["code"] == CODE]
    published = [each for each in sets if each["status"] == "published"]
    if not published:
        office.post("reporting", f"/criteria_sets/{sets[0]['id']}/publish")
        published = sets[:1]
    return published[-1]


def done(page: Page, words: str) -> None:
    page.get_by_role("status").filter(has_text=words).wait_for()


def upload(page: Page, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Tải lên và đọc").press("Enter")


def test_a_version_is_taken_away_changed_uploaded_mended_and_put_into_force(
    office: Person, browser: Windows, in_force, tmp_path
) -> None:
    page = browser(office, "/criteria_sets")
    page.locator(f"a[href='/criteria_sets/{in_force['id']}']").press("Enter")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Tải Excel").press("Enter")
    content = Path(taken.value.path()).read_bytes()
    points = {code: cell_of(content, ROWS, code, "Điểm tối đa") for code in
              ("1.1", "1.1.1", "1.2", "1.2.1")}  # fmt: skip
    lost = with_cells(content, ROWS, {points["1.2"]: 1, points["1.2.1"]: 1})

    page.goto("/criteria_sets/upload")
    upload(page, tmp_path / "bo.xlsx", lost)

    refused = page.get_by_role("alert")
    refused.wait_for()
    area = cell_of(content, ROWS, "1", "Điểm tối đa")
    assert "chưa ghi gì" in refused.inner_text()
    assert (
        f"Trang “{ROWS}”, ô {area}: 1: điểm các phần cộng lại là 17, khác" in refused.inner_text()
    )
    assert problems_of(page) == []

    tier = cell_of(content, DETAILS, "1.1.1", "Điểm hoặc trọng số")
    mended = with_cells(lost, ROWS, {points["1.1"]: 3, points["1.1.1"]: 3})
    upload(page, tmp_path / "bo.xlsx", with_cells(mended, DETAILS, {tier: 3}))

    done(page, "Đã đọc và lưu thành bản nháp")
    told = page.locator("main").inner_text()
    assert "Ban hành phiên bản" in told
    assert "2 → 3" in told
    assert problems_of(page) == []
    page.get_by_role("button", name="Ban hành").press("Enter")
    done(page, "Phiên bản đã được ban hành")


def test_a_draft_is_edited_by_keyboard_and_says_what_does_not_add_up(
    office: Person, browser: Windows, in_force
) -> None:
    body = office.get("reporting", f"/criteria_sets/{in_force['id']}")["body"]
    draft = office.post("reporting", "/criteria_sets", body)
    page = browser(office, f"/criteria_sets/{draft['id']}")
    page.get_by_role("link", name="1.6.1").press("Enter")
    page.locator("[id='name']").fill("Tỷ lệ thủ tục công khai đủ, đúng lúc")
    page.locator("[id='rule.floor']").fill("nhiều")
    page.locator("[id='max_points']").fill("1,5")
    page.get_by_role("button", name="Lưu bản nháp").press("Enter")
    assert page.locator("[id='rule.floor']").get_attribute("aria-invalid") == "true"
    assert problems_of(page) == []

    page.locator("[id='rule.floor']").fill("0,75")
    page.get_by_role("button", name="Lưu bản nháp").press("Enter")
    done(page, "Đã lưu bản nháp")
    said = page.locator("main").inner_text()
    assert "1.6: điểm các phần cộng lại là 1,5, khác điểm tối đa 2" in said
    page.get_by_role("link", name="Ban hành").press("Enter")
    page.get_by_role("heading", name="Ban hành phiên bản").wait_for()
    assert page.get_by_role("button", name="Ban hành", exact=True).count() == 0


def test_a_person_ticks_a_proposal_by_its_name_and_nothing_was_ticked_before(
    office: Person, browser: Windows, in_force
) -> None:
    body = office.get("reporting", f"/criteria_sets/{in_force['id']}")["body"]
    draft = office.post("reporting", "/criteria_sets", body)
    page = browser(office, f"/criteria_sets/{draft['id']}/links")
    boxes = page.locator("input[name^='take_']")
    assert boxes.count() > 0
    assert page.locator("input[name^='take_']:checked").count() == 0
    assert problems_of(page) == []

    boxes.first.press("Space")
    page.get_by_label("Thêm một tiêu chí thành phần").last.fill("Thái độ phục vụ (1.7.1)")
    page.get_by_role("button", name="Xác nhận các mục").press("Enter")

    done(page, "Đã xác nhận liên kết")
    assert page.locator("input[name^='take_']:checked").count() == 2
    assert page.locator("input[name^='take_'][value='1.7.1']:checked").count() == 1


@pytest.mark.parametrize("place", ["", "/{id}", "/upload", "/{id}/links", "/{id}/differences"])
def test_pages_of_criteria_sets_fit_a_phone(
    office: Person, browser: Windows, stack, place: str
) -> None:
    page = browser.phone(f"/criteria_sets{place.format(id=stack.demo.set_id)}", office)
    page.evaluate("document.fonts.ready")

    assert too_wide(page) == ""
    assert problems_of(page) == []


def test_a_version_is_begun_in_the_browser_with_other_codes_methods_and_rows(
    office: Person, browser: Windows, in_force, picture
) -> None:
    page = browser(office, f"/criteria_sets/{in_force['id']}")
    page.get_by_role("button", name="Tạo phiên bản mới").press("Enter")
    done(page, "Đã tạo bản nháp giống hệt")
    draft = page.url.partition("?")[0]
    page.get_by_role("link", name="1.6.1", exact=True).press("Enter")
    page.get_by_label("Cách tính điểm").select_option("deduction")
    page.get_by_role("button", name="Hiện các ô").press("Enter")
    page.locator("[id='rule.deducts.0.per']").fill("một thủ tục không công khai")
    page.locator("[id='code']").fill("1.6.9")
    assert problems_of(page) == []
    picture(page, "criteria_part")
    page.get_by_role("button", name="Lưu bản nháp").press("Enter")
    done(page, "Đã lưu bản nháp")
    assert page.get_by_role("link", name="1.6.9", exact=True).count() == 1

    page.get_by_role("link", name="Thêm tiêu chí thành phần vào 1.6").press("Enter")
    page.locator("[id='name']").fill("Công khai trên trang thông tin")
    page.locator("[id='max_points']").fill("0,5")
    page.locator("[id='rule.deducts.0.per']").fill("một lần thiếu")
    assert problems_of(page) == []
    page.get_by_role("button", name="Lưu bản nháp").press("Enter")
    done(page, "Đã lưu bản nháp")
    assert "1.6: điểm các phần cộng lại là 2,5, khác điểm tối đa 2" in page.inner_text("main")
    page.get_by_role("link", name="1.6.2", exact=True).press("Enter")
    page.locator("#remove summary").press("Enter")
    page.get_by_role("button", name="Bỏ 1.6.2").press("Enter")
    done(page, "Đã lưu bản nháp")
    page.goto(f"{draft}/differences")
    told = page.inner_text("main")
    assert "1.6.9" in told
    assert "1.6.1" in told


def test_reports_and_findings_are_linked_by_name_and_nothing_was_ticked_before(
    office: Person, browser: Windows, stack, picture
) -> None:
    page = browser(office, f"/criteria_sets/{stack.demo.set_id}/document_links")
    assert page.locator("input[name^='take_']:checked").count() == 0
    page.locator("#name").fill("Quyết định số 9/QĐ-SNV ban hành kế hoạch cải cách hành chính")
    page.locator("#dated_on").fill("14/02/2025")
    page.get_by_role("button", name="Thêm văn bản").press("Enter")
    done(page, "Đã xác nhận liên kết")
    row = page.get_by_role("row").filter(has_text="9/QĐ-SNV")
    assert row.locator("input[name^='take_']").count() > 0, "it is proposed by its wording"
    assert problems_of(page) == []
    picture(page, "document_links")
    row.locator("input[name^='take_']").first.press("Space")
    page.get_by_role("button", name="Xác nhận các mục").press("Enter")
    done(page, "Đã xác nhận liên kết")
    row = page.get_by_role("row").filter(has_text="9/QĐ-SNV")
    assert row.locator("input[name^='take_']:checked").count() == 1
