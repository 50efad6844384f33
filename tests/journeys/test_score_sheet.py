"""A body's sheet in a browser: what is typed, proven, refused, locked and given more time."""

from decimal import Decimal

from playwright.sync_api import Page
from tests.journeys.browsing import Windows, problems_of
from tests.journeys.own_sheet import cell, saved
from tests.journeys.people import Person, eventually

CELL = "#rows form[data-saves] input:not([type=hidden])"


def sheet_of(person: Person, body: dict) -> dict:
    found: dict = person.get("reporting", f"/score_sheets/2025/bodies/{body['id']}")
    return found


def done(page: Page, words: str) -> None:
    said = page.get_by_role("status").filter(has_text=words)
    said.or_(page.locator("#problem")).first.wait_for()
    assert said.count(), page.locator("#problem").inner_text()


def typed(person: Person, body: dict) -> list[dict]:
    """Return the rows that have cells."""
    return [row for row in sheet_of(person, body)["rows"] if not row["survey"]]


def _told(person: Person, words: str) -> dict | None:
    return next((each for each in person.notices() if words in each["title"]), None)


def test_an_accepted_result_proves_a_row_by_one_click_and_can_be_taken_back(
    office: Person, person, browser: Windows
) -> None:
    head = person("unit_head")
    body = next(b for b in office.all("reporting", "/bodies") if b["code"] == "CCHC")
    address = f"/score_sheets/2025/bodies/{body['id']}"
    code = next(row["code"] for row in typed(head, body) if _offers(head, address, row["code"]))

    page = browser(head, address)
    row = page.locator(f"[id='row-{code}']")
    row.locator("summary").press("Enter")
    row.get_by_role("button", name="Đính kèm kết quả này").first.press("Enter")
    row.locator(".evidence strong").wait_for()
    row.locator(".row-proof", has_text="(1)").wait_for()
    row.locator(".history", has_text="minh chứng").wait_for()
    attached = next(r for r in sheet_of(head, body)["rows"] if r["code"] == code)["evidence"]
    assert [(each["kind"], len(each["sha256"])) for each in attached] == [("result", 64)]

    row.get_by_label("Rút lại, vì").fill("Nhầm nhiệm vụ")
    row.get_by_role("button", name="Rút lại", exact=True).press("Enter")
    row.locator(".evidence .chip", has_text="đã rút").wait_for()
    assert "Nhầm nhiệm vụ" in row.locator(".history").inner_text()
    assert problems_of(page) == []


def _offers(person: Person, address: str, code: str) -> list[dict]:
    found = person.get("reporting", f"{address}/rows/{code}/evidence_offers")["data"]
    return [each for each in found if not each["attached"]]


def test_what_is_typed_last_is_stored_or_the_lock_points_at_it(
    office: Person, person, browser: Windows, picture
) -> None:
    head = person("unit_head_ldvl")
    body = next(b for b in office.all("reporting", "/bodies") if b["code"] == "LĐVL")
    rows = typed(head, body)
    row = next(each for each in rows if each["steps"])
    rate = next(each for each in rows if each["numerator"])
    page = browser(head, f"/score_sheets/2025/bodies/{body['id']}")

    page.locator(cell("points", row["code"])).fill("9999")
    page.locator("[data-step]").click()
    page.locator("#not-stored", has_text=row["name"]).wait_for()
    assert page.evaluate("document.activeElement.id") == cell("points", row["code"])[1:]
    assert page.locator(f"[id='row-{row['code']}'] .row-state[role=alert]").count()

    page.locator(cell("points", row["code"])).fill("0")
    page.locator(cell("done", rate["code"])).fill("3")
    page.locator("[data-step]").click()
    page.locator("#not-stored", has_text=rate["name"]).wait_for()
    assert page.evaluate("document.activeElement.id") == cell("due", rate["code"])[1:]

    page.locator(cell("due", rate["code"])).fill("4")
    page.locator("[data-step]").click()
    page.locator("#confirm").wait_for()
    picture(page, "sheet_step")
    stored = {each["code"]: each for each in sheet_of(head, body)["rows"]}
    assert Decimal(stored[row["code"]]["self_score"]) == 0
    assert (stored[rate["code"]]["self_done"], stored[rate["code"]]["self_due"]) == (3, 4)


def test_refused_evidence_leaves_what_was_typed(office: Person, person, browser: Windows) -> None:
    head = person("unit_head_ldvl")
    body = next(b for b in office.all("reporting", "/bodies") if b["code"] == "LĐVL")
    code = typed(head, body)[0]["code"]
    page = browser(head, f"/score_sheets/2025/bodies/{body['id']}")
    row = page.locator(f"[id='row-{code}']")
    row.locator("summary").press("Enter")
    fields = {"title": "Kế hoạch số 1", "dated_on": "31/12/2025", "address": "javascript:alert(1)"}
    for name, words in fields.items():
        row.locator(cell(name, code)).fill(words)
    row.get_by_role("button", name="Thêm minh chứng").press("Enter")
    row.locator("#problem").wait_for()
    assert {n: row.locator(cell(n, code)).input_value() for n in fields} == fields

    row.locator(cell("address", code)).fill("https://khanhhoa.gov.vn/kh1")
    row.get_by_role("button", name="Thêm minh chứng").press("Enter")
    row.locator(".row-proof", has_text="(1)").wait_for()
    row.locator(".history", has_text="Kế hoạch số 1").wait_for()
    assert row.locator(".row-details .row-now").count() == 0


