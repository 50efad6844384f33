"""Citizens answer on a phone without scripts; counts, and then figures, move at the department."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.browsing import Windows, watch
from tests.journeys.people import Person, eventually

from devstack.demo.loading import read

SCALED = [
    question["code"]
    for section in read("questionnaire.yaml")["sections"]
    for question in section["questions"]
    if question["kind"] == "scale5"
]
NO_SCRIPT = {"java_script_enabled": False}


@pytest.fixture
def ticket(stack, office: Person) -> Callable[[], str]:
    """Return a function that gives the address on a new one-time ticket of the CCHC room."""

    def issue() -> str:
        body = {"unit_id": stack.demo.units["CCHC"], "count": 1}
        made = office.post("surveys", f"/rounds/{stack.demo.round_id}/tickets", body)
        return made["tickets"][0]["url"]

    return issue


def test_an_answer_from_a_phone_without_scripts_moves_the_count_and_not_the_figure_elsewhere(
    stack, office: Person, person, ticket, browser: Windows, picture
) -> None:
    """One answer moves the department's count, and what only steering sees; not the figure."""
    before = satisfaction(office)
    dashboard, other = browser(person("director")), browser(person("unit_head_ncc"))
    for page in (dashboard, other):
        eventually(lambda p=page: p.locator("#live-state").text_content() == "trực tiếp")
    count = {"[data-figure=satisfaction_n]": f"{before['n'] + 1}"}
    shown, shown_there = watch(dashboard, count), watch(other, count)
    figure = dashboard.locator("[data-figure=satisfaction_share]")
    assert figure.text_content() == vi(before["share"])

    phone = browser.phone(ticket(), **NO_SCRIPT)
    answer_all(phone, 5)
    send(phone)

    expect(phone.get_by_role("heading", level=1)).to_have_text("Cảm ơn Ông/Bà đã trả lời")
    shown(within=10)
    shown_there(within=10)
    after = satisfaction(office)
    expect(figure).to_have_text(vi(after["share"]))
    if after["released"] == before["released"]:  # else three units had just enough without it
        assert after["share"] == before["share"]
    else:
        assert after["released"]["n"] >= before["released"]["n"] + 30
    assert after["steering"]["n"] == before["steering"]["n"] + 1
    assert other.locator("[data-figure=steering]").count() == 0
    result = browser(office, f"/surveys/{stack.demo.round_id}")
    assert "không ai đoán được phiếu" in result.locator("#results").inner_text()
    picture(result, "survey_results", whole=True)


def test_enough_answers_of_three_units_move_the_figure_of_a_page_that_is_open(
    stack, office: Person, person, browser: Windows
) -> None:
    """A unit is due from 20 waiting ballots, a fifth of its released ones: 25 are enough."""
    before = satisfaction(office)
    dashboard = browser(person("director"), f"/surveys/{stack.demo.round_id}")
    release = before["released"]["release"]
    figures = dashboard.locator("#results")
    expect(figures).to_contain_text(f"lần công bố {release},")

    for unit in ("VP", "CCHC", "NCC"):
        answer_with_tickets(stack, office, unit, 25)

    expect(figures).not_to_contain_text(f"lần công bố {release},", timeout=15_000)
    after = satisfaction(office)
    assert after["released"]["release"] > release
    assert after["released"]["n"] >= before["released"]["n"] + 30
    assert after["n"] == before["n"] + 75


def test_a_ticket_answers_once_and_says_so_kindly_the_second_time(ticket, browser: Windows) -> None:
    address = ticket()
    phone, tablet = (browser.phone(address, **NO_SCRIPT) for _ in range(2))
    answer_all(phone, 4)
    answer_all(tablet, 4)
    send(phone)

    send(tablet)

    again = browser.phone(address, **NO_SCRIPT)
    for page, words in (
        (tablet, "Phiếu vừa gửi chưa được ghi nhận."),
        (again, "không cần gửi lại"),
    ):
        assert page.get_by_role("heading", level=1).inner_text() == "Giấy mời này đã được dùng"
        assert words in page.locator("main").inner_text()


def test_a_wrong_answer_is_named_in_the_summary_and_the_other_answers_stay(
    ticket, browser: Windows
) -> None:
    phone = browser.phone(ticket(), **NO_SCRIPT)
    answer_all(phone, 4)
    phone.locator("input[name='F1.1'][value='5']").evaluate("each => { each.value = '9' }")
    phone.locator("input[name='F1.1'][value='9']").check()

    send(phone)

    expect(phone).to_have_title(re.compile("^Lỗi: "))
    summary = phone.get_by_role("alert")
    assert "Phiếu chưa gửi được: 1 chỗ cần xem lại" in summary.inner_text()
    assert phone.locator("input[type=radio][value='4']:checked").count() > 20
    summary.get_by_role("link").click()
    phone.locator("input[name='F1.1'][value='4']").check()
    send(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Cảm ơn Ông/Bà đã trả lời")


def test_an_empty_ballot_is_asked_for_an_answer(ticket, browser: Windows) -> None:
    phone = browser.phone(ticket(), **NO_SCRIPT)

    send(phone)

    expect(phone).to_have_title(re.compile("^Lỗi: "))
    assert "Phiếu chưa gửi được" in phone.get_by_role("alert").inner_text()


def satisfaction(who: Person) -> dict[str, Any]:
    """Return the year's satisfaction index as somebody sees it."""
    return who.get("reporting", "/overview", year=2025)["satisfaction"]


def answer_with_tickets(stack, office: Person, unit: str, count: int) -> None:
    """Answer as so many citizens whom a unit served, all of them very satisfied."""
    body = {"unit_id": stack.demo.units[unit], "count": count}
    path = f"/rounds/{stack.demo.round_id}/tickets"
    for made in office.post("surveys", path, body)["tickets"]:
        ballot = {
            "response_id": str(uuid4()), "choices": {}, "text": {},
            "answers": dict.fromkeys(SCALED, 5),
        }  # fmt: skip
        office.post("surveys", f"/public/{made['code']}/responses", ballot)


def vi(value: str) -> str:
    """Write without needless zeros, as the pages do while a round is open."""
    return f"{Decimal(value).normalize():f}".replace(".", ",")


def answer_all(page: Page, value: int) -> None:
    """Tick the same level for every question of the scale."""
    for each in page.locator(f".scale input[type=radio][value='{value}']").all():
        each.check()


def send(page: Page) -> None:
    """Send the ballot."""
    page.get_by_role("button", name="Gửi phiếu").click()
