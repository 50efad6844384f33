"""What two people edit is changed by the version that was seen: missing, old or weak is told."""

import pytest

DAYS = [{"day": "2026-04-27", "working": False, "name": "Giỗ Tổ Hùng Vương"}]


async def the_plan(department) -> tuple[str, dict]:
    plan = await department.add_plan(active=False)
    return f"/v1/plans/{plan['id']}", {"number": "12/KH"}


async def a_unit(department) -> tuple[str, dict]:
    return f"/v1/units/{(await department.units())['CCHC']}", {"name": "Phòng khác"}


async def a_person(department) -> tuple[str, dict]:
    [row] = await department.rows("SELECT id FROM person WHERE employee_code = 'unit_officer'")
    return f"/v1/people/{row.id}", {"post": "Chuyên viên chính"}


async def the_calendar(department) -> tuple[str, dict]:
    await department.put_calendar(2026, [])
    return "/v1/calendar/2026", {"days": DAYS}


@pytest.mark.parametrize("thing", [the_plan, a_unit, a_person, the_calendar])
async def test_a_version_must_be_named_be_the_newest_and_be_strong(department, thing):
    path, change = await thing(department)
    method, who = ("PUT" if "calendar" in path else "PATCH"), "office"
    if "units" in path or "people" in path:
        who = "admin"
    http = getattr(department, who).http
    seen = (await http.get(path)).headers["ETag"]

    async def changed(**headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await http.request(method, path, json=change, headers=named)
        return answer.status_code, answer.json().get("code")

    assert await changed() == (428, "if_match_missing")
    assert await changed(If_Match=f'"{int(seen.strip(chr(34))) + 3}"') == (412, "version_stale")
    assert await changed(If_Match=f"W/{seen}") == (412, "version_stale")
    assert await changed(If_Match="7") == (400, "if_match_invalid")
    assert (await changed(If_Match=seen))[0] == 200
    assert await changed(If_Match=seen) == (412, "version_stale")


async def test_a_weak_version_does_not_merge_with_what_others_changed_either(busy):
    assignment = await busy.one(unit_id=(await busy.units())["CCHC"])
    path = f"/v1/assignments/{assignment['id']}"
    await busy.unit_head.post(f"{path}/progress", {"percent": 5}, seen=1)
    change = {"accountable_person_id": None, "reason": "Rà soát"}
    for tag in ('W/"1"', '"999999999999999"'):
        answer = await busy.office.http.patch(path, json=change, headers={"If-Match": tag})
        assert (answer.status_code, answer.json()["code"]) == (412, "version_stale")


async def test_a_year_of_the_calendar_is_begun_once(department):
    first = await department.office.put("/v1/calendar/2031", {"days": []}, seen=0)
    second = await department.office.put("/v1/calendar/2031", {"days": []}, seen=0)
    wrong = await department.office.put("/v1/calendar/2032", {"days": []}, seen=4)

    assert (first.status_code, first.headers["ETag"]) == (200, '"1"')
    assert (second.status_code, second.json()["code"]) == (412, "version_stale")
    assert (wrong.status_code, wrong.json()["code"]) == (412, "version_stale")
