"""Ballots excluded and restored at the Office's door: all or none, in events that name nobody."""

import asyncio
from base64 import urlsafe_b64decode
from functools import partial
from uuid import UUID, uuid4

import pytest
from tests.surveys.world import World, ballot

from chassis.database import Database
from surveys.answers import identity
from surveys.closing import actions as closing
from surveys.review import actions as review


async def sent(world: World, round_: dict, number: int, unit: UUID | None = None) -> list[str]:
    """Ballots by tickets; what those who review them call them."""
    ballots = [ballot() for _ in range(number)]
    codes = await world.tickets(round_, number, unit)
    for code, one in zip(codes, ballots, strict=True):
        assert (await world.submit(code, one)).status_code == 202
    return await called(world, ballots)


async def called(world: World, ballots: list[dict]) -> list[str]:
    """Return by which ids reviewers know ballots that were sent."""
    rows = await world.rows("SELECT response_id, ballot_id FROM response")
    ids = {str(row.response_id): str(row.ballot_id) for row in rows}
    return [ids[one["response_id"]] for one in ballots]


async def invalid(world: World, round_: dict) -> str:
    [code] = await world.tickets(round_, 1)
    one = {**ballot(), "answers": {"F1.1": 5}}
    assert (await world.submit(code, one)).status_code == 202
    [id_] = await called(world, [one])
    return id_


async def exclude(world: World, round_: dict, ids: list[str], code: str = "office", **more):
    body = {"ballot_ids": ids, "reason": "Phiếu điền hộ", **more}
    return await world.post(f"/v1/rounds/{round_['id']}/exclusions", body, code)


async def restore(world: World, round_: dict, ids: list[str], code: str = "office", **more):
    body = {"ballot_ids": ids, "reason": "Đã xác minh", **more}
    return await world.post(f"/v1/rounds/{round_['id']}/restorations", body, code)


async def standing(world: World, id_: str) -> tuple[str, str | None, int]:
    query = "SELECT state, reason, revision FROM response WHERE ballot_id = :id"
    [row] = await world.rows(query, id=UUID(id_))
    return tuple(row)


async def cells(world: World) -> dict[tuple[UUID, str], tuple[int, int]]:
    rows = await world.rows(
        "SELECT unit_id, lane, sum(counted), sum(excluded) FROM answer_count GROUP BY 1, 2"
    )
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}


async def waits(world: World, task: asyncio.Task) -> bool:
    """Whether a task waits for a lock, or is done."""
    return task.done() or bool(await world.rows("SELECT 1 FROM pg_locks WHERE NOT granted"))


async def test_a_ballot_is_excluded_and_restored_and_its_counts_go_with_it(world):
    round_ = await world.open_round()
    [first, _, third] = await sent(world, round_, 3)
    await sent(world, round_, 1, world.unit_b)
    a, b = (world.unit_a, "ticket"), (world.unit_b, "ticket")

    excluded = await exclude(world, round_, [first, third])
    assert (excluded.status_code, excluded.json()) == (200, {"state": "excluded", "count": 2})
    assert await standing(world, first) == ("excluded", "Phiếu điền hộ", 2)
    assert await cells(world) == {a: (1, 2), b: (1, 0)}

    restored = await restore(world, round_, [first])
    assert (restored.status_code, restored.json()) == (200, {"state": "counted", "count": 1})
    assert await standing(world, first) == ("counted", None, 3)
    assert await cells(world) == {a: (2, 1), b: (1, 0)}


async def test_its_events_name_nobody_and_have_the_hour_and_ids_that_repeat(world):
    round_ = await world.open_round()
    [known] = await sent(world, round_, 1)
    await exclude(world, round_, [known])
    await restore(world, round_, [known])

    [(sender,)] = await world.rows("SELECT response_id FROM response")
    id_ = str(sender)
    [came] = await world.events("surveys.response_submitted.v1")
    for type_, revision in (("excluded", 2), ("restored", 3)):
        [event] = await world.events(f"surveys.response_{type_}.v1")
        assert event["id"] == str(identity.event_id(UUID(id_), revision))
        assert (event["subject"], event["aggregateversion"]) == (id_, revision)
        assert event["time"].endswith(":00:00Z")
        assert not {"actorid", "requestid"} & event.keys()
        assert event["data"] == {
            "response_id": id_, "round_id": round_["id"], "unit_id": str(world.unit_a),
            "lane": "ticket", "revision": revision, "hour": came["time"],
        }  # fmt: skip
    assert await world.count("outbox") == await world.count("event_log")


