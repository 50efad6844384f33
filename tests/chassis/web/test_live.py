"""What is pushed with a change reaches the screens that follow it, once it is committed."""

import asyncio
import contextlib
import gc
import json
import socket
import sys
import time
from datetime import timedelta

import httpx
import pytest
import uvicorn
from fastapi import Request, Response
from sqlalchemy import text
from tests.chassis.web.conftest import ISSUER, add_person, client_of, count
from tests.conftest import eventually

from chassis.access import TokenVerifier
from chassis.clock import database_now
from chassis.live import Listener, Push, listener, purge_live_events, push, stream
from chassis.web import CurrentActor, ServiceRouter, create_app, end_streams


def _router() -> ServiceRouter:
    router = ServiceRouter(prefix="/v1")

    @router.get("/live", policy="live")
    async def live(request: Request, actor: CurrentActor) -> Response:
        return stream(request, {"all", f"unit:{actor.unit_id}"})

    return router


@contextlib.asynccontextmanager
async def served(app):
    """A real server: a stream cannot be tried on an in-process transport."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(app, port=port, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        end_streams(app)
        server.should_exit = True
        await asyncio.wait_for(task, 5)


class Screen:
    """A browser: collects events; `last_id` as EventSource keeps it."""

    def __init__(self, base, token):
        self.base, self.token = base, token
        self.events, self.last_id = [], None
        self.ended = False

    async def follow(self, opened: asyncio.Event):
        headers = {"Authorization": f"Bearer {self.token}"}
        if self.last_id:
            headers["Last-Event-ID"] = self.last_id
        async with (
            httpx.AsyncClient(timeout=60) as client,
            client.stream("GET", f"{self.base}/v1/live", headers=headers) as response,
        ):
            assert response.headers["content-type"].startswith("text/event-stream")
            event = {}
            async for line in response.aiter_lines():
                if line.startswith(":"):
                    opened.set()
                name, _, value = line.partition(": ")
                if line == "" and "data" in event:
                    self.last_id = event.get("id", self.last_id)
                    self.events.append((event.get("event"), json.loads(event["data"])))
                event = {} if line == "" else {**event, name: value}
        self.ended = True

    @contextlib.asynccontextmanager
    async def following(self):
        opened = asyncio.Event()
        task = asyncio.create_task(self.follow(opened))
        began = asyncio.create_task(opened.wait())
        await asyncio.wait({task, began}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def live_app(database, issuer):
    return create_app(
        "notebook", [_router()], database, policies={"live"},
        tokens=TokenVerifier(ISSUER, keys=issuer.keys()), cursor_secret="x",
        live=Listener(database),
    )  # fmt: skip


@pytest.fixture
async def base(live_app):
    async with served(live_app) as base:
        yield base


@pytest.fixture
def screen(base, issuer, office):
    return Screen(base, issuer.token())


async def say(database, topic, *payloads, **more):
    async with database.sessions.begin() as session:
        for payload in payloads:
            await push(session, Push(topic, payload, **more))


async def test_a_pushed_payload_arrives_and_other_topics_do_not(database, screen, eventually):
    async with screen.following():
        began = time.monotonic()
        await say(database, "unit:other", {"n": 1})
        await say(database, "all", {"n": 2}, event="index_changed")
        await eventually(lambda: screen.events)

    assert screen.events == [("index_changed", {"n": 2})]
    assert time.monotonic() - began < 1


async def test_nothing_is_sent_for_a_change_that_was_rolled_back(database, screen, eventually):
    async with screen.following():
        with contextlib.suppress(ZeroDivisionError):
            async with database.sessions.begin() as session:
                await push(session, Push("all", {"n": "never"}))
                raise ZeroDivisionError
        await say(database, "all", {"n": "yes"})
        await eventually(lambda: screen.events)

    assert screen.events == [("message", {"n": "yes"})]


async def test_what_was_missed_comes_after_the_last_event_id(database, screen, eventually):
    async with screen.following():
        await say(database, "all", {"n": 1})
        await eventually(lambda: len(screen.events) == 1)
    await say(database, "all", {"n": 2}, {"n": 3})
    await say(database, "unit:other", {"n": 4})
    async with screen.following():
        await say(database, "all", {"n": 5})
        await eventually(lambda: len(screen.events) >= 4)

    assert [payload["n"] for _, payload in screen.events] == [1, 2, 3, 5]


async def test_what_committed_late_with_a_lower_id_is_not_lost(database, screen, eventually):
    async with screen.following():
        async with database.sessions() as slow:
            await push(slow, Push("all", {"n": "slow"}))
            await say(database, "all", {"n": "fast"})
            await eventually(lambda: len(screen.events) == 1)
            await slow.commit()
        await eventually(lambda: len(screen.events) == 2)

    assert [payload["n"] for _, payload in screen.events] == ["fast", "slow"]


async def test_an_id_nobody_remembers_resets_the_page(screen, eventually):
    screen.last_id = "12345"
    async with screen.following():
        await eventually(lambda: screen.events)

    assert screen.events == [("reset", {})]


async def test_a_figure_that_moves_fast_is_sent_at_most_every_200_ms_and_its_newest_arrives(
    database, screen, eventually
):
    async with screen.following():
        began = time.monotonic()
        for number in range(60):
            await say(database, "all", {"n": number}, coalesce="par")
            await asyncio.sleep(0.01)  # why: a stream of changes
        await eventually(lambda: screen.events and screen.events[-1][1]["n"] == 59)

        took = time.monotonic() - began

    assert len(screen.events) <= took / 0.2 + 2  # a busy machine takes longer to say it all


async def test_the_listener_comes_back_after_its_connection_was_cut(database, screen, eventually):
    async with screen.following():
        await say(database, "all", {"n": 1})
        await eventually(lambda: len(screen.events) == 1)
        async with database.sessions.begin() as session:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%live%'"
            await session.execute(text(cut + " AND pid <> pg_backend_pid()"))
        await say(database, "all", {"n": 2})
        await eventually(lambda: len(screen.events) == 2)


@pytest.mark.usefixtures("office")
async def test_streams_end_at_once_when_the_process_is_told_to_stop(live_app, issuer):
    async with served(live_app) as base:
        screen = Screen(base, issuer.token())
        opened = asyncio.Event()
        task = asyncio.create_task(screen.follow(opened))
        await asyncio.wait_for(opened.wait(), 5)
        began = time.monotonic()
    await asyncio.wait_for(task, 5)

    assert screen.ended
    assert time.monotonic() - began < 2


async def test_a_stream_ends_in_time_so_that_rights_are_looked_up_again_and_nothing_is_missed(
    live_app, database, issuer, screen, eventually, monkeypatch
):
    monkeypatch.setattr(sys.modules["chassis.live.stream"], "LONGEST_SECONDS", 0.3)
    async with screen.following():
        await say(database, "all", {"n": 1})
        await eventually(lambda: screen.ended)
    await say(database, "all", {"n": 2})
    async with screen.following():
        await eventually(lambda: len(screen.events) == 2)
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE person SET active = false"))
    async with client_of(live_app, issuer.token()) as client:
        refused = await client.get("/v1/live")

    assert [payload for _, payload in screen.events] == [{"n": 1}, {"n": 2}]
    assert refused.is_client_error, "who left the directory does not get another stream"


async def test_a_stream_holds_no_database_connection(database, screen):
    async with screen.following():
        assert database.engine.pool.checkedout() == 0


@pytest.mark.usefixtures("office")
async def test_a_malformed_last_event_id_is_refused(live_app, issuer):
    async with client_of(live_app, issuer.token()) as client:
        answer = await client.get("/v1/live", headers={"Last-Event-ID": "x"})
    assert answer.json()["code"] == "last_event_id_invalid"


async def test_rows_are_forgotten_after_a_day(database):

    await say(database, "all", {"n": 1})
    async with database.sessions.begin() as session:
        now = await database_now(session)
        await purge_live_events(session, now + timedelta(hours=23))
    assert await count(database, "live_event") == 1
    async with database.sessions.begin() as session:
        await purge_live_events(session, now + timedelta(hours=25))
    assert await count(database, "live_event") == 0


async def test_one_stream_too_many_of_a_person_is_refused_until_another_ends(
    base, issuer, database, monkeypatch, eventually
):
    monkeypatch.setattr(listener, "MOST_STREAMS", 2)
    await add_person(database, "director", role="director")
    mine = [Screen(base, issuer.token()) for _ in range(2)]
    other = Screen(base, issuer.token(sub="login-d", employee_code="director", roles=["director"]))
    await add_person(database, "office")

    async def asked() -> httpx.Response:
        headers = {"Authorization": f"Bearer {issuer.token()}"}
        async with (
            httpx.AsyncClient(timeout=60) as client,
            client.stream("GET", f"{base}/v1/live", headers=headers) as answer,
        ):
            if answer.is_error:
                await answer.aread()
            return answer

    async with mine[0].following():
        async with mine[1].following():
            refused = await asked()
            async with other.following():
                await say(database, "all", {"n": 1})
                await eventually(lambda: other.events)

        async def again() -> bool:
            return (await asked()).status_code == 200

        await eventually(again, within=20)

    assert (refused.status_code, refused.json()["code"]) == (429, "streams_too_many")
    assert refused.headers["retry-after"] == "30"


async def test_a_stream_that_ended_makes_room_before_garbage_is_looked_for(
    base, issuer, office, monkeypatch
):
    monkeypatch.setattr(listener, "MOST_STREAMS", 2)
    headers = {"Authorization": f"Bearer {issuer.token()}"}
    gc.disable()
    try:
        async with httpx.AsyncClient(timeout=20, headers=headers) as client:
            for _ in range(6):
                await eventually(lambda: _begins(client, f"{base}/v1/live"), within=10)
    finally:
        gc.enable()


async def _begins(client: httpx.AsyncClient, address: str) -> bool:
    async with client.stream("GET", address) as answer:
        if answer.is_success:
            await anext(answer.aiter_lines())
        return answer.is_success


async def test_head_of_a_stream_begins_no_stream(base, issuer, office):
    headers = {"Authorization": f"Bearer {issuer.token()}"}
    async with httpx.AsyncClient(timeout=20, headers=headers) as client:
        answers = [await client.head(f"{base}/v1/live") for _ in range(listener.MOST_STREAMS + 2)]
    assert {answer.status_code for answer in answers} == {200}
