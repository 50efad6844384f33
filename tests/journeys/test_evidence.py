"""Evidence: a signed file is handed in, looked at, found again, and its receipt printed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests import signing
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person


@pytest.fixture(scope="module")
def authority():
    return signing.root("Cơ quan chứng thực thử nghiệm")


@pytest.fixture
def paper(tmp_path: Path, authority) -> Path:
    """A report of two pages, signed."""
    path = tmp_path / "Báo cáo kết quả.pdf"
    person = signing.person("Trần Văn Bình", authority)
    path.write_bytes(signing.signed(signing.blank(2), person))
    return path


def hand_in(page: Page, note: str, file: Path) -> None:
    page.locator("summary", has_text="Nộp kết quả").press("Enter")
    page.locator("#result-note").fill(note)
    page.locator("#files").set_input_files(file)
    page.get_by_role("button", name="Nộp cho Văn phòng Sở").press("Enter")
    page.get_by_role("status").filter(has_text="Đã nộp kết quả").wait_for()


def looked_at(page: Page, name: str) -> None:
    page.get_by_role("link", name="Xem và kiểm tra").first.press("Enter")
    page.get_by_role("heading", name=name, level=1).wait_for()


def test_a_signed_file_is_vouched_for_once_an_administrator_trusts_its_root(
    office: Person, person, open_assignments, browser: Windows, paper: Path, authority,
    tmp_path: Path, picture,
) -> None:  # fmt: skip
    assignment = open_assignments("CCHC")[0]
    unit = browser(person("unit_head"), f"/assignments/{assignment['id']}")
    hand_in(unit, "Báo cáo đã ký số.", paper)
    looked_at(unit, paper.name)
    card = unit.locator("#signatures")
    card.get_by_text("Trần Văn Bình").wait_for()
    assert "được gốc tin cậy bảo đảm" not in card.inner_text()
    assert problems_of(unit) == []

    certificate = tmp_path / "goc.cer"
    certificate.write_bytes(authority.der)
    admin = browser(person("admin"), "/trusted_roots")
    admin.locator("#file").set_input_files(certificate)
    admin.get_by_role("button", name="Tin cậy", exact=True).press("Enter")
    admin.get_by_role("status").filter(has_text="Đã tin cậy").wait_for()
    assert problems_of(admin) == []

    unit.reload()
    card.get_by_text("Nguyên vẹn, được gốc tin cậy bảo đảm").wait_for()
    assert "toàn bộ tệp như hiện nay" in card.inner_text()
    desk = browser(office, f"/assignments/{assignment['id']}")
    assert "đã ký số" in desk.get_by_role("region", name="Kết quả và minh chứng").inner_text()

    mine = admin.get_by_role("listitem").filter(has_text="Cơ quan chứng thực thử nghiệm")
    mine.locator("summary").press("Enter")
    mine.get_by_role("button", name="Bỏ tin cậy").press("Enter")
    admin.get_by_role("status").filter(has_text="Đã bỏ tin cậy").wait_for()


def test_pages_of_a_file_are_turned_by_keyboard_and_fit_a_phone(
    office: Person, person, open_assignments, browser: Windows, paper: Path
) -> None:
    assignment = open_assignments("LĐVL")[0]
    unit = browser(person("unit_head_ldvl"), f"/assignments/{assignment['id']}")
    hand_in(unit, "Hai trang.", paper)
    looked_at(unit, paper.name)
    shown = unit.locator(".drawn img")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 1000
    unit.get_by_role("link", name="Trang sau").press("Enter")
    unit.get_by_text("trang 2 trên 2").wait_for()
    assert unit.get_by_role("link", name="Trang sau").count() == 0

    phone = browser.phone(unit.url, office)
    phone.locator(".drawn img").wait_for(timeout=60_000)  # drawn anew, on a busy machine
    phone.locator(".drawn img").evaluate("image => image.decode()")
    assert too_wide(phone) == ""
    assert problems_of(phone) == []
    unit.emulate_media(media="print")
    assert not unit.locator("#preview").is_visible()
    assert unit.get_by_text("Mã băm (SHA-256)").is_visible()


def test_the_same_file_handed_in_for_another_task_is_seen_before_it_is_accepted(
    office: Person, person, open_assignments, browser: Windows, paper: Path
) -> None:
    first, second = open_assignments("NCC")[:2]
    head = person("unit_head_ncc")
    for assignment in (first, second):
        unit = browser(head, f"/assignments/{assignment['id']}")
        hand_in(unit, "Cùng một tệp.", paper)
    desk = browser(office, f"/assignments/{second['id']}")
    results = desk.get_by_role("region", name="Kết quả và minh chứng")
    assert "Nội dung này đã có ở nơi khác" in results.inner_text()
    results.get_by_role("link", name=first["number"]).press("Enter")
    desk.get_by_role("heading", name=first["content"], level=1).wait_for()
