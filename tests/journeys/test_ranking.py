"""A block's ranking in a browser: looked at, published, corrected with a reason."""

import json
from fractions import Fraction
from uuid import uuid4

import pytest
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person, eventually
from tests.journeys.stack import Stack

YEAR = 2025
WIDE = {"viewport": {"width": 1366, "height": 768}}
HIDDEN = """() => [...document.querySelectorAll(".table-wrap:not(.trend-table)")]
  .filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => `${e.getAttribute("aria-label")}: ${e.scrollWidth} > ${e.clientWidth}`)"""
DRAWN = "() => new Promise(done => setTimeout(done, 600))"
# why: the charts' bars grow for 300 ms, and a picture of them half grown says something else


class Block:
    """A block whose bodies' sheets the database holds as approved: who scored them is no matter."""

    def __init__(self, stack: Stack, indices: dict[str, str]) -> None:
        self.stack, self.id = stack, str(uuid4())
        self.name = f"Khối thử {self.id[:6]}"
        self.set_id, body = stack.query(
            "reporting",
            "SELECT id::text, body::text FROM criteria_set WHERE status = 'published'"
            f" AND year = {YEAR} ORDER BY published_at DESC LIMIT 1",
        )[0]
        self.subs = [
            (sub["code"], sub["max_points"])
            for area in json.loads(body)["areas"]
            for criterion in area["criteria"]
            for sub in criterion["sub_criteria"]
        ]
        self._run(f"INSERT INTO block (id, code, name, kind) VALUES ('{self.id}',"
                  f" 'T{self.id[:6]}', '{self.name}', 'departments')")  # fmt: skip
        self._run("INSERT INTO sheet_round (year, block_id, criteria_set_id, closes_on, opened_by,"
                  f" opened_at) VALUES ({YEAR}, '{self.id}', '{self.set_id}', '2025-11-30',"
                  f" '{uuid4()}', now())")  # fmt: skip
        self.bodies = {code: str(uuid4()) for code in indices}
        for code, index in indices.items():
            self._body(code, index)

    def approve(self, code: str, index: str) -> None:
        """Let a body's sheet say another index."""
        self._run(f"UPDATE sheet SET state = 'approved', final = '{self._final(index)}'"
                  f" WHERE body_id = '{self.bodies[code]}'")  # fmt: skip

    def _body(self, code: str, index: str) -> None:
        why = "NULL" if index else "'Mới hợp nhất, chưa đủ số liệu cả năm'"
        self._run("INSERT INTO body (id, code, name, block_id, ineligible_reason) VALUES"
                  f" ('{self.bodies[code]}', '{code}{self.id[:6]}', 'Sở {code}', '{self.id}',"
                  f" {why})")  # fmt: skip
        if index:
            self._run("INSERT INTO sheet (id, year, body_id, block_id, criteria_set_id, state,"
                      f" steps, final) VALUES ('{uuid4()}', {YEAR}, '{self.bodies[code]}',"
                      f" '{self.id}', '{self.set_id}', 'approved', '[]',"
                      f" '{self._final(index)}')")  # fmt: skip

    def _final(self, index: str) -> str:
        share = Fraction(index) / 100
        rows = [[code, f"{float(Fraction(most) * share):.6f}", most, True]
                for code, most in self.subs]  # fmt: skip
        said = {"points": f"{float(100 * share):.6f}", "applicable_points": "100", "bonus": "0",
                "penalty": "0", "index": index, "rows": rows}  # fmt: skip
        return json.dumps(said)

    def _run(self, statement: str) -> None:
        self.stack.query("reporting", statement)


@pytest.fixture
def block(stack: Stack) -> Block:
    """Six bodies: a tie, two that read alike, one that is not eligible."""
    return Block(stack, {"A": "90.0249", "B": "90.0151", "C": "95", "D": "82.5", "E": "82.5",
                         "F": ""})  # fmt: skip


def ranked(page) -> list[str]:
    """Return the table's lines: name, rank, index."""
    rows = page.locator("#ranking-table tbody tr")
    return [" ".join(row.split()) for row in rows.all_inner_texts()]


