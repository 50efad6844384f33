"""Handling proposals: for three roles, decided by a person; for everybody else nothing is there."""

import asyncio
import json

import pytest
from tests.tasks.inspecting import concluded, people
from tests.tasks.office import PDF

PATH, KINDS = "/v1/handling_proposals", "/v1/handling_kinds"
OPEN = ("office", "director", "auditor")
SHUT = ("unit_head", "unit_officer", "unit_head_vp", "appraiser", "admin")
SECRET = "Không khắc phục dù đã nhắc ba lần"


async def proposal(busy, who="office", **changed):
    known = await people(busy)
    body = {
        "person_id": known["unit_officer"], "kind": "late", "evidence": SECRET,
        "measure": "Phê bình trước cơ quan", **changed,
    }  # fmt: skip
    return await getattr(busy, who).post(PATH, body)


async def test_the_office_proposes_with_evidence_and_the_director_decides(busy):
    inspection = await concluded(busy, "3.2")
    [finding] = inspection["findings"]
    file = (await busy.office.upload("/v1/files", "bien_ban.pdf", PDF)).json()["id"]
    made = await proposal(
        busy, finding_ids=[finding["id"]], assignment_ids=[finding["assignment_id"]],
        file_ids=[file],
    )  # fmt: skip
    path = f"{PATH}/{made.json()['id']}"
    to_auditor = (await busy.auditor.get(path)).json()
    decided = await busy.director.post(f"{path}/decide", {"decision": "Nhắc nhở bằng văn bản"})
    again = await busy.director.post(f"{path}/decide", {"decision": "Thôi"})
    assert made.status_code == 201, made.text
    assert (to_auditor["evidence"], to_auditor["allowed"]) == (SECRET, [])
    assert to_auditor["findings"][0]["words"] == "Chậm trả hồ sơ"
    assert to_auditor["assignments"][0]["id"] == finding["assignment_id"]
    assert to_auditor["files"][0]["name"] == "bien_ban.pdf"
    assert (decided.status_code, decided.json()["decided_on"]) == (200, str(await busy.today()))
    assert (again.status_code, again.json()["code"]) == (409, "handling_decided")


async def test_a_proposal_about_who_heads_a_unit_names_that_person(busy):
    units, known = await busy.units(), await people(busy)
    made = (await proposal(busy, person_id=None, head_of_unit_id=units["CCHC"])).json()
    both = await proposal(busy, head_of_unit_id=units["CCHC"])
    headless = await proposal(busy, person_id=None, head_of_unit_id=units["SNV"])
    assert (made["person_id"], made["as_head"]) == (known["unit_head"], True)
    assert both.json()["errors"][0]["pointer"] == "/person_id"
    assert headless.json()["errors"][0]["pointer"] == "/head_of_unit_id"


@pytest.mark.parametrize("who", SHUT)
async def test_for_everybody_else_nothing_is_there(busy, who):
    id_ = (await proposal(busy)).json()["id"]
    caller = getattr(busy, who)
    answers = [
        await caller.get(PATH),
        await caller.get(f"{PATH}/{id_}"),
        await caller.get(PATH, decided="false"),
        await caller.get(f"{PATH}.xlsx"),
        await caller.post(PATH, {"nonsense": True}),
        await caller.post(f"{PATH}/{id_}/decide", {}),
        await caller.get(KINDS),
        await caller.put(KINDS, {}, seen=1),
    ]
    assert [each.status_code for each in answers] == [404] * len(answers)
    assert {each.json()["code"] for each in answers} == {"handling_proposal_not_found"}
    assert (await busy.external.get(PATH)).status_code == 403


async def test_a_stranger_is_told_the_same_whether_it_is_there_or_not(busy):
    id_ = (await proposal(busy)).json()["id"]
    there = await busy.admin.get(f"{PATH}/{id_}")
    nowhere = await busy.admin.get(f"{PATH}/01990000-0000-7000-8000-000000000000")
    left = {"detail", "code", "title", "status"}
    assert {n: v for n, v in there.json().items() if n in left} == {
        n: v for n, v in nowhere.json().items() if n in left
    }


@pytest.mark.parametrize(("who", "expected"), [("office", 403), ("auditor", 403)])
async def test_only_the_director_decides(busy, who, expected):
    id_ = (await proposal(busy)).json()["id"]
    answer = await getattr(busy, who).post(f"{PATH}/{id_}/decide", {"decision": "Xong"})
    assert answer.status_code == expected
    assert (await proposal(busy, who="auditor")).status_code == 403


