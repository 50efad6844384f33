"""Plans: drafted, warned about, put into force, corrected."""

from tests.tasks.office import DOCUMENT

BODY = {
    "year": 2025, "title": "Kế hoạch nâng cao chỉ số", "number": "12/KH-SNV",
    "issued_on": "2025-04-01", "closes_on": "2025-11-29",
    "legal_bases": [
        {"title": "Quyết định 64", "number": "64/QĐ-UBND", "issued_on": "2025-01-10"},
        {"title": "Quyết định 3487", "number": "3487/QĐ-UBND", "issued_on": "2025-12-31"},
    ],
    "targets": [
        {"index": "satisfaction", "comparison": "over", "value": "90", "source": "Kế hoạch"},
        {"index": "par", "comparison": "at_least", "value": None, "source": "Công bố năm 2024"},
    ],
}  # fmt: skip


async def test_a_legal_basis_dated_after_the_plan_is_a_warning_not_a_refusal(department):
    made = await department.office.post("/v1/plans", BODY)

    assert made.status_code == 201
    [warning] = made.json()["warnings"]
    assert warning["code"] == "legal_basis_after_plan"
    assert "3487/QĐ-UBND" in warning["message"]
    assert made.json()["targets"] == BODY["targets"]


async def test_a_plan_of_a_year_without_calendar_says_so(department):
    body = {**BODY, "year": 2031, "closes_on": "2031-12-31", "legal_bases": []}
    made = (await department.office.post("/v1/plans", body)).json()
    assert [warning["code"] for warning in made["warnings"]] == ["calendar_missing"]


async def test_nobody_outside_hears_of_a_draft_and_everybody_of_its_activation(department):
    body = {**BODY, **await department.document()}
    plan = (await department.office.post("/v1/plans", body)).json()
    path = f"/v1/plans/{plan['id']}"

    drafted = await department.office.patch(path, {"title": "Kế hoạch khác"}, seen=1)
    silent = await department.events("plan_changed")
    active = await department.office.post(f"{path}/activate")
    twice = await department.office.post(f"{path}/activate")

    [event] = await department.events("plan_activated")
    assert (drafted.json()["version"], silent) == (2, [])
    assert (active.json()["status"], active.json()["version"]) == ("active", 3)
    assert event["data"]["plan"]["title"] == "Kế hoạch khác"
    assert (twice.status_code, twice.json()["code"]) == (409, "plan_active")


async def test_the_office_enters_the_missing_target_of_a_plan_in_force(department):
    plan = await department.add_plan()
    targets = [{**one, "value": "88.5"} if one["value"] is None else one for one in plan["targets"]]

    answer = await department.office.patch(
        f"/v1/plans/{plan['id']}",
        {"targets": targets, "reason": "Tỉnh đã công bố"},
        seen=plan["version"],
    )

    [event] = await department.events("plan_changed")
    sent = {one["index"]: one["value"] for one in event["data"]["plan"]["targets"]}
    assert answer.json()["targets"] == targets
    assert sent["par"] == "88.5"


async def test_stale_missing_and_forbidden_changes_are_told_apart(department):
    plan = await department.add_plan(active=False)
    path = f"/v1/plans/{plan['id']}"

    stale = await department.office.patch(path, {"number": "1/KH"}, seen=9)
    missing = await department.office.patch(path, {"number": "1/KH"})
    forbidden = await department.unit_head.patch(path, {"number": "1/KH"}, seen=1)
    nowhere = await department.office.patch(
        "/v1/plans/0190e2a5-0000-7000-8000-000000000000", {"number": "1/KH"}
    )

    statuses = [a.status_code for a in (stale, missing, forbidden, nowhere)]
    assert statuses == [412, 428, 403, 404]
    assert (await department.office.get(path)).json()["number"] == DOCUMENT["number"]


async def test_everybody_reads_plans_the_newest_year_first(department):
    for year in (2025, 2026):
        body = {**BODY, **await department.document(), "year": year, "legal_bases": []}
        plan = (await department.office.post("/v1/plans", body)).json()
        await department.office.post(f"/v1/plans/{plan['id']}/activate")

    for code in ("external", "unit_officer", "director"):
        listed = (await getattr(department, code).get("/v1/plans")).json()["data"]
        assert [one["year"] for one in listed] == [2026, 2025]
    read = await department.external.get(f"/v1/plans/{plan['id']}")
    assert (read.json()["unit_id"], read.headers["ETag"]) == (
        (await department.units())["SNV"],
        '"2"',
    )
    assert (await department.external.post("/v1/plans", BODY)).status_code == 403


async def test_a_target_that_cannot_be_is_named_by_its_place(looked_at):
    wrong = {**BODY, "targets": [{**BODY["targets"][0], "value": "190"}], "year": "hai nghìn"}
    answer = await looked_at.office.post("/v1/plans", wrong)
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert (answer.status_code, pointers) == (422, {"/year", "/targets/0/value"})
