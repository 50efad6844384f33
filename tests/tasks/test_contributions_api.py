"""Contributions: asked of coordinating units, given, accepted, returned, late by working days."""

from datetime import date, timedelta

import pytest

from contracts.tasks import AssignmentState
from tasks.jobs import announce_contributions_due


@pytest.fixture
async def mine(busy) -> dict:
    """An assignment led by CCHC, with which LĐVL and TĐKT help."""
    units = await busy.units()
    await busy.execute(
        "UPDATE assignment SET coordinating_unit_ids = ARRAY[CAST(:one AS uuid),"
        " CAST(:other AS uuid)] WHERE unit_id = CAST(:lead AS uuid)",
        one=units["LĐVL"], other=units["TĐKT"], lead=units["CCHC"],
    )  # fmt: skip
    return await busy.one(unit_id=units["CCHC"], q="tieu chi mat diem nam 2024")


@pytest.fixture
async def ldvl(busy) -> str:
    return (await busy.units())["LĐVL"]


def path(assignment, *more: str) -> str:
    return "/".join(("/v1/assignments", assignment["id"], *more))


async def ahead(busy, days: int) -> str:
    return str(await busy.today() + timedelta(days=days))


async def ask(busy, assignment, unit, *, who="unit_officer", days=5, **body):
    body = {"unit_id": unit, "what": "Số liệu quý IV", "due_on": await ahead(busy, days), **body}
    return await getattr(busy, who).post(path(assignment, "contributions"), body)


async def give(busy, id_: str, *, who="unit_officer_ldvl", **body):
    body = {"note": "Gửi số liệu", **body}
    return await getattr(busy, who).post(f"/v1/contributions/{id_}/give", body)


async def state(busy, assignment) -> AssignmentState:
    """The assignment as the newest event says."""
    newest = (await busy.events())[-1]["data"]["assignment"]
    assert newest["assignment_id"] == assignment["id"]
    return AssignmentState.model_validate(newest)


async def test_the_lead_unit_asks_the_helping_unit_gives_and_who_asked_accepts(busy, mine, ldvl):
    asked = await ask(busy, mine, ldvl)
    id_ = asked.json()["id"]
    upload = await busy.unit_officer_ldvl.upload("/v1/files", "so_lieu.pdf", b"%PDF-1.7\n%%EOF\n")
    given = await give(busy, id_, file_ids=[upload.json()["id"]])
    read = await busy.unit_head.get(f"/v1/files/{upload.json()['id']}")
    taken = await busy.unit_head.post(f"/v1/contributions/{id_}/accept", {"note": "Đủ"})

    lines = (await busy.office.get(path(mine, "timeline"))).json()["data"]
    assert (asked.status_code, asked.json()["status"]) == (201, "asked")
    assert (given.status_code, given.json()["status"], given.json()["on_time"]) == (
        200, "given", True,
    )  # fmt: skip
    assert [each["name"] for each in given.json()["files"]] == ["so_lieu.pdf"]
    assert read.status_code == 200, "who sees the assignment reads what was contributed"
    assert (taken.json()["status"], taken.json()["decision_note"]) == ("accepted", "Đủ")
    assert [line["kind"] for line in lines[:3]] == [
        "contribution_accepted", "contribution_given", "contribution_asked",
    ]  # fmt: skip
    assert lines[2]["note"] == "Số liệu quý IV"
    assert {"field": "contribution_unit_id", "before": None, "after": ldvl} in lines[1]["changes"]


async def test_every_event_says_how_all_contributions_stand_and_never_what_was_written(
    busy, mine, ldvl
):
    other = (await busy.units())["TĐKT"]
    first = (await ask(busy, mine, ldvl)).json()
    await ask(busy, mine, other, who="office")
    await give(busy, first["id"])

    [event] = await busy.events("contribution_given")
    told = await state(busy, mine)
    assert [(str(c.unit_id), c.status) for c in told.contributions] == [
        (ldvl, "given"), (other, "asked"),
    ]  # fmt: skip
    assert (told.contributions[0].given_on, told.contributions[0].on_time) == (
        await busy.today(), True,
    )  # fmt: skip
    assert event["data"]["contribution_id"] == first["id"]
    assert "Số liệu" not in str(event["data"]), "words stay in the department"
    assert "note" not in event["data"]


