"""Instructions: written by the Director or for one, issued as assignments, read by their unit."""

from datetime import timedelta

import pytest

ABOUT = {"kind": "figure", "text": "Chỉ số CCHC dự kiến 81,33 %", "path": "/indices/par?year=2025"}
DOCUMENT = {"number": "12-CT/ĐU", "issued_on": "2025-03-01", "title": "Chỉ thị về CCHC"}


@pytest.fixture
async def body(busy) -> dict:
    units = await busy.units()
    return {
        "plan_id": (await busy.one())["plan_id"], "unit_id": units["CCHC"],
        "words": "Báo cáo nguyên nhân mất điểm", "deadline_text": "Trước ngày 15/7/2025",
        "issuing_body": "party_committee", "document": DOCUMENT, "about": ABOUT,
    }  # fmt: skip


async def issue(busy, body, who="director", **changed):
    return await getattr(busy, who).post("/v1/instructions", {**body, **changed})


async def director_id(busy) -> str:
    [row] = await busy.rows("SELECT id FROM person WHERE employee_code = 'director'")
    return str(row.id)


async def test_an_instruction_is_an_assignment_with_its_document_as_source(busy, body):
    answer = await issue(busy, body)
    issued = answer.json()
    read = await busy.unit_officer.get(f"/v1/assignments/{issued['assignment_id']}")
    made = read.json()
    assert answer.status_code == 201, answer.text
    assert (made["content"], made["number"]) == (body["words"], issued["assignment_number"])
    assert made["due_on"] == "2025-07-14"
    assert made["origin"]["source"] == DOCUMENT
    assert (issued["about_text"], issued["about_path"]) == (ABOUT["text"], ABOUT["path"])
    assert issued["written_by_name"] is None, "the Director wrote it"
    [event] = await busy.events("instruction_issued")
    assert event["data"]["instruction"]["issuing_body"] == "party_committee"
    assert body["words"] not in str(event)


async def test_without_a_document_the_source_says_whose_instruction_it_is(busy, body):
    issued = (await issue(busy, body, document=None, issuing_body="government")).json()
    made = (await busy.office.get(f"/v1/assignments/{issued['assignment_id']}")).json()
    leader = issued["leader_name"]
    assert made["origin"]["source"]["title"] == f"Ý kiến chỉ đạo của {leader} (chính quyền)"


async def test_the_office_writes_only_in_a_named_directors_name(busy, body):
    [other] = await busy.rows("SELECT id FROM person WHERE employee_code = 'unit_head'")
    director = await director_id(busy)
    unnamed = await issue(busy, body, "office")
    wrong = await issue(busy, body, "office", on_behalf_of_id=str(other.id))
    named = await issue(busy, body, "office", on_behalf_of_id=director)
    own = await issue(busy, body, on_behalf_of_id=director)
    for refused in (unnamed, wrong, own):
        assert refused.json()["errors"][0]["pointer"] == "/on_behalf_of_id"
    assert named.status_code == 201, named.text
    assert named.json()["written_by_name"]
    assert named.json()["leader_name"] != named.json()["written_by_name"]


async def test_units_see_their_own_those_who_oversee_all_and_the_others_none(busy, body):
    issued = (await issue(busy, body)).json()
    path = f"/v1/instructions/{issued['id']}"
    for who in ("unit_officer", "unit_head", "office", "director", "auditor", "appraiser", "admin"):
        seen = (await getattr(busy, who).get("/v1/instructions")).json()["data"]
        assert [each["id"] for each in seen] == [issued["id"]], who
        assert (await getattr(busy, who).get(path)).status_code == 200, who
    assert (await busy.unit_officer_tdkt.get("/v1/instructions")).json()["data"] == []
    assert (await busy.unit_officer_tdkt.get(path)).status_code == 404
    for who in ("unit_head", "auditor", "admin", "appraiser"):
        assert (await issue(busy, body, who)).status_code == 403, who


async def test_a_list_is_narrowed_to_an_assignment(busy, body):
    issued = (await issue(busy, body)).json()
    await issue(busy, body)
    found = await busy.office.get("/v1/instructions", assignment_id=issued["assignment_id"])
    assert [each["id"] for each in found.json()["data"]] == [issued["id"]]
    assert found.json()["allowed"] == ["issue", "issue_on_behalf"]


@pytest.mark.parametrize("path", ["//evil.example/a", "https://evil.example", "/\\evil.example"])
async def test_what_it_is_about_lies_in_this_portal(busy, body, path):
    refused = await issue(busy, body, about={**ABOUT, "path": path})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/about/path")


async def test_a_unit_that_ended_and_a_document_to_come_are_refused_at_their_place(busy, body):
    tomorrow = str(await busy.today() + timedelta(days=1))
    await busy.execute("UPDATE unit SET active = false WHERE code = 'TĐKT'")
    ended = await issue(busy, body, unit_id=(await busy.units())["TĐKT"])
    later = await issue(busy, body, document={**DOCUMENT, "issued_on": tomorrow})
    assert [each.status_code for each in (ended, later)] == [422, 422]
    assert [each.json()["errors"][0]["pointer"] for each in (ended, later)] == [
        "/unit_id", "/document/issued_on",
    ]  # fmt: skip


async def test_a_draft_takes_no_instruction(busy, body):
    draft = await busy.add_plan(active=False, year=2026, title="Kế hoạch 2026")
    refused = await issue(busy, body, plan_id=draft["id"])
    nowhere = await issue(busy, body, plan_id=body["unit_id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_draft")
    assert nowhere.status_code == 404


@pytest.mark.parametrize(
    ("status", "code"), [("closed", "plan_closed"), ("cancelled", "plan_cancelled")]
)
async def test_a_plan_that_is_over_takes_no_instruction_and_says_which_does(
    busy, body, status, code
):
    await busy.execute("UPDATE plan SET status = :status", status=status)
    refused = await issue(busy, body)
    assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert "hãy chọn kế hoạch đang có hiệu lực" in refused.json()["detail"]
