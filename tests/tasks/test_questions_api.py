"""Questions of units and the Office's guidance: asked, answered once, made known to all."""

from datetime import timedelta

import pytest


@pytest.fixture
async def mine(busy) -> dict:
    """An assignment led by CCHC, with which LĐVL helps."""
    units = await busy.units()
    await busy.execute(
        "UPDATE assignment SET coordinating_unit_ids = ARRAY[CAST(:one AS uuid)]"
        " WHERE unit_id = CAST(:lead AS uuid)",
        one=units["LĐVL"], lead=units["CCHC"],
    )  # fmt: skip
    return await busy.one(unit_id=units["CCHC"], q="tieu chi mat diem nam 2024")


async def ask(busy, assignment, who="unit_officer", words="Dùng mẫu nào?"):
    path = f"/v1/assignments/{assignment['id']}/questions"
    return await getattr(busy, who).post(path, {"words": words})


async def answer(busy, id_, who="office", **body):
    path = f"/v1/questions/{id_}/answer"
    return await getattr(busy, who).post(path, {"words": "Mẫu 01", **body})


async def listed(busy, who, **query) -> list[dict]:
    found = await getattr(busy, who).get("/v1/questions", **query)
    assert found.status_code == 200, found.text
    return found.json()["data"]


async def test_a_unit_asks_and_the_office_answers_with_a_file(busy, mine):
    asked = await ask(busy, mine)
    file = (await busy.office.upload("/v1/files", "mau_01.pdf", b"%PDF-1.7\n%%EOF\n")).json()
    answered = await answer(busy, asked.json()["id"], file_id=file["id"])
    [seen] = await listed(busy, "unit_officer", assignment_id=mine["id"])
    read = await busy.unit_officer_ldvl.get(f"/v1/files/{file['id']}")
    stranger = await busy.unit_officer_tdkt.get(f"/v1/files/{file['id']}")
    assert (asked.status_code, asked.json()["status"], asked.json()["waiting_days"]) == (
        201, "open", 0,
    )  # fmt: skip
    assert (answered.status_code, answered.json()["status"]) == (200, "answered")
    assert (seen["answer"], seen["file"]["name"], seen["waiting_days"]) == (
        "Mẫu 01", "mau_01.pdf", None,
    )  # fmt: skip
    assert (read.status_code, stranger.status_code) == (200, 404)


async def test_a_question_is_answered_once(busy, mine):
    id_ = (await ask(busy, mine)).json()["id"]
    first = await answer(busy, id_)
    second = await answer(busy, id_, who="director")
    silent = await ask(busy, mine, words="")
    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "question_answered")
    assert silent.status_code == 422


async def test_who_leads_or_helps_may_ask_and_nobody_else(busy, mine):
    helper = await ask(busy, mine, "unit_officer_ldvl")
    stranger = await ask(busy, mine, "unit_officer_tdkt")
    office = await ask(busy, mine, "office")
    await busy.execute(
        "UPDATE assignment SET former_unit_ids = ARRAY[(SELECT id FROM unit WHERE code = 'TTr')]"
        " WHERE id = :id", id=mine["id"],
    )  # fmt: skip
    former = await ask(busy, mine, "unit_officer_ttr")
    units = await busy.units()
    assert (helper.status_code, helper.json()["unit_id"]) == (201, units["LĐVL"])
    assert stranger.status_code == 404
    assert office.status_code == 403
    assert former.status_code == 403, "who led it sees it, without acting"
    allowed = (await busy.unit_officer_ldvl.get(f"/v1/assignments/{mine['id']}")).json()["allowed"]
    assert allowed == ["ask_question"]


async def test_an_answer_to_one_unit_is_for_those_who_see_the_assignment(busy, mine):
    id_ = (await ask(busy, mine)).json()["id"]
    await answer(busy, id_)
    alone = await busy.unit_officer_tdkt.get(f"/v1/questions/{id_}")
    assert alone.status_code == 404
    assert await listed(busy, "unit_officer_tdkt") == []


