"""The sure way: what the broker did not bring is pulled from the producer's log, once."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import xor
from uuid import UUID

import httpx
import pytest
from tests.chassis.conftest import announce, rows, unit_changed

from chassis.access import IssuerKeys, TokenVerifier
from chassis.messaging import catching_up as module
from chassis.messaging import feed_api
from chassis.messaging.catching_up import CatchingUp, Producer, ServiceToken, lacks
from chassis.messaging.feed import Bucket
from chassis.messaging.outbox import add
from chassis.web import create_app
from devstack.issuer.app import Issuer
from devstack.issuer.settings import IssuerSettings

SETTLED = timedelta(minutes=5)  # older than what may still be on its way by the broker
HOUR = datetime(2026, 11, 26, 8, tzinfo=UTC)
ISSUER, TASKS = "http://issuer.test", "http://tasks.test"


@pytest.fixture
async def http(tmp_path, database):
    """A client that reaches a development issuer and a producer's feed, both in this process."""
    people = tmp_path / "people.yaml"
    people.write_text("[]")
    settings = IssuerSettings(
        NHIP_ENVIRONMENT="development", OIDC_ISSUER=ISSUER, SERVICE_CLIENT_SECRET="s3cret",
        ISSUER_KEY_FILE=tmp_path / "key.json", ISSUER_PEOPLE_FILE=people,
    )  # fmt: skip
    issuer = httpx.ASGITransport(Issuer(settings).app())
    keys = IssuerKeys(ISSUER, httpx.AsyncClient(transport=issuer))
    app = create_app(
        "tasks", [feed_api.router], database, policies=set(),
        tokens=TokenVerifier(ISSUER, keys=keys), cursor_secret="x",
    )  # fmt: skip
    mounts = {ISSUER: issuer, TASKS: httpx.ASGITransport(app)}
    async with httpx.AsyncClient(mounts=mounts) as client:
        yield client


@pytest.fixture
def catching_up(http, other_database, listener):
    token = ServiceToken("reporting", ISSUER, "s3cret")
    producer = Producer("tasks", TASKS, token, http)
    return CatchingUp(listener.router(), other_database, [producer], every=60)


async def once(catching_up) -> int:
    return await catching_up.once(catching_up.producers[0])


async def seen(database) -> int:
    return (await rows(database, "SELECT count(*) FROM seen"))[0][0]


async def until_level(eventually, catching_up, other_database, expected: int) -> None:
    """Catch up until so many were seen: open transactions anywhere hold back the feed."""

    async def level() -> bool:
        await once(catching_up)
        return await seen(other_database) >= expected

    await eventually(level, within=30, every=0.3)
    await once(catching_up)
    assert await seen(other_database) == expected


async def test_a_new_consumer_is_filled_from_the_beginning(
    catching_up, database, other_database, eventually
):
    await announce(database, *[unit_changed() for _ in range(40)], ago=SETTLED)
    await until_level(eventually, catching_up, other_database, 40)


async def test_what_is_missing_is_found_by_the_digest_and_pulled_once(
    catching_up, database, other_database, eventually
):
    await once(catching_up)
    await announce(database, *[unit_changed() for _ in range(5)], ago=SETTLED)
    await until_level(eventually, catching_up, other_database, 5)
    assert await once(catching_up) == 0, "the digests are equal now"


async def test_what_is_missing_is_pulled_page_by_page(
    catching_up, database, other_database, eventually, monkeypatch
):
    monkeypatch.setattr(module, "PAGE", 2)
    await once(catching_up)
    await announce(database, *[unit_changed() for _ in range(5)], ago=SETTLED)
    await until_level(eventually, catching_up, other_database, 5)


def bucket(count: int, high: int = 0) -> Bucket:
    return Bucket(type="surveys.response_submitted.v1", minute=HOUR, count=count, high=high, low=0)


@pytest.mark.parametrize(
    ("theirs", "mine", "earlier", "fills", "pulled"),
    [
        (9, 8, 3, True, False),  # under load: all of the last look's are here
        (9, 2, 3, True, True),  # something of the last look's is still not here
        (9, 8, None, True, False),  # the first look: it may be on its way
        (9, 8, 9, True, True),  # the flow has ended, and still one is missing
        (9, 8, None, False, True),  # the hour is over
        (9, None, 9, True, True),  # a deleted queue
        (9, 9, 3, True, False),
    ],
)
def test_a_bucket_that_still_fills_is_pulled_only_when_something_is_missing(
    theirs, mine, earlier, fills, pulled
):
    own = None if mine is None else bucket(mine)
    assert lacks(bucket(theirs), own, earlier, fills=fills) is pulled


async def test_one_lost_event_among_many_is_healed_without_doubling_the_others(
    catching_up, database, other_database, eventually
):
    await announce(database, *[unit_changed() for _ in range(9)], ago=SETTLED)
    await until_level(eventually, catching_up, other_database, 9)
    lost = (await rows(other_database, "SELECT event_id FROM seen LIMIT 1"))[0]["event_id"]
    await rows(other_database, "DELETE FROM seen WHERE event_id = $1", lost)
    await rows(other_database, "DELETE FROM inbox WHERE id = $1", lost)
    await until_level(eventually, catching_up, other_database, 9)
    counts = await rows(other_database, "SELECT count(*) AS n FROM seen GROUP BY event_id")
    assert [row["n"] for row in counts] == [1] * 9


async def test_a_transaction_that_commits_late_is_not_skipped(
    catching_up, database, other_database, eventually
):
    async with database.sessions() as late:
        await add(late, unit_changed(code="LATE"), now=await _now(database) - SETTLED)
        await announce(database, unit_changed(), ago=SETTLED)
        await once(catching_up)
        first = await seen(other_database)
        await late.commit()
    await until_level(eventually, catching_up, other_database, 2)
    assert first == 0, "what comes behind an open transaction waits for it"


async def test_a_wrong_secret_opens_nothing(http, other_database, listener):
    producer = Producer("tasks", TASKS, ServiceToken("reporting", ISSUER, "guess"), http)
    stranger = CatchingUp(listener.router(), other_database, [producer], every=60)
    with pytest.raises(httpx.HTTPStatusError):
        await stranger.once(producer, timedelta(days=1))


async def _now(database):
    return (await rows(database, "SELECT now() AS now"))[0]["now"]


async def test_the_sum_of_a_log_in_pieces_is_that_of_all_its_events(
    catching_up, database, monkeypatch
):
    await announce(database, *[unit_changed() for _ in range(7)], ago=SETTLED)
    await announce(database, *[unit_changed() for _ in range(3)], ago=2 * SETTLED)
    ids = [UUID(str(row["id"])).int for row in await rows(database, "SELECT id FROM event_log")]
    producer = catching_up.producers[0]
    monkeypatch.setattr(module, "SUMMED", 4)

    pieces = [piece async for piece in producer.sums(["tasks.unit_changed.v1"])]

    assert [piece.count for piece in pieces] == [4, 4, 2]
    high = low = 0
    for piece in pieces:
        high, low = high ^ piece.high, low ^ piece.low
    half = 2**64
    assert (high % half) * half + low % half == reduce(xor, ids)