def test_two_people_fill_one_sheet_at_once_and_no_cell_is_lost(
    office: Person, person, browser: Windows
) -> None:
    head, officer = person("unit_head"), person("unit_officer")
    body = next(b for b in office.all("reporting", "/bodies") if b["code"] == "CCHC")
    address = f"/score_sheets/2025/bodies/{body['id']}"
    rows = [row for row in typed(head, body) if row["steps"] is None and not row["numerator"]]
    pages = [browser(head, address), browser(officer, address)]
    for number, row in enumerate(rows):
        mine = pages[number % 2]  # nobody waits for the other, nor for what is being saved
        mine.locator(cell("points", row["code"])).fill("0,5")
        mine.keyboard.press("Enter")
        pages[(number + 1) % 2].locator(cell("note", row["code"])).fill(f"Ghi chú {number}")
        pages[(number + 1) % 2].keyboard.press("Enter")
    for page in pages:
        saved(page)

    stored = {row["code"]: row for row in sheet_of(head, body)["rows"]}
    assert sum(page.locator(".row-state[role=alert]").count() for page in pages) == 0
    assert {stored[row["code"]]["self_score"] for row in rows} == {"0.500000"}
    notes = [stored[row["code"]]["self_note"] for row in rows]
    assert notes == [f"Ghi chú {number}" for number in range(len(rows))]
    seen = "cùng với nội dung người khác vừa sửa"
    beside = sum(page.locator(".row-state", has_text=seen).count() for page in pages)
    assert beside == len(rows), "of two who write into a row, the second is told of the first"


def test_a_lock_is_undone_and_a_last_day_moved_each_with_a_reason(
    office: Person, person, browser: Windows, stack, picture
) -> None:
    body = next(b for b in office.all("reporting", "/bodies") if b["code"] == "LĐVL")
    head = person("unit_head_ldvl")
    address = f"/score_sheets/2025/bodies/{body['id']}"
    of_sheet = f"WHERE year = 2025 AND body_id = '{body['id']}'"
    stack.query("reporting", f"UPDATE sheet SET state = 'locked' {of_sheet}")

    page = browser(office, address)
    page.locator("#reopen summary").press("Enter")
    page.locator("#reason-reopen").fill("Thiếu minh chứng ở hai dòng")
    assert problems_of(page) == []
    page.get_by_role("button", name="Mở lại", exact=True).press("Enter")
    done(page, "Đã mở lại")
    assert "Thiếu minh chứng ở hai dòng" in page.locator("main").inner_text()
    told = eventually(lambda: _told(head, "được mở lại"))
    assert "Thiếu minh chứng ở hai dòng" in told["body"]

    stack.query("reporting", f"UPDATE sheet SET closes_on = '2025-11-01' {of_sheet}")
    desk = browser(head, address)
    assert "không nhập thêm được" in desk.locator("main").inner_text()
    assert desk.locator(CELL).count() == 0
    assert desk.locator("#extend").count() == 0, "whom the day binds does not move it"
    picture(desk, "sheet_closed")
    page.goto(address)
    page.locator("#extend summary").press("Enter")
    page.locator("#reason-extend").fill("Bão")
    page.locator("#extend [name=closes_on]").fill("01/01/2020")
    page.get_by_role("button", name="Gia hạn", exact=True).press("Enter")
    assert "01/01/2020 đã qua" in page.locator("#extend").inner_text()
    page.locator("#extend [name=closes_on]").fill("31/12/2099")
    page.get_by_role("button", name="Gia hạn", exact=True).press("Enter")
    done(page, "Đã gia hạn")
    desk.reload()
    assert desk.locator(CELL).count() > 0


def test_the_last_days_of_a_whole_round_are_moved_at_once(
    person, browser: Windows, stack, picture
) -> None:
    director, head = person("director"), person("unit_head")
    of_round = "WHERE year = 2025 AND block_id IN (SELECT block_id FROM sheet WHERE year = 2025)"
    stack.query("reporting", f"UPDATE sheet_round SET closes_on = '2025-11-01' {of_round}")
    page = browser(director, "/score_sheets?year=2025")
    moving = page.locator("details[id^=extend-]").first
    moving.locator("summary").press("Enter")
    assert "Hiện nay là 01/11/2025" in moving.inner_text()
    moving.locator("[name=reason]").fill("Bão số 12")
    moving.locator("[name=closes_on]").fill("01/01/2020")
    moving.get_by_role("button", name="Gia hạn cả đợt", exact=True).press("Enter")
    assert "01/01/2020 đã qua" in moving.inner_text()
    moving.locator("[name=closes_on]").fill("30/12/2099")
    assert problems_of(page) == []
    picture(page, "round_extended")
    page.set_viewport_size({"width": 390, "height": 844})
    assert problems_of(page) == []
    moving.scroll_into_view_if_needed()
    picture(page, "round_extended_phone")
    moving.get_by_role("button", name="Gia hạn cả đợt", exact=True).press("Enter")
    done(page, "Đã gia hạn cả đợt")
    told = eventually(lambda: _told(head, "được gia hạn"))
    assert "Bão số 12" in told["body"]
