"""Rounds at the Office's door."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.surveys.world import ballot, questionnaire


async def test_a_round_goes_from_draft_to_open_to_closed_and_says_so(world):
    drafted = await world.draft_round()
    path = f"/v1/rounds/{drafted['id']}"
    opened = await world.made(f"{path}/open")
    again = await world.post(f"{path}/open")
    closed = await world.made(f"{path}/close")
    closed_again = await world.post(f"{path}/close")
    read = await world.get(path)

    assert [one["version"] for one in (drafted, opened, closed)] == [1, 2, 3]
    assert again.json()["code"] == "round_already_open"
    assert closed_again.json()["code"] == "round_already_closed"
    assert read.headers["etag"] == '"3"'
    assert read.json()["questionnaire_title"] == questionnaire()["title"]
    assert read.json()["composed"] is True
    for type_, version in (("opened", 2), ("closed", 3)):
        [event] = await world.events(f"surveys.round_{type_}.v1")
        assert event["aggregateversion"] == version
        assert event["actorid"] == str(world.people["office"])
    actions = await world.rows("SELECT action FROM audit_entry ORDER BY id")
    assert [row.action for row in actions][-3:] == ["round.create", "round.open", "round.close"]


async def test_a_round_of_an_unpublished_questionnaire_stays_a_draft(world):
    drafted = await world.draft_round(publish=False)
    answer = await world.post(f"/v1/rounds/{drafted['id']}/open")

    assert (answer.status_code, answer.json()["code"]) == (409, "questionnaire_not_published")
    assert await world.count("event_log") == 0


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"unit_ids": ["0194c0de-0000-7000-8000-00000000000a"]}, "/unit_ids/0"),
        ({"questionnaire_id": str(uuid4())}, "/questionnaire_id"),
        ({"closes_on": "2020-01-01"}, "/closes_on"),
        ({"min_n": 1_000_001}, "/min_n"),
        ({"open_in_index": "perhaps"}, "/open_in_index"),
        ({"method": "median"}, "/method"),
        ({"surprise": 1}, "/surprise"),
    ],
)
async def test_a_round_with_a_wrong_value_names_it(world, wrong, pointer):
    drafted = await world.draft_round()
    names = ("title", "year", "questionnaire_id", "method", "aggregator", "opens_on", "closes_on",
             "unit_ids", "min_n")  # fmt: skip
    answer = await world.post("/v1/rounds", {**{n: drafted[n] for n in names}, **wrong})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await world.count("survey_round") == 1


@pytest.mark.parametrize("given", [-5, 0, 1, 29])
async def test_a_threshold_below_thirty_is_refused_and_told_both_numbers(world, given):
    answer = await world.post("/v1/rounds", {**await world.planned(), "min_n": given})

    assert (answer.status_code, answer.json()["code"]) == (422, "round_threshold_too_low")
    [error] = answer.json()["errors"]
    assert error == {
        "pointer": "/min_n",
        "message": f"Ngưỡng công bố của đợt khảo sát là {given} phiếu, thấp hơn mức tối thiểu "
        "30 phiếu; chỉ được đặt cao hơn",
    }
    assert await world.count("survey_round") == 0


async def test_a_threshold_may_be_raised(world):
    assert (await world.draft_round(min_n=31))["min_n"] == 31


async def test_a_round_older_than_the_least_threshold_still_opens(world):
    drafted = await world.draft_round()
    async with world.database.sessions.begin() as session:
        await session.execute(text("UPDATE survey_round SET min_n = 5"))

    assert (await world.made(f"/v1/rounds/{drafted['id']}/open"))["min_n"] == 5


@pytest.mark.parametrize("said", [None, False, True])
async def test_a_round_says_from_its_creation_whether_ballots_without_a_ticket_count(world, said):
    opened = await world.open_round(**({} if said is None else {"open_in_index": said}))
    [event] = await world.events("surveys.round_opened.v1")

    assert opened["open_in_index"] is event["data"]["round"]["open_in_index"] is bool(said)


async def test_units_see_rounds_but_no_drafts_and_outsiders_see_none(world):
    drafted = await world.draft_round()
    opened = await world.open_round()

    seen = (await world.get("/v1/rounds?limit=50", "unit_officer")).json()["data"]
    assert [one["id"] for one in seen] == [opened["id"]]
    hidden = await world.get(f"/v1/rounds/{drafted['id']}", "unit_head")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "round_not_found")
    assert len((await world.get("/v1/rounds", "auditor")).json()["data"]) == 2
    assert (await world.get("/v1/rounds", "external")).status_code == 403


async def test_lists_come_in_pages(world):
    made = [await world.open_round() for _ in range(3)]
    first = (await world.get("/v1/rounds?limit=2")).json()
    second = (await world.get(f"/v1/rounds?limit=2&cursor={first['next_cursor']}")).json()

    ids = [one["id"] for one in first["data"] + second["data"]]
    assert ids == [one["id"] for one in reversed(made)]
    assert second["next_cursor"] is None
    assert (await world.get("/v1/rounds?sort=title")).status_code == 400


async def test_the_audit_names_nobody_who_answered_and_no_code(world):
    round_ = await world.open_round()
    [code] = await world.tickets(round_, 1)
    sent = ballot(text={"T.1": "Nên có ghế chờ"})
    await world.submit(code, sent)

    async with world.database.sessions() as session:
        entries = (await session.execute(text("SELECT * FROM audit_entry"))).all()
    written = "\n".join(str(entry) for entry in entries)
    assert sent["response_id"] not in written
    assert "ghế" not in written
    assert {UUID(str(entry.actor_id)) for entry in entries} == {world.people["office"]}


async def test_a_unit_named_twice_is_refused_since_few_units_tell_less(world):
    twice = [str(world.unit_a)] * 2
    answer = await world.post("/v1/rounds", {**await world.planned(), "unit_ids": twice})

    assert (answer.status_code, answer.json()["code"]) == (422, "unit_twice")
    assert answer.json()["errors"][0]["pointer"] == "/unit_ids/1"