async def test_what_is_returned_is_owed_again_and_nothing_that_came_is_lost(busy, mine, ldvl):
    id_ = (await ask(busy, mine, ldvl)).json()["id"]
    one, two = [
        (await busy.unit_officer_ldvl.upload("/v1/files", name, b"%PDF-1.7\n%%EOF\n")).json()["id"]
        for name in ("mot.pdf", "hai.pdf")
    ]
    await give(busy, id_, file_ids=[one])
    silent = await busy.unit_officer.post(f"/v1/contributions/{id_}/return", {"reason": " "})
    back = await busy.unit_officer.post(f"/v1/contributions/{id_}/return", {"reason": "Thiếu"})
    owed = await state(busy, mine)
    again = await give(busy, id_, note="Bổ sung", file_ids=[two])

    lines = (await busy.office.get(path(mine, "timeline"))).json()["data"]
    assert silent.status_code == 422
    assert (back.json()["status"], back.json()["on_time"]) == ("returned", None)
    assert (owed.contributions[0].given_on, owed.contributions[0].on_time) == (None, None)
    assert [each["name"] for each in again.json()["files"]] == ["mot.pdf", "hai.pdf"]
    assert [line["note"] or line["reason"] for line in lines[:3]] == [
        "Bổ sung", "Thiếu", "Gửi số liệu",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "code"), [("accept", "contribution_not_given"), ("return", "contribution_not_given")]
)
async def test_what_was_not_given_cannot_be_decided(busy, mine, ldvl, act, code):
    id_ = (await ask(busy, mine, ldvl)).json()["id"]
    answer = await busy.office.post(f"/v1/contributions/{id_}/{act}", {"reason": "Thiếu"}
                                    if act == "return" else {})  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_each_contribution_is_given_and_decided_once(busy, mine, ldvl):
    id_ = (await ask(busy, mine, ldvl)).json()["id"]
    nothing = await give(busy, id_, note="")
    await give(busy, id_)
    twice = await give(busy, id_)
    late = await busy.office.post(f"/v1/contributions/{id_}/withdraw", {"reason": "Không cần"})
    await busy.office.post(f"/v1/contributions/{id_}/accept")
    again = await busy.unit_head.post(f"/v1/contributions/{id_}/accept")
    assert (nothing.status_code, nothing.json()["errors"][0]["pointer"]) == (422, "/note")
    assert (twice.status_code, twice.json()["code"]) == (409, "contribution_given")
    assert (late.status_code, late.json()["code"]) == (409, "contribution_given")
    assert (again.status_code, again.json()["code"]) == (409, "contribution_accepted")


async def test_only_a_unit_that_coordinates_can_be_asked_and_by_no_day_that_has_passed(
    busy, mine, ldvl
):
    stranger = await ask(busy, mine, (await busy.units())["TTr"])
    passed = await ask(busy, mine, ldvl, days=-1)
    silent = await ask(busy, mine, ldvl, what="")
    for answer, pointer in ((stranger, "/unit_id"), (passed, "/due_on"), (silent, "/what")):
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_under_a_draft_nobody_is_asked(busy, mine, ldvl):
    await busy.execute("UPDATE plan SET status = 'draft' WHERE id = :id", id=mine["plan_id"])
    answer = await ask(busy, mine, ldvl, who="office")
    shown = (await busy.office.get(path(mine))).json()
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_draft")
    assert "ask_contribution" not in shown["allowed"]


