"""The directory: founded once, then kept by the administrator, read by every insider."""

import pytest
from tests.tasks.office import ROLES, key, token

UNIT = {"code": "X", "name": "Phòng Mới", "kind": "room"}


def person(code: str, role: str, unit_id: str) -> dict:
    return {
        "employee_code": code, "name": f"Cán bộ {code}", "post": "Chuyên viên",
        "email": f"{code}@snv.example", "role": role, "unit_id": unit_id,
    }  # fmt: skip


async def test_an_admin_token_founds_an_empty_directory_until_an_administrator_is_in_it(
    nobody_there,
):
    unit = await nobody_there.admin.post("/v1/units", UNIT)
    unit_id = unit.json()["id"]
    first = await nobody_there.admin.post("/v1/people", person("director", "director", unit_id))
    second = await nobody_there.admin.post("/v1/people", person("admin", "admin", unit_id))
    stranger = nobody_there.someone("intruder", roles=["admin"])

    refused = await stranger.post("/v1/units", {**UNIT, "code": "Y"})
    known = await nobody_there.admin.get("/v1/me")

    assert [a.status_code for a in (unit, first, second)] == [201, 201, 201]
    assert (refused.status_code, refused.json()["code"]) == (403, "person_unknown")
    assert known.json()["person_id"] == second.json()["id"]


async def test_only_an_admin_token_may_found_and_the_audit_names_who_did(nobody_there):
    refused = await nobody_there.office.post("/v1/units", UNIT)
    await nobody_there.admin.post("/v1/units", UNIT)
    nowhere = await nobody_there.admin.get("/v1/me")

    entries = await nobody_there.rows("SELECT actor_id, action FROM audit_entry")
    assert (refused.status_code, refused.json()["code"]) == (403, "person_unknown")
    assert nowhere.json()["code"] == "person_unknown"
    assert [entry.action for entry in entries] == ["unit.create"]
    assert entries[0].actor_id is not None


async def test_a_unit_is_renamed_and_others_hear_of_every_version(department):
    made = (await department.admin.post("/v1/units", UNIT)).json()
    path = f"/v1/units/{made['id']}"

    changed = await department.admin.patch(path, {"name": "Phòng Khác"}, seen=1)
    same = await department.admin.patch(path, {"name": "Phòng Khác"}, seen=2)
    read = await department.unit_officer.get(path)

    events = [e for e in await department.events("unit_changed") if e["subject"] == made["id"]]
    assert (changed.json()["version"], same.json()["version"]) == (2, 2)
    assert (read.json()["name"], read.headers["ETag"]) == ("Phòng Khác", '"2"')
    assert [event["aggregateversion"] for event in events] == [1, 2]


async def test_a_stale_or_missing_version_changes_nothing(department):
    made = (await department.admin.post("/v1/units", UNIT)).json()
    path = f"/v1/units/{made['id']}"

    stale = await department.admin.patch(path, {"name": "Phòng Khác"}, seen=7)
    missing = await department.admin.patch(path, {"name": "Phòng Khác"})

    assert (stale.status_code, missing.status_code) == (412, 428)
    assert (await department.admin.get(path)).json()["name"] == UNIT["name"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"code": "VP"}, 409, "unit_code_taken"),
        ({"parent_id": "0190e2a5-0000-7000-8000-000000000000"}, 422, "unit_unknown"),
        ({"kind": "castle"}, 422, "input_invalid"),
        ({"colour": "red"}, 422, "input_invalid"),
    ],
)
async def test_a_unit_that_cannot_be_is_refused(department, changes, status, code):
    answer = await department.admin.post("/v1/units", {**UNIT, **changes})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_person_is_moved_and_leaves_but_is_never_deleted(department):
    units = await department.units()
    made = (
        await department.admin.post("/v1/people", person("new", "unit_officer", units["NCC"]))
    ).json()
    path = f"/v1/people/{made['id']}"

    moved = await department.admin.patch(path, {"unit_id": units["LĐVL"]}, seen=1)
    left = await department.admin.patch(path, {"active": False, "reason": "Nghỉ hưu"}, seen=2)
    locked_out = await department.someone("new", roles=["unit_officer"]).get("/v1/me")

    assert (moved.json()["unit_id"], left.json()["active"]) == (units["LĐVL"], False)
    assert locked_out.json()["code"] == "person_unknown"
    assert (await department.office.get(path)).json()["version"] == 3
    states = [e["data"]["person"] for e in await department.events("person_changed")]
    assert [s["version"] for s in states if s["person_id"] == made["id"]] == [1, 2, 3]