async def test_the_audit_says_who_which_how_many_and_why(world):
    round_ = await world.open_round()
    ids = await sent(world, round_, 2)
    await exclude(world, round_, ids)
    await restore(world, round_, ids[:1])

    rows = await world.rows(
        "SELECT actor_id, subject_id, after, reason FROM audit_entry"
        " WHERE action = 'round.review' ORDER BY id"
    )
    by, about = world.people["office"], UUID(round_["id"])
    assert [tuple(row) for row in rows] == [
        (
            by,
            about,
            {"state": "excluded", "count": 2, "ballot_ids": sorted(ids)},
            "Phiếu điền hộ",
        ),
        (by, about, {"state": "counted", "count": 1, "ballot_ids": ids[:1]}, "Đã xác minh"),
    ]


async def test_one_wrong_ballot_and_none_is_excluded(world):
    round_, other = await world.open_round(), await world.open_round()
    [good, gone], [elsewhere] = await sent(world, round_, 2), await sent(world, other, 1)
    await exclude(world, round_, [gone])
    few, unknown = await invalid(world, round_), str(uuid4())

    answer = await exclude(world, round_, [good, gone, elsewhere, few, unknown, good])

    assert (answer.status_code, answer.json()["code"]) == (422, "ballots_refused")
    assert answer.json()["detail"] == (
        "Có 5 phiếu không xử lý được, nên chưa phiếu nào được thay đổi"
    )
    assert {error["pointer"]: error["message"] for error in answer.json()["errors"]} == {
        "/ballot_ids/1": f"Phiếu {gone} đang không được tính nên không loại được nữa",
        "/ballot_ids/2": f"Đợt khảo sát không có phiếu {elsewhere}",
        "/ballot_ids/3": f"Phiếu {few} đang không được tính nên không loại được nữa",
        "/ballot_ids/4": f"Đợt khảo sát không có phiếu {unknown}",
        "/ballot_ids/5": f"Phiếu {good} được nêu nhiều lần",
    }
    assert await standing(world, good) == ("counted", None, 1)
    assert len(await world.events("surveys.response_excluded.v1")) == 1


async def test_a_ballot_excluded_as_it_came_in_cannot_be_restored(world):
    round_ = await world.open_round()
    few, [good] = await invalid(world, round_), await sent(world, round_, 1)
    answer = await restore(world, round_, [few, good])

    assert answer.status_code == 422
    assert [error["message"] for error in answer.json()["errors"]] == [
        f"Phiếu {few} trả lời quá ít câu, chưa từng được tính nên không khôi phục được",
        f"Phiếu {good} không bị loại nên không cần khôi phục",
    ]
    assert await standing(world, few) == ("excluded", "invalid_ballot", 1)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"ballot_ids": []}, "/ballot_ids"),
        ({"ballot_ids": [str(uuid4()) for _ in range(501)]}, "/ballot_ids"),
        ({"reason": "  "}, "/reason"),
    ],
)
async def test_a_request_names_one_to_five_hundred_ballots_and_a_reason(world, wrong, pointer):
    answer = await exclude(world, await world.open_round(), [str(uuid4())], **wrong)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_of_a_closed_round_ballots_are_excluded_and_restored_too(world):
    round_ = await world.open_round()
    [id_] = await sent(world, round_, 1)
    await world.made(f"/v1/rounds/{round_['id']}/close")

    assert (await exclude(world, round_, [id_])).status_code == 200
    assert (await restore(world, round_, [id_])).status_code == 200
    assert (await standing(world, id_))[2] == 3


async def test_excluding_waits_for_a_closing_under_way_which_so_misses_no_ballot(world, eventually):
    round_ = await world.open_round()
    ids = await sent(world, round_, 1)
    async with world.database.sessions() as session:
        await closing.close(session, world.actor(), UUID(round_["id"]))
        excluding = asyncio.create_task(exclude(world, round_, ids))
        await eventually(partial(waits, world, excluding))
        assert not excluding.done()
        await session.commit()

    assert (await excluding).status_code == 200
    [event] = await world.events("surveys.round_closed.v1")
    [ticket, *_] = event["data"]["ballots"]
    assert ticket == {"lane": "ticket", "counted": 1, "excluded": 0, "revisions": 1}


async def test_who_excludes_what_another_is_just_excluding_waits_and_is_refused(world, eventually):
    round_ = await world.open_round()
    [id_] = await sent(world, round_, 1)
    async with world.database.sessions() as session:
        about = world.actor(), UUID(round_["id"]), [UUID(id_)]
        await review.exclude(session, *about, "Trùng")
        second = asyncio.create_task(exclude(world, round_, [id_]))
        await eventually(partial(waits, world, second))
        await session.commit()

    assert (await second).status_code == 422
    assert await standing(world, id_) == ("excluded", "Trùng", 2)


