"""An assignment is paused, resumed, ended and handed over; a late unit commits in writing."""

from datetime import timedelta

import pytest

from tasks.jobs import announce_due_soon, announce_overdue

PDF = b"%PDF-1.7\n%cam ket\n"


@pytest.fixture
async def mine(busy) -> dict:
    """An assignment led by CCHC that only VP helps with, overdue since 2025."""
    units = await busy.units()
    found = await busy.one(unit_id=units["CCHC"], overdue=True)
    await busy.execute(
        "UPDATE assignment SET coordinating_unit_ids = ARRAY[CAST(:vp AS uuid)] WHERE id = :id",
        vp=units["VP"], id=found["id"],
    )  # fmt: skip
    return await shown(busy, found)


def path(assignment, *more: str) -> str:
    return "/".join(("/v1/assignments", assignment["id"], *more))


async def act(busy, assignment, name: str, seen: int = 1, by: str = "office", **body):
    body = {"reason": "Theo ý kiến Giám đốc", **body}
    return await getattr(busy, by).post(path(assignment, name), body, seen=seen)


async def shown(busy, assignment, by: str = "office") -> dict:
    return (await getattr(busy, by).get(path(assignment))).json()


async def counts(busy) -> dict:
    return (await busy.office.get("/v1/assignments/counts")).json()


# ---------------------------------------------------------------- pause and resume


async def test_what_is_paused_is_neither_due_nor_overdue_nor_reminded_and_is_counted(busy, mine):
    before = await counts(busy)
    paused = await act(busy, mine, "pause")
    after = await counts(busy)
    announced = await busy.run_clock(announce_overdue) + await busy.run_clock(announce_due_soon)
    listed = (await busy.office.get("/v1/assignments", paused=True)).json()["data"]
    late = (await busy.office.get("/v1/assignments", overdue=True, limit=200)).json()["data"]
    view = paused.json()
    assert (view["paused_on"], view["overdue"], view["working_days_left"]) == (
        str(await busy.today()), False, None,
    )  # fmt: skip
    assert view["status"] == mine["status"]
    assert (after["paused"], [each["id"] for each in listed]) == (1, [mine["id"]])
    assert after["all"] == before["all"], "it stays in what must be done in the year"
    assert (after["due"], after["overdue"]) == (before["due"] - 1, before["overdue"] - 1)
    assert announced == before["overdue"] - 1
    assert mine["id"] not in {each["id"] for each in late}


async def test_a_paused_one_takes_no_progress_until_it_goes_on(busy, mine):
    await act(busy, mine, "pause")
    twice = await act(busy, mine, "pause", 2)
    progress = await busy.unit_officer.post(path(mine, "progress"), {"percent": 50}, seen=2)
    result = await busy.unit_officer.post(path(mine, "results"), {"note": "Xong"}, seen=2)
    unit = (await shown(busy, mine, "unit_officer"))["allowed"]
    office = (await shown(busy, mine))["allowed"]
    resumed = await act(busy, mine, "resume", 2)
    again = await act(busy, mine, "resume", 3)
    after = await busy.unit_officer.post(path(mine, "progress"), {"percent": 50}, seen=3)
    for refused in (twice, progress, result):
        assert (refused.status_code, refused.json()["code"]) == (409, "assignment_paused")
    assert unit == ["ask_question"]
    assert office == ["change", "resume", "hand_over", "cancel"]
    assert resumed.json()["overdue"], "the deadline did not move"
    assert (again.status_code, again.json()["code"]) == (409, "assignment_not_paused")
    assert after.status_code == 200


@pytest.mark.parametrize(("status", "what"), [("returned", "correct"), ("in_progress", "report")])
async def test_what_is_paused_waits_for_nobody_until_it_goes_on(busy, mine, status, what):
    await busy.execute("UPDATE assignment SET status = :s WHERE id = :id", s=status, id=mine["id"])

    async def day() -> tuple[int, int]:
        work = (await busy.unit_officer.get("/v1/me/work")).json()
        [waits] = [one["count"] for one in work["waiting"] if one["what"] == what]
        return waits, work["unit"]["open"]

    before = await day()
    await act(busy, mine, "pause")
    paused = await day()
    await act(busy, mine, "resume", 2)
    assert paused == (before[0] - 1, before[1] - 1)
    assert await day() == before


async def test_what_goes_on_is_announced_anew(busy, mine):
    await busy.run_clock(announce_overdue)
    await act(busy, mine, "pause", 2)
    await act(busy, mine, "resume", 3)
    assert await busy.run_clock(announce_overdue) == 1
    kinds = [
        line["kind"] for line in (await busy.office.get(path(mine, "timeline"))).json()["data"]
    ]
    assert kinds[:4] == ["overdue", "resumed", "paused", "overdue"]
    [paused], [resumed] = (
        await busy.events("assignment_paused"),
        await busy.events("assignment_resumed"),
    )
    assert paused["data"]["assignment"]["paused_on"]
    assert resumed["data"]["assignment"]["paused_on"] is None