async def test_two_people_never_share_a_code_or_an_address(department):
    units = await department.units()
    same_code = await department.admin.post("/v1/people", person("office", "office", units["VP"]))
    same_address = await department.admin.post(
        "/v1/people", {**person("o2", "office", units["VP"]), "email": "OFFICE@snv.example"}
    )
    unknown_unit = await department.admin.post(
        "/v1/people", person("o3", "office", "0190e2a5-0000-7000-8000-000000000000")
    )
    assert [a.status_code for a in (same_code, same_address, unknown_unit)] == [409, 409, 422]


async def test_lists_hold_everybody_in_pages_and_people_of_one_unit(looked_at):
    units = (await looked_at.unit_officer.get("/v1/units", limit=200)).json()["data"]
    codes, cursor = [], None
    while cursor or not codes:
        more = {"cursor": cursor} if cursor else {}
        page = (await looked_at.unit_officer.get("/v1/people", limit=7, **more)).json()
        codes += [one["employee_code"] for one in page["data"]]
        cursor = page["next_cursor"]
    of_unit = await looked_at.unit_officer.get("/v1/people", unit_id=units[6]["id"])

    assert units[0]["kind"] == "department"
    assert sorted(codes) == sorted(ROLES)
    assert {one["unit_id"] for one in of_unit.json()["data"]} == {units[6]["id"]}


@pytest.mark.parametrize("path", ["/v1/units", "/v1/people", "/v1/calendar/2025"])
async def test_an_outside_system_reads_no_directory(looked_at, path):
    assert (await looked_at.external.get(path)).status_code == 403


@pytest.mark.parametrize("code", ["office", "unit_head", "director", "auditor"])
async def test_only_the_administrator_writes_the_directory(looked_at, code):
    answer = await getattr(looked_at, code).post("/v1/units", UNIT)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("code", ["director", "unit_officer_ldvl", "admin", "external"])
async def test_everybody_known_is_told_who_they_are(looked_at, code):
    me = (await getattr(looked_at, code).get("/v1/me")).json()
    assert (me["employee_code"], me["role"]) == (code, ROLES[code])
    assert me["unit_name"]


