"""A citizen answers on a phone without scripts; the satisfaction index moves at the department."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.browsing import Windows, watch
from tests.journeys.people import Person, eventually

CENT = Decimal("0.01")
NO_SCRIPT = {"java_script_enabled": False}


@pytest.fixture
def ticket(stack, office: Person) -> Callable[[], str]:
    """Return a function that gives the address on a new one-time ticket of the CCHC room."""

    def issue() -> str:
        body = {"unit_id": stack.demo.units["CCHC"], "count": 1}
        made = office.post("surveys", f"/rounds/{stack.demo.round_id}/tickets", body)
        return made["tickets"][0]["url"]

    return issue


def test_an_answer_from_a_phone_without_scripts_moves_the_satisfaction_index_elsewhere(
    stack, office: Person, person, ticket, browser: Windows, picture
) -> None:
    """By hand, with the demo as loaded: of 2 346 valid answers 2 083 are 4 or 5.

    The index is 100 x 2083/2346 = 88.79 %, n = 130. A ballot of fives only adds one satisfied
    answer to each of the 19 questions that are pooled: 100 x 2102/2365 = 88.88 %, n = 131.
    """
    counted = answers_of(stack, office)
    before = 100 * counted.satisfied / counted.valid
    after = 100 * (counted.satisfied + counted.pooled) / (counted.valid + counted.pooled)
    dashboard = browser(person("director"))
    eventually(lambda: dashboard.locator("#live-state").text_content() == "trực tiếp")
    assert dashboard.locator("[data-figure=satisfaction_share]").text_content() == vi(before)
    shown = watch(
        dashboard,
        {
            "[data-figure=satisfaction_share]": vi(after),
            "[data-figure=satisfaction_n]": f"{counted.n + 1}",
        },
    )

    phone = browser.phone(ticket(), **NO_SCRIPT)
    answer_all(phone, 5)
    send(phone)

    expect(phone.get_by_role("heading", level=1)).to_have_text("Cảm ơn Ông/Bà đã trả lời")
    shown(within=10)
    result = browser(office, f"/surveys/{stack.demo.round_id}")
    assert vi(after) in result.locator("#results .hero-ring").inner_text()
    picture(result, "survey_results", whole=True)


def test_a_ticket_answers_once_and_says_so_kindly_the_second_time(ticket, browser: Windows) -> None:
    address = ticket()
    phone, tablet = (browser.phone(address, **NO_SCRIPT) for _ in range(2))
    answer_all(phone, 4)
    answer_all(tablet, 4)
    send(phone)

    send(tablet)

    for page in (tablet, browser.phone(address, **NO_SCRIPT)):
        assert page.get_by_role("heading", level=1).inner_text() == "Giấy mời này đã được dùng"
        assert "không cần gửi lại" in page.locator("main").inner_text()


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


class Counted:
    """Answers behind the department's figure, as its explanation gives them."""

    def __init__(self, n: int, facts: dict[str, int]) -> None:
        self.n = n
        self.valid = Decimal(sum(facts[f"n{value}"] for value in range(1, 6)))
        self.satisfied = facts["n4"] + facts["n5"]
        self.pooled = int((self.valid + facts["missing"]) / n)


def answers_of(stack, office: Person) -> Counted:
    """Read the counts; the demo's 130 ballots have 19 pooled questions each."""
    path = f"/indices/satisfaction/{stack.demo.round_id}"
    facts = office.get("reporting", f"{path}/explain")["evaluation"]["facts"]
    counted = Counted(office.get("reporting", path)["n"], facts)
    assert counted.pooled == 19
    return counted


def vi(value: Decimal) -> str:
    """Write with two places, half up, as the pages do."""
    return f"{value.quantize(CENT, ROUND_HALF_UP)}".replace(".", ",")


def answer_all(page: Page, value: int) -> None:
    """Tick the same level for every question of the scale."""
    for each in page.locator(f".scale input[type=radio][value='{value}']").all():
        each.check()


def send(page: Page) -> None:
    """Send the ballot."""
    page.get_by_role("button", name="Gửi phiếu").click()