async def test_what_one_may_do_is_said_with_each_contribution(busy, mine, ldvl):
    id_ = (await ask(busy, mine, ldvl)).json()["id"]

    async def allowed(who: str) -> list[str]:
        [seen] = (await getattr(busy, who).get(path(mine, "contributions"))).json()["data"]
        return seen["allowed"]

    before = {who: await allowed(who) for who in ("unit_officer_ldvl", "unit_head", "office")}
    await give(busy, id_)
    after = {who: await allowed(who) for who in ("unit_officer_ldvl", "unit_head", "director")}
    lead = (await busy.unit_officer.get(path(mine))).json()["allowed"]
    helper = (await busy.unit_officer_ldvl.get(path(mine))).json()["allowed"]
    assert before == {
        "unit_officer_ldvl": ["give"], "unit_head": ["withdraw"], "office": ["withdraw"],
    }  # fmt: skip
    assert after == {
        "unit_officer_ldvl": [], "unit_head": ["accept", "return"], "director": [],
    }  # fmt: skip
    assert "ask_contribution" in lead
    assert not {"give_contribution", "decide_contribution"} & {*lead, *helper}


async def test_another_helping_unit_may_not_give_what_it_was_not_asked_for(busy, mine, ldvl):
    id_ = (await ask(busy, mine, ldvl)).json()["id"]
    other = await give(busy, id_, who="unit_officer_tdkt")
    stranger = await give(busy, id_, who="unit_officer_ttr")
    assert (other.status_code, stranger.status_code) == (403, 404)


async def test_a_contribution_that_comes_in_leaves_nobody_elses_form_stale(busy, mine, ldvl):
    id_ = (await ask(busy, mine, ldvl)).json()["id"]
    await give(busy, id_)
    answer = await busy.unit_officer.post(
        path(mine, "progress"), {"percent": 40, "note": "Đang làm"}, seen=mine["version"]
    )
    assert answer.status_code == 200, answer.text


async def test_what_is_not_due_yet_is_withdrawn_when_the_assignment_is_done(busy, mine, ldvl):
    other = (await busy.units())["TĐKT"]
    open_one = (await ask(busy, mine, ldvl)).json()["id"]
    late_one = (await ask(busy, mine, other, days=0)).json()["id"]
    yesterday = await busy.today() - timedelta(days=1)
    await put_due(busy, late_one, yesterday)
    await hand_in_and_accept(busy, mine)

    shown = (await busy.office.get(path(mine, "contributions"))).json()["data"]
    standing = {each["id"]: (each["status"], each["allowed"]) for each in shown}
    told = {str(c.contribution_id): c.status for c in (await state(busy, mine)).contributions}
    assert standing == {open_one: ("withdrawn", []), late_one: ("asked", [])}
    assert told == {open_one: "withdrawn", late_one: "asked"}


async def test_the_unit_that_takes_an_assignment_over_owes_itself_nothing(busy, mine, ldvl):
    id_ = (await ask(busy, mine, ldvl)).json()["id"]
    seen = (await busy.office.get(path(mine))).json()["version"]
    body = {"unit_id": ldvl, "reason": "Đổi chức năng"}
    moved = await busy.office.post(path(mine, "hand_over"), body, seen=seen)
    [shown] = (await busy.office.get(path(mine, "contributions"))).json()["data"]
    assert moved.status_code == 200, moved.text
    assert (shown["id"], shown["status"]) == (id_, "withdrawn")


async def test_an_ended_assignment_asks_for_nothing_any_more(busy, mine, ldvl):
    id_ = (await ask(busy, mine, ldvl)).json()["id"]
    seen = (await busy.office.get(path(mine))).json()["version"]
    await busy.office.post(path(mine, "cancel"), {"reason": "Trùng"}, seen=seen)
    answer = await give(busy, id_)
    assert (answer.status_code, answer.json()["code"]) == (409, "assignment_cancelled")


