"""An administrator subscribes a partner's webhook, tries it, sees it fail, mends it, pauses it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from standardwebhooks import Webhook, WebhookVerificationError
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person, eventually

KIND = "Kế hoạch có hiệu lực"
SENT = 30_000  # milliseconds until a webhook is sent and answered, on a busy machine


class Listener:
    """A partner's small program: it keeps what it is sent, while it runs."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/nhan"

    def start(self) -> None:
        taken = self.taken

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                taken.append((dict(self.headers.items()), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Taking)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture
def listener(stack) -> Iterator[Listener]:
    made = Listener(urlsplit(stack.addresses["partner"]).port)
    made.start()
    yield made
    made.stop()


def entered(admin: Person, name: str) -> str:
    """Return the page of a new partner."""
    made = admin.post("notifications", "/partners", {
        "name": name, "organisation": "Sở Khoa học và Công nghệ", "unit_ids": None,
        "contact_email": "truc@skhcn.example", "event_types": ["*"], "expires_on": "2099-12-31",
    })  # fmt: skip
    return f"/partners/{made['id']}"


def good(page: Page) -> None:
    """Fail when the page shuts somebody out or does not fit a phone."""
    assert problems_of(page) == []
    assert too_wide(page) == ""


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).first.press("Enter")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.press("Enter")


def signs(secret: str, sent: tuple[dict[str, str], bytes]) -> bool:
    headers = {name.lower(): value for name, value in sent[0].items()}
    try:
        Webhook(secret).verify(sent[1], headers)
    except WebhookVerificationError:
        return False
    return True


def new_secret(page: Page, button: str) -> str:
    follow(page, button)
    good(page)
    press(page, "Tạo khóa ký")
    secret = page.locator("input#secret").input_value()
    good(page)
    follow(page, "Hoàn thành")
    return secret


def subscribe(page: Page, listener: Listener) -> str:
    """Make a subscription, wrong at first in three ways; return the address of its page."""
    follow(page, "Thêm đăng ký")
    page.get_by_label("Tên", exact=True).fill("Kho dữ liệu tỉnh")
    page.get_by_label("Địa chỉ nhận (webhook)").fill("http://10.0.0.7/nhan")
    page.get_by_label("Chỉ các sự kiện có").fill("data.khong.co = 1")
    page.locator("input[name=which_types][value=some]").press("Space")
    good(page)
    press(page, "Lưu")
    expect(page.locator("#url-error")).to_be_visible()
    good(page)
    page.get_by_label("Địa chỉ nhận (webhook)").fill(listener.url)
    press(page, "Lưu")
    expect(page.locator("#types-error")).to_be_visible()
    page.get_by_label(KIND).press("Space")
    press(page, "Lưu")
    expect(page.locator("#fields-error")).to_contain_text("data.khong.co")
    expect(page.get_by_label("Tên", exact=True)).to_have_value("Kho dữ liệu tỉnh")
    expect(page.get_by_label(KIND)).to_be_checked()
    page.get_by_label("Chỉ các sự kiện có").fill("")
    press(page, "Lưu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kho dữ liệu tỉnh")
    expect(page.get_by_text("Chưa có khóa ký")).to_be_visible()
    good(page)
    return page.url.partition("?")[0]


def send_example(page: Page, address: str, *said: str) -> None:
    page.goto(address)
    press(page, "Gửi ví dụ")
    for words in said:
        expect(page.locator("#outcome")).to_contain_text(words, timeout=SENT)
    good(page)


def send_again(page: Page, listener: Listener) -> None:
    """Find what failed among all deliveries and send it again, now that the partner listens."""
    follow(page, "Tất cả lần gửi")
    follow(page, "Không gửi được")
    expect(page.locator("tbody tr")).to_have_count(1)
    good(page)
    listener.start()
    page.get_by_role("button", name=f"Gửi lại {KIND}").press("Enter")
    expect(page.locator("#outcome")).to_contain_text("Đã nhận", timeout=SENT)