async def test_every_act_takes_a_reason_and_the_version_seen(busy, mine):
    unit = (await busy.units())["TTr"]
    for name, body in (("pause", {}), ("cancel", {}), ("hand_over", {"unit_id": unit})):
        silent = await act(busy, mine, name, reason=" ", **body)
        unseen = await busy.office.post(path(mine, name), {"reason": "x", **body})
        stale = await act(busy, mine, name, 9, **body)
        assert (silent.status_code, silent.json()["errors"][0]["pointer"]) == (422, "/reason")
        assert (unseen.status_code, stale.status_code) == (428, 412)


async def test_what_waits_for_the_office_is_decided_before_it_is_moved(busy, mine):
    await busy.unit_officer.post(path(mine, "results"), {"note": "Xong"}, seen=1)
    unit = (await busy.units())["TTr"]
    for name, body in (("pause", {}), ("hand_over", {"unit_id": unit})):
        refused = await act(busy, mine, name, 2, **body)
        assert (refused.status_code, refused.json()["code"]) == (409, "assignment_submitted")


# ---------------------------------------------------------------- the end


@pytest.mark.parametrize("because", ["cancelled", "no_longer_applicable"])
async def test_what_ends_leaves_the_denominator_by_a_named_act_and_stays_to_be_read(
    busy, mine, because
):
    before = await counts(busy)
    ended = await act(busy, mine, "cancel", because=because)
    again = await act(busy, mine, "cancel", 2)
    after = await counts(busy)
    [event] = await busy.events("assignment_cancelled")
    newest = (await busy.unit_officer.get(path(mine, "timeline"))).json()["data"][0]
    view = ended.json()
    assert (view["status"], view["no_longer_applicable"]) == (
        "cancelled", because == "no_longer_applicable",
    )  # fmt: skip
    assert (again.status_code, again.json()["code"]) == (409, "assignment_cancelled")
    assert (after["all"], after["overdue"]) == (before["all"] - 1, before["overdue"] - 1)
    assert event["data"]["because"] == because
    assert (newest["kind"], newest["reason"]) == ("cancelled", "Theo ý kiến Giám đốc")
    assert view["allowed"] == []


async def test_what_is_paused_can_end_and_is_paused_no_more(busy, mine):
    await act(busy, mine, "pause")
    ended = await act(busy, mine, "cancel", 2)
    assert (ended.json()["status"], ended.json()["paused_on"]) == ("cancelled", None)
    assert (await counts(busy))["paused"] == 0


# ---------------------------------------------------------------- another unit


async def test_another_unit_takes_over_with_the_history_and_the_old_one_goes_on_seeing_it(
    busy, mine
):
    units = await busy.units()
    await busy.unit_officer.post(path(mine, "progress"), {"percent": 30}, seen=1)
    await busy.unit_officer.post(path(mine, "results"), {"note": "Bản đầu"}, seen=2)
    [result] = (await shown(busy, mine))["results"]
    await busy.office.post(path(mine, "results", result["id"], "return"), {"reason": "Thiếu"})

    moved = await act(busy, mine, "hand_over", 4, unit_id=units["LĐVL"])

    view = moved.json()
    detail = await shown(busy, mine, "unit_officer")
    mine_no_more = await busy.unit_officer.post(path(mine, "progress"), {"percent": 40}, seen=5)
    theirs = await busy.unit_officer_ldvl.post(path(mine, "progress"), {"percent": 40}, seen=5)
    [event] = await busy.events("assignment_handed_over")
    assert (view["unit_id"], view["accountable_person_id"]) == (units["LĐVL"], None)
    assert (view["progress_percent"], view["due_on"]) == (30, mine["due_on"])
    assert view["former_unit_ids"] == [units["CCHC"]]
    assert detail["results"][0]["unit_id"] == units["CCHC"], "the unit it had then"
    [handover] = detail["handovers"]
    assert (handover["from_unit_id"], handover["to_unit_id"]) == (units["CCHC"], units["LĐVL"])
    assert detail["allowed"] == []
    assert (mine_no_more.status_code, theirs.status_code) == (403, 200)
    assert event["data"]["previous_unit_id"] == units["CCHC"]
    assert event["data"]["assignment"]["former_unit_ids"] == [units["CCHC"]]


async def test_a_unit_that_helped_leads_and_helps_no_more_and_may_hand_back(busy, mine):
    units = await busy.units()
    moved = (await act(busy, mine, "hand_over", unit_id=units["VP"])).json()
    back = (await act(busy, mine, "hand_over", 2, unit_id=units["CCHC"])).json()
    assert units["VP"] in mine["coordinating_unit_ids"]
    assert units["VP"] not in moved["coordinating_unit_ids"]
    assert back["former_unit_ids"] == [units["VP"]]
    assert [h["from_unit_id"] for h in (await shown(busy, mine))["handovers"]] == [
        units["VP"], units["CCHC"],
    ]  # fmt: skip