async def test_mine_lists_what_my_unit_owes_and_my_day_shows_it(busy, mine, ldvl):
    id_ = (await ask(busy, mine, ldvl)).json()["id"]
    await ask(busy, mine, (await busy.units())["TĐKT"])

    async def owed(who: str) -> list[str]:
        found = await getattr(busy, who).get("/v1/contributions", mine="true", owed="true")
        return [each["id"] for each in found.json()["data"]]

    async def waiting(who: str) -> dict[str, int]:
        work = (await getattr(busy, who).get("/v1/me/work")).json()
        return {one["what"]: one["count"] for one in work["waiting"]}

    work = (await busy.unit_head_ldvl.get("/v1/me/work")).json()
    assert await owed("unit_officer_ldvl") == [id_]
    assert await owed("unit_officer") == []
    assert [each["id"] for each in work["contributions"]] == [id_]
    assert (await waiting("unit_head_ldvl"))["contribute"] == 1
    await give(busy, id_)
    assert await owed("unit_officer_ldvl") == []
    assert (await waiting("unit_head"))["take_contribution"] == 1
    listed = await busy.unit_head.get("/v1/assignments", contribution_given="true")
    assert [each["id"] for each in listed.json()["data"]] == [mine["id"]]


async def test_the_same_press_of_the_button_asks_once(busy, mine, ldvl):
    body = {"unit_id": ldvl, "what": "Số liệu", "due_on": await ahead(busy, 3)}
    answers = [
        await busy.unit_officer.post(path(mine, "contributions"), body, key_="one") for _ in (1, 2)
    ]
    shown = (await busy.office.get(path(mine, "contributions"))).json()["data"]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(shown) == 1


async def test_the_clock_reminds_once_when_a_working_day_is_left_and_never_of_what_came(
    busy, mine, ldvl
):
    id_ = (await ask(busy, mine, ldvl, days=30)).json()["id"]
    early = await busy.run_clock(announce_contributions_due)
    await put_due(busy, id_, await busy.today())
    first = await busy.run_clock(announce_contributions_due)
    again = await busy.run_clock(announce_contributions_due)
    [event] = await busy.events("contribution_due_soon")
    await put_due(busy, id_, await busy.today() + timedelta(days=1))
    await give(busy, id_)
    given = await busy.run_clock(announce_contributions_due)
    assert (early, first, again, given) == (0, 1, 0, 0)
    assert event["data"]["contribution_id"] == id_
    assert event["data"]["working_days_left"] == 0


async def test_several_due_on_one_assignment_are_reminded_of_one_after_the_other(busy, mine, ldvl):
    for unit in (ldvl, (await busy.units())["TĐKT"]):
        await ask(busy, mine, unit, days=0)
    ran = [await busy.run_clock(announce_contributions_due) for _ in range(3)]
    assert ran == [1, 1, 0]


async def put_due(busy, id_: str, due_on: date) -> None:
    """Put a contribution's last allowed day, as time would."""
    await busy.execute(
        "UPDATE contribution SET due_on = :day WHERE id = CAST(:id AS uuid)", day=due_on, id=id_
    )
    await busy.execute(
        "UPDATE assignment SET contributions = (SELECT jsonb_agg(CASE WHEN"
        " c->>'contribution_id' = :id THEN c || jsonb_build_object('due_on', CAST(:day AS text))"
        " ELSE c END) FROM jsonb_array_elements(contributions) AS c)"
        " WHERE contributions <> '[]'",
        day=str(due_on), id=id_,
    )  # fmt: skip


async def hand_in_and_accept(busy, assignment) -> None:
    seen = (await busy.office.get(path(assignment))).json()["version"]
    body = {"note": "Đã xong", "file_ids": []}
    sent = await busy.unit_officer.post(path(assignment, "results"), body, seen=seen)
    assert sent.status_code == 200, sent.text
    result = (await busy.office.get(path(assignment))).json()["results"][0]["id"]
    accepted = await busy.office.post(path(assignment, "results", result, "accept"))
    assert accepted.status_code == 200, accepted.text
