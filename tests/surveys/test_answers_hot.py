"""The hot route: it says to a ballot what the ordinary route says, and runs it once."""

import json
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text
from structlog.testing import capture_logs
from tests.statements import counted_statements
from tests.surveys.world import World, ballot

from chassis.database import Database
from surveys.answers.hot import ROUTE

Prepare = Callable[[World], Awaitable[tuple[World, str, dict]]]
OWN = {"x-request-id", "retry-after"}  # headers that differ between any two requests
LANGUAGES = ("vi", "en")


async def unknown_code(world: World):
    return world, "t7f3-k2m9-q4xw-8d2n", ballot()


async def used_ticket(world: World):
    [code] = await world.tickets(await world.open_round(), 1)
    await world.submit(code, ballot())
    return world, code, ballot()


async def taken_id(world: World):
    link, sent = await world.link(await world.open_round()), ballot(2)
    await world.submit(link["code"], sent)
    return world, link["code"], {**ballot(3), "response_id": sent["response_id"]}


async def closed_round(world: World):
    round_ = await world.open_round()
    link = await world.link(round_)
    await world.made(f"/v1/rounds/{round_['id']}/close")
    return world, link["code"], ballot()


async def round_of_tomorrow(world: World):
    return world, (await world.link(await world.open_round(opens_in=1)))["code"], ballot()


async def wrong_answers(world: World):
    link = await world.link(await world.open_round(), world.unit_a)
    sent = {**ballot(), "choices": {"P.1": "x"}, "unit_id": str(uuid4())}
    sent["answers"] |= {"F1.1": 6, "F9.9": 1}
    return world, link["code"], sent


async def flooded_link(world: World):
    link = await world.link(await world.open_round())
    world.settings.setenv("SURVEYS_LINK_ANSWERS_PER_MINUTE", "0")
    return World(world.database), link["code"], ballot()


async def full_outbox(world: World):
    link = await world.link(await world.open_round())
    world.settings.setenv("SURVEYS_MOST_UNSENT", "0")
    return World(world.database), link["code"], ballot()


async def database_away(world: World):
    link = await world.link(await world.open_round())
    return World(Database("postgresql://nobody@127.0.0.1:9/none")), link["code"], ballot()


async def our_own_mistake(world: World):
    link = await world.link(await world.open_round())
    async with world.database.sessions.begin() as session:
        await session.execute(text("ALTER TABLE remark RENAME TO elsewhere"))
    return world, link["code"], ballot()


REFUSALS = [
    (unknown_code, 404, "code_unknown"),
    (used_ticket, 410, "ticket_used"),
    (taken_id, 409, "response_id_taken"),
    (closed_round, 410, "round_closed"),
    (round_of_tomorrow, 403, "round_not_open"),
    (wrong_answers, 422, "answers_invalid"),
    (flooded_link, 429, "link_flooded"),
    (full_outbox, 503, "service_unavailable"),
    (database_away, 503, "service_unavailable"),
    (our_own_mistake, 500, "internal_error"),
]


def counted(status: int) -> float:
    labels = {"service": "surveys", "method": "POST", "route": ROUTE}
    requests = REGISTRY.get_sample_value("http_requests_total", {**labels, "status": str(status)})
    timed = REGISTRY.get_sample_value("http_request_seconds_count", labels)
    return (requests or 0) * 1000 + (timed or 0)


