"""People are found without accents, leave with a reason, and others stand in for them."""

from datetime import timedelta

import pytest


async def codes(department) -> dict[str, dict]:
    people = (await department.admin.get("/v1/people", limit=200)).json()["data"]
    return {each["employee_code"]: each for each in people}


async def away(department, who: str, by: str, *, first: int = 0, last: int = 3, seen: int = 1):
    """Let somebody be away from so many days after today to so many, while another stands in."""
    people, today = await codes(department), await department.today()
    body = {
        "substitute_id": people[by]["id"], "absent_from": str(today + timedelta(first)),
        "absent_until": str(today + timedelta(last)),
    }  # fmt: skip
    return await department.admin.patch(f"/v1/people/{people[who]['id']}", body, seen=seen)


@pytest.mark.parametrize(
    ("words", "found"),
    [("nguyen hue", True), ("HUỆ Nguyễn", True), ("chuyên viên hue", True), ("hue@snv", True),
     ("nguyen lan", False), ("%", False)],
)  # fmt: skip
async def test_people_are_found_by_parts_of_words_without_accents(department, words, found):
    body = {
        "employee_code": "hue", "name": "Nguyễn Thị Huệ", "post": "Chuyên viên chính",
        "email": "hue@snv.example", "role": "unit_officer",
        "unit_id": (await department.units())["NCC"],
    }  # fmt: skip
    await department.admin.post("/v1/people", body)
    listed = (await department.admin.get("/v1/people", q=words)).json()["data"]
    assert ("hue" in {each["employee_code"] for each in listed}) is found


async def test_who_may_not_know_addresses_finds_nobody_by_them(department):
    by_name = await department.unit_officer.get("/v1/people", q="giam doc")
    by_address = await department.unit_officer.get("/v1/people", q="director@snv")
    assert "director" in {each["employee_code"] for each in by_name.json()["data"]}
    assert by_address.json()["data"] == []


async def test_who_left_is_found_when_asked_for(department):
    officer = (await codes(department))["unit_officer"]
    path = f"/v1/people/{officer['id']}"
    silent = await department.admin.patch(path, {"active": False}, seen=1)
    answer = await department.admin.patch(path, {"active": False, "reason": "Nghỉ hưu"}, seen=1)
    at_work = (await department.admin.get("/v1/people", active=True, limit=200)).json()["data"]
    audit = await department.rows("SELECT reason FROM audit_entry WHERE action = 'person.change'")
    assert (silent.status_code, silent.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert answer.json()["active"] is False
    assert officer["id"] not in {each["id"] for each in at_work}
    assert [entry.reason for entry in audit] == ["Nghỉ hưu"]


async def test_a_unit_keeps_the_names_it_had_and_ends_with_a_reason(department):
    units = await department.units()
    path = f"/v1/units/{units['NCC']}"
    renamed = await department.admin.patch(path, {"name": "Phòng Xã hội"}, seen=1)
    back = await department.admin.patch(path, {"name": "Phòng Người có công"}, seen=2)
    silent = await department.admin.patch(path, {"active": False}, seen=3)
    below = await department.admin.patch(
        f"/v1/units/{units['SNV']}", {"parent_id": units["NCC"]}, seen=1
    )
    state = (await department.events("unit_changed"))[-1]["data"]["unit"]
    assert renamed.json()["former_names"] == ["Phòng Người có công"]
    assert back.json()["former_names"] == ["Phòng Người có công", "Phòng Xã hội"]
    assert "Phòng Xã hội" in state["aliases"], "whoever knows the unit finds it by its old name"
    assert (silent.status_code, silent.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert (below.status_code, below.json()["code"]) == (422, "unit_below_itself")


async def test_who_stands_in_is_shown_and_others_hear_of_it(department):
    answer = await away(department, "unit_officer", "unit_head")
    shown = answer.json()
    event = (await department.events("person_changed"))[-1]["data"]["person"]
    listed = (await codes(department))["unit_officer"]
    assert answer.status_code == 200, answer.text
    assert shown["substitute_name"] == (await codes(department))["unit_head"]["name"]
    assert listed["absent_until"] == str(await department.today() + timedelta(3))
    assert event["substitute_id"] == shown["substitute_id"]


@pytest.mark.parametrize(
    ("who", "by", "days", "pointer"),
    [
        ("unit_officer", "unit_officer", (0, 3), "/substitute_id"),
        ("unit_officer", "unit_officer_ldvl", (0, 3), "/substitute_id"),
        ("unit_officer", "office", (0, 3), "/substitute_id"),
        ("director", "unit_head", (0, 3), "/substitute_id"),
        ("office", "director", (0, 3), "/substitute_id"),
        ("unit_officer", "unit_head", (3, 0), "/absent_until"),
    ],
)
async def test_standing_in_gives_no_right_and_days_run_forward(department, who, by, days, pointer):
    answer = await away(department, who, by, first=days[0], last=days[1])
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_half_an_absence_and_one_whose_substitute_is_away_are_refused(department):
    people = await codes(department)
    path = f"/v1/people/{people['unit_officer']['id']}"
    half = await department.admin.patch(path, {"absent_from": "2030-01-01"}, seen=1)
    await away(department, "unit_head", "unit_officer", first=2, last=5)
    both = await away(department, "unit_officer", "unit_head")
    later = await away(department, "unit_officer", "unit_head", first=6, last=7)
    assert (half.status_code, half.json()["errors"][0]["pointer"]) == (422, "/substitute_id")
    assert "cũng vắng" in both.json()["errors"][0]["message"]
    assert later.status_code == 200


async def test_who_is_moved_has_nobody_standing_in_any_more(department):
    units = await department.units()
    moved = (await away(department, "unit_officer", "unit_head")).json()
    path = f"/v1/people/{moved['id']}"
    answer = await department.admin.patch(path, {"unit_id": units["LĐVL"]}, seen=2)
    assert (answer.json()["substitute_id"], answer.json()["absent_from"]) == (None, None)


async def test_who_stands_in_finds_what_the_other_owes_on_the_own_page(busy):
    row = await busy.one(unit_id=(await busy.units())["CCHC"])
    officer = (await codes(busy))["unit_officer"]
    await busy.office.patch(
        f"/v1/assignments/{row['id']}", {"accountable_person_id": officer["id"]}, seen=1
    )
    before = (await busy.unit_head.get("/v1/me/work")).json()["standing_in"]
    await away(busy, "unit_officer", "unit_head", first=1)
    early = (await busy.unit_head.get("/v1/me/work")).json()["standing_in"]
    await away(busy, "unit_officer", "unit_head", seen=2)
    [found] = (await busy.unit_head.get("/v1/me/work")).json()["standing_in"]
    listed = await busy.unit_head.http.get(f"/v1/assignments?{found['query']}")
    assert before == early == []
    assert (found["name"], found["open"]) == (officer["name"], 1)
    assert [each["id"] for each in listed.json()["data"]] == [row["id"]]
