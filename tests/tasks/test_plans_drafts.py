"""A plan that is not issued yet is the department's own business: nobody else meets it anywhere."""

import pytest

from tasks.assignments.reminders import announce_overdue

OUTSIDE = ["unit_head", "unit_officer", "external"]
OVERSIGHT = ["office", "director", "appraiser", "auditor", "admin"]


@pytest.fixture
async def drafted(department):
    """A draft whose appendix is confirmed, so that its assignments are there."""
    plan = await department.add_plan(active=False)
    import_id = await department.read_appendix(plan["id"])
    answer = await department.office.post(f"/v1/imports/{import_id}/confirm")
    assert answer.json()["created"] > 50
    department.draft = plan
    return department


def ids(answer) -> list[str]:
    return [one["id"] for one in answer.json()["data"]]


@pytest.mark.parametrize("code", OUTSIDE)
async def test_a_draft_is_in_no_list_and_at_no_address_of_those_it_will_bind(drafted, code):
    caller, plan = getattr(drafted, code), drafted.draft

    listed = await caller.get("/v1/plans")
    read = await caller.get(f"/v1/plans/{plan['id']}")

    assert (listed.status_code, listed.json()["data"]) == (200, [])
    assert (read.status_code, read.json()["code"]) == (404, "plan_not_found")


@pytest.mark.parametrize("code", OVERSIGHT)
async def test_the_department_sees_its_draft(drafted, code):
    caller, plan = getattr(drafted, code), drafted.draft

    assert ids(await caller.get("/v1/plans")) == [plan["id"]]
    assert (await caller.get(f"/v1/plans/{plan['id']}")).status_code == 200


async def test_units_see_no_assignment_of_a_draft_no_count_and_no_search_finds_one(drafted):
    units = await drafted.units()
    own = await drafted.one(unit_id=units["CCHC"])
    head, path = drafted.unit_head, f"/v1/assignments/{own['id']}"
    word = own["number"].rsplit("-", 1)[-1]

    listed = await head.get("/v1/assignments")
    searched = await head.get("/v1/assignments", q=word)
    of_plan = await head.get("/v1/assignments", plan_id=drafted.draft["id"])
    counts = (await head.get("/v1/assignments/counts")).json()
    answers = [
        await head.get(path),
        await head.get(f"{path}/timeline"),
        await head.post(f"{path}/progress", {"percent": 10}, seen=own["version"]),
        await head.post(f"{path}/results", {"note": "Xong"}, seen=own["version"]),
    ]

    assert [ids(one) for one in (listed, searched, of_plan)] == [[], [], []]
    by_status = counts.pop("by_status")
    del counts["allowed"]
    assert {*counts.values(), *by_status.values()} == {0}
    assert [one.status_code for one in answers] == [404] * 4
    assert ids(await drafted.office.get("/v1/assignments", q=word)) != []


async def test_nobody_hears_of_a_draft_or_of_what_changes_in_it(drafted):
    units = await drafted.units()
    own = await drafted.one(unit_id=units["CCHC"])
    path = f"/v1/assignments/{own['id']}"
    change = {"due_on": "2025-12-15", "reason": "Gõ nhầm"}
    assert (await drafted.office.patch(path, change, seen=own["version"])).status_code == 200
    calendar = (await drafted.office.get("/v1/calendar/2025")).json()
    days = [*calendar["days"], {"day": "2025-12-15", "working": False, "name": "Nghỉ"}]
    await drafted.put_calendar(2025, days)
    await drafted.run_clock(announce_overdue)

    assert [one["type"] for one in await drafted.events() if "assignment" in one["type"]] == []
    assert [one for one in await drafted.events() if one["type"].startswith("tasks.plan")] == []


async def test_issuing_tells_of_the_plan_and_of_all_its_assignments_as_they_are_then(drafted):
    units = await drafted.units()
    own = await drafted.one(unit_id=units["CCHC"])
    path = f"/v1/assignments/{own['id']}"
    await drafted.office.patch(
        path, {"due_on": "2025-12-15", "reason": "Gõ nhầm"}, seen=own["version"]
    )
    [made] = await drafted.rows("SELECT count(*) AS n FROM assignment")

    issued = await drafted.office.post(f"/v1/plans/{drafted.draft['id']}/activate")

    assert issued.status_code == 200
    created = await drafted.events("assignment_created")
    [activated] = await drafted.events("plan_activated")
    assert len(created) == made.n == len({one["subject"] for one in created})
    [mine] = [one for one in created if one["subject"] == own["id"]]
    assert (mine["aggregateversion"], mine["data"]["assignment"]["due_on"]) == (2, "2025-12-15")
    assert activated["data"]["plan"]["status"] == "active"
    assert (await drafted.unit_head.get(path)).status_code == 200
    assert ids(await drafted.external.get("/v1/plans")) == [drafted.draft["id"]]
    progress = await drafted.unit_head.post(f"{path}/progress", {"percent": 10}, seen=2)
    assert progress.status_code == 200
    [reported] = await drafted.events("progress_reported")
    assert reported["aggregateversion"] == 3


async def test_evidence_of_a_draft_is_not_handed_out_either(drafted):
    own = await drafted.one(unit_id=(await drafted.units())["CCHC"])
    await drafted.execute("UPDATE plan SET status = 'active'")
    file = (await drafted.unit_head.upload("/v1/files", "a.pdf", b"%PDF-1.7\n%%EOF\n")).json()["id"]
    body = {"note": "", "file_ids": [file]}
    path = f"/v1/assignments/{own['id']}/results"
    assert (await drafted.unit_head.post(path, body, seen=own["version"])).status_code == 200
    assert (await drafted.unit_officer.get(f"/v1/files/{file}")).status_code == 200
    await drafted.execute("UPDATE plan SET status = 'draft'")

    assert (await drafted.unit_officer.get(f"/v1/files/{file}")).status_code == 404
