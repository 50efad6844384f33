"""A partner's own program keeps a copy that equals what our APIs answer, whatever befalls it."""

import contextlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.partner import Between, Partner, Program, busy
from tests.journeys.people import Person, eventually
from tests.journeys.stack import QUEUE_LENGTH, Stack

from devstack.demo.loading import people
from devstack.demo.office import Office
from devstack.demo.partner import DemoPartner
from devstack.sign_in import access_token

LEVEL = 90.0  # seconds: what was refused comes again after 5 s and more
UNFINISHED = {"not_started", "in_progress", "returned"}
# What events and APIs both say.
SAID = {
    "assignment": (
        "version", "number", "plan_id", "task_id", "task_number", "section", "subject_matter",
        "content", "product", "unit_id", "coordinating_unit_ids", "accountable_person_id",
        "occurrence", "deadline_kind", "deadline_text", "starts_on", "due_on", "last_working_day",
        "status", "progress_percent", "submitted_on", "accepted_at",
    ),
    "plan": ("version", "year", "title", "unit_id", "status", "closes_on", "targets"),
}  # fmt: skip
Things = dict[str, Any]


class Sides:
    """The two that must be equal: the partner's copy, and our APIs with the partner's token."""

    def __init__(self, partner: Partner, program: Program) -> None:
        self.person, self.program = partner.person, program

    def equal(self) -> bool:
        """Tell whether the copy is what the APIs answer now, and there is something in it."""
        kept, figures = self.kept(), self.kept_figures()
        answered, shown = self.answered(), self.shown_figures()
        enough = all((*answered.values(), shown))
        return enough and kept == answered and shown.items() <= figures.items()

    def kept(self) -> dict[str, Things]:
        """Return the plans and assignments that the partner keeps."""
        found: dict[str, Things] = {kind: {} for kind in SAID}
        for kind, id_, state in self.program.rows("SELECT kind, id, state FROM newest"):
            if kind in SAID:
                found[kind][id_] = _said(kind, json.loads(state))
        return found

    def answered(self) -> dict[str, Things]:
        """Return those that our API answers it."""
        return {
            kind: {each["id"]: _said(kind, each) for each in self.person.all("tasks", f"/{kind}s")}
            for kind in SAID
        }

    def kept_figures(self) -> Things:
        """Return the figures that the partner keeps."""
        rows = self.program.rows("SELECT state FROM newest WHERE kind = 'index'")
        states = [json.loads(state) for (state,) in rows]
        return {f"{each['kind']} {each['scope_id']}": _figure(each["value"]) for each in states}

    def shown_figures(self) -> Things:
        """Return those that our API answers it; what there is not yet was not announced."""
        seen = self.person.get("reporting", "/overview", year=2025)
        plans, sheet, head = seen["plans"], seen["criteria_set"]["id"], seen["satisfaction"]
        kinds = ("secured", "projected", "official")
        found = {f"completion {plan['plan_id']}": plan["rate_all"] for plan in plans}
        found |= {f"par_{kind} {sheet}": seen["par"][kind]["value"] for kind in kinds}
        if head:
            found[f"satisfaction {seen['round_id']}"] = head[head["method"]]
        return {name: _figure(value) for name, value in found.items() if value is not None}


def _said(kind: str, about: Things) -> Things:
    return {name: about[name] for name in SAID[kind]}


