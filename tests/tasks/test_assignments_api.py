"""Assignments at the doors: who sees them, who may do what, and what others hear of it."""

import asyncio
from collections import Counter

import pytest
from tests.tasks.office import key

from tasks.jobs import announce_overdue

PDF = b"%PDF-1.7\n%minh chung\n"
NOWHERE = "/v1/assignments/0190e2a5-0000-7000-8000-000000000000"


@pytest.fixture
async def mine(busy) -> dict:
    """An assignment led by CCHC that every unit helps with: measures against lost points."""
    return await busy.one(unit_id=(await busy.units())["CCHC"], q="tieu chi mat diem nam 2024")


@pytest.fixture
async def alone(busy) -> dict:
    """An assignment led by CCHC that only VP helps with."""
    return await busy.one(unit_id=(await busy.units())["CCHC"], q="thai do phuc vu")


def path(assignment, *more: str) -> str:
    return "/".join(("/v1/assignments", assignment["id"], *more))


async def submitted(busy, assignment, seen=1) -> dict:
    """Hand in a result with a file; return the assignment with its results."""
    file = (await busy.unit_officer.upload("/v1/files", "Báo cáo.pdf", PDF)).json()
    body = {"note": "Đã trình", "file_ids": [file["id"]]}
    answer = await busy.unit_officer.post(path(assignment, "results"), body, seen=seen)
    assert answer.status_code == 200, answer.text
    return (await busy.unit_officer.get(path(assignment))).json()


# ---------------------------------------------------------------- lists


async def test_pages_hold_every_assignment_once_in_order(looked_at):
    numbers, cursor = [], None
    while cursor or not numbers:
        more = {"cursor": cursor} if cursor else {}
        page = (await looked_at.director.get("/v1/assignments", limit=50, **more)).json()
        numbers += [one["number"] for one in page["data"]]
        cursor = page["next_cursor"]
    assert numbers == [f"NV-2025-{n:04d}" for n in range(1, 124)]


@pytest.mark.parametrize("words", ["khao sat hai long", "KHẢO SÁT", "NV-2025-0001", "sat nv2025 0"])
async def test_words_are_found_without_accents_and_in_any_order(looked_at, words):
    found = (await looked_at.office.get("/v1/assignments", q=words)).json()["data"]
    assert bool(found) is (words != "sat nv2025 0")
    if words.startswith("NV"):
        assert [one["number"] for one in found] == ["NV-2025-0001"]


async def test_filters_and_counts_tell_the_same(looked_at):
    plan = (await looked_at.office.get("/v1/plans")).json()["data"][0]
    counts = (await looked_at.office.get("/v1/assignments/counts", plan_id=plan["id"])).json()

    async def found(**filters) -> list[dict]:
        answer = await looked_at.office.get(
            "/v1/assignments", plan_id=plan["id"], limit=200, **filters
        )
        return answer.json()["data"]

    every = await found()
    assert counts["all"] == sum(one["due_on"] is not None for one in every)
    assert counts["overdue"] == len(await found(overdue=True)) == sum(o["overdue"] for o in every)
    assert counts["due"] == counts["overdue"]
    assert (counts["done"], counts["done_due"], counts["waiting"]) == (0, 0, 0)
    assert len(await found(status="not_started")) == len(every)
    assert await found(status="done") == []


async def test_an_unknown_filter_is_refused_by_name(looked_at):
    answer = await looked_at.office.get("/v1/assignments", colour="red")
    assert (answer.status_code, answer.json()["code"]) == (400, "query_unknown")


async def test_a_unit_sees_what_it_leads_or_helps_with_and_nothing_else(looked_at):
    units = await looked_at.units()
    seen = (await looked_at.unit_officer_ldvl.get("/v1/assignments", limit=200)).json()["data"]
    of_others = [one for one in seen if one["unit_id"] != units["LĐVL"]]

    assert of_others
    assert all(units["LĐVL"] in one["coordinating_unit_ids"] for one in of_others)
    assert len(seen) < 123
    counts = (await looked_at.unit_officer_ldvl.get("/v1/assignments/counts")).json()
    assert counts["all"] == sum(one["due_on"] is not None for one in seen)
    assert (await looked_at.external.get("/v1/assignments")).status_code == 403


