"""Group commit: one transaction for many ballots, an outcome for each."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError
from tests.statements import counted_statements
from tests.surveys.world import World, ballot, questionnaire

from chassis.database import Database
from surveys.answers.ballot import Ballot
from surveys.answers.domain import Raw, check
from surveys.answers.group_commit import GroupCommit
from surveys.answers.models import AnswerCount
from surveys.closing import actions as closing
from surveys.questionnaires import domain as forms

ASKED = forms.load(questionnaire())


def checked(level: int = 4, text: str = ""):
    return check(ASKED, Raw(ballot(level)["answers"], text={"T.1": text}))


def prepared(round_: dict, ticket: str | None = None, **more) -> Ballot:
    facts = {
        "response_id": uuid4(),
        "unit_id": None,
        "channel": "web",
        "lane": "ticket" if ticket else "open",
        "answers": checked(),
        **more,
    }
    return Ballot(round_id=UUID(round_["id"]), ticket=ticket, **facts)


async def keys(world: World) -> list[str]:
    return [row.key for row in await world.rows("SELECT key FROM ticket ORDER BY key")]


async def test_of_fifty_posts_with_one_ticket_at_once_exactly_one_is_stored(world):
    [code] = await world.tickets(await world.open_round(), 1)
    answers = await asyncio.gather(*(world.submit(code, ballot()) for _ in range(50)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [202] + [410] * 49
    assert await world.count("response") == 1
    assert await world.count("ticket") == 0
    assert len(await world.events("surveys.response_submitted.v1")) == 1


async def test_two_processes_do_not_spend_one_ticket_twice_nor_deadlock(world):
    round_ = await world.open_round()
    codes = await world.tickets(round_, 20)
    other = Database(world.database.url)
    second = World(other)
    answers = await asyncio.gather(
        *(world.submit(code, ballot()) for code in codes),
        *(second.submit(code, ballot()) for code in reversed(codes)),
    )
    await other.close()

    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [202] * 20 + [410] * 20
    assert await world.count("response") == 20


async def test_two_processes_given_the_same_ballot_store_it_once_and_both_say_accepted(world):
    round_ = await world.open_round()
    link, sent = await world.link(round_), [ballot() for _ in range(20)]
    other = Database(world.database.url)
    second = World(other)
    answers = await asyncio.gather(
        *(world.submit(link["code"], one) for one in sent),
        *(second.submit(link["code"], one) for one in reversed(sent)),
    )
    await other.close()

    assert {answer.status_code for answer in answers} == {202}
    assert await world.count("response") == 20
    assert len(await world.events("surveys.response_submitted.v1")) == 20


async def test_a_refused_ballot_leaves_its_neighbours_in_the_group_accepted(world):
    open_, closed = await world.open_round(), await world.open_round()
    await world.tickets(open_, 2)
    first, second = await keys(world)
    await world.made(f"/v1/rounds/{closed['id']}/close")
    known = prepared(open_)
    group_commit = world.reception.group_commit
    assert await group_commit.submit(known) == "accepted"
    group = [
        prepared(open_),
        prepared(open_, first),
        prepared(open_, first),
        prepared(open_, "0000none"),
        prepared(closed),
        known,
        prepared(open_, second, response_id=known.response_id),
        prepared(open_, answers=checked(5, "Nên có ghế chờ")),
    ]
    outcomes = await asyncio.gather(*(group_commit.submit(one) for one in group))

    assert outcomes[:4] == ["accepted", "accepted", "ticket_used", "ticket_used"]
    assert outcomes[4].why == "round_closed"
    assert outcomes[5:] == ["accepted", "response_id_taken", "accepted"]
    assert await world.count("response") == 4
    assert await keys(world) == [second]  # a ballot that is not stored spends no ticket
    transactions = await world.rows("SELECT DISTINCT xmin::text FROM response")
    assert len(transactions) == 2


async def test_a_group_that_nothing_speaks_against_is_one_statement(world):
    round_ = await world.open_round()
    await world.tickets(round_, 2)
    group_commit = world.reception.group_commit
    await group_commit.submit(prepared(round_))  # the first look at the round
    texts = prepared(round_, answers=checked(5, "Nên có ghế chờ"))
    group = [*(prepared(round_, key) for key in await keys(world)), prepared(round_), texts]
    with counted_statements(world.database) as statements:
        outcomes = await asyncio.gather(*(group_commit.submit(one) for one in group))

    assert outcomes == ["accepted"] * 4
    assert len(statements) == 1
    assert await world.count("remark") == 1
    assert await world.count("ticket") == 0
    events = await world.events("surveys.response_submitted.v1")
    assert len(events) == await world.count("response") == 5


async def test_what_was_seen_in_an_earlier_hour_is_looked_at_again(world):
    round_ = await world.open_round()
    group_commit = world.reception.group_commit
    await group_commit.submit(prepared(round_))
    earlier = group_commit._seen.hour - timedelta(hours=1)
    group_commit._seen = replace(group_commit._seen, hour=earlier)
    assert await group_commit.submit(prepared(round_)) == "accepted"

    hours = await world.rows("SELECT DISTINCT hour FROM response")
    assert [row.hour for row in hours] == [earlier + timedelta(hours=1)]
    assert {event["time"] for event in await world.events("surveys.response_submitted.v1")} == {
        (earlier + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    }


async def test_an_invalid_ballot_is_kept_excluded_and_announces_nothing(world):
    round_ = await world.open_round()
    group_commit = world.reception.group_commit
    await group_commit.submit(prepared(round_))
    invalid = replace(checked(), invalid_ballot=True)
    assert await group_commit.submit(prepared(round_, answers=invalid)) == "accepted"

    states = await world.rows("SELECT state, reason FROM response ORDER BY state")
    assert [tuple(row) for row in states] == [("counted", None), ("excluded", "invalid_ballot")]
    assert len(await world.events("surveys.response_submitted.v1")) == 1


async def test_a_group_that_the_database_refuses_is_redone_one_by_one(world):
    round_ = await world.open_round()
    good = [prepared(round_) for _ in range(3)]
    poison = prepared(round_, channel="phone")  # breaks the table's CHECK
    group_commit = world.reception.group_commit
    outcomes = await asyncio.gather(
        *(group_commit.submit(one) for one in [good[0], poison, *good[1:]]), return_exceptions=True
    )

    assert [outcomes[0], *outcomes[2:]] == ["accepted"] * 3
    assert isinstance(outcomes[1], DBAPIError)
    assert await world.count("response") == 3
    assert len(await world.events("surveys.response_submitted.v1")) == 3


async def test_events_counters_and_responses_are_the_same_set(world):
    round_ = await world.open_round()
    codes = await world.tickets(round_, 30)
    link = await world.link(round_, world.unit_b)
    ways = codes + [link["code"]] * 60
    answers = await asyncio.gather(*(world.submit(code, ballot()) for code in ways))

    assert {answer.status_code for answer in answers} == {202}
    stored = {str(row.response_id) for row in await world.rows("SELECT response_id FROM response")}
    events = await world.events("surveys.response_submitted.v1")
    assert {event["data"]["response_id"] for event in events} == stored
    assert len(events) == len(stored) == 90
    assert await world.count("outbox") == await world.count("event_log")
    counted = f"SELECT sum(counted) FROM {AnswerCount.__tablename__}"
    assert (await world.rows(counted))[0][0] == 90


async def test_closing_waits_for_the_group_under_way_and_no_later_one_gets_in(world):
    round_ = await world.open_round()
    link = await world.link(round_)

    async def flood() -> list[int]:
        statuses: list[int] = []
        while 410 not in statuses:
            statuses.append((await world.submit(link["code"], ballot())).status_code)
        return statuses

    floods = [asyncio.create_task(flood()) for _ in range(5)]
    closed = await world.post(f"/v1/rounds/{round_['id']}/close")
    after_close = await world.count("response")
    statuses = [status for flooded in await asyncio.gather(*floods) for status in flooded]

    assert closed.status_code == 200
    assert set(statuses) <= {202, 410}
    assert statuses.count(202) == after_close == await world.count("response")
    events = await world.rows("SELECT type, tx FROM event_log ORDER BY tx, seq")
    assert events[-1].type == "surveys.round_closed.v1"


@pytest.mark.parametrize("seen", [0, 1], ids=["first of its round", "round seen open before"])
async def test_a_ballot_that_meets_a_closing_under_way_waits_for_it_and_is_refused(
    world, eventually, seen
):
    round_ = await world.open_round()
    for _ in range(seen):
        await world.reception.group_commit.submit(prepared(round_))
    async with world.database.sessions() as session:
        await closing.close(session, world.actor(), UUID(round_["id"]))
        submitted = asyncio.create_task(world.reception.group_commit.submit(prepared(round_)))

        async def waits() -> bool:
            blocked = "SELECT 1 FROM pg_locks WHERE NOT granted AND database = ("
            blocked += "SELECT oid FROM pg_database WHERE datname = current_database())"
            blocked += " OR NOT granted AND locktype = 'transactionid'"
            return submitted.done() or bool(await world.rows(blocked))

        await eventually(waits)
        await session.commit()
    outcome = await submitted

    assert getattr(outcome, "why", outcome) == "round_closed"
    assert await world.count("response") == seen


async def test_an_answer_is_acknowledged_only_after_its_commit(world):
    round_ = await world.open_round()
    group_commit = GroupCommit(world.database, 10)
    seen = []

    async def watch() -> None:
        one = prepared(round_)
        assert await group_commit.submit(one) == "accepted"
        [row] = await world.rows(
            "SELECT count(*) FROM response WHERE response_id = :id", id=one.response_id
        )
        seen.append(row[0])

    await asyncio.gather(*(watch() for _ in range(10)))
    assert seen == [1] * 10


async def test_with_the_database_away_a_citizen_is_asked_to_come_again(world):
    round_ = await world.open_round()
    link = await world.link(round_)
    away = World(Database("postgresql://nobody@127.0.0.1:9/none"))

    page = await away.citizen.post(f"/k/{link['code']}", data={})
    sent = await away.submit(link["code"], ballot())

    assert (page.status_code, sent.status_code) == (503, 503)
    assert "Chưa gửi được phiếu" in page.text
    assert sent.headers["retry-after"]
