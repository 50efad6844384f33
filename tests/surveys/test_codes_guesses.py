"""Whoever tries codes is slowed, by device; whoever has one is answered at once."""

import asyncio
import time

import httpx
import pytest
from structlog.testing import capture_logs
from tests.surveys.world import ballot

from chassis.web import guesses as patience
from chassis.web.guesses import FREE, LONGEST, WINDOW, Guesses
from chassis.web.observe import REQUESTS, SAFE_HEADERS

WRONG = "t7f3-k2m9-q4xw-8d2n"


def waits(guesses: Guesses, count: int, *, device: bytes = b"a", now: float = 0.0) -> list:
    return [guesses.wait(device, now) for _ in range(count)]


def test_a_few_mistakes_are_free_and_then_each_waits_longer_than_the_one_before():
    found = waits(Guesses(), FREE + 4)

    assert found[:FREE] == [0.0] * FREE
    assert found[FREE:] == sorted(set(found[FREE:]))
    assert found[FREE] > 0


def test_three_hundred_at_once_are_answered_to_a_few_and_refused_to_the_rest():
    found = waits(Guesses(), 300)
    answered = [one for one in found if one is not None]

    assert len(answered) < 20
    assert max(answered) <= LONGEST


def test_another_device_of_the_same_office_does_not_wait():
    guesses = Guesses()
    waits(guesses, 100)
    assert waits(guesses, FREE, device=b"b") == [0.0] * FREE


def test_a_device_that_stopped_trying_begins_anew():
    guesses = Guesses()
    waits(guesses, 100)
    assert guesses.wait(b"a", WINDOW + 1) == 0.0


def test_devices_that_stopped_trying_are_forgotten_with_the_next_wrong_code_of_anybody():
    guesses = Guesses()
    for at, device in enumerate((b"a", b"b", b"c")):
        guesses.wait(device, float(at))
    guesses.wait(b"a", 3.0)

    guesses.wait(b"d", WINDOW + 2.5)  # "a" tried again since

    assert len(guesses) == 2
    assert waits(guesses, FREE - 2, now=WINDOW + 2.5) == [0.0] * (FREE - 2)
    assert guesses.wait(b"a", WINDOW + 2.5) != 0.0


async def test_a_right_code_is_answered_at_once_whatever_the_device_tried_before(world, eventually):
    round_ = await world.open_round()
    [ticket], link = await world.tickets(round_, 1), await world.link(round_)
    for _ in range(FREE):
        assert (await world.citizen.get(f"/k/{WRONG}")).status_code == 404
    tried = [asyncio.create_task(world.citizen.get(f"/v1/public/{WRONG}")) for _ in range(40)]

    def refused() -> list[httpx.Response]:
        done = [task.result() for task in tried if task.done()]
        return [answer for answer in done if answer.status_code == 429]

    await eventually(lambda: len(refused()) >= 20, within=60)
    began = time.monotonic()
    page = await world.citizen.get(f"/k/{link['code']}")
    sent = await world.submit(ticket, ballot())
    seconds = time.monotonic() - began
    [answer, *_] = refused()
    for task in tried:
        task.cancel()

    assert (page.status_code, sent.status_code) == (200, 202)
    assert seconds < 5
    assert answer.json()["code"] == "codes_tried"
    assert answer.headers["retry-after"] == "60"


async def test_a_browser_reads_why_and_the_next_one_in_the_office_notices_nothing(
    world, eventually
):
    async def get(browser: str) -> httpx.Response:
        return await world.citizen.get(f"/k/{WRONG}", headers={"User-Agent": browser})

    tasks = [asyncio.create_task(get("one")) for _ in range(FREE + 30)]

    def refused() -> list[httpx.Response]:
        done = [task.result() for task in tasks if task.done()]
        return [page for page in done if page.status_code == 429]

    told = await eventually(refused, within=60)
    for task in tasks:
        task.cancel()
    other = await get("another")

    assert "Đã thử quá nhiều mã không đúng" in told[0].text
    assert "set-cookie" not in told[0].headers
    assert other.status_code == 404


@pytest.mark.parametrize(
    ("method", "route", "body"),
    [
        ("GET", "/k/{code}", None),
        ("GET", "/v1/public/{code}", None),
        ("POST", "/v1/public/{code}/responses", ballot()),
    ],
)
async def test_one_code_too_many_is_logged_counted_and_dressed_as_what_was_answered(
    world, monkeypatch, method, route, body
):
    monkeypatch.setattr(patience, "FREE", 0)
    monkeypatch.setattr(patience, "LONGEST", 0.0)

    def counted() -> list[float]:
        labels = [("surveys", method, route, str(status)) for status in (429, 404)]
        return [REQUESTS.labels(*each)._value.get() for each in labels]

    before = counted()
    with capture_logs() as lines:
        answer = await world.citizen.request(method, route.format(code=WRONG), json=body)

    assert answer.status_code == 429
    assert all(name in answer.headers for name in (*SAFE_HEADERS, "x-request-id"))
    assert [after - was for after, was in zip(counted(), before, strict=True)] == [1, 0]
    assert [line["status"] for line in lines if line["event"] == "request"] == [429]
