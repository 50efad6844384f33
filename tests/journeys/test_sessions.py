"""A session that ends while somebody types, and more tabs than a browser has connections."""

from playwright.sync_api import expect
from tests.journeys.browsing import Windows, end_session, sign_in, sign_in_again
from tests.journeys.people import Person

TITLE = "Kế hoạch viết dở khi phiên làm việc hết hạn"
ENDED = "Phiên làm việc đã kết thúc"
WITHOUT_LOCKS = "delete Navigator.prototype.locks"  # as where the address is plain http
PUT_AWAY = """
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
"""


def test_what_was_typed_when_the_session_ended_is_there_again_after_signing_in(
    stack, office: Person, browser: Windows
) -> None:
    page = browser.open()
    sign_in(page, office.code, "/plans/new")
    page.locator("[name=closes_on]").fill("29/11/2031")
    page.locator("[name=year]").fill("2031")
    page.locator("[name=title]").fill(TITLE)
    copy = {"name": "ban_da_ky.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    page.locator("#signed_copy").set_input_files(copy)
    end_session(stack, page)

    page.locator("form[action='/plans'] [type=submit]").click()

    expect(page.get_by_role("alert")).to_contain_text(ENDED)
    sign_in_again(page, office.code)
    expect(page.locator("[name=title]")).to_have_value(TITLE)
    expect(page.locator("[name=year]")).to_have_value("2031")
    expect(page.locator("[data-again=signed_copy]")).to_contain_text("hãy chọn lại: ban_da_ky.pdf")
    page.locator("form[action='/plans'] [type=submit]").click()
    expect(page.locator("#problem")).to_contain_text("Thiếu tệp đã chọn trước đó")
    page.get_by_label("Gửi không kèm tệp").check()
    page.locator("form[action='/plans'] [type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)


def test_eight_tabs_without_locks_are_live_one_after_the_other(
    office: Person, browser: Windows
) -> None:
    first = browser(office, "/plans")
    first.context.add_init_script(WITHOUT_LOCKS)
    for _ in range(8):
        tab = first.context.new_page()
        tab.goto("/plans")
        expect(tab.locator("#live-state")).to_have_text("trực tiếp", timeout=20_000)
        tab.evaluate(PUT_AWAY)
