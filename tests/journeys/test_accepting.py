"""A unit hands in, the office accepts: the figures move, and nobody's work is lost."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.journeys.browsing import Windows, watch
from tests.journeys.people import Person, eventually

from devstack.demo.loading import DEMO

CENT = Decimal("0.01")
SOON = 5.0  # seconds, beside other tests; how soon it really is says `make bench ONLY=screen`


def vi(value: Decimal) -> str:
    """Write with two places, half up, as the pages do: 84,62."""
    return f"{value.quantize(CENT, ROUND_HALF_UP)}".replace(".", ",")


def test_an_accepted_result_moves_completion_and_par_in_a_third_window_by_itself(
    stack, office: Person, person, open_assignments, browser: Windows, picture, tmp_path: Path
) -> None:
    """By hand, with the demo as loaded: 54 of 65 assignments done, all of them due.

    The office links task 10 to 7.1.2 (1.5 points, proportional, floor 80 %). The task has one
    assignment, of the CCHC room, not done: 0 of 1 gives 0 points. Accepted: 1 of 1, 1.5 points.
    1.1.3 (1.5 points, proportional, floor 80 %) counts the plan: 54/65 = 83.08 % gives 1.5 x 54/65
    = 1.2462 points; 55/65 = 84.62 % gives 1.2692.
    The total is of 100 points: it rises by 1.5 + 1.5/65 = 1.5231 per cent, secured and projected.
    """
    [task_10] = [each for each in open_assignments("CCHC") if each["task_number"] == "10"]
    link(stack, office, task_10, "7.1.2")
    before = office.get("reporting", "/overview", year=2025)
    done, all_ = before["completion"]["done"], before["completion"]["all"]
    assert all_ == 65
    assert done / all_ >= 0.8

    head = person("unit_head")
    dashboard = browser(person("director"))
    unit = browser(head, f"/assignments/{task_10['id']}")
    desk = browser(office, f"/assignments/{task_10['id']}")
    figures = dashboard.locator("#live-state")
    eventually(lambda: figures.text_content() == "trực tiếp")
    evidence = tmp_path / "bao_cao.docx"
    evidence.write_bytes((DEMO / "phu_luc_2025.docx").read_bytes())

    hand_in(unit, "Đã tự kiểm tra, báo cáo kèm theo.", evidence)
    picture(unit, "assignment", whole=True)
    one_more = Decimal("1.5") + Decimal("1.5") / all_
    points = {kind: index(office, kind) for kind in ("secured", "projected")}
    rate = vi(Decimal(100 * (done + 1)) / all_)
    shown = watch(
        dashboard,
        {
            "[data-figure=completion_done_all]": f"{done + 1}/{all_}",
            "a.counter:has([data-figure=completion_done_all]) small": f"{rate}%",
            "[data-figure=par_projected]": vi(points["projected"] + one_more) + "%",
            "[data-figure=par_secured]": vi(points["secured"] + one_more) + "%",
        },
    )
    accepted_at = accept(desk)

    late = {at: moment - accepted_at for at, moment in shown(within=10).items()}
    assert max(late.values()) <= SOON, late
    assert row(office, "7.1.2")["secured"] == "1.50"
    assert row(office, "1.1.3")["secured"] == str(
        (Decimal("1.5") * (done + 1) / all_).quantize(CENT, ROUND_HALF_UP)
    )
    picture(dashboard, "dashboard", whole=True)


def test_evidence_can_be_opened_by_the_office_and_is_the_file_the_unit_sent(
    office: Person, person, open_assignments, browser: Windows, tmp_path: Path
) -> None:
    [assignment, *_] = open_assignments("LĐVL")
    evidence = tmp_path / "minh chứng số 1.xlsx"
    evidence.write_bytes((DEMO / "phu_luc_2025.xlsx").read_bytes())
    unit = browser(person("unit_officer_ldvl"), f"/assignments/{assignment['id']}")

    hand_in(unit, "Gửi minh chứng.", evidence)

    desk = browser(office, f"/assignments/{assignment['id']}")
    with desk.expect_download() as saving:
        desk.get_by_role("link", name=evidence.name).first.click()
    assert saving.value.suggested_filename == evidence.name
    assert Path(saving.value.path()).read_bytes() == evidence.read_bytes()


@pytest.fixture
def edited_by_two(person, open_assignments, browser: Windows) -> tuple[Page, Page]:
    """Two officers of one unit, both with the form of one assignment open."""
    path = f"/assignments/{open_assignments('TCBC')[0]['id']}"
    pages = [browser(person(code), path) for code in ("unit_head_tcbc", "unit_officer_tcbc")]
    for page in pages:
        page.get_by_text("Cập nhật tiến độ", exact=True).click()
    return pages[0], pages[1]


def test_the_second_of_two_officers_sees_what_the_first_changed_and_loses_no_word(
    edited_by_two: tuple[Page, Page],
) -> None:
    first, second = edited_by_two
    report(first, 40, "Đã gửi công văn đề nghị các đơn vị phối hợp.")

    with second.expect_response(lambda answer: answer.url.endswith("/progress")) as refused:
        report(second, 60, "Đã tổng hợp xong số liệu của bốn đơn vị.")
    assert refused.value.status == 412
    conflict = second.get_by_role("alert")
    assert "Nhiệm vụ đã được người khác thay đổi" in conflict.inner_text()
    assert "40%" in conflict.inner_text()
    assert second.locator("#note").input_value() == "Đã tổng hợp xong số liệu của bốn đơn vị."
    assert second.locator("#percent").input_value() == "60"

    second.get_by_role("button", name="Lưu tiến độ").click()
    second.get_by_role("status").filter(has_text="tiến độ").wait_for()
    history = second.get_by_role("list").filter(has_text="60%").last.inner_text()
    assert "Đã gửi công văn" in history
    assert "Đã tổng hợp xong" in history


def link(stack, office: Person, assignment: dict, code: str) -> None:
    """Confirm that an assignment's task serves a sub-criterion; wait until it has its points."""
    path = f"/criteria_sets/{stack.demo.set_id}/links"
    known = [item for group in office.get("reporting", path).values() for item in group]
    task = next(item for item in known if item["task_number"] == assignment["task_number"])
    links = [{"task_id": task["task_id"], "sub_criterion": code}]
    office.put("reporting", path, {"links": links})
    eventually(lambda: row(office, code)["secured"] == "0.00")