def _figure(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@pytest.fixture
def made(stack: Stack, person, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that makes a partner with its program, by a transport."""
    all_made: list[tuple[Partner, Program]] = []

    def make(transport: str) -> tuple[Partner, Program, Sides]:
        partner = Partner(stack, person("admin"), transport)
        program = Program(partner, tmp_path)
        all_made.append((partner, program))
        return partner, program, Sides(partner, program)

    yield make
    for partner, program in all_made:
        program.kill()
        person("admin").ask("POST", "notifications", f"{partner.at}/pause", {})


@pytest.fixture
def work(office: Person, person, plan, stack: Stack) -> Callable[[int], None]:
    """Return a function that lets so many things happen in the department."""
    heads = {
        each["unit"]: each["employee_code"] for each in people() if each["role"] == "unit_head"
    }
    units = {id_: code for code, id_ in stack.demo.units.items() if code in heads}
    found: dict[str, list[Things]] = {}
    for each in office.all("tasks", "/assignments", plan_id=plan["id"]):
        if each["status"] in UNFINISHED and each["unit_id"] in units:
            found.setdefault(units[each["unit_id"]], []).append(each)
    unit = max(found, key=lambda code: len(found[code]))
    return busy(person(heads[unit]), found[unit][:4])


@pytest.mark.parametrize("transport", ["feed", "webhook", "amqp"])
def test_killed_and_without_its_database_the_copy_is_level_again(
    stack: Stack, made, work, transport: str
) -> None:
    partner, program, sides = made(transport)
    between = Between(stack.addresses["partner"], program) if transport == "webhook" else None
    try:
        program.start()
        eventually(sides.equal, within=LEVEL, every=0.5)

        work(3)
        program.kill()
        work(6)
        assert not sides.equal()
        program.start()
        resend(partner)
        eventually(sides.equal, within=LEVEL, every=0.5)

        program.kill()
        program.forget()
        work(2)
        program.start()
        resend(partner)
        eventually(sides.equal, within=LEVEL, every=0.5)
        work(2)
        eventually(sides.equal, within=LEVEL, every=0.5)
    finally:
        if between:
            between.close()


def resend(partner: Partner) -> None:
    """A webhook that was away for a while need not wait for its next turn: ask for it."""
    if partner.transport == "webhook":
        failing = partner.person.get(
            "notifications", "/deliveries", subscription_id=partner.subscription["id"],
            state="pending",
        )  # fmt: skip
        for each in failing["data"]:
            partner.person.ask("POST", "notifications", f"/deliveries/{each['id']}/retry")


@pytest.mark.parametrize("how", ["refused", "late", "twice", "wrong"])
def test_a_webhook_that_is_answered_late_twice_or_wrong_leaves_the_copy_level(
    stack: Stack, made, work, how: str
) -> None:
    _, program, sides = made("webhook")
    between = Between(stack.addresses["partner"], program)
    try:
        program.start()
        eventually(sides.equal, within=LEVEL, every=0.5)
        between.how = [how, "through", how]
        work(4)
        eventually(lambda: not between.how, within=LEVEL)
        eventually(sides.equal, within=LEVEL, every=0.5)
        between.again()
        assert sides.equal(), "old versions came after newer ones: they change nothing"
    finally:
        between.close()


def test_a_program_that_ignores_versions_ends_up_with_old_ones(stack: Stack, made, work) -> None:
    _, program, sides = made("webhook")
    text = program.source.read_text()
    careless = text.replace(" WHERE excluded.version > newest.version", "")
    assert careless != text
    program.source.write_text(careless)
    between = Between(stack.addresses["partner"], program)
    try:
        program.start()
        eventually(sides.equal, within=LEVEL, every=0.5)
        work(6)
        eventually(sides.equal, within=LEVEL, every=0.5)
        between.again()
        assert not sides.equal()
    finally:
        between.close()


def test_a_queue_that_overflowed_is_recovered_by_the_program_itself(
    stack: Stack, made, work
) -> None:
    partner, program, sides = made("amqp")
    program.start()
    eventually(sides.equal, within=LEVEL, every=0.5)
    program.kill()
    work(QUEUE_LENGTH + 15)

    def dropped() -> bool:
        return bool(partner.person.get("notifications", f"{partner.at}/queue")["overflowed_at"])

    eventually(dropped, within=60, every=0.5)
    program.start()
    eventually(sides.equal, within=LEVEL, every=0.5)
    eventually(lambda: not dropped(), within=60, every=0.5)
    work(2)
    eventually(sides.equal, within=LEVEL, every=0.5)


def test_the_token_of_make_token_as_external_reads_the_feed(stack: Stack) -> None:
    token = access_token(stack.addresses["issuer"], "external")
    answer = httpx.get(
        f"{stack.addresses['notifications']}/v1/events",
        params={"types": "tasks.*", "limit": 5},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["data"]) == 5


def test_the_demos_partner_is_given_three_ways_once_and_its_page_shows_what_comes_by_each(
    stack: Stack, person, browser: Windows, work, tmp_path: Path
) -> None:
    ours = DemoPartner(Office(stack.addresses))
    told = ours.settings({})
    assert ours.settings(told) == told, "what is shown once is remembered"
    copy = {"PATH": os.environ["PATH"], "COPY": str(tmp_path / "copy.sqlite")}
    with subprocess.Popen(ours.command(told), env={**copy, **ours.variables(told)}) as process:
        address = stack.addresses["partner"]
        eventually(lambda: _answers(address), within=30)
        page = browser.open(address)
        for section in ("Đọc theo con trỏ (feed)", "Webhook", "Hàng đợi (AMQP)"):
            shown = page.locator("section", has_text=section)
            expect(shown).to_contain_text("NV-2025-", timeout=60_000)
        assert problems_of(page) == []
        work(1)
        [newest] = _newest(stack)
        for section in page.locator("section").all():
            expect(section.locator("li").first).to_contain_text(newest, timeout=60_000)
        phone = browser.phone(address)
        expect(phone.locator("section")).to_have_count(3)
        assert too_wide(phone) == ""
        process.kill()
    person("admin").post("notifications", f"/subscriptions/{told['WEBHOOK_ID']}/pause", {})


def _answers(address: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"{address}/health/ready").is_success
    return False


def _newest(stack: Stack) -> list[str]:
    rows = stack.query(
        "notifications",
        "SELECT envelope::jsonb->'data'->'assignment'->>'number' AS number FROM public_event"
        " WHERE type = 'tasks.progress_reported.v1' ORDER BY tx DESC, seq DESC LIMIT 1",
    )
    return [row["number"] for row in rows]


def test_the_demos_partner_that_lost_its_key_gets_another(stack: Stack, person) -> None:
    ours, admin = DemoPartner(Office(stack.addresses)), person("admin")
    told = ours.settings({})
    found = admin.all("notifications", "/partners")
    partner = next(each for each in found if told["CLIENT_ID"] in str(each["credentials"]))
    at = f"/partners/{partner['id']}/credentials/{told['CLIENT_ID']}/revoke"
    admin.post("notifications", at)
    again = ours.settings(told)
    assert again["CLIENT_ID"] != told["CLIENT_ID"]
    assert {
        name: again[name] for name in again if name.endswith("_ID") and name != "CLIENT_ID"
    } == {name: told[name] for name in told if name.endswith("_ID") and name != "CLIENT_ID"}