async def test_its_files_are_read_by_those_three_and_by_nobody_else(busy):
    file = (await busy.office.upload("/v1/files", "bien_ban.pdf", PDF)).json()["id"]
    before = (await busy.admin.get(f"/v1/files/{file}")).status_code
    await proposal(busy, file_ids=[file])
    for path in (f"/v1/files/{file}", f"/v1/files/{file}/receipt"):
        opened = [(await getattr(busy, who).get(path)).status_code for who in OPEN]
        shut = [(await getattr(busy, who).get(path)).status_code for who in SHUT]
        assert (opened, shut) == ([200] * len(OPEN), [404] * len(SHUT))
    assert before == 200, "until then it was a file like others"


async def test_a_file_uploaded_for_it_is_sealed_before_there_is_a_proposal(busy):
    answer = await busy.office.upload(f"{PATH}/files", "xu_ly_ong_a.pdf", PDF)
    file = answer.json()["id"]
    refused = await proposal(busy, kind="none", file_ids=[file])
    paths = [f"/v1/files/{file}{more}" for more in ("", "/receipt", "/pages")]
    everybody = (*OPEN, *SHUT)
    opened = {who for who in everybody for path in paths
              if (await getattr(busy, who).get(path)).status_code == 200}  # fmt: skip
    lines = await busy.rows("SELECT after FROM audit_entry WHERE action = 'file.upload'")
    made = await proposal(busy, person_id=(await people(busy))["director"], file_ids=[file])
    readers = [who for who in OPEN if (await getattr(busy, who).get(paths[0])).status_code == 200]
    again = await proposal(busy, file_ids=[file])
    assert (answer.status_code, refused.status_code, opened) == (201, 422, {"office"})
    assert not any("ong_a" in json.dumps(line.after) for line in lines)
    assert (made.status_code, made.json()["files"][0]["id"]) == (201, file)
    assert readers == ["office", "auditor"], "whom it is about finds nothing"
    assert again.json()["errors"][0]["pointer"] == "/file_ids/0"


async def test_of_two_proposals_with_one_file_at_the_same_moment_one_is_refused(busy):
    file = (await busy.office.upload(f"{PATH}/files", "bien_ban.pdf", PDF)).json()["id"]
    answers = await asyncio.gather(*(proposal(busy, file_ids=[file]) for _ in range(3)))
    refused = [each.json()["errors"][0]["pointer"] for each in answers if each.is_client_error]
    assert sorted(each.status_code for each in answers) == [201, 422, 422]
    assert refused == ["/file_ids/0"] * 2


async def test_who_may_write_no_proposal_uploads_nothing_for_one(busy):
    told = [
        (await getattr(busy, who).upload(f"{PATH}/files", "x.pdf", PDF)).status_code
        for who in ("unit_head", "admin", "appraiser", "director", "auditor")
    ]
    assert told == [404, 404, 404, 403, 403]


async def test_a_file_that_stands_elsewhere_is_not_made_to_vanish_there(busy):
    units = await busy.units()
    assignment = await busy.one(unit_id=units["CCHC"])
    theirs = (await busy.unit_head.upload("/v1/files", "ket_qua.pdf", PDF)).json()["id"]
    await busy.unit_head.post(
        f"/v1/assignments/{assignment['id']}/results", {"file_ids": [theirs]},
        seen=assignment["version"],
    )  # fmt: skip
    answer = await proposal(busy, file_ids=[theirs])
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/file_ids/0"


async def test_it_leaves_no_event_and_the_audit_says_no_more_than_that_it_happened(busy):
    before = len(await busy.events())
    id_ = (await proposal(busy)).json()["id"]
    await busy.director.post(f"{PATH}/{id_}/decide", {"decision": SECRET})
    lines = await busy.rows(
        "SELECT action, before, after, reason FROM audit_entry"
        " WHERE subject_id = CAST(:id AS uuid) ORDER BY id", id=id_,
    )  # fmt: skip
    known = await people(busy)
    told = json.dumps([[row.before, row.after, row.reason] for row in lines])
    assert len(await busy.events()) == before, "what is in no event reaches nobody"
    assert [row.action for row in lines] == ["handling_proposal.create", "handling_proposal.decide"]
    assert SECRET not in told
    assert known["unit_officer"] not in told


async def test_neither_histories_nor_searches_know_of_it(busy):
    assignment = await busy.one(unit_id=(await busy.units())["CCHC"])
    await proposal(busy, assignment_ids=[assignment["id"]])
    path = f"/v1/assignments/{assignment['id']}"
    seen = [await busy.admin.get(each) for each in (path, f"{path}/timeline", "/v1/me/work")]
    found = await busy.admin.get("/v1/assignments", q="nhắc ba lần")
    assert all(SECRET not in each.text and "handling" not in each.text for each in seen)
    assert found.json()["data"] == []


