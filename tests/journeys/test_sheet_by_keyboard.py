"""The whole year of a score sheet without a mouse: opened, scored, proven, judged, corrected."""

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.browsing import Windows, problems_of
from tests.journeys.keys import Keys
from tests.journeys.own_sheet import YEAR, OwnBody, cell, saved
from tests.journeys.people import Person, eventually
from tests.journeys.stack import Stack

ASKED, AGAIN, LEFT_OUT = "1.1.1", "1.1.2", "1.3.2"
EXTRA = ("bonus", "penalty")
CELL = "#rows form[data-saves] input:not([type=hidden])"
PROOF = "Kế hoạch số 12/KH-SNV ngày 14/02/2025"


@pytest.fixture
def body(stack: Stack, office: Person) -> OwnBody:
    """A body whose sheet the Office has still to open."""
    return OwnBody(stack, office, "unit_head_xdcq", ["appraiser"])


def done(page: Page, words: str) -> None:
    said = page.get_by_role("status").filter(has_text=words)
    said.or_(page.locator("#problem")).first.wait_for()
    assert said.count(), page.locator("#problem").inner_text()


def open_sheets(keys: Keys, block: str) -> None:
    """Open the sheets of a block by the form below the list."""
    keys.into().tab_to("#open #block_id")
    for _ in range(20):
        if keys.page.evaluate("document.activeElement.value") == block:
            break
        keys.press("ArrowDown")
    keys.tab_to("#open #closes_on", most=3).write("31/12/2099")
    keys.tab_to("#open button", most=3).press("Enter")
    done(keys.page, "Đã mở")


def step(keys: Keys, words: str, said: str) -> None:
    """Go from anywhere on the sheet to its next step, confirm it, and see it done."""
    keys.press("Control+Enter", "Enter")
    expect(keys.page.locator("#confirm")).to_be_focused()
    keys.press("Tab")
    assert keys.page.evaluate("document.activeElement.textContent.trim()") == words
    keys.press("Enter")
    done(keys.page, said)


def prove(keys: Keys, code: str, title: str) -> None:
    """Attach a document to the row in which the focus is, and find the focus in that row again."""
    row = f"[id='row-{code}']"
    keys.tab_to(f"{row} .row-more > summary", most=6).press("Enter")
    keys.page.locator(f"{row} {cell('title', code)}").wait_for()
    keys.tab_to(cell("title", code), most=6).write(title)
    keys.tab_to(cell("dated_on", code), most=2).write("14/02/2025")
    keys.tab_to(f"{row} button", most=3).press("Enter")
    keys.page.locator(f"{row} .evidence", has_text=title).wait_for()
    keys.page.locator(f"{row} .row-proof", has_text="(").wait_for()
    assert keys.at(f"{row} *"), "the focus is not lost with the part that came anew"


def score(keys: Keys, row: dict) -> None:
    """Fill a row's cells, the last one without going on."""
    if row["numerator"]:
        keys.write("9").press("Tab").write("10")
    else:
        points = row["steps"][-1] if row["steps"] else row["max_points"]
        keys.write(str(points).replace(".", ","))
    keys.press("Tab").write("Sổ")


def score_all(keys: Keys, rows: list[dict]) -> None:
    """Score every row and prove one, bonus and penalty left; Enter goes from row to row."""
    first, *others = rows
    keys.into().tab_to(CELL)
    score(keys, first)
    prove(keys, first["code"], PROOF)
    keys.tab_to(CELL, most=12)
    for row in others:
        if row["code"] == LEFT_OUT:
            keys.press("Tab", "Tab", "Tab").write("Không có vấn đề phải xử lý")
        elif row["code"] not in EXTRA:
            score(keys, row)
        keys.press("Enter")
    saved(keys.page)
    assert keys.at("[data-step]"), "the lock is next"


def appraise_all(keys: Keys, rows: list[dict]) -> None:
    """Take over what the body entered, row by row, and ask about one."""
    keys.into().tab_to(CELL)
    for row in rows:
        if row["code"] == LEFT_OUT:
            keys.press("Tab", "Tab", "Tab", "Space", "Shift+Tab")
        keys.press("Enter")
        if row["code"] == ASKED:
            keys.tab_to(cell("question", ASKED), back=True, most=3)
            keys.write("Kế hoạch ban hành ngày nào?").tab_to(CELL, most=3)
    saved(keys.page)