def test_a_ranking_is_looked_at_published_and_corrected_with_a_reason(
    stack: Stack, block: Block, person, browser: Windows, picture
) -> None:
    path = f"/rankings?block={block.id}&year={YEAR}"
    officer = browser(person("unit_officer"), path)
    assert "Chưa công bố xếp hạng" in officer.locator("main").inner_text()

    desk = browser(person("director"), path, **WIDE)
    assert "Hiện tại, chưa công bố" in desk.locator("#ranking").inner_text()
    lines = ranked(desk)
    assert [line.split(" Tốt")[0] for line in lines[:5]] == [
        "Sở C 1 95,00%", "Sở A 2 90,02%", "Sở B 3 90,02%", "Sở D 4 82,50%", "Sở E 4 82,50%",
    ]  # fmt: skip
    assert "không đủ điều kiện đánh giá" in lines[5]
    assert "Bộ tiêu chí dựng mẫu" in desk.content()
    assert desk.locator("#ranking-table .meter").count() == 5, "a bar in its own row"
    assert problems_of(desk) == []
    assert too_wide(desk) == ""
    desk.get_by_role("button", name="Công bố phiên bản 1").click()
    desk.get_by_role("status").filter(has_text="Đã công bố").first.wait_for()
    picture(desk, "portal_ranking", whole=True)

    officer.locator("#ranking", has_text="Đã công bố: phiên bản 1").wait_for()
    assert officer.locator("#ranking-table tbody tr").count() == 6
    assert officer.get_by_role("button", name="Công bố").count() == 0

    block.approve("C", "88")
    desk.goto(f"{path}&show=preview")
    desk.get_by_role("button", name="Công bố phiên bản 2").click()
    assert desk.locator("#reason:invalid").count() == 1, "a browser asks for the reason itself"
    desk.locator("#reason").fill("Sở C: rà soát lại minh chứng tiêu chí 2.1.1")
    desk.get_by_role("button", name="Công bố phiên bản 2").click()
    desk.get_by_role("link", name="Phiên bản 2").click()
    desk.locator("#differences-title").wait_for()
    told = " ".join(desk.locator("main").inner_text().split())
    assert "rà soát lại minh chứng tiêu chí 2.1.1" in told
    assert "Chỉ số 95,00 → 88,00" in told
    assert "Thứ hạng 1 → 3" in told
    assert problems_of(desk) == []

    first = browser(person("auditor"), f"/rankings/{YEAR}/{block.id}/versions/1")
    assert "Sở C 1 95,00%" in ranked(first)[0]
    assert browser(person("unit_head"), path).locator("#ranking").inner_text().count("88,00%")


def test_what_is_published_is_told_and_leads_to_its_page(
    stack: Stack, block: Block, person, browser: Windows
) -> None:
    office: Person = person("office")
    body = {"block": block.id}
    person("director").post("reporting", f"/rankings/{YEAR}/publish", body)
    eventually(lambda: any(block.name in each["title"] for each in told(office)))

    page = browser(office, "/notifications")
    page.get_by_role("button", name=f"Đã công bố xếp hạng năm {YEAR}: {block.name}").click()
    page.locator("#ranking-table").wait_for()
    assert block.name in page.locator("h1").inner_text()


def told(who: Person) -> list[dict]:
    return who.notices()


@pytest.mark.parametrize(
    "place", ["table", "heat_map", "heat_map?part=1", "heat_map?part=1.1", "bodies", "years"]
)
def test_pages_of_a_ranking_cut_nothing_and_shut_nobody_out(
    place: str, block: Block, person, browser: Windows, picture
) -> None:
    person("director").post("reporting", f"/rankings/{YEAR}/publish", {"block": block.id})
    paths = {"table": f"/rankings?block={block.id}&year={YEAR}"}
    path = paths.get(place, f"/rankings/{YEAR}/{block.id}/{place}")
    for page in (browser(person("auditor"), path, **WIDE), browser.phone(path, person("auditor"))):
        page.evaluate("document.fonts.ready")
        assert "Sở C" in page.locator("main").inner_text()
        assert too_wide(page) == ""
        assert page.evaluate(HIDDEN) == [], "a table is cut"
        assert problems_of(page) == []
        if place == "bodies":
            page.locator("#bodies-chart canvas").first.wait_for()
            assert page.locator("#bodies-table [data-label='1: Sở C']").count()
        if page.viewport_size == WIDE["viewport"] and place != "table" and "?" not in place:
            page.evaluate(DRAWN)
            picture(page, f"portal_ranking_{place}", whole=True)


def test_the_dashboard_says_what_to_act_on_first_and_leads_to_each_head(
    stack: Stack, person, browser: Windows, picture
) -> None:
    page = browser(person("director"), f"/?year={YEAR}", **WIDE)
    first = page.locator("#priorities tbody tr")
    assert first.count() == 6
    assert page.evaluate(HIDDEN) == [], "a table is cut"
    assert "điểm" in page.locator("#priorities .card-more").inner_text()
    page.evaluate(DRAWN)
    picture(page, "portal_director", whole=True)
    page.locator(f"a[href^='/heads/{stack.demo.units['CCHC']}']").click()
    page.locator("#late-title").wait_for()
    assert "Trách nhiệm người đứng đầu" in page.locator("h1").inner_text()
    assert problems_of(page) == []
    assert too_wide(page) == ""
    picture(page, "portal_head", whole=True)
    phone = browser.phone(page.url, person("director"))
    assert too_wide(phone) == ""


def test_a_head_of_unit_opens_its_own_page_and_no_other(
    stack: Stack, person, browser: Windows
) -> None:
    own, other = stack.demo.units["CCHC"], stack.demo.units["VP"]
    page = browser(person("unit_head"), f"/heads/{own}?year={YEAR}")
    assert page.locator("[data-figure=head_open]").count() == 1
    page.goto(f"/heads/{other}?year={YEAR}")
    assert page.locator("[data-figure=head_open]").count() == 0


def test_the_heat_map_leads_by_keyboard_from_areas_down_to_a_row_of_a_sheet(
    block: Block, person, browser: Windows
) -> None:
    person("director").post("reporting", f"/rankings/{YEAR}/publish", {"block": block.id})
    page = browser(person("unit_officer"), f"/rankings/{YEAR}/{block.id}/heat_map", **WIDE)
    page.get_by_role("columnheader").get_by_role("link", name="1", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Về tất cả lĩnh vực").wait_for()
    page.locator("#part").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**part=1.1")
    row = page.get_by_role("row").filter(has_text="Sở C")
    assert "95,00%" in row.inner_text()
    row.get_by_role("cell").get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/score_sheets/**#row-1.1.1")
