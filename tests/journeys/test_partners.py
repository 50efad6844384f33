"""An administrator gives another system a key; its program reads by it until it is revoked."""

import re
from uuid import uuid4

import httpx
from playwright.sync_api import expect
from tests.journeys.browsing import Windows, problems_of, too_wide

KEY_PAGE = "input#client_secret"


def token(stack, client_id: str, secret: str) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return httpx.post(f"{stack.addresses['notifications']}/v1/partners/token", data=form)


def test_a_partner_is_entered_given_a_key_reads_and_is_revoked(
    stack, person, browser: Windows
) -> None:
    page = browser(person("admin"), "/partners/new")
    page.get_by_label("Tên hệ thống").fill("Bản đồ cải cách")
    page.get_by_label("Đơn vị quản lý").fill("Sở Khoa học và Công nghệ")
    page.get_by_label("Thư điện tử liên hệ").fill("bando@skhcn.example")
    page.get_by_label("Ngày kết thúc").fill("31/12/2099")
    page.get_by_label("Loại sự kiện").fill("tasks.*\nkhong.co")
    page.get_by_label("Nhiệm vụ", exact=True).check()
    assert problems_of(page) == []
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("#event_types-error")).to_contain_text("khong.co")
    page.get_by_label("Loại sự kiện").fill("tasks.*")
    page.get_by_label("Loại sự kiện").press("Tab")
    page.get_by_role("button", name="Lưu").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bản đồ cải cách")
    address = page.url.partition("?")[0]

    page.get_by_role("button", name="Cấp khóa").press("Enter")
    secret = page.locator(KEY_PAGE).input_value()
    client_id = page.locator("input#client_id").input_value()
    assert re.fullmatch(r"nhip_[\w-]{43}", secret)
    assert problems_of(page) == []
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Sao chép Mã bí mật").press("Enter")
    expect(page.locator("#copied")).to_have_text("Đã sao chép")
    assert page.evaluate("navigator.clipboard.readText()") == secret

    page.goto(f"{address}/credentials")
    assert secret not in page.content()

    given = token(stack, client_id, secret).json()
    assert given["scope"] == "assignments events"
    bearer = {"Authorization": f"Bearer {given['access_token']}"}
    read = {
        "tasks": "/v1/assignments", "notifications": "/v1/events",
    }  # fmt: skip
    for service, path in read.items():
        answer = httpx.get(f"{stack.addresses[service]}{path}", headers=bearer)
        assert answer.status_code == 200, answer.text
    figures = httpx.get(f"{stack.addresses['reporting']}/v1/overview?year=2025", headers=bearer)
    assert (figures.status_code, figures.json()["code"]) == (403, "scope_missing")

    page.reload()
    row = page.locator("section[aria-labelledby='read-title'] tbody tr").filter(
        has_text="/v1/events"
    )
    expect(row.locator("td").nth(1)).to_have_text("1")
    items = len(
        httpx.get(f"{stack.addresses['notifications']}/v1/events", headers=bearer).json()["data"]
    )
    expect(row.locator("td").nth(2)).to_have_text(str(items))
    assert problems_of(page) == []
    page.get_by_role("link", name="Thu hồi hệ thống đối tác").click()
    page.get_by_role("button", name="Thu hồi vĩnh viễn").press("Enter")
    expect(page.locator(".page-head")).to_contain_text("Đã thu hồi")
    feed = f"{stack.addresses['notifications']}/v1/events"
    ended = httpx.get(feed, headers=bearer)
    assert (ended.status_code, ended.json()["code"]) == (401, "partner_ended")
    assert token(stack, client_id, secret).status_code == 401
    seen = "".join(file.read_text() for file in stack.logs.glob("*.log"))
    assert secret not in seen
    assert given["access_token"] not in seen


def test_the_pages_fit_a_phone_and_are_found_from_the_notifications(
    person, browser: Windows
) -> None:
    admin = person("admin")
    made = admin.post("notifications", "/partners", {
        "name": "Hệ thống trên điện thoại", "organisation": "Sở khác", "unit_ids": None,
        "contact_email": "a@so.example", "event_types": ["*"], "expires_on": "2099-12-31",
        "subject": str(uuid4()), "origins": ["https://mot-ten-mien-rat-dai.ban-do.so.example"],
    })  # fmt: skip
    admin.post("notifications", f"/partners/{made['id']}/credentials", {})
    page = browser.phone("/notifications", admin)
    page.get_by_role("link", name="Hệ thống đối tác").click()
    for path in ("/partners", "/partners/new", f"/partners/{made['id']}"):
        page.goto(path)
        assert too_wide(page) == ""
        assert problems_of(page) == []
    english = browser.open(f"/partners/{made['id']}?lang=en", admin.code)
    expect(english.get_by_role("heading", name="What it may read")).to_be_visible()
