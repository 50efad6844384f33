"""One table says who may do what: the API obeys it, and every view hands it on as `allowed`."""

import pytest
from tests.tasks.test_assignments_api import path, submitted

from chassis.access import Right
from tasks.access import RIGHTS

UNIT_ACTS = ["report_progress", "submit_result"]
ASKING = {"ask_contribution", "ask_question"}  # test_contributions_api, test_questions_api


def but_asking(acts: list[str]) -> list[str]:
    return [act for act in acts if act not in ASKING]


@pytest.fixture
def changed_right(monkeypatch):
    """Change one row of the table."""
    return lambda act, right: monkeypatch.setitem(RIGHTS._table, act, right)


async def allowed(caller, address: str) -> list[str]:
    return but_asking((await caller.get(address)).json()["allowed"])


async def test_a_changed_row_changes_what_the_api_answers_and_what_it_allows(busy, changed_right):
    assignment = await busy.one(unit_id=(await busy.units())["CCHC"])
    handed_in = await submitted(busy, assignment)
    result = (await busy.office.get(path(assignment))).json()["results"][0]["id"]
    accept = f"{path(assignment)}/results/{result}/accept"
    assert handed_in["status"] == "submitted"

    changed_right("assignment.accept_result", Right(frozenset({"director"})))
    by_office = await busy.office.post(accept)
    offered = [await allowed(getattr(busy, code), path(assignment))
               for code in ("office", "director", "auditor")]  # fmt: skip
    changed_right("assignment.accept_result", Right(frozenset({"auditor"})))
    by_director = await busy.director.post(accept)
    offered_then = await allowed(busy.auditor, path(assignment))
    by_auditor = await busy.auditor.post(accept)

    assert offered == [
        ["return_result", "change", "cancel"], ["accept_result", "return_result", "cancel"], []
    ]  # fmt: skip
    assert offered_then == ["accept_result"]
    assert [answer.status_code for answer in (by_office, by_director, by_auditor)] == [
        403,
        403,
        200,
    ]


async def test_a_right_of_the_own_unit_follows_the_table_too(busy, changed_right):
    assignment = await busy.one(unit_id=(await busy.units())["CCHC"])
    before = await allowed(busy.unit_officer, path(assignment))

    changed_right("assignment.report_progress", Right(own_unit=frozenset({"unit_head"})))
    refused = await busy.unit_officer.post(path(assignment, "progress"), {"percent": 5}, seen=1)

    assert before == UNIT_ACTS
    assert await allowed(busy.unit_officer, path(assignment)) == ["submit_result"]
    assert await allowed(busy.unit_head, path(assignment)) == UNIT_ACTS
    assert refused.status_code == 403


async def test_allowed_names_what_role_unit_and_status_let_one_do_now(busy):
    units = await busy.units()
    own = await busy.one(unit_id=units["CCHC"])
    listed = (await busy.unit_officer.get("/v1/assignments", limit=200)).json()["data"]
    before = await allowed(busy.office, path(own))

    after = await submitted(busy, own)

    offered = [
        (one["unit_id"] == units["CCHC"], tuple(but_asking(one["allowed"]))) for one in listed
    ]
    assert {acts for ours, acts in offered if ours} == {
        tuple(UNIT_ACTS),  # of what has no day
        (*UNIT_ACTS, "request_extension", "commit"),  # of what is late
    }
    assert {acts for ours, acts in offered if not ours} <= {()}
    assert (before, but_asking(after["allowed"])) == (
        ["change", "pause", "hand_over", "cancel"],
        [],
    )
    decided = ["accept_result", "return_result"]
    assert await allowed(busy.office, path(own)) == [*decided, "change", "cancel"]
    assert await allowed(busy.director, path(own)) == [*decided, "cancel"]


async def test_plans_imports_and_the_calendar_say_what_may_be_done_with_them(ready):
    draft = await ready.add_plan(active=False)
    active = await ready.add_plan()
    waiting = await ready.waiting_import()

    assert draft["allowed"] == ["change", "activate", "import", "cancel"]
    ends = ["close", "replace", "roll_over"]
    assert active["allowed"] == ["change", "import", "cancel", *ends]
    assert await allowed(ready.director, f"/v1/plans/{draft['id']}") == []
    assert await allowed(ready.office, "/v1/plans") == ["create"]
    assert await allowed(ready.director, "/v1/plans") == []
    assert await allowed(ready.office, waiting) == ["change", "confirm", "read_again", "discard"]
    assert await allowed(ready.auditor, waiting) == []
    assert await allowed(ready.office, "/v1/calendar/2025") == ["change"]
    assert await allowed(ready.unit_head, "/v1/calendar/2025") == []
    await ready.office.post(f"{waiting}/confirm")
    assert await allowed(ready.office, waiting) == []


@pytest.mark.parametrize(
    ("noun", "acts", "of_office"),
    [("units", ["change", "reorganise"], ["reorganise"]), ("people", ["change"], [])],
)
async def test_the_administrator_is_offered_the_directory_the_office_its_reorganisation(
    looked_at, noun, acts, of_office
):
    first = (await looked_at.admin.get(f"/v1/{noun}", limit=1)).json()
    one = f"/v1/{noun}/{first['data'][0]['id']}"

    assert (first["allowed"], first["data"][0]["allowed"]) == (["create"], acts)
    assert await allowed(looked_at.admin, one) == acts
    assert await allowed(looked_at.office, one) == of_office
    assert await allowed(looked_at.office, f"/v1/{noun}") == []


async def test_a_plan_that_is_closed_takes_no_change_and_no_appendix(ready):
    [plan] = (await ready.office.get("/v1/plans")).json()["data"]
    await ready.execute("UPDATE plan SET status = 'closed'")
    address = f"/v1/plans/{plan['id']}"

    changed = await ready.office.patch(address, {"number": "1/KH"}, seen=plan["version"])
    uploaded = await ready.office.upload(f"{address}/imports", "a.docx", b"PK")

    assert await allowed(ready.office, address) == ["roll_over"]
    assert {changed.json()["code"], uploaded.json()["code"]} == {"plan_closed"}