# ---------------------------------------------------------------- who may, and in which order


async def test_what_is_not_visible_is_not_there_whoever_asks_for_whatever(busy, alone):
    stranger = busy.unit_head_ldvl
    answers = [
        await stranger.get(path(alone)),
        await stranger.get(path(alone, "timeline")),
        await stranger.post(path(alone, "progress"), {"percent": 5}),
        await stranger.post(path(alone, "results"), {"note": "x"}),
        await stranger.post(path(alone, "results", alone["id"], "accept")),
        await stranger.post(path(alone, "results", alone["id"], "return"), {"reason": "x"}),
        await stranger.patch(path(alone), {"due_on": "2025-01-01"}),
        await busy.office.get(NOWHERE),
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [
        (404, "assignment_not_found")
    ] * len(answers)


async def test_what_is_visible_but_not_ones_own_is_not_allowed(busy, mine):
    answers = [
        await busy.unit_head_ldvl.get(path(mine)),
        await busy.unit_head_ldvl.post(path(mine, "progress"), {"percent": 5}),
        await busy.office.post(path(mine, "results"), {"note": "x"}, seen=1),
        await busy.unit_head.post(path(mine, "results", mine["id"], "accept")),
        await busy.unit_head.patch(path(mine), {"due_on": "2025-01-01"}),
        await busy.director.post(path(mine, "progress"), {"percent": 5}),
        await busy.auditor.patch(path(mine), {"due_on": "2025-01-01"}),
    ]
    assert [a.status_code for a in answers] == [200, 403, 403, 403, 403, 403, 403]


async def test_version_comes_before_state_and_after_permission(busy, mine):
    progress = path(mine, "progress")
    missing = await busy.unit_officer.post(progress, {"percent": 5})
    stale = await busy.unit_officer.post(progress, {"percent": 5}, seen=4)
    wrong = await busy.unit_officer.post(progress, {"percent": 500}, seen=1)
    await submitted(busy, mine)
    closed = await busy.unit_officer.post(progress, {"percent": 5}, seen=2)

    assert [a.status_code for a in (missing, stale, wrong, closed)] == [428, 412, 422, 409]
    assert closed.json()["code"] == "assignment_submitted"


# ---------------------------------------------------------------- progress and results


async def test_progress_is_stored_and_announced_without_the_text_of_the_difficulty(busy, mine):
    body = {"percent": 40, "note": "Đã phân tích", "difficulty": "Thiếu số liệu năm trước"}
    answer = await busy.unit_officer.post(path(mine, "progress"), body, seen=1)

    [event] = await busy.events("progress_reported")
    newest = (await busy.unit_head.get(path(mine, "timeline"))).json()["data"][0]
    assert answer.headers["ETag"] == '"2"'
    assert (answer.json()["status"], answer.json()["progress_percent"]) == ("in_progress", 40)
    assert event["data"]["has_difficulty"] is True
    assert "Thiếu" not in str(event)
    assert event["data"]["assignment"]["version"] == event["aggregateversion"] == 2
    assert {name: newest[name] for name in body} == body
    assert newest["actor_name"]


async def test_a_result_is_accepted_with_its_evidence_and_the_assignment_is_done(busy, mine):
    detail = await submitted(busy, mine)
    [result] = detail["results"]
    accept = path(mine, "results", result["id"], "accept")

    waiting = (await busy.office.get("/v1/assignments/counts")).json()["waiting"]
    answer = await busy.office.post(accept, {"note": "Đạt"})
    again = await busy.office.post(accept)

    [event] = await busy.events("result_accepted")
    state = event["data"]["assignment"]
    done = (await busy.unit_officer.get(path(mine))).json()
    assert (waiting, detail["overdue"], detail["status"]) == (1, False, "submitted")
    assert result["files"][0]["name"] == "Báo cáo.pdf"
    assert (answer.json()["status"], answer.json()["on_time"]) == ("done", False)
    assert (state["submitted_on"], state["status"]) == (str(await busy.today()), "done")
    assert event["data"]["on_time"] is False
    assert (done["results"][0]["status"], done["results"][0]["decision_note"]) == (
        "accepted",
        "Đạt",
    )
    assert done["results"][0]["decided_by_name"]
    assert (again.status_code, again.json()["code"]) == (409, "assignment_done")


async def test_a_returned_result_lets_the_unit_hand_in_another(busy, mine):
    first = (await submitted(busy, mine))["results"][0]
    back = path(mine, "results", first["id"], "return")

    without_reason = await busy.director.post(back, {})
    returned = await busy.director.post(back, {"reason": "Thiếu phụ lục"})
    second = await submitted(busy, mine, seen=3)
    old = await busy.office.post(path(mine, "results", first["id"], "accept"))
    accepted = await busy.office.post(path(mine, "results", second["results"][0]["id"], "accept"))

    [event] = await busy.events("result_returned")
    kinds = [e["kind"] for e in (await busy.office.get(path(mine, "timeline"))).json()["data"]]
    assert without_reason.status_code == 422
    assert (returned.json()["status"], returned.json()["overdue"]) == ("returned", True)
    assert event["data"]["assignment"]["submitted_on"] is None
    assert (old.status_code, old.json()["code"]) == (409, "result_decided")
    assert accepted.json()["status"] == "done"
    assert kinds == [
        "result_accepted", "result_submitted", "result_returned", "result_submitted", "created",
    ]  # fmt: skip


async def test_ten_acceptances_at_once_are_one(busy, mine):
    [result] = (await submitted(busy, mine))["results"]
    accept = path(mine, "results", result["id"], "accept")

    answers = await asyncio.gather(*(busy.office.post(accept) for _ in range(10)))

    assert Counter(a.status_code for a in answers) == {200: 1, 409: 9}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"assignment_done"}
    assert len(await busy.events("result_accepted")) == 1
    assert (await busy.office.get(path(mine))).json()["version"] == 3


