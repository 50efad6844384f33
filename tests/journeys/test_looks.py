"""What everybody meets: pages a screen reader can use, that fit a phone, that explain a failure."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page
from tests.journeys.browsing import Windows, problems_of, sign_in, too_wide
from tests.journeys.people import Person

pytestmark = pytest.mark.story

OUTSIDE = ("sign_in", "form")
INSIDE = {
    "dashboard": "/?year=2025",
    "assignments": "/assignments",
    "assignment": "/assignments/{assignment}",
    "round": "/surveys/{round}",
    "questions": "/questions",
    "measures": "/measures",
    "instructions": "/instructions",
    "new instruction": "/instructions/new",
    "month": "/office_month?month=2025-11",
    "unit reports": "/unit_reports",
    "settings of unit reports": "/unit_report_settings",
    "notifications": "/notifications",
    "sheets": "/score_sheets?year=2025",
    "sheet": "/score_sheets/2025/bodies/{body}",
    "bodies": "/bodies",
    "explanation": "/indices/par/2025/1.1.3/explain",
    "nothing there": "/assignments/{nothing}",
}


@pytest.fixture
def places(stack, office: Person, plan) -> dict[str, str]:
    """Return the addresses of pages; those about one thing show what the demo has."""
    assignment = office.get("tasks", "/assignments", plan_id=plan["id"], limit=1)["data"][0]
    ids = {"assignment": assignment["id"], "round": stack.demo.round_id}
    body = next(b for b in office.all("reporting", "/bodies") if b["code"] == "VP")
    ids["body"] = body["id"]
    links = office.get("surveys", f"/rounds/{stack.demo.round_id}/links")["data"]
    inside = {name: path.format(**ids, nothing=uuid4()) for name, path in INSIDE.items()}
    return {**inside, "sign_in": "/sign_in", "form": links[0]["url"]}


@pytest.mark.parametrize("name", [*OUTSIDE, *INSIDE])
def test_a_page_has_nothing_that_shuts_people_out(
    name: str, places, office: Person, browser: Windows
) -> None:
    page = browser.open(places[name], None if name in OUTSIDE else office.code)
    page.evaluate("document.fonts.ready")

    assert problems_of(page) == []


@pytest.mark.parametrize("name", ["dashboard", "assignments", "notifications", "sheet", "form"])
def test_a_page_fits_a_phone_without_scrolling_sideways(
    name: str, places, office: Person, browser: Windows, picture
) -> None:
    page = browser.phone(places[name], None if name in OUTSIDE else office)
    page.evaluate("document.fonts.ready")

    assert too_wide(page) == ""
    if name == "dashboard":
        picture(page, "dashboard_phone", whole=True)


def test_a_person_signs_in_by_clicking_and_out_again(stack, browser: Windows) -> None:
    page = browser.open("/sign_in")
    sign_in(page, "auditor", "/assignments")
    assert page.url.endswith("/assignments")
    assert "Cán bộ kiểm tra, giám sát" in page.locator(".who").inner_text()

    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/sign_in**")
    page.goto("/assignments")
    assert "/sign_in" in page.url


def test_a_page_that_shows_nothing_says_what_would_stand_there(
    office: Person, browser: Windows, picture
) -> None:
    page = browser(office, "/assignments?q=không+có+từ+này")

    assert page.get_by_role("link", name="Bỏ lọc").or_(page.locator(".empty-state a")).count()
    picture(page, "empty")


def test_a_wrong_address_and_one_of_another_unit_look_the_same(
    person, open_assignments, browser: Windows, picture
) -> None:
    foreign = open_assignments("TTr")[0]["id"]
    officer = person("unit_officer_ldvl")
    texts = []
    for place in (foreign, uuid4()):
        page: Page = browser(officer, f"/assignments/{place}")
        texts.append(page.locator("main").inner_text())
        assert page.locator("main a").count()
    assert texts[0] == texts[1]
    picture(page, "error")
