"""The buttons on a page are what the service allows this person, no more and no fewer."""

import pytest
from tests.journeys.browsing import Windows
from tests.journeys.people import Person

OPEN = {"not_started", "in_progress", "returned"}
FORMS = {
    "report_progress": "/progress",
    "submit_result": "/results",
    "accept_result": "/accept",
    "return_result": "/return",
    "change": "/change",
    "ask_contribution": "/contributions",
    "ask_question": "/questions",
    "request_extension": "/extensions",
    "commit": "/commitments",
    "pause": "/pause",
    "resume": "/resume",
    "hand_over": "/hand_over",
    "cancel": "/end",
}


@pytest.fixture
def assignments(office: Person, person, plan, stack) -> dict[str, str]:
    """Three assignments of the TCBC room by where they stand: open, submitted, done."""
    query = {"plan_id": plan["id"], "unit_id": stack.demo.units["TCBC"]}
    found = office.all("tasks", "/assignments", **query)
    submitted = [each for each in found if each["status"] == "submitted"]
    open_ = [each for each in found if each["status"] in OPEN]
    if not submitted:
        submitted = [open_.pop()]
        person("unit_officer_tcbc").hand_in(submitted[0])
    done = [each for each in found if each["status"] == "done"]
    return {"open": open_[0]["id"], "submitted": submitted[0]["id"], "done": done[0]["id"]}


@pytest.mark.parametrize("state", ["open", "submitted", "done"])
@pytest.mark.parametrize("code", ["director", "office", "unit_head_tcbc"])
def test_an_assignments_page_offers_exactly_what_its_view_allows(
    code: str, state: str, assignments: dict[str, str], person, browser: Windows
) -> None:
    path = f"/assignments/{assignments[state]}"
    allowed = person(code).get("tasks", path)["allowed"]

    page = browser(person(code), path)

    offered = [act for act, end in FORMS.items() if page.locator(f"form[action$='{end}']").count()]
    assert sorted(offered) == sorted(allowed)
    assert allowed or code != "office" or state == "done", "the Office always has something to do"


@pytest.mark.parametrize("address", ["/plans/new", "/surveys/new"])
def test_a_form_opened_by_its_address_is_refused_to_who_may_not_send_it(
    address: str, office: Person, person, browser: Windows
) -> None:
    page = browser(person("auditor"), address)
    assert page.locator("main form").count() == 0
    assert "Vai trò của bạn không bao gồm việc này." in page.locator("main").inner_text()

    assert browser(office, address).locator("main form").count() == 1
