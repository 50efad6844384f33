"""The Office makes, edits, signs and sends a report in a browser; its templates; lists as Excel."""

import io
import re
from datetime import UTC, datetime

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from tests import signing
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person

from chassis.clock import TIME_ZONE


def today() -> str:
    """Return the day on which the demo's reports are made: nothing is signed before it."""
    return f"{datetime.now(UTC).astimezone(TIME_ZONE):%d/%m/%Y}"


LISTS = (
    "/plans", "/questions", "/directory", "/directory/people", "/directory/groups", "/calendar",
    "/surveys", "/questionnaires", "/surveys/{round}", "/criteria_sets", "/bodies",
    "/score_sheets?year=2025", "/rankings", "/notifications", "/event_types", "/partners",
    "/trusted_roots", "/reports", "/assignments", "/urgings", "/instructions", "/inspections",
    "/indices/par/2025", "/handling_proposals", "/measures", "/unit_reports",
)  # fmt: skip


CUT_OFF = """() => [...document.querySelectorAll("main .btn")].filter(
  e => e.getClientRects().length
    && e.getBoundingClientRect().right > document.documentElement.clientWidth
).map(e => e.innerText)"""


def check(page: Page) -> None:
    """Nothing shuts people out, and it fits a phone."""
    assert problems_of(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert too_wide(page) == ""
    assert page.evaluate(CUT_OFF) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def made(page: Page, kind: str = "periodic") -> str:
    """Make the year's report; return the address of its page."""
    page.goto(f"/reports/new?kind={kind}&year=2025")
    page.get_by_label(re.compile(r"^\s*năm 2025")).check()
    page.get_by_role("button", name="Lập báo cáo này").click()
    again = page.get_by_role("button", name="Vẫn lập thêm báo cáo khác")
    text = page.get_by_role("heading", name="Lời văn")
    text.or_(again).first.wait_for(timeout=60_000)
    if again.count():  # another story has one of this period signed
        again.click()
    text.wait_for(timeout=60_000)
    return page.url


def word(page: Page, address: str) -> list[str]:
    answer = page.request.get(f"{address.partition('?')[0]}/document.docx")
    assert answer.ok, answer.text()
    return [paragraph.text for paragraph in Document(io.BytesIO(answer.body())).paragraphs]


def test_the_year_s_report_is_made_edited_signed_and_sent(browser: Windows, picture) -> None:
    page = browser.open("/reports", "office")
    check(page)
    address = made(page)
    check(page)
    picture(page, "report_page", whole=True)

    sentence = page.locator("[id='s-progress.all']")
    sentence.locator("summary").click()
    expect(sentence.get_by_text("Nhiệm vụ có thời hạn:")).to_be_visible()
    sentence.get_by_label("Nội dung câu").fill("Câu do Văn phòng sửa.")
    sentence.get_by_role("button", name="Lưu").click()
    expect(page.locator("[id='s-progress.all']").get_by_text("đã sửa tay")).to_be_visible()
    assert any("Câu do Văn phòng sửa." in paragraph for paragraph in word(page, address))

    expect(page.get_by_text("Cần biết trước khi ký:")).to_be_visible()
    page.get_by_label("Tôi đã biết các điều trên").check()
    page.get_by_role("button", name="Tôi đã đọc, nội dung đúng").click()
    expect(page.get_by_text("Chưa ký được: còn nguồn dữ liệu")).to_be_visible()
    sign(page)
    expect(page.locator("#problem")).to_contain_text("bản dựng")

    asked = page.get_by_role("link", name="Xác nhận nguồn").get_attribute("href")
    admin = browser.open(str(asked), "admin")
    check(admin)
    admin.get_by_label("Văn bản chính thức đã đối chiếu").fill("QĐ 1/QĐ-SNV ngày 02/01/2025")
    admin.get_by_role("button", name="Xác nhận nguồn").click()
    expect(admin.get_by_text("Đã xác nhận nguồn.")).to_be_visible()
    check(admin)

    page.goto(address)
    sign(page)
    expect(page.get_by_text("Đã ký: từ nay không thay đổi gì nữa.")).to_be_visible()
    expect(page.get_by_text("15/BC-SNV").first).to_be_visible()
    send(page)
    page.goto("/reports?q=15")
    expect(page.get_by_text("15/BC-SNV")).to_be_visible()


def test_what_is_written_in_two_sentences_is_saved_whichever_is(browser: Windows) -> None:
    page = browser.open("/reports", "office")
    made(page)
    first, second = (page.locator(f"[id='s-{id_}']") for id_ in ("progress.all", "opening"))
    for place, words in ((first, "Câu thứ nhất, 91,09."), (second, "Câu thứ hai.")):
        place.locator("summary").click()
        place.get_by_label("Nội dung câu").fill(words)
    first.get_by_role("button", name="Lưu").click()

    expect(first.locator("summary")).to_contain_text("91,09 không có trong số liệu của câu")
    expect(second.locator("summary")).to_contain_text("Câu thứ hai.")


def sign(page: Page) -> None:
    page.locator("summary", has_text="Ghi việc ký").click()
    page.locator("#number").fill("15")
    page.get_by_label("Ngày ký", exact=True).fill(today())
    page.get_by_label("Họ tên người ký").fill("Nguyễn Văn A")
    page.get_by_role("button", name="Đã ký").click()
    expect(page.locator("#confirm-signature")).to_contain_text("Nguyễn Văn A")
    page.get_by_role("button", name="Đúng, ghi là đã ký").click()


def send(page: Page) -> None:
    """Keep the signed copy, and mail it from here."""
    page.locator("summary", has_text="Lưu bản đã ký").click()
    signer = signing.person("Trần Văn Bình", signing.root())
    content = signing.signed(signing.blank(), signer)
    copy = {"name": "ban_da_ky.pdf", "mimeType": "application/pdf", "buffer": content}
    page.locator("input[type=file]").set_input_files(copy)
    page.get_by_role("button", name="Tải lên").click()
    expect(page.get_by_role("link", name="Bản đã ký")).to_be_visible()
    expect(page.locator("#signatures")).to_contain_text("Trần Văn Bình", timeout=60_000)

    page.locator("summary", has_text="Gửi bản đã ký bằng thư điện tử").click()
    page.locator("#mail_recipient").fill("UBND tỉnh")
    page.get_by_label("Địa chỉ thư điện tử").fill("vanthu@ubnd")
    page.get_by_role("button", name="Gửi thư").click()
    expect(page.locator("#mail_to-error")).to_contain_text("tên miền")
    page.get_by_label("Địa chỉ thư điện tử").fill("vanthu@ubnd.example.vn")
    page.get_by_role("button", name="Gửi thư").click()
    expect(page.get_by_text(f"{today()}: UBND tỉnh")).to_be_visible()
    expect(page.locator("#sendings")).to_contain_text("Máy chủ thư đã nhận", timeout=30_000)
    page.locator("summary", has_text="Gửi bản đã ký bằng thư điện tử").click()
    page.locator("#mail_recipient").fill("UBND tỉnh")
    page.get_by_label("Địa chỉ thư điện tử").fill("vanthu@ubnd.example.vn")
    page.get_by_role("button", name="Gửi thư").click()
    expect(page.get_by_text("Đã gửi thư này rồi")).to_be_visible()
    check(page)


def test_a_kind_is_changed_with_a_reason(browser: Windows) -> None:
    page = browser.open("/report_kinds", "office")
    check(page)
    page.locator("a[href='/report_kinds/ad_hoc/edit']").click()
    check(page)
    page.locator("#copies_to").fill("UBND tỉnh (b/c)\nLưu: VT, CCHC")
    page.locator("#window-0-name, [name=window-0-name]").fill("tuần đầu năm {year}")
    page.locator("[name=window-0-starts]").fill("1/1")
    page.locator("[name=window-0-ends]").fill("7/1")
    page.locator("#reason").fill("Theo thông báo của Văn phòng")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã sửa loại báo cáo")).to_be_visible()
    expect(page.get_by_text("tuần đầu năm")).to_be_visible()


def test_an_administrator_adds_a_section_looks_at_it_and_takes_the_former_outline_again(
    browser: Windows, picture
) -> None:
    page = browser.open("/report_kinds/ad_hoc/edit", "admin")
    check(page)
    new = page.get_by_role("group", name="Mục mới").first
    new.get_by_label("Tên mục", exact=True).fill("Việc cần quyết định")
    new.get_by_text("Vị trí, cấp và bảng").click()
    new.get_by_label("Số thứ tự trong đề cương").fill("0")
    new.locator("summary", has_text="câu").click()
    new.get_by_label("Khi kỳ đang diễn ra").fill("Có {work.overdue} nhiệm vụ quá hạn cần quyết.")
    page.locator("#reason").fill("Theo chỉ đạo")
    page.get_by_role("button", name="Xem trước").click()
    said = page.locator("#preview")
    expect(said.get_by_role("heading", name="Việc cần quyết định")).to_be_visible()
    expect(said.get_by_text("nhiệm vụ quá hạn cần quyết.")).to_be_visible()
    check(page)
    picture(page, "report_kind_preview", whole=True)
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã sửa loại báo cáo")).to_be_visible()

    page.goto("/report_kinds/ad_hoc/edit")
    expect(page.get_by_text("Mục thêm: Việc cần quyết định")).to_be_visible()
    page.locator("summary", has_text="Dùng lại phiên bản này").first.click()
    page.locator("[id^=again-]").first.fill("Như cũ")
    page.get_by_role("button", name="Dùng lại phiên bản này").first.click()
    expect(page.get_by_text("Đã sửa loại báo cáo")).to_be_visible()
    page.goto("/report_kinds/ad_hoc/edit")
    expect(page.get_by_text("Mục bỏ: Việc cần quyết định")).to_be_visible()

    office = browser.open("/report_kinds/ad_hoc/edit", "office")
    expect(office.get_by_text("do quản trị viên thực hiện")).to_be_visible()
    expect(office.get_by_text("Bỏ mục này")).to_have_count(0)


def test_a_template_is_taken_away_edited_and_uploaded_again(browser: Windows) -> None:
    page = browser.open("/report_templates", "office")
    check(page)
    own = page.get_by_role("link", name="Mẫu gốc của loại báo cáo").first.get_attribute("href")
    answer = page.request.get(str(own))
    wrong = Document(io.BytesIO(answer.body()))
    wrong.add_paragraph("{{ khong_co }}")
    upload(page, saved(wrong))
    expect(page.locator("#problem")).to_contain_text("không có trường «khong_co»")

    upload(page, answer.body())
    expect(page.get_by_text("Mẫu đã được kiểm tra")).to_be_visible()
    page.get_by_role("link", name="Các trường của loại này").first.click()
    expect(page.get_by_text("{{ figures.work.done }}")).to_be_visible()
    check(page)
    assert len(word(page, made(page))) > 20


def upload(page: Page, content: bytes) -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    page.get_by_label("Loại báo cáo").select_option("periodic")
    page.locator("input[type=file]").set_input_files(
        {"name": "mau.docx", "mimeType": kind, "buffer": content}
    )
    page.get_by_role("button", name="Tải lên và kiểm tra").click()


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("path", LISTS)
def test_a_list_s_page_has_a_link_to_its_workbook(path: str, browser: Windows, stack) -> None:
    page = browser.open(path.format(round=stack.demo.round_id), "office")
    links = page.locator("a[href*='.xlsx']").all()
    addresses = [str(link.get_attribute("href")) for link in links]
    assert addresses
    for address in addresses:
        answer = page.request.get(address)
        assert answer.ok, (address, answer.text())
        sheet = load_workbook(io.BytesIO(answer.body())).active
        assert sheet is not None
        assert str(sheet["A2"].value).startswith("Tính đến "), address


def test_a_closing_report_takes_over_what_units_say(
    browser: Windows, office: Person, person, plan
) -> None:
    head = person("unit_head_ttr")
    begun = head.post("tasks", "/unit_reports", {"plan_id": plan["id"]})
    path = f"/unit_reports/{begun['id']}"
    said = [{"theme": None, "text": "Chưa có phần mềm chấm điểm"}]
    written = head.patch("tasks", path, {"difficulties": said}, begun["version"])
    handed = head.post("tasks", f"{path}/submit", {}, version=written["version"])
    if handed["status"] == "submitted":
        head.post("tasks", f"{path}/approve", {}, version=handed["version"])
    asked = {"kind": "closing", "from": "2025-01-01", "to": "2025-12-31", "plan_id": plan["id"]}
    made = office.post("reporting", "/reports", asked)

    page = browser.open(f"/reports/{made['report_id']}", "office")
    page.get_by_role("heading", name="Lời văn").wait_for(timeout=60_000)
    check(page)
    page.get_by_role("button", name="Lấy khó khăn, kiến nghị từ báo cáo của đơn vị").click()
    expect(page.get_by_text("Chưa có phần mềm chấm điểm").first).to_be_visible()
    assert any("Chưa có phần mềm chấm điểm" in line for line in word(page, page.url))
