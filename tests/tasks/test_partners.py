"""A partner reads the assignments of its units and learns nothing about people."""

import pytest
from tests.partner_tokens import PARTNER, partner_at, token

from chassis.ids import new_id


async def page(client, path="/v1/assignments", **query) -> list[dict]:
    answer = await client.get(path, params={"limit": 200, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def test_a_partner_sees_what_its_units_lead_or_help_with_as_the_unit_does(looked_at):
    unit = (await looked_at.units())["LĐVL"]
    client = partner_at(looked_at.app, "assignments", units=[unit])

    seen, of_unit = await page(client), await page(looked_at.unit_officer_ldvl.http)
    every = await page(partner_at(looked_at.app, "assignments"))

    assert [one["id"] for one in seen] == [one["id"] for one in of_unit]
    assert len(seen) < len(every) == len(await page(looked_at.office.http))
    assert await page(partner_at(looked_at.app, "assignments", units=[new_id()])) == []
    counts = (await client.get("/v1/assignments/counts")).json()
    assert counts["all"] == sum(one["due_on"] is not None for one in seen)


async def test_anothers_assignment_is_not_there_and_without_the_scope_nothing_is(looked_at):
    units = await looked_at.units()
    mine = partner_at(looked_at.app, "assignments", units=[units["LĐVL"]])
    ids = {one["id"] for one in await page(mine)}
    other = next(one for one in await page(looked_at.office.http) if one["id"] not in ids)
    assert (await mine.get(f"/v1/assignments/{next(iter(ids))}")).status_code == 200
    hidden = await mine.get(f"/v1/assignments/{other['id']}")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "assignment_not_found")
    without = await partner_at(looked_at.app, "figures").get("/v1/assignments")
    assert (without.status_code, without.json()["code"]) == (403, "scope_missing")
    assert 'scope="assignments"' in without.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/me"), ("POST", "/v1/me/sign_in"), ("GET", "/v1/people"), ("GET", "/v1/units"),
        ("GET", "/v1/assignments/{id}/timeline"), ("POST", "/v1/assignments/{id}/progress"),
        ("PATCH", "/v1/assignments/{id}"), ("POST", "/v1/plans"), ("GET", "/internal/v1/events"),
    ],
)  # fmt: skip
async def test_no_claim_raises_a_partner(looked_at, method, path):
    raised = token("assignments", roles=["admin", "service", "office"], employee_code="office")
    client = partner_at(looked_at.app, "assignments")
    client.headers["Authorization"] = f"Bearer {raised}"
    one = (await page(client))[0]
    answer = await client.request(method, path.format(id=one["id"]))
    assert answer.status_code == 403


async def test_a_result_is_told_without_names_words_and_files(busy):
    unit = (await busy.units())["LĐVL"]
    one = (await page(busy.office.http, unit_id=unit))[0]
    path = f"/v1/assignments/{one['id']}"
    words = {"note": "Bà A đã ký"}
    handed = await busy.unit_head_ldvl.post(f"{path}/results", words, seen=one["version"])
    assert handed.status_code in {200, 201}, handed.text

    seen = (await partner_at(busy.app, "assignments").get(path)).json()
    assert seen["status"] == "submitted"
    assert [result["status"] for result in seen["results"]] == ["submitted"]
    told = {name: seen["results"][0][name] for name in ("note", "submitted_by_name", "files")}
    assert told == {"note": "", "submitted_by_name": None, "files": []}
    assert seen["accountable_person_name"] is None
    assert seen["allowed"] == []


async def test_whose_a_task_is_is_not_told_not_even_by_an_id(busy):
    unit = (await busy.units())["CCHC"]
    one = (await page(busy.office.http, unit_id=unit))[0]
    path = f"/v1/assignments/{one['id']}"
    people = (await busy.office.get("/v1/people", limit=200)).json()["data"]
    [officer] = [each["id"] for each in people if each["employee_code"] == "unit_officer"]
    named = await busy.office.patch(path, {"accountable_person_id": officer}, seen=one["version"])
    assert named.json()["accountable_person_id"] == officer

    partner = partner_at(busy.app, "assignments")
    for asked in (path, "/v1/assignments?limit=200"):
        answer = await partner.get(asked)
        assert answer.status_code == 200
        assert officer not in answer.text


async def test_what_was_read_stands_in_the_audit(busy):
    await page(partner_at(busy.app, "assignments"))
    rows = await busy.rows("SELECT actor_id, after FROM audit_entry WHERE action = 'partner.read'")
    assert [row.actor_id for row in rows] == [PARTNER]
    assert rows[0].after["route"] == "/v1/assignments"
    assert rows[0].after["items"] > 100