async def test_guidance_to_all_is_read_by_everybody_without_opening_the_assignment(busy, mine):
    id_ = (await ask(busy, mine)).json()["id"]
    file = (await busy.office.upload("/v1/files", "mau.pdf", b"%PDF-1.7\n%%EOF\n")).json()
    await answer(busy, id_, for_all=True, file_id=file["id"])
    [seen] = await listed(busy, "unit_officer_tdkt", plan_id=mine["plan_id"], for_all="true")
    read = await busy.unit_officer_tdkt.get(f"/v1/files/{file['id']}")
    own = (await busy.unit_officer.get(f"/v1/questions/{id_}")).json()
    assert (seen["words"], seen["answer"], seen["for_all"]) == ("Dùng mẫu nào?", "Mẫu 01", True)
    assert seen["assignment_id"] is None
    assert read.status_code == 200
    assert own["assignment_id"] == mine["id"]


async def test_the_office_sees_what_waits_longest_first_with_its_age_in_working_days(busy, mine):
    older = (await ask(busy, mine)).json()["id"]
    newer = (await ask(busy, mine, words="Gửi ở đâu?")).json()["id"]
    await busy.execute(
        "UPDATE question SET asked_at = asked_at - CAST(:long AS interval)"
        " WHERE id = CAST(:id AS uuid)",
        long=timedelta(days=7), id=older,
    )  # fmt: skip
    waiting = await listed(busy, "office", status="open")
    work = (await busy.office.get("/v1/me/work")).json()["waiting"]
    assert [each["id"] for each in waiting] == [older, newer]
    assert 0 < waiting[0]["waiting_days"] <= 5, "weekends and holidays do not count"
    assert waiting[0]["allowed"] == ["answer"]
    assert {"what": "answer", "count": 1, "query": "unanswered=true"} in [
        {name: one[name] for name in ("what", "count", "query")} for one in work
    ]  # fmt: skip
    await answer(busy, older)
    assert [each["id"] for each in await listed(busy, "office", status="open")] == [newer]
    assert [each["id"] for each in await listed(busy, "office", status="answered")] == [older]


async def test_a_question_waits_for_its_answer_though_another_plan_goes_on_with_the_work(
    busy, mine
):
    await ask(busy, mine)
    other = await busy.one(deadline_kind="fixed")
    await busy.execute(
        "UPDATE assignment SET carried_to_id = :to WHERE id = :id", to=other["id"], id=mine["id"]
    )
    work = (await busy.office.get("/v1/me/work")).json()["waiting"]
    month = (await busy.office.get("/v1/office/month")).json()["to_decide"]
    listed_there = await listed(busy, "office", status="open")
    counts = [one["count"] for one in work if one["what"] == "answer"]
    assert (counts, month["questions"], len(listed_there)) == ([1], 1, 1)


async def test_each_act_is_an_internal_event_without_the_words(busy, mine):
    id_ = (await ask(busy, mine)).json()["id"]
    await answer(busy, id_, for_all=True)
    [asked] = await busy.events("question_asked")
    [answered] = await busy.events("question_answered")
    state = answered["data"]["question"]
    assert asked["data"]["question"]["status"] == "open"
    assert (state["version"], state["status"], state["for_all"]) == (2, "answered", True)
    assert "mẫu" not in str(answered["data"]).lower()
    audited = await busy.rows(
        "SELECT action FROM audit_entry WHERE subject_id = CAST(:id AS uuid) ORDER BY id", id=id_
    )
    assert [row.action for row in audited] == ["question.ask", "question.answer"]


async def test_a_question_leaves_the_assignments_version_alone(busy, mine):
    await ask(busy, mine)
    assert (await busy.office.get(f"/v1/assignments/{mine['id']}")).json()["version"] == mine[
        "version"
    ]


async def test_a_sealed_file_is_unknown_where_files_are_attached(busy, mine):
    sealed = (await busy.office.upload("/v1/files", "bien_ban.pdf", b"%PDF-1.7\n%%EOF\n")).json()
    await busy.execute("INSERT INTO sealed_file (file_id) VALUES (:id)", id=sealed["id"])
    asked = (await ask(busy, mine)).json()
    refused = await answer(busy, asked["id"], words="Xem tệp", file_id=sealed["id"])

    assert (refused.status_code, refused.json()["code"]) == (422, "file_unknown")
