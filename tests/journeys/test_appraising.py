"""Two appraisers on one score sheet at once, in two browsers: no cell of either is lost."""

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.browsing import Windows, end_session, problems_of, sign_in, too_wide
from tests.journeys.own_sheet import OwnBody, cell, saved
from tests.journeys.people import Person
from tests.journeys.stack import Stack

pytestmark = pytest.mark.timeout(420)
BOTH = ["appraiser", "appraiser_2"]
MINE, STORED = "Lưu nội dung của tôi thay vào", "Giữ nội dung đang lưu"


@pytest.fixture
def body(stack: Stack, office: Person) -> OwnBody:
    """A body whose sheet is open, with two appraisers."""
    return OwnBody(stack, office, "unit_head_xdcq", BOTH).open()


def write(page: Page, name: str, code: str, words: str) -> None:
    """Type into a cell and leave it by Enter."""
    page.locator(cell(name, code)).fill(words)
    page.keyboard.press("Enter")


def state_of(page: Page, code: str):
    return page.locator(f"[id='row-{code}'] .row-state")


def test_two_appraisers_in_the_same_rows_keep_every_cell_and_see_what_the_other_wrote(
    stack: Stack, body: OwnBody, person, browser: Windows, picture
) -> None:
    one, two, three, four = body.score()[:4]
    first, second = (browser(person(code), body.address) for code in BOTH)

    for page, code in ((first, one), (second, two)):  # different rows, at once
        write(page, "note", code, f"Đã đối chiếu {code}")
    saved(first)
    saved(second)
    assert [body.row(each)["appraisal_note"] for each in (one, two)] == [
        f"Đã đối chiếu {one}", f"Đã đối chiếu {two}",
    ]  # fmt: skip

    most = first.locator(cell("points", three)).get_attribute("data-own")
    write(first, "points", three, most)  # the same row, different cells
    saved(first)
    write(second, "note", three, "Có văn bản")
    expect(state_of(second, three)).to_contain_text("cùng với nội dung người khác vừa sửa")
    expect(second.locator(cell("points", three))).to_have_value(most)
    row = body.row(three)
    assert (row["appraised_1"] is not None, row["appraisal_note"]) == (True, "Có văn bản")

    write(first, "note", four, "Của người thứ nhất")  # the same cell
    saved(first)
    write(second, "note", four, "Của người thứ hai")
    told = state_of(second, four)
    expect(told).to_contain_text("Của người thứ nhất")
    expect(told).to_contain_text("Của người thứ hai")
    expect(told).to_contain_text("Thành viên Hội đồng thẩm định")
    expect(second.locator(cell("note", four))).to_have_value("Của người thứ hai")
    assert body.row(four)["appraisal_note"] == "Của người thứ nhất"
    _looks_well(second, four, picture)
    second.locator("[data-step]").click()  # nothing is decided for whoever goes on
    expect(second.locator("#not-stored")).to_be_visible()
    assert body.row(four)["appraisal_note"] == "Của người thứ nhất"
    told.get_by_role("button", name=MINE).press("Enter")
    expect(told).to_contain_text("đã lưu")
    assert body.row(four)["appraisal_note"] == "Của người thứ hai"

    write(first, "note", four, "Nghĩ lại")
    state_of(first, four).get_by_role("button", name=STORED).press("Enter")
    expect(first.locator(cell("note", four))).to_have_value("Của người thứ hai")
    assert first.evaluate("document.activeElement.id") == cell("note", four)[1:]
    saved(first)
    write(first, "question", four, "Ngày nào?")  # beside the note, in a form of its own
    saved(first)
    write(second, "question", four, "Ở đâu?")
    expect(state_of(second, four)).to_contain_text("Ngày nào?")
    row = body.row(four)
    assert (row["appraisal_note"], row["question"]) == ("Của người thứ hai", "Ngày nào?")


def _looks_well(page: Page, code: str, picture) -> None:
    assert problems_of(page) == []
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.locator(f"[id='row-{code}']").scroll_into_view_if_needed()
        assert too_wide(page) == ""
        picture(page, f"sheet_two_texts_{width}")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_what_one_appraiser_types_while_the_other_locks_or_the_director_approves_is_told_and_stays(
    stack: Stack, body: OwnBody, person, browser: Windows
) -> None:
    one, two = body.score(appraised=True)[:2]
    first, second = (browser(person(code), body.address) for code in BOTH)
    first.keyboard.press("Control+Enter")
    first.keyboard.press("Enter")
    first.locator("#confirm").get_by_role("button", name="Chốt", exact=True).press("Enter")
    first.get_by_role("status").filter(has_text="Đã chốt").first.wait_for()

    write(second, "note", one, "Đang gõ dở khi phiếu bị chốt")
    expect(state_of(second, one)).to_contain_text("đang thẩm định lần 2")
    expect(second.locator(cell("note", one))).to_have_value("Đang gõ dở khi phiếu bị chốt")
    assert body.row(one)["appraisal_note"] is None

    second.reload()
    sheet = body.sheet()
    person("director").post("reporting", f"{body.address}/approve", version=sheet["version"])
    write(second, "note", two, "Đang gõ dở khi phiếu được duyệt")
    expect(state_of(second, two)).to_contain_text("đã duyệt")
    expect(second.locator(cell("note", two))).to_have_value("Đang gõ dở khi phiếu được duyệt")
    assert body.row(two)["appraisal_note_2"] is None


def test_what_was_typed_as_a_session_ended_is_stored_once_its_writer_is_back_in_another_tab(
    stack: Stack, body: OwnBody, person, browser: Windows
) -> None:
    one, two = body.score()[:2]
    first = browser(person(BOTH[0]), body.address)
    second = browser.open()
    sign_in(second, BOTH[1], body.address)
    end_session(stack, second)
    write(second, "note", one, "Gõ khi hết phiên")
    expect(second.locator("#session-ended")).to_be_visible()
    expect(second.locator(cell("note", one))).to_have_value("Gõ khi hết phiên")
    write(first, "note", two, "Vẫn làm tiếp")
    write(first, "question", one, "Căn cứ nào?")  # meanwhile, in the same row
    saved(first)
    assert body.row(one)["appraisal_note"] is None

    sign_in(second.context.new_page(), BOTH[1])
    second.bring_to_front()
    second.locator(cell("note", one)).press("Enter")
    expect(second.locator("#session-ended")).to_be_hidden()
    saved(second)
    row = body.row(one)
    assert (row["appraisal_note"], row["question"]) == ("Gõ khi hết phiên", "Căn cứ nào?")
    expect(second.locator(cell("question", one))).to_have_value("Căn cứ nào?")