async def test_a_retry_with_the_same_key_reports_once(busy, mine):
    same, body = key()["Idempotency-Key"], {"percent": 10}
    first = await busy.unit_officer.post(path(mine, "progress"), body, seen=1, key_=same)
    retry = await busy.unit_officer.post(path(mine, "progress"), body, seen=1, key_=same)
    assert first.json() == retry.json()
    assert first.headers["ETag"] == retry.headers["ETag"]
    assert len(await busy.events("progress_reported")) == 1


async def test_evidence_must_have_been_uploaded_by_who_names_it(busy, mine):
    foreign = (await busy.office.upload("/v1/files", "a.pdf", PDF)).json()["id"]
    answer = await busy.unit_officer.post(path(mine, "results"), {"file_ids": [foreign]}, seen=1)
    empty = await busy.unit_officer.post(path(mine, "results"), {}, seen=1)
    assert (answer.status_code, answer.json()["code"]) == (422, "file_unknown")
    assert answer.json()["errors"][0]["pointer"] == "/file_ids/0"
    assert empty.status_code == 422


async def test_a_result_of_another_assignment_is_not_found_here(busy, mine, alone):
    [result] = (await submitted(busy, mine))["results"]
    answer = await busy.office.post(path(alone, "results", result["id"], "accept"))
    assert (answer.status_code, answer.json()["code"]) == (404, "result_not_found")


async def test_what_the_clock_announced_meanwhile_makes_nobodys_change_stale(busy, mine):
    await busy.run_clock(announce_overdue)
    after_clock = await busy.unit_officer.post(path(mine, "progress"), {"percent": 5}, seen=1)
    after_colleague = await busy.unit_officer.post(path(mine, "progress"), {"percent": 6}, seen=1)
    assert (after_clock.status_code, after_clock.json()["version"]) == (200, 3)
    assert after_colleague.status_code == 412