def index(office: Person, figure: str) -> Decimal:
    """Return a PAR figure unrounded, as its explanation has it."""
    found = office.get("reporting", "/indices/par/2025/explain", figure=figure)
    exact = Fraction(found["evaluation"]["value"])
    return Decimal(exact.numerator) / exact.denominator


def row(office: Person, code: str) -> dict:
    """Return a sub-criterion of the PAR index."""
    rows = office.get("reporting", "/indices/par/2025")["rows"]
    return next(each for each in rows if each["code"] == code)


def hand_in(page: Page, note: str, evidence: Path) -> None:
    """Submit a result with a file."""
    page.get_by_text("Nộp kết quả", exact=True).click()
    page.locator("#result-note").fill(note)
    page.locator("#files").set_input_files(evidence)
    page.get_by_role("button", name="Nộp cho Văn phòng Sở").click()
    page.get_by_role("link", name=evidence.name).first.wait_for()


def accept(page: Page) -> float:
    """Accept the waiting result; return the moment of the answer, in seconds of the clock."""
    page.reload()
    page.get_by_text("Duyệt kết quả", exact=True).click()
    with page.expect_response(lambda answer: answer.url.endswith("/accept")) as answer:
        page.get_by_role("button", name="Duyệt: nhiệm vụ hoàn thành").click()
    timing = answer.value.request.timing
    return (timing["startTime"] + timing["responseStart"]) / 1000


def report(page: Page, percent: int, note: str) -> None:
    """Report progress in the open form."""
    page.locator("#percent").fill(str(percent))
    page.locator("#note").fill(note)
    page.get_by_role("button", name="Lưu tiến độ").click()