async def test_of_ten_who_exclude_one_ballot_at_once_one_does_and_citizens_go_on(world):
    round_ = await world.open_round()
    [id_] = await sent(world, round_, 1)
    codes = await world.tickets(round_, 20)
    other = Database(world.database.url)
    second = World(other)
    second.people = world.people
    answers = await asyncio.gather(
        *(exclude(each, round_, [id_]) for each in [world, second] * 5),
        *(world.submit(code, ballot()) for code in codes),
    )
    await other.close()

    assert sorted(answer.status_code for answer in answers[:10]) == [200] + [422] * 9
    assert {answer.status_code for answer in answers[10:]} == {202}
    assert await standing(world, id_) == ("excluded", "Phiếu điền hộ", 2)
    assert await cells(world) == {(world.unit_a, "ticket"): (20, 1)}


@pytest.mark.parametrize(
    "code", ["director", "admin", "auditor", "appraiser", "unit_head", "unit_officer", "external"]
)
async def test_only_the_office_reviews_ballots(world, code):
    round_ = await world.open_round()
    [id_] = await sent(world, round_, 1)
    answers = [
        await exclude(world, round_, [id_], code),
        await restore(world, round_, [id_], code),
        await world.get(f"/v1/rounds/{round_['id']}/responses", code),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (403, "not_allowed")
    ] * 3


async def test_ballots_are_listed_without_unit_and_answers_by_state_and_lane(world):
    round_ = await world.open_round()
    ids, link = await sent(world, round_, 3), await world.link(round_, world.unit_a)
    opened = ballot()
    await world.submit(link["code"], opened)
    [known] = await called(world, [opened])
    await exclude(world, round_, ids[:1])
    path = f"/v1/rounds/{round_['id']}/responses"

    async def listed(query: str) -> set[str]:
        return {row["ballot_id"] for row in (await world.get(path + query)).json()["data"]}

    assert await listed("") == {*ids, known}
    assert await listed("?state=excluded") == {ids[0]}
    assert await listed("?lane=open") == {known}
    assert await listed("?state=counted&lane=ticket") == set(ids[1:])
    [row] = (await world.get(f"{path}?state=excluded")).json()["data"]
    hour = (await world.rows("SELECT hour FROM response LIMIT 1"))[0].hour
    assert row == {
        "ballot_id": ids[0], "lane": "ticket", "channel": "web", "state": "excluded",
        "hour": hour.isoformat().replace("+00:00", "Z"), "reason": "Phiếu điền hộ",
    }  # fmt: skip
    assert (await world.get(f"{path}?state=lost")).status_code == 422
    assert (await world.get(f"/v1/rounds/{uuid4()}/responses")).status_code == 404


async def test_the_list_of_ballots_comes_in_pages_that_tell_no_order_of_arrival(world):
    round_ = await world.open_round()
    ids, path = await sent(world, round_, 5), f"/v1/rounds/{round_['id']}/responses"
    seen, cursor = [], ""
    while cursor is not None:
        page = (await world.get(f"{path}?limit=2{cursor}")).json()
        seen += [row["ballot_id"] for row in page["data"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"

    assert seen == sorted(ids, reverse=True)


async def test_nothing_the_office_reads_of_a_ballot_lets_it_try_what_the_ballot_says(world):
    """Sent again under its own id, a ballot is told "the same" or "another": no reader may ask."""
    round_ = await world.open_round()
    [code] = await world.tickets(round_, 1)
    secrets = [ballot(3), {**ballot(3), "unit_id": str(world.unit_a), "channel": "paper"}]
    await world.submit(code, secrets[0])
    path = f"/v1/rounds/{round_['id']}"
    await world.made(f"{path}/ballots", secrets[1])
    [listed, paged] = [await world.get(f"{path}/responses{q}") for q in ("", "?limit=1")]
    ids = [row["ballot_id"] for row in listed.json()["data"]]
    moved = [await act(world, round_, ids) for act in (exclude, restore)]
    refused = await exclude(world, round_, [one["response_id"] for one in secrets])
    audit = await world.rows("SELECT * FROM audit_entry")

    assert [answer.status_code for answer in (*moved, refused)] == [200, 200, 422]
    payload = urlsafe_b64decode(paged.json()["next_cursor"] + "==").decode(errors="replace")
    readable = " ".join([listed.text, payload, *(answer.text for answer in moved), str(audit)])
    assert not [one for one in secrets if one["response_id"] in readable]
    spent = [await world.submit(code, ballot(n, response_id=i)) for n in (3, 4) for i in ids]
    assert {answer.json()["code"] for answer in spent} == {"ticket_used"}
    await world.made(f"{path}/close")
    guesses = [{**secrets[1], **ballot(n), "response_id": i} for n in (3, 4) for i in ids]
    late = [await world.post(f"{path}/ballots", guess) for guess in guesses]
    late += [await world.submit(code, {**guess, "channel": "web"}) for guess in guesses]
    assert {answer.json()["code"] for answer in late} == {"round_closed"}