async def sent_to(app, code: str, body: dict, language: str) -> dict:
    """What comes back, is logged and counted when a ballot is sent to an application."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://s") as client:
        before = counted(200)
        with capture_logs() as lines:
            answer = await client.post(
                f"/v1/public/{code}/responses", json=body, headers={"Accept-Language": language}
            )
        instance = answer.json()["instance"]
        return {
            "body": answer.text.replace(instance, ""),
            "same id": instance == answer.headers["x-request-id"],
            "headers": {k: v for k, v in answer.headers.items() if k not in OWN},
            "waits": "retry-after" in answer.headers,
            "status": answer.status_code,
            "code": answer.json()["code"],
            "logged": [
                {k: v for k, v in line.items() if k not in {"ms", "trace"}} for line in lines
            ],
            "timed": counted(200) - before,
        }


@pytest.mark.parametrize(
    ("prepare", "status", "code"), REFUSALS, ids=lambda one: getattr(one, "__name__", "")
)
async def test_a_refusal_or_a_failure_is_told_as_by_the_ordinary_route_to_the_byte(
    world, settings, prepare: Prepare, status: int, code: str
):
    world.settings = settings
    asked, way, body = await prepare(world)
    for language in LANGUAGES:
        before = counted(status)
        hot = await sent_to(asked.front, way, body, language)
        ordinary = await sent_to(asked.app, way, body, language)

        assert hot == ordinary
        assert (hot["status"], hot["code"], hot["same id"]) == (status, code, True)
        assert counted(status) - before == 2002  # two answers of this status, both timed
        assert hot["headers"]["content-language"] == language


@pytest.mark.parametrize(
    ("prepare", "statement"),
    [
        (used_ticket, "FROM ticket"),
        (used_ticket, "channel, lane, answers, choices FROM response"),
        (closed_round, "channel, lane, answers, choices FROM response"),
        (our_own_mistake, "INSERT INTO response"),
    ],
)
async def test_a_ballot_that_is_refused_or_fails_is_run_once(world, prepare, statement):
    asked, way, body = await prepare(world)
    with counted_statements(asked.database) as statements:
        answer = await asked.submit(way, body)

    assert answer.status_code >= 400
    assert sum(statement in one for one in statements) == 1, statements


async def test_a_ballot_to_be_corrected_counts_once_against_the_limit_of_its_link(world, settings):
    link = await world.link(await world.open_round())
    settings.setenv("SURVEYS_LINK_ANSWERS_PER_MINUTE", "2")
    limited = World(world.database)
    wrong = {**ballot(), "answers": {"F1.1": 6}}

    answers = [await limited.submit(link["code"], one) for one in (wrong, ballot(), ballot())]

    assert [answer.status_code for answer in answers] == [422, 202, 429]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"json": ballot(), "params": {"a": "b"}}, 400),
        ({"json": {**ballot(), "surprise": 1}}, 422),
        ({"json": {**ballot(), "response_id": "x"}}, 422),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": b"a" * 1_100_000, "headers": {"Content-Type": "application/json"}}, 413),
        ({"content": b"", "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": b"a=b", "headers": {"Content-Type": "text/plain"}}, 422),
    ],
)
async def test_what_is_no_ballot_is_handed_on_untouched(world, request_, status):
    link = await world.link(await world.open_round())
    for way in (world.front, world.app):
        transport = httpx.ASGITransport(way)
        async with httpx.AsyncClient(transport=transport, base_url="http://s") as client:
            answer = await client.post(f"/v1/public/{link['code']}/responses", **request_)
            assert (answer.status_code, "errors" in answer.json()) == (status, status == 422)
    assert await world.count("response") == 0


@pytest.mark.parametrize(
    ("once", "twice"),
    [
        (b'"response_id"', b'"channel": "kiosk", "channel": "web", "response_id"'),
        (b'"F1.1"', b'"F1.1": 1, "F1.1"'),
    ],
)
async def test_a_ballot_in_which_a_field_stands_twice_is_refused(world, once, twice):
    link = await world.link(await world.open_round())
    content = json.dumps(ballot()).encode().replace(once, twice, 1)
    headers = {"Content-Type": "application/json"}
    path = f"/v1/public/{link['code']}/responses"
    answer = await world.citizen.post(path, content=content, headers=headers)

    assert (answer.status_code, len(answer.json()["errors"])) == (422, 1)
    assert await world.count("response") == 0


async def test_only_ballots_with_colons_in_their_texts_take_the_ordinary_way(world):
    link = await world.link(await world.open_round())
    path = f"/v1/public/{link['code']}/responses"
    whole = {"channel": "web", "choices": {}, "unit_id": None}
    for texts, ordinary in (({}, False), ({"T.1": "Tốt"}, False), ({"T.1": "Lúc 8:30"}, True)):
        answer = await world.citizen.post(path, json=ballot(text=texts, **whole))
        assert answer.status_code == 202, answer.text
        assert ("x-request-id" in answer.headers) == ordinary


@pytest.mark.parametrize("path", ["/v1/public//responses", "/v1/public/a%2Fb/responses"])
async def test_an_address_that_is_no_route_is_nowhere(world, path):
    answer = await world.citizen.post(path, json=ballot())

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_ballot_in_another_spelling_of_json_is_accepted_by_the_ordinary_route(world):
    link = await world.link(await world.open_round())
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = await world.citizen.post(
        f"/v1/public/{link['code']}/responses", json=ballot(), headers=headers
    )

    assert answer.status_code == 202
    assert "x-request-id" in answer.headers