async def test_the_unit_and_the_person_that_take_over_are_real(busy, mine):
    units = await busy.units()
    people = (await busy.office.get("/v1/people", limit=200)).json()["data"]
    ids = {person["employee_code"]: person["id"] for person in people}
    same = await act(busy, mine, "hand_over", unit_id=units["CCHC"])
    nobody = await act(busy, mine, "hand_over", unit_id=mine["id"])
    stranger = await act(
        busy, mine, "hand_over", unit_id=units["LĐVL"], accountable_person_id=ids["unit_officer"]
    )
    own = await act(
        busy, mine, "hand_over", unit_id=units["LĐVL"],
        accountable_person_id=ids["unit_officer_ldvl"],
    )  # fmt: skip
    for refused in (same, nobody):
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/unit_id")
    assert stranger.json()["errors"][0]["pointer"] == "/accountable_person_id"
    assert own.json()["accountable_person_id"] == ids["unit_officer_ldvl"]
    assert own.json()["accountable_person_name"]


async def test_units_do_not_steer_and_the_director_does(busy, mine):
    for name in ("pause", "cancel", "hand_over"):
        body = {"unit_id": mine["unit_id"]} if name == "hand_over" else {}
        refused = await act(busy, mine, name, by="unit_head", **body)
        assert refused.status_code == 403
    assert (await act(busy, mine, "pause", by="director")).status_code == 200


# ---------------------------------------------------------------- progress and commitments


async def test_progress_that_goes_down_takes_a_word_why(busy, mine):
    await busy.unit_officer.post(path(mine, "progress"), {"percent": 60}, seen=1)
    silent = await busy.unit_officer.post(path(mine, "progress"), {"percent": 40}, seen=2)
    told = await busy.unit_officer.post(
        path(mine, "progress"), {"percent": 40, "note": "Đếm lại số hồ sơ"}, seen=2
    )
    assert (silent.status_code, silent.json()["errors"][0]["pointer"]) == (422, "/note")
    assert silent.json()["errors"][0]["message"] == "Tiến độ giảm từ 60 % xuống 40 %: hãy ghi lý do"
    assert told.json()["progress_percent"] == 40


async def commitment(busy, **changed) -> dict:
    today = await busy.today()
    return {
        "document_number": "15/CK-CCHC", "document_date": str(today),
        "promised_on": str(today + timedelta(days=14)), **changed,
    }  # fmt: skip


async def test_who_is_late_commits_in_writing_and_the_history_shows_it(busy, mine):
    file = (await busy.unit_officer.upload("/v1/files", "Cam kết.pdf", PDF)).json()
    body = await commitment(busy, file_id=file["id"], note="Đã bố trí thêm người")

    made = await busy.unit_officer.post(path(mine, "commitments"), body)

    detail = await shown(busy, mine)
    newest = (await busy.office.get(path(mine, "timeline"))).json()["data"][0]
    [event] = await busy.events("commitment_made")
    content = await busy.unit_head_vp.get(f"/v1/files/{file['id']}")
    hidden = await busy.unit_head_ldvl.get(f"/v1/files/{file['id']}")
    assert (made.status_code, made.json()["file"]["name"]) == (201, "Cam kết.pdf")
    [shown_] = detail["commitments"]
    assert (shown_["document_number"], shown_["promised_on"]) == (
        "15/CK-CCHC", body["promised_on"],
    )  # fmt: skip
    assert detail["overdue"], "the deadline stays"
    assert (newest["kind"], newest["files"][0]["id"]) == ("committed", file["id"])
    assert {each["field"] for each in newest["changes"]} == {
        "document_number", "document_date", "promised_on",
    }  # fmt: skip
    assert event["data"]["promised_on"] == body["promised_on"]
    assert (content.status_code, hidden.status_code) == (200, 404)


async def test_only_what_is_late_is_committed_to_by_days_that_can_be(busy, mine):
    today = await busy.today()
    yesterday, tomorrow = str(today - timedelta(days=1)), str(today + timedelta(days=1))
    unsigned = await busy.unit_officer.post(
        path(mine, "commitments"), await commitment(busy, document_date=tomorrow)
    )
    passed = await busy.unit_officer.post(
        path(mine, "commitments"), await commitment(busy, promised_on=yesterday)
    )
    strange = await busy.unit_officer.post(
        path(mine, "commitments"), await commitment(busy, file_id=mine["id"])
    )
    foreign = await busy.office.post(path(mine, "commitments"), await commitment(busy))
    await busy.execute("UPDATE assignment SET due_on = '2099-01-01' WHERE id = :id", id=mine["id"])
    early = await busy.unit_officer.post(path(mine, "commitments"), await commitment(busy))
    pointers = [a.json()["errors"][0]["pointer"] for a in (unsigned, passed, strange)]
    assert pointers == ["/document_date", "/promised_on", "/file_id"]
    assert foreign.status_code == 403
    assert (early.status_code, early.json()["code"]) == (409, "assignment_not_late")