def appraise_again(keys: Keys, points: str, why: str) -> None:
    """Give one row other points than the body's, saying why."""
    keys.into().tab_to(cell("points", AGAIN)).press("Control+a").write(points)
    keys.press("Tab", "Control+a").write(why).press("Enter")
    saved(keys.page)


def take_back(keys: Keys, why: str) -> None:
    """Bring a published sheet back to the second appraisal; that stands last on its page."""
    keys.tab_to("#reopen summary", back=True, most=4).press("Enter")
    keys.tab_to("#reason-reopen", most=2).write(why)
    keys.tab_to("#reopen button", most=2).press("Enter")
    done(keys.page, "Đã mở lại")


@pytest.mark.timeout(420)
def test_a_year_of_a_sheet_is_worked_without_a_mouse_from_its_opening_to_its_correction(
    office: Person, person, body: OwnBody, browser: Windows, picture
) -> None:
    head, director = person("unit_head_xdcq"), person("director")
    stranger = person("unit_head_tdkt")
    keeper = Keys(browser(office, f"/score_sheets?year={YEAR}"))
    open_sheets(keeper, body.block)
    assert stranger.ask("GET", "reporting", body.address).status_code == 404

    desk = Keys(browser(head, f"/score_sheets?year={YEAR}"))
    desk.into().tab_to(f"a[href='{body.address}']").press("Enter")
    desk.page.locator("#rows").wait_for()
    assert problems_of(desk.page) == []
    picture(desk.page, "sheet")
    rows = [row for row in body.sheet(head)["rows"] if not row["survey"]]
    score_all(desk, rows)
    step(desk, "Chốt", "Đã chốt")
    locked = {row["code"]: row for row in body.sheet(head)["rows"]}
    assert all(locked[r["code"]]["self_score"] for r in rows if r["code"] not in (LEFT_OUT, *EXTRA))
    assert [each["title"] for each in locked[ASKED]["evidence"]] == [PROOF]

    judge = Keys(browser(person("appraiser"), body.address))
    appraise_all(judge, rows)
    step(judge, "Chốt", "Đã chốt")
    told = eventually(lambda: _told(head, "cần giải trình"))
    assert told["severity"] == "warning"

    desk.go(body.address).walk()
    desk.go(body.address).into().tab_to(CELL).write("Ngày 14/02/2025, kèm văn bản")
    prove(desk, ASKED, "Văn bản giải trình số 3")
    saved(desk.page)
    step(desk, "Chốt", "Đã chốt")

    appraise_again(judge.go(body.address), "0", "Thiếu kinh phí của hai nhiệm vụ")
    boss = Keys(browser(director, body.address))
    step(boss, "Duyệt", "Đã duyệt")
    step(keeper.go(body.address), "Công bố", "Đã công bố")
    assert _points(body, stranger) == ("0.000000", "0.00")

    take_back(boss.go(body.address), "Bổ sung kinh phí theo kết luận")
    appraise_again(judge.go(body.address), "0,5", "Đã bổ sung kinh phí")
    assert _points(body, stranger) == ("0.000000", "0.00"), "as published, until it is anew"
    step(boss.go(body.address), "Duyệt", "Đã duyệt")
    step(keeper.go(body.address), "Công bố", "Đã công bố")
    assert _points(body, stranger) == ("0.500000", "0.50")
    asked = next(row for row in body.sheet(stranger)["rows"] if row["code"] == ASKED)
    assert asked["answer"] == "Ngày 14/02/2025, kèm văn bản"
    assert [each["purpose"] for each in asked["evidence"]] == ["self_score", "explanation"]
    expect(browser(stranger, body.address).locator("#sheet-state")).to_contain_text("Đã công bố")


def _points(body: OwnBody, reader: Person) -> tuple[str, str]:
    row = next(each for each in body.sheet(reader)["rows"] if each["code"] == AGAIN)
    return row["appraised_2"], row["points"]


def _told(person: Person, words: str) -> dict | None:
    return next((each for each in person.notices() if words in each["title"]), None)
