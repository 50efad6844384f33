"""The Office's door: questionnaires, rounds, tickets, links, counts."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.surveys.world import ballot, questionnaire

from surveys.codes import domain as tickets


async def test_a_questionnaire_is_written_listed_read_and_published_once(world):
    written = await world.made("/v1/questionnaires", questionnaire())
    path = f"/v1/questionnaires/{written['id']}"

    published = await world.made(f"{path}/publish")
    again = await world.post(f"{path}/publish")
    listed = (await world.get("/v1/questionnaires?limit=50", "director")).json()
    read = (await world.get(path, "unit_officer")).json()

    assert (written["status"], written["version"], written["composed"]) == ("draft", 1, True)
    assert (again.status_code, again.json()["code"]) == (409, "questionnaire_published")
    assert [one["status"] for one in listed["data"]] == ["published"]
    assert read["factors"]["F1"] == "Tiếp cận dịch vụ"
    assert read["questions"] == published["questions"]
    assert read["questions"][0]["factor"] == "F1"
    [event] = await world.events("surveys.questionnaire_published.v1")
    assert event["data"]["questionnaire"]["code"] == "sipas-so-composed-2025"
    assert event["aggregateversion"] == 1


async def test_a_correction_of_a_published_questionnaire_is_its_next_version(world):
    first = await world.made("/v1/questionnaires", questionnaire())
    await world.made(f"/v1/questionnaires/{first['id']}/publish")
    changed = {**questionnaire(), "title": "Phiếu mới", "english": {}}
    second = await world.made("/v1/questionnaires", changed)
    corrected = await world.made("/v1/questionnaires", questionnaire())

    assert (second["id"], second["version"]) == (first["id"], 2)
    assert (corrected["version"], corrected["title"]) == (2, first["title"])
    listed = (await world.get("/v1/questionnaires")).json()["data"]
    assert sorted((one["version"], one["status"]) for one in listed) == [
        (1, "published"), (2, "draft"),
    ]  # fmt: skip
    path = f"/v1/questionnaires/{first['id']}"
    assert (await world.get(path)).json()["version"] == 2
    assert (await world.get(f"{path}?version=1")).json()["version"] == 1


async def test_a_faulty_questionnaire_is_refused_with_a_sentence_per_fault(world):
    body = questionnaire()
    body["sections"][0]["questions"][0]["kind"] = "scale9"
    answer = await world.post("/v1/questionnaires", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "questionnaire_invalid")
    [error] = answer.json()["errors"]
    assert error["pointer"] == "/sections/0/questions/0/kind"
    assert error["message"].startswith("Câu F1.1: ")
    assert await world.count("questionnaire") == 0


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
        ({"min_n": 0}, "/min_n"),
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


async def test_units_see_rounds_but_no_drafts_and_outsiders_see_none(world):
    drafted = await world.draft_round()
    opened = await world.open_round()

    seen = (await world.get("/v1/rounds?limit=50", "unit_officer")).json()["data"]
    assert [one["id"] for one in seen] == [opened["id"]]
    hidden = await world.get(f"/v1/rounds/{drafted['id']}", "unit_head")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "round_not_found")
    assert len((await world.get("/v1/rounds", "auditor")).json()["data"]) == 2
    assert (await world.get("/v1/rounds", "external")).status_code == 403


@pytest.mark.parametrize("code", ["director", "appraiser", "auditor", "unit_head", "unit_officer"])
async def test_only_the_office_and_the_administrator_write(world, code):
    round_ = await world.open_round()
    path = f"/v1/rounds/{round_['id']}"
    attempts = [
        ("/v1/questionnaires", questionnaire()),
        (f"/v1/questionnaires/{round_['questionnaire_id']}/publish", {}),
        ("/v1/rounds", {}),
        (f"{path}/open", {}),
        (f"{path}/close", {}),
        (f"{path}/tickets", {"count": 1}),
        (f"{path}/links", {"label": "x"}),
    ]
    for attempt, body in attempts:
        answer = await world.post(attempt, body, code)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), attempt


async def test_tickets_are_shown_to_their_caller_and_stored_nowhere(world):
    round_ = await world.open_round()
    body = {"unit_id": str(world.unit_a), "count": 3}
    path, key = f"/v1/rounds/{round_['id']}/tickets", "one-and-the-same-key"

    first = await world.post(path, body, key=key)
    repeated = await world.post(path, body, key=key)
    other = await world.post(path, {**body, "count": 4}, key=key)

    assert first.json() == repeated.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    codes = [ticket["code"] for ticket in first.json()["tickets"]]
    assert len(set(codes)) == 3
    assert first.json()["tickets"][0]["url"] == f"https://khaosat.example/k/{codes[0]}"
    assert await world.count("ticket") == 3
    written = await _everything_stored(world)
    for code in codes:
        key_ = tickets.parse(code, world.reception.codes.secret).key
        assert code not in written
        assert code.replace("-", "") not in written
        assert key_ in written


async def _everything_stored(world) -> str:
    names = await world.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = []
    for (name,) in names:
        rows = await world.rows(f"SELECT * FROM {name}")
        found += [str(value) for row in rows for value in row]
    return "\n".join(found)


async def test_a_batch_has_at_most_a_thousand_tickets_of_a_unit_of_the_round(world):
    round_ = await world.open_round()
    path = f"/v1/rounds/{round_['id']}/tickets"

    assert (await world.post(path, {"count": 1001})).status_code == 422
    stranger = await world.post(path, {"count": 1, "unit_id": str(uuid4())})
    assert stranger.json()["code"] == "unit_not_in_round"
    assert len((await world.made(path, {"count": 1000}))["tickets"]) == 1000
    await world.made(f"/v1/rounds/{round_['id']}/close")
    late = await world.post(path, {"count": 1})
    assert (late.status_code, late.json()["code"]) == (409, "round_already_closed")
    missing = await world.post(f"/v1/rounds/{uuid4()}/tickets", {"count": 1})
    assert missing.status_code == 404


async def test_a_link_can_be_listed_and_drawn_and_a_unit_sees_its_own_only(world):
    round_ = await world.open_round()
    own, other = await world.link(round_, world.unit_a), await world.link(round_, world.unit_b)

    listed = (await world.get(f"/v1/rounds/{round_['id']}/links", "unit_head")).json()["data"]
    drawn = await world.get(f"/v1/links/{own['id']}/qr.svg", "unit_officer")
    hidden = await world.get(f"/v1/links/{other['id']}/qr.svg", "unit_officer")

    assert listed == [own]
    assert own["url"] == f"https://khaosat.example/k/{own['code']}"
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<svg")
    assert hidden.status_code == 404
    assert len((await world.get(f"/v1/rounds/{round_['id']}/links")).json()["data"]) == 2


async def test_counts_are_live_for_the_department_and_stepped_by_five_for_units(world):
    round_ = await world.open_round()
    link_a, link_b = await world.link(round_, world.unit_a), await world.link(round_, world.unit_b)
    codes = await world.tickets(round_, 3)
    ways = [link_a["code"]] * 5 + [link_b["code"]] * 4 + codes[:1]
    await asyncio.gather(*(world.submit(code, ballot()) for code in ways))
    few = {**ballot(), "answers": {"F1.1": 5}}
    await world.submit(link_a["code"], few)

    path = f"/v1/rounds/{round_['id']}/answers_count"
    counts = (await world.get(path, "director")).json()
    own = (await world.get(path, "unit_head")).json()

    assert counts == {
        "counted": 10, "held": 0, "excluded": 1, "tickets_issued": 3, "tickets_unused": 2,
        "units": [
            {"unit_id": str(world.unit_a), "counted": 5},
            {"unit_id": str(world.unit_b), "counted": 0},
        ],
    }  # fmt: skip
    assert own["units"] == counts["units"][:1]


async def test_closing_a_round_forgets_the_tickets_nobody_used_and_keeps_their_number(world):
    round_ = await world.open_round()
    codes = await world.tickets(round_, 4)
    await world.submit(codes[0], ballot())
    await world.made(f"/v1/rounds/{round_['id']}/close")

    assert await world.count("ticket") == 0
    counts = (await world.get(f"/v1/rounds/{round_['id']}/answers_count")).json()
    assert (counts["tickets_issued"], counts["tickets_unused"]) == (4, 3)


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
