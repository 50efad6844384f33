"""Answers as they come in, by form and by JSON, and what each refusal says."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs
from tests.statements import counted_statements
from tests.surveys.world import World, ballot, form

from surveys.answers.identity import event_id


async def test_an_unknown_code_is_not_found_whoever_asks(world):
    page = await world.citizen.get("/k/t7f3-k2m9-q4xw-8d2n")
    json = await world.citizen.get("/v1/public/t7f3-k2m9-q4xw-8d2n")
    sent = await world.submit("nonsense", ballot())

    assert page.status_code == 404
    assert "Không tìm thấy phiếu khảo sát" in page.text
    assert (json.status_code, json.json()["code"]) == (404, "code_unknown")
    assert (sent.status_code, sent.json()["code"]) == (404, "code_unknown")


async def test_a_used_ticket_says_so_and_stores_nothing_more(world):
    [code] = await world.tickets(await world.open_round(), 1)
    assert (await world.submit(code, ballot())).status_code == 202

    opened = await world.citizen.get(f"/k/{code}")
    posted = await world.citizen.post(f"/k/{code}", data=form())
    sent = await world.submit(code, ballot())

    assert [opened.status_code, posted.status_code, sent.status_code] == [410] * 3
    assert "Giấy mời này đã được dùng" in opened.text
    assert sent.json()["code"] == "ticket_used"
    assert await world.count("response") == 1


async def test_the_same_ballot_sent_twice_is_one_response_with_the_same_answer(world):
    round_ = await world.open_round()
    [code], link = await world.tickets(round_, 1), await world.link(round_)
    for way in (code, link["code"]):
        sent = ballot()
        answers = [await world.submit(way, sent) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [202, 202]
        assert answers[0].json() == answers[1].json()
        assert answers[0].json() == {
            "response_id": sent["response_id"], "status": "accepted", "complete": True,
        }  # fmt: skip
    again = await world.citizen.post(
        f"/k/{way}", data={**form(), "response_id": sent["response_id"]}
    )

    assert again.status_code == 303
    assert await world.count("response") == 2
    assert len(await world.events("surveys.response_submitted.v1")) == 2


async def test_a_closed_round_takes_nothing_from_the_moment_it_closes(world):
    round_ = await world.open_round()
    link = await world.link(round_)
    accepted = ballot()
    assert (await world.submit(link["code"], accepted)).status_code == 202
    await world.made(f"/v1/rounds/{round_['id']}/close")

    sent = await world.submit(link["code"], ballot())
    posted = await world.citizen.post(f"/k/{link['code']}", data=form())
    repeated = await world.submit(link["code"], accepted)

    assert (sent.status_code, sent.json()["code"]) == (410, "round_closed")
    assert sent.json()["detail"].startswith("Đợt khảo sát đã đóng.")
    assert posted.status_code == 410
    assert "Đợt khảo sát đã đóng." in posted.text
    assert repeated.status_code == 202
    assert await world.count("response") == 1


async def test_a_round_that_opens_tomorrow_says_from_which_day(world):
    round_ = await world.open_round(opens_in=1)
    [code] = await world.tickets(round_, 1)
    tomorrow = await world.today() + timedelta(days=1)

    opened = await world.citizen.get(f"/k/{code}")
    sent = await world.submit(code, ballot())
    read = await world.citizen.get(f"/v1/public/{code}", headers={"Accept-Language": "en"})

    assert opened.status_code == 403
    assert f"{tomorrow:%d/%m/%Y}" in opened.text
    assert (sent.status_code, sent.json()["code"]) == (403, "round_not_open")
    assert read.json()["detail"].startswith("The survey")
    assert await world.count("ticket") == 1


async def test_a_program_reads_what_is_asked(world):
    round_ = await world.open_round()
    own, common = await world.link(round_, world.unit_a), await world.link(round_)
    asked = (await world.citizen.get(f"/v1/public/{own['code']}")).json()
    chosen = (await world.citizen.get(f"/v1/public/{common['code']}")).json()

    assert asked["unit_name"] == "Phòng A"
    assert asked["units"] == []
    assert asked["questionnaire"]["sections"][0]["code"] == "F1"
    assert [unit["name"] for unit in chosen["units"]] == ["Phòng A", "Phòng B"]


async def test_an_answer_out_of_range_is_refused_with_the_sentence_in_the_asked_language(world):
    link = await world.link(await world.open_round(), world.unit_a)
    body = ballot()
    body["answers"]["F1.1"] = 6
    path = f"/v1/public/{link['code']}/responses"

    vietnamese = await world.citizen.post(path, json=body)
    english = await world.citizen.post(path, json=body, headers={"Accept-Language": "en"})

    assert (vietnamese.status_code, vietnamese.json()["code"]) == (422, "answers_invalid")
    assert vietnamese.json()["errors"] == [
        {"pointer": "/answers/F1.1", "message": "Câu 1: chọn một mức từ 1 đến 5."}
    ]
    assert english.json()["errors"][0]["message"] == "Question 1: choose a level from 1 to 5."
    assert await world.count("response") == 0


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"response_id": "0194c0de-0000-7000-8000-00000000000a"}, "/response_id"),
        ({"response_id": "x"}, "/response_id"),
        ({"name": "Nguyễn Văn A"}, "/name"),
        ({"answers": [5]}, "/answers"),
        ({"channel": "phone"}, "/channel"),
        ({"unit_id": str(uuid4())}, "/unit_id"),
    ],
)
async def test_a_ballot_with_a_wrong_field_names_it(world, wrong, pointer):
    link = await world.link(await world.open_round(), world.unit_a)
    answer = await world.submit(link["code"], {**ballot(), **wrong})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_ballot_with_too_few_items_is_kept_excluded_and_not_announced(world):
    link = await world.link(await world.open_round())
    answer = await world.submit(link["code"], {**ballot(), "answers": {"F1.1": 5}})

    assert answer.status_code == 202
    [row] = await world.rows("SELECT state, reason FROM response")
    assert (row.state, row.reason) == ("excluded", "invalid_ballot")
    assert await world.events("surveys.response_submitted.v1") == []


async def test_an_announced_response_says_the_hour_and_nothing_of_the_visit(world):
    [code] = await world.tickets(await world.open_round(), 1)
    sent = ballot(3, choices={"P.1": [1]}, text={"T.1": "Nên có ghế chờ"}, channel="kiosk")
    headers = {"X-Request-Id": "request-of-this-visit"}
    await world.citizen.post(f"/v1/public/{code}/responses", json=sent, headers=headers)

    [event] = await world.events("surveys.response_submitted.v1")
    response_id = UUID(sent["response_id"])
    assert event["id"] == str(event_id(response_id, 1))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00:00Z", event["time"])
    assert not {"actorid", "requestid", "traceparent"} & event.keys()
    assert event["data"] == {
        "response_id": sent["response_id"], "round_id": event["data"]["round_id"],
        "unit_id": str(world.unit_a), "channel": "kiosk", "lane": "ticket",
        "answers": sent["answers"], "choices": {"P.1": [1]},
    }  # fmt: skip
    [remark] = await world.rows("SELECT * FROM remark")
    assert remark.text == "Nên có ghế chờ"
    assert remark.id != response_id
    assert (remark.hour.minute, remark.hour.second, remark.hour.microsecond) == (0, 0, 0)


async def test_nothing_stored_about_an_answer_leads_to_its_ticket(world):
    round_ = await world.open_round()
    codes = await world.tickets(round_, 6)
    keys = {row.key for row in await world.rows("SELECT key FROM ticket")}
    for code in codes[:5]:
        assert (await world.submit(code, ballot(text={"T.1": "x"}))).status_code == 202
    [left] = await world.rows("SELECT key FROM ticket")
    spent = keys - {left.key}

    tables = ("response", "remark", "event_log", "outbox", "answer_count", "ticket_batch",
              "audit_entry", "idempotency_key")  # fmt: skip
    for table in tables:
        written = "\n".join(str(row) for row in await world.rows(f"SELECT * FROM {table}"))
        assert not [key for key in spent if key in written], table
        assert not [code for code in codes if code in written], table


async def test_the_access_log_of_a_visit_keeps_neither_code_nor_address(world):
    link = await world.link(await world.open_round())
    code = link["code"]
    with capture_logs() as lines:
        await world.citizen.get(f"/k/{code}")
        await world.citizen.post(f"/k/{code}", data=form(**{"F1.1": "9"}))
        await world.citizen.get(f"/k/{code}/elsewhere")
        await world.citizen.get(f"/v1/public/{code}")
        await world.submit(code, ballot())

    written = "\n".join(map(str, lines))
    one_each = [line for line in lines if line.get("count", 1) == 1]  # not a second of ballots
    assert len(one_each) == 5
    assert code not in written
    assert "127.0.0.1" not in written
    assert not any({"request_id", "client", "actor_id"} & line.keys() for line in lines)


async def test_a_flooded_link_asks_to_wait_and_tickets_do_not(world, settings):
    settings.setenv("SURVEYS_LINK_ANSWERS_PER_MINUTE", "2")
    braked = World(world.database)
    round_ = await world.open_round()
    link, codes = await world.link(round_), await world.tickets(round_, 3)

    answers = [await braked.submit(link["code"], ballot()) for _ in range(3)]
    page = await braked.citizen.post(f"/k/{link['code']}", data=form())
    invited = [await braked.submit(code, ballot()) for code in codes]

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert 0 < int(answers[2].headers["retry-after"]) <= 60
    assert page.status_code == 429
    assert "Chưa gửi được phiếu" in page.text
    assert [answer.status_code for answer in invited] == [202] * 3


async def test_past_the_bound_of_the_outbox_answers_are_refused_and_nothing_is_lost(
    world, settings
):
    link = await world.link(await world.open_round())
    for _ in range(3):
        assert (await world.submit(link["code"], ballot())).status_code == 202
    settings.setenv("SURVEYS_MOST_UNSENT", "3")
    full = World(world.database)
    sent = ballot()
    refused = await full.submit(link["code"], sent)
    page = await full.citizen.post(f"/k/{link['code']}", data=form())
    async with world.database.sessions.begin() as session:
        await session.execute(text("DELETE FROM outbox"))
    relieved = World(world.database)
    accepted = await relieved.submit(link["code"], sent)

    assert (refused.status_code, refused.json()["code"]) == (503, "service_unavailable")
    assert refused.headers["retry-after"] == "60"
    assert (page.status_code, page.headers["retry-after"]) == (503, "60")
    assert "Chưa gửi được phiếu" in page.text
    assert accepted.status_code == 202


async def test_all_who_come_at_once_to_one_round_are_one_look_at_it(world):
    link = await world.link(await world.open_round())
    cold = World(world.database)
    with counted_statements(world.database) as statements:
        opened = await asyncio.gather(
            *(cold.citizen.get(f"/v1/public/{link['code']}") for _ in range(10))
        )

    assert {answer.status_code for answer in opened} == {200}
    assert sum("JOIN questionnaire" in one for one in statements) == 1


async def test_a_look_that_failed_is_not_remembered(world):
    link = await world.link(await world.open_round())
    path = f"/v1/public/{link['code']}"
    cold = World(world.database)
    async with world.database.sessions.begin() as session:
        await session.execute(text("ALTER TABLE link RENAME TO elsewhere"))
    assert (await cold.citizen.get(path)).status_code == 500
    async with world.database.sessions.begin() as session:
        await session.execute(text("ALTER TABLE elsewhere RENAME TO link"))

    assert (await cold.citizen.get(path)).status_code == 200