async def test_kinds_are_data_of_the_office_and_one_in_use_is_not_lost(busy):
    await proposal(busy)
    kinds = (await busy.office.get(KINDS)).json()
    new = [{"code": "late", "name": "Chậm tiến độ", "in_use": False},
           {"code": "other", "name": "Khác", "in_use": True}]  # fmt: skip
    lost = await busy.office.put(KINDS, {"kinds": new[1:], "reason": "Gọn lại"}, seen=1)
    changed = await busy.office.put(KINDS, {"kinds": new, "reason": "Gọn lại"}, seen=1)
    unknown = await proposal(busy, kind="late")
    assert (kinds["version"], kinds["reason"], len(kinds["kinds"])) == (1, "", 5)
    assert (lost.status_code, lost.json()["errors"][0]["pointer"]) == (422, "/kinds")
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert "Khác" in unknown.json()["detail"]
    assert (await proposal(busy, kind="other")).status_code == 201


async def test_lists_show_what_waits_and_what_is_decided(busy):
    first = (await proposal(busy)).json()["id"]
    second = (await proposal(busy)).json()["id"]
    await busy.director.post(f"{PATH}/{first}/decide", {"decision": "Nhắc nhở"})
    answers = {
        query: (await busy.auditor.get(PATH, **({"decided": query} if query else {}))).json()
        for query in ("", "true", "false")
    }
    ids = {query: [each["id"] for each in found["data"]] for query, found in answers.items()}
    assert ids == {"": [second, first], "true": [first], "false": [second]}


async def test_nobody_reads_or_decides_what_is_about_oneself(busy):
    known = await people(busy)
    made = (await proposal(busy, person_id=known["director"])).json()
    path = f"{PATH}/{made['id']}"

    assert (await busy.director.get(path)).status_code == 404
    assert (await busy.director.post(f"{path}/decide", {"decision": "Thôi"})).status_code == 404
    assert (await busy.director.get(PATH)).json()["data"] == []
    assert [each["id"] for each in (await busy.auditor.get(PATH)).json()["data"]] == [made["id"]]


async def test_nobody_reads_the_files_of_what_is_about_oneself(busy):
    known = await people(busy)
    file = (await busy.office.upload("/v1/files", "bien_ban.pdf", PDF)).json()["id"]
    await proposal(busy, person_id=known["director"], file_ids=[file])
    for path in (f"/v1/files/{file}", f"/v1/files/{file}/receipt", f"/v1/files/{file}/pages"):
        assert (await busy.director.get(path)).status_code == 404
    assert (await busy.auditor.get(f"/v1/files/{file}")).status_code == 200


async def test_nobody_writes_about_oneself_what_they_could_not_read(busy):
    answer = await proposal(busy, person_id=(await people(busy))["office"])
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/person_id")


async def test_a_decision_is_not_of_a_day_before_the_proposal_or_to_come(busy):
    path = f"{PATH}/{(await proposal(busy)).json()['id']}/decide"
    for day in ("1900-01-01", "9999-12-31"):
        answer = await busy.director.post(path, {"decision": "Nhắc nhở", "decided_on": day})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/decided_on")


async def test_nothing_of_it_reaches_whom_it_is_about_by_any_list(busy):
    known = await people(busy)
    await concluded(busy, "3.2")
    file = (await busy.office.upload("/v1/files", "bien_ban.pdf", PDF)).json()["id"]
    assignment = await busy.one(unit_id=(await busy.units())["CCHC"])
    paths = [
        "/v1/me", "/v1/me/work", "/v1/inspections", "/v1/assignments", "/v1/repeated_weaknesses",
        f"/v1/people/{known['unit_head']}", f"/v1/assignments/{assignment['id']}",
        f"/v1/assignments/{assignment['id']}/timeline",
        f"/v1/assignments/{assignment['id']}/evidence", "/v1/urgings",
    ]  # fmt: skip

    async def seen():
        answers = [await busy.unit_head.get(path) for path in paths]
        return [(each.status_code, each.headers.get("ETag"), each.json()) for each in answers]

    before = await seen()
    made = await proposal(
        busy, person_id=known["unit_head"], file_ids=[file], assignment_ids=[assignment["id"]]
    )
    await busy.director.post(f"{PATH}/{made.json()['id']}/decide", {"decision": SECRET})
    after = await seen()
    assert made.status_code == 201, made.text
    assert after == before