def pause_and_resume(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Lý do, để người xem sau biết").fill("Đối tác bảo trì")
    press(page, "Tạm dừng")
    expect(page.get_by_text("Đang tạm dừng")).to_be_visible()
    expect(page.get_by_text("Đối tác bảo trì")).to_be_visible()
    good(page)
    press(page, "Cho chạy lại")
    expect(page.get_by_text("Đang chạy", exact=True)).to_be_visible()


def hand_over_again(page: Page) -> None:
    page.get_by_label("Con trỏ").fill("khong-phai-con-tro")
    press(page, "Giao lại")
    expect(page.locator("#after-error")).to_contain_text("khong-phai-con-tro")
    page.get_by_label("Con trỏ").fill("")
    page.get_by_label("Kể từ ngày").fill("01/01/2025")
    press(page, "Giao lại")
    expect(page.get_by_text("được giao lại một lần nữa")).to_be_visible()


def test_a_webhook_is_subscribed_tried_broken_mended_and_paused_by_keyboard_on_a_phone(
    person, browser: Windows, listener: Listener
) -> None:
    admin = person("admin")
    page = browser.phone(entered(admin, "Trục liên thông"), admin)
    good(page)
    follow(page, "Đăng ký nhận tin")
    expect(page.get_by_text("Chưa có đăng ký nhận tin")).to_be_visible()
    address = subscribe(page, listener)

    first = new_secret(page, "Tạo khóa ký")
    assert first not in page.content()
    send_example(page, address, "Đã nhận", "HTTP 204")
    assert json.loads(listener.taken[0][1])["type"] == "tasks.plan_activated.v1"
    assert listener.taken[0][0]["Nhip-Example"] == "1"
    assert signs(first, listener.taken[0])

    listener.stop()
    send_example(page, address, "Không gửi được", "không kết nối được")
    send_again(page, listener)
    assert len(listener.taken) == 2

    page.goto(address)
    second = new_secret(page, "Tạo khóa ký mới")
    expect(page.get_by_text("còn ký đến")).to_be_visible()
    send_example(page, address, "Đã nhận")
    assert signs(first, listener.taken[2])
    assert signs(second, listener.taken[2])

    pause_and_resume(page, address)
    hand_over_again(page)
    eventually(lambda: len(listener.taken) > 3, within=60)
    assert json.loads(listener.taken[3][1])["type"] == "tasks.plan_activated.v1"
    follow(page, "Chấm dứt")
    good(page)
    press(page, "Chấm dứt vĩnh viễn")
    expect(page.get_by_text("Chưa có đăng ký nhận tin")).to_be_visible()


def test_the_office_reads_subscriptions_and_event_types_and_changes_nothing(
    person, browser: Windows, listener: Listener
) -> None:
    admin = person("admin")
    partner = entered(admin, "Kho của Sở khác")
    made = {
        transport: admin.post("notifications", "/subscriptions", {
            "partner_id": partner.rpartition("/")[2], "name": f"Bản sao {transport}",
            "transport": transport, **({"url": listener.url} if transport == "webhook" else {}),
        })["id"]
        for transport in ("webhook", "amqp", "feed")
    }  # fmt: skip
    admin.post("notifications", f"/subscriptions/{made['amqp']}/credentials")
    page = browser(person("office"), f"{partner}/subscriptions")
    for name in ("webhook", "amqp", "feed"):
        expect(page.get_by_role("link", name=f"Bản sao {name}")).to_be_visible()
    pages = [f"{partner}/subscriptions", *(f"/subscriptions/{id_}" for id_ in made.values()),
             f"/subscriptions/{made['webhook']}/deliveries", "/event_types",
             "/event_types/tasks.assignment_created.v1"]  # fmt: skip
    for path in pages:
        page.goto(path)
        assert problems_of(page) == []
        assert page.locator("main form[method=post]").count() == 0
        assert page.locator("main .btn-primary").count() == 0
    page.goto("/event_types")
    page.get_by_label("Tìm kiếm").fill("qua han")
    page.get_by_role("button", name="Lọc").press("Enter")
    page.get_by_role("link", name="Nhiệm vụ quá hạn").press("Enter")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Sao chép Ví dụ").press("Enter")
    expect(page.locator("#copied")).to_have_text("Đã sao chép")
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied["type"] == "tasks.assignment_overdue.v1"


def test_a_queues_password_is_shown_once_and_everything_fits_a_phone(
    person, browser: Windows
) -> None:
    admin = person("admin")
    partner = entered(admin, "Hàng đợi của Sở khác")
    made = admin.post("notifications", "/subscriptions", {
        "partner_id": partner.rpartition("/")[2], "name": "Hàng đợi riêng", "transport": "amqp",
    })  # fmt: skip
    page = browser.phone(f"/subscriptions/{made['id']}", admin)
    good(page)
    follow(page, "Tạo hàng đợi và mật khẩu")
    good(page)
    press(page, "Tạo mật khẩu")
    password = page.locator("input#password").input_value()
    assert len(password) > 30
    good(page)
    follow(page, "Hoàn thành")
    assert password not in page.content()
    expect(page.get_by_text("Trong hàng đợi")).to_be_visible()
    good(page)
    for path in (f"{partner}/subscriptions", f"{partner}/subscriptions/new", "/event_types",
                 "/event_types/reporting.index_changed.v1"):  # fmt: skip
        page.goto(path)
        good(page)