async def test_a_stranger_with_a_good_token_is_unknown(looked_at):
    answer = await looked_at.someone("nobody", roles=["office"]).get("/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (403, "person_unknown")


async def test_signing_in_links_the_login_once(department):
    first = await department.unit_head.post("/v1/me/sign_in")
    again = await department.unit_head.post("/v1/me/sign_in")
    other_login = await department.someone("unit_head", sub="another-login").get("/v1/me")

    states = [e["data"]["person"] for e in await department.events("person_changed")]
    linked = [s for s in states if s["login"]]
    assert first.json() == again.json()
    assert [(s["login"], s["version"]) for s in linked] == [("login-unit_head", 2)]
    assert other_login.json()["code"] == "person_unknown"


async def test_a_request_without_key_or_with_an_expired_token_is_refused(looked_at):
    without_key = await looked_at.admin.http.post("/v1/units", json=UNIT)
    expired = await looked_at.admin.http.get(
        "/v1/units", headers={"Authorization": f"Bearer {token('admin', exp=1)}"}
    )
    assert (without_key.status_code, without_key.json()["code"]) == (400, "idempotency_key_missing")
    assert (expired.status_code, expired.json()["code"]) == (401, "token_expired")


async def test_the_same_key_has_one_effect_and_one_answer(department):
    same = key()
    first = await department.admin.http.post("/v1/units", json=UNIT, headers=same)
    retry = await department.admin.http.post("/v1/units", json=UNIT, headers=same)
    assert (first.status_code, first.json()) == (retry.status_code, retry.json())


async def test_the_calendar_is_set_for_a_year_and_read_back(department):
    days = [{"day": "2027-01-01", "working": False, "name": "Tết Dương lịch"}]
    nothing = await department.unit_officer.get("/v1/calendar/2027")
    stored = await department.office.put("/v1/calendar/2027", {"days": days}, seen=0)
    same = await department.office.put("/v1/calendar/2027", {"days": days}, seen=1)
    read = await department.admin.get("/v1/calendar/2027")

    assert (nothing.status_code, nothing.json()["code"]) == (404, "calendar_not_found")
    assert stored.json() == same.json() == read.json()
    assert read.json()["days"] == days
    assert (await department.events("calendar_changed"))[-1]["data"]["calendar"]["year"] == 2027


async def test_days_of_another_year_and_days_twice_are_named(looked_at):
    day = {"day": "2028-01-01", "working": False, "name": "Tết"}
    answer = await looked_at.office.put("/v1/calendar/2027", {"days": [day, day]}, seen=0)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/days/0/day", "/days/1/day"]
    assert (await looked_at.unit_head.put("/v1/calendar/2027", {"days": []})).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("email", "le,na@snv.example", "«,»"),
        ("email", "le..na@snv.example", "hai dấu chấm liền nhau"),
        ("email", "le\u200bna@snv.example", "U+200B"),
        ("email", "lena@snv", "thiếu phần tên miền"),
        ("email", "lê.na@snv.example", "«ê»"),
        ("name", "Lê\u202eNa", "U+202E"),
        ("post", "Chuyên\u00adviên", "U+00AD"),
        ("employee_code", "o9\u2060", "U+2060"),
    ],
)
async def test_what_mail_cannot_reach_or_nobody_can_read_is_refused_when_entered(
    department, field, value, says
):
    me = (await department.unit_officer.get("/v1/me")).json()
    asked = {**person("o9", "unit_officer", me["unit_id"]), field: value}

    added = await department.admin.post("/v1/people", asked)
    path = f"/v1/people/{me['person_id']}"
    changed = await department.admin.patch(path, {field: value}, seen=1)

    for refused in (added, changed):
        [error] = refused.json()["errors"]
        assert (refused.status_code, error["pointer"]) == (422, f"/{field}")
        assert says in error["message"]


async def test_a_units_name_and_its_other_names_can_be_read(department):
    refused = await department.admin.post(
        "/v1/units", {**UNIT, "name": "Phòng\u200b Mới", "aliases": ["PM", "P\x07M"]}
    )
    pointers = [error["pointer"] for error in refused.json()["errors"]]
    assert (refused.status_code, pointers) == (422, ["/name", "/aliases/1"])


async def addresses(caller, **query) -> dict[str, str | None]:
    """Who is listed with which address, by employee code."""
    listed = (await caller.get("/v1/people", limit=200, **query)).json()["data"]
    return {one["employee_code"]: one["email"] for one in listed}


@pytest.mark.parametrize("code", ["director", "auditor", "appraiser", "unit_officer"])
async def test_names_and_posts_are_for_everybody_and_addresses_but_ones_own_are_not(
    department, code
):
    listed = (await getattr(department, code).get("/v1/people", limit=200)).json()["data"]

    assert all(one["name"] and one["post"] for one in listed)
    assert {one["employee_code"] for one in listed if one["email"]} == {code}
    for one in listed[:5]:
        read = (await getattr(department, code).get(f"/v1/people/{one['id']}")).json()
        assert read["email"] == one["email"]


@pytest.mark.parametrize("code", ["office", "admin"])
async def test_who_writes_to_people_sees_all_addresses(department, code):
    seen = await addresses(getattr(department, code))

    assert len(seen) == len(ROLES)
    assert all(seen.values())


async def test_a_head_sees_the_addresses_of_the_own_unit(department):
    units = await department.units()
    own = await addresses(department.unit_head, unit_id=units["CCHC"])
    everybody = await addresses(department.unit_head)

    assert len(own) >= 2
    assert all(own.values())
    assert {code for code, email in everybody.items() if email} == set(own)
