"""Who is told, how, and that nobody else is."""

from collections import Counter
from collections.abc import Callable

import httpx
import pytest
from tests.journeys.browsing import Windows
from tests.journeys.people import Person, eventually

from devstack.demo.loading import people


class Told:
    """What anybody was told of an assignment: unread notifications and letters.

    Of one assignment: every minute somebody is reminded of others that earlier journeys left.
    """

    def __init__(self, stack, person: Callable[[str], Person]) -> None:
        self._stack, self._person = stack, person
        self._everyone = [p for p in people() if p["role"] != "external_system"]

    def of(self, assignment: dict) -> Counter[str]:
        """Count, as `code in-app` and `code by mail`, once nothing is on its way any more."""
        self._stack.settle()
        found: Counter[str] = Counter()
        for one in self._everyone:
            code = one["employee_code"]
            unread = self._person(code).all("notifications", "/notifications", unread="true")
            found[f"{code} in-app"] = sum(e["subject_id"] == assignment["id"] for e in unread)
        for letter in self.letters():
            if f"/assignments/{assignment['id']}" in letter["text"]:
                found.update(f"{to.partition('@')[0]} by mail" for to in letter["to"])
        return found

    def read_everything(self) -> None:
        """Let everybody read what they were told so far: what settles itself is unread only."""
        self._stack.settle()
        for one in self._everyone:
            self._person(one["employee_code"]).post("notifications", "/notifications/read_all")

    def letters(self, to: str = "") -> list[dict]:
        """Return letters, newest first."""
        asked = {"to": to, "limit": "1000"}
        url = f"{self._stack.addresses['mailbox']}/messages.json"
        return httpx.get(url, params=asked, timeout=10).json()["data"]


@pytest.fixture(scope="module")
def told(stack, person) -> Told:
    return Told(stack, person)


@pytest.fixture
def accountable(told: Told, office: Person, person, open_assignments) -> dict:
    """An assignment of the TĐKT room for which its officer is accountable; all that was is read."""
    assignment = open_assignments("TĐKT")[0]
    path = f"/assignments/{assignment['id']}"
    officer = person("unit_officer_tdkt").get("tasks", "/me")
    change = {"accountable_person_id": officer["person_id"], "reason": "Phân công trong phòng."}
    made = office.patch("tasks", path, change, version=assignment["version"])
    told.read_everything()
    return made


def test_an_acceptance_tells_the_accountable_officer_and_the_head_of_the_unit_and_nobody_else(
    told: Told, office: Person, person, accountable: dict, browser: Windows, picture
) -> None:
    result = person("unit_officer_tdkt").hand_in(accountable)
    before = told.of(accountable)
    head = browser(person("unit_head_tdkt"), "/assignments")
    bell = head.locator("#bell-count")
    eventually(lambda: head.locator("#live-state").inner_text() == "trực tiếp")
    before_it = bell.inner_text()

    path = f"/assignments/{accountable['id']}/results/{result}/accept"
    office.post("tasks", path, {"note": None})

    eventually(lambda: bell.inner_text() not in {"", before_it})
    assert told.of(accountable) - before == Counter(
        {
            "unit_officer_tdkt in-app": 1, "unit_officer_tdkt by mail": 1,
            "unit_head_tdkt in-app": 1, "unit_head_tdkt by mail": 1,
        }
    )  # fmt: skip
    head.locator("#bell summary").click()
    told_of_it = head.locator("#bell-list article", has_text=accountable["number"]).first
    told_of_it.wait_for()
    assert "Bạn phụ trách đơn vị chủ trì nhiệm vụ này" in told_of_it.inner_text()
    head.goto("/notifications")
    picture(head, "notifications")


def test_a_letter_says_what_happened_why_it_came_and_leads_to_the_assignment(
    told: Told, office: Person, person, accountable: dict, browser: Windows
) -> None:
    result = person("unit_officer_tdkt").hand_in(accountable)
    known = {letter["id"] for letter in told.letters("unit_officer_tdkt")}
    path = f"/assignments/{accountable['id']}/results/{result}/return"
    office.post("tasks", path, {"reason": "Thiếu danh sách ký nhận."})

    def came() -> list[dict]:
        return [each for each in told.letters("unit_officer_tdkt") if each["id"] not in known]

    [letter] = eventually(came)
    assert f"Kết quả nhiệm vụ {accountable['number']} bị trả lại" in letter["subject"]
    assert "Bạn là người chịu trách nhiệm nhiệm vụ này" in letter["text"]
    assert "Thiếu danh sách" not in letter["text"]  # reasons are read behind the sign-in
    address = f"{told._stack.addresses['portal']}/assignments/{accountable['id']}"
    assert address in letter["text"]
    page = browser(person("unit_officer_tdkt"), address)
    page.get_by_text("Thiếu danh sách ký nhận.").first.wait_for()


def test_a_submitted_result_tells_the_office_and_nobody_else(
    told: Told, person, accountable: dict
) -> None:
    before = told.of(accountable)

    person("unit_officer_tdkt").hand_in(accountable)

    assert told.of(accountable) - before == Counter({"office in-app": 1, "office by mail": 1})
    subject = told.letters("office@")[0]["subject"]
    assert f"gửi kết quả nhiệm vụ {accountable['number']}, chờ duyệt" in subject
