"""What people read of figures: how much is known comes first; how a row gets its points."""

import pytest
from playwright.sync_api import Page
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.people import Person, eventually

ROW = "8.2.2"  # 2 points, by deputies: no questionnaire asks it
PROOF = "Biên bản kiểm phiếu số 07/BB-SNV ngày 02/12/2025, 25 phiếu lưu tại Văn phòng Sở"


def official(office: Person) -> str | None:
    rows = office.get("reporting", "/indices/par/2025")["rows"]
    return next(each["official"] for each in rows if each["code"] == ROW)


def test_the_dashboard_says_first_how_many_points_have_a_value(
    office: Person, browser: Windows
) -> None:
    par = office.get("reporting", "/overview", year=2025)["par"]
    known = par["projected"]["coverage"]["points_with_value"].replace(".", ",")
    page = browser(office)

    assert page.locator("[data-figure=par_coverage]").inner_text() == known
    row = page.locator("a.row-figure", has_text="Dự kiến").first
    assert f"{known} trong 100 điểm đã có giá trị" in row.inner_text()
    assert row.locator("[data-figure=par_projected]").inner_text().endswith("%")
    official = page.locator("a.row-figure", has_text="Chính thức").first.inner_text()
    assert "0 trong 100 điểm đã có giá trị" in official
    assert "0,00%" not in official, "nothing is no 0 %"


def test_the_rows_of_an_open_round_are_not_called_live(office: Person, browser: Windows) -> None:
    page = browser(office, "/indices/par/2025")
    row = page.locator("tr", has_text="8.1.1")

    assert "trực tiếp" not in row.inner_text()
    assert problems_of(page) == []


def test_counted_ballots_become_official_when_the_appraiser_accepts_them(
    office: Person, person, browser: Windows, picture
) -> None:
    """25 ballots: 2 × (15 × 1 + 5 × 0.6 + 5 × 0.2) / 25 = 1.52."""
    desk = browser(office, f"/indices/par/2025/{ROW}/explain")
    assert "Cần nhập số phiếu theo từng phương án kèm minh chứng" in desk.content()
    desk.get_by_role("link", name="Phiếu kiểm").click()
    enter(desk, {"A": 15, "B": 5, "C": 5, "D": 0}, PROOF)
    desk.get_by_role("status").filter(has_text="Đã nhập phiếu kiểm").wait_for()
    assert official(office) is None
    picture(desk, "portal_ballots", whole=True)

    judge = browser(person("appraiser"), f"/indices/par/2025/{ROW}/ballots")
    assert PROOF in judge.content()
    assert judge.get_by_role("button", name="Nhập phiếu kiểm").count() == 0
    judge.get_by_role("button", name="Chấp nhận phiếu kiểm").click()
    judge.get_by_role("status").filter(has_text="Đã chấp nhận").wait_for()

    eventually(lambda: official(office) == "1.52")
    told = browser(office, f"/indices/par/2025/{ROW}/explain?figure=official")
    assert "A: 15 trong 25 trả lời, trọng số 1: 1,20 điểm" in told.content()
    assert PROOF in told.content()


def test_ballots_that_are_no_numbers_are_refused_beside_what_was_typed(
    office: Person, browser: Windows
) -> None:
    page = browser(office, "/indices/par/2025/2.5.1/ballots")
    enter(page, {"A": "mười", "B": 5, "C": 5, "D": 0}, PROOF)

    page.get_by_role("alert").wait_for()
    assert page.locator("[name=option_A]").input_value() == "mười"
    assert page.locator("#ballots_evidence").input_value() == PROOF


@pytest.mark.parametrize("path", ["/indices/par/2025", "/indices/par/2025/2.5.1/ballots"])
def test_the_pages_of_figures_fit_a_phone(path: str, office: Person, browser: Windows) -> None:
    page = browser.phone(path, office)
    page.evaluate("document.fonts.ready")

    assert too_wide(page) == ""
    assert problems_of(page) == []


def enter(page: Page, counts: dict[str, object], proof: str) -> None:
    """Type how many chose each option, and what proves it."""
    for option, n in counts.items():
        page.locator(f"[name=option_{option}]").fill(str(n))
    page.locator("#ballots_evidence").fill(proof)
    page.get_by_role("button", name="Nhập phiếu kiểm").click()


def test_a_font_that_comes_late_draws_the_chart_anew_and_freezes_nothing(
    office: Person, browser: Windows
) -> None:
    page = browser(office)
    page.locator("#units-chart canvas").wait_for()
    page.evaluate("""() => { setTimeout(() => {
        document.fonts.dispatchEvent(new Event("loadingdone"));
        document.title = "drawn anew";
    }) }""")

    page.wait_for_function("document.title === 'drawn anew'")
    assert page.locator("#units-chart canvas").count() == 1
