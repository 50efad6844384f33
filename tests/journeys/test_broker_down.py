"""The broker goes away, or loses a queue: nobody notices, and afterwards nothing is missing."""

import os
import random
import signal
from collections.abc import Iterator
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from tests.journeys.people import Person, eventually
from tests.journeys.stack import VHOST, WAITING, Stack

from devstack.demo.loading import read

QUESTIONS = [
    question["code"]
    for section in read("questionnaire.yaml")["sections"]
    for question in section["questions"]
    if question["kind"] == "scale5"
]
LOAD = 20  # answers sent before the deletion of a queue, and after
HEALED = 90.0  # seconds: the newest 10 s settle first, then a look every few seconds


@pytest.fixture
def tickets(stack: Stack, office: Person) -> Iterator[str]:
    """Codes of one-time tickets, as many as a test needs."""
    body = {"unit_id": stack.demo.units["VP"], "count": 2 * LOAD}
    made = office.post("surveys", f"/rounds/{stack.demo.round_id}/tickets", body)["tickets"]
    return iter([ticket["code"] for ticket in made])


@pytest.fixture
def without_broker(stack: Stack) -> Iterator[None]:
    """The broker has died; whatever the test did, it runs again afterwards."""
    stack.settle()
    stack.rabbitmq.kill()
    yield
    stack.rabbitmq.start()


def test_updates_and_answers_are_taken_while_the_broker_is_down_and_arrive_when_it_is_back(
    stack: Stack, office: Person, person, open_assignments, tickets, without_broker: None
) -> None:
    assignment = open_assignments("NCC")[0]
    before = overview(office)

    result = person("unit_head_ncc").hand_in(assignment, "Gửi khi máy chủ hàng đợi ngừng.")
    office.post("tasks", f"/assignments/{assignment['id']}/results/{result}/accept", {})
    statuses = [answer(stack, next(tickets)) for _ in range(5)]

    assert statuses == [202] * 5
    assert overview(office) == before  # still shown, only not newer
    stack.rabbitmq.start()
    done, n = before
    more = 1 if assignment["due_on"] else 0
    eventually(lambda: overview(office) == (done + more, n + 5), within=60)
    title = f"Kết quả nhiệm vụ {assignment['number']} đã được chấp nhận"

    def told() -> bool:
        return title in [each["title"] for each in person("unit_head_ncc").notices()]

    eventually(told, within=60)


def test_answers_lost_with_a_deleted_queue_are_brought_back_from_the_log(
    stack: Stack, office: Person, tickets: Iterator[str]
) -> None:
    """Reporting dies, so that the answers wait in its queue; the queue is deleted; more come."""
    _, before = overview(office)
    os.kill(stack.pid("reporting") or 0, signal.SIGKILL)

    for _ in range(LOAD):
        assert answer(stack, next(tickets)) == 202
    eventually(lambda: stack.query("surveys", WAITING)[0][0] == 0)  # all of them in the queue
    delete_queue(stack, "reporting.surveys")
    with pytest.raises(httpx.ConnectError):
        overview(office)  # nobody has read them yet
    for _ in range(LOAD):
        assert answer(stack, next(tickets)) == 202

    eventually(lambda: is_ready(stack, "reporting"), within=60)
    eventually(lambda: overview(office)[1] == before + 2 * LOAD, within=HEALED, every=0.5)

    def verified() -> bool:
        return stack.run("reporting", "verify").returncode == 0

    eventually(verified, within=HEALED, every=1)


def is_ready(stack: Stack, service: str) -> bool:
    """Say whether a service is ready."""
    try:
        return httpx.get(f"{stack.addresses[service]}/health/ready").is_success
    except httpx.TransportError:
        return False


def overview(office: Person) -> tuple[int, int]:
    """Return how many assignments are done, and how many answers are counted."""
    found = office.get("reporting", "/overview", year=2025)
    return found["completion"]["done"], found["satisfaction"]["n"]


def answer(stack: Stack, code: str) -> int:
    """Answer as a citizen; return the status."""
    address = f"{stack.addresses['surveys']}/v1/public/{code}"
    answers = {question: random.randint(3, 5) for question in QUESTIONS}
    body = {"response_id": str(uuid4()), "choices": {}, "text": {}, "answers": answers}
    return httpx.post(f"{address}/responses", json=body, timeout=10).status_code


def delete_queue(stack: Stack, name: str) -> None:
    """Delete a queue with everything in it, as a careless operator would."""
    path = f"{stack.rabbitmq.management_url}/api/queues/{VHOST}/{quote(name, safe='')}"
    assert httpx.delete(path, timeout=10).status_code == 204
