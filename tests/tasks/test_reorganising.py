"""Units are merged and split: what they owe goes over by one reviewed list; history keeps it."""

import pytest

PATH = "/v1/reorganisations"


async def unit_of(department, code: str) -> dict:
    listed = (await department.admin.get("/v1/units", limit=200)).json()["data"]
    return next(each for each in listed if each["code"] == code)


async def listed(department, *unit_ids: str) -> dict:
    answer = await department.admin.get(PATH, unit_id=list(unit_ids))
    assert answer.status_code == 200, answer.text
    return answer.json()


def body(units: dict, found: dict, to: str, **changed) -> dict:
    """Everything of the units goes to one other."""
    return {
        "units": [{"unit_id": id_, "successor_id": to} for id_ in units],
        "rows": [{"assignment_id": row["assignment_id"], "unit_id": to} for row in found["led"]],
        "people": [{"person_id": each["person_id"], "unit_id": to} for each in found["people"]],
        "close": True, "reason": "Quyết định 45/QĐ-UBND", **changed,
    }  # fmt: skip


async def named(department, assignment_id: str, code: str) -> None:
    people = (await department.office.get("/v1/people", limit=200)).json()["data"]
    officer = next(each["id"] for each in people if each["employee_code"] == code)
    path = f"/v1/assignments/{assignment_id}"
    seen = (await department.office.get(path)).json()["version"]
    answer = await department.office.patch(
        path, {"accountable_person_id": officer, "reason": "Phân công"}, seen=seen
    )
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def two(busy) -> tuple[str, str]:
    """The ids of CCHC, which ends, and of LĐVL, which takes over."""
    units = await busy.units()
    return units["CCHC"], units["LĐVL"]


async def test_all_that_is_open_goes_over_as_one_and_each_with_its_event(busy, two):
    cchc, ldvl = two
    found = await listed(busy, cchc)
    await named(busy, found["led"][0]["assignment_id"], "unit_officer")
    helped = [row for row in found["helped"] if row["unit_id"] != ldvl]
    answer = await busy.admin.post(PATH, body([cchc], found, ldvl))
    after = await listed(busy, cchc)
    first = await busy.office.get(f"/v1/assignments/{found['led'][0]['assignment_id']}")
    events = await busy.events("assignment_handed_over")

    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "handed_over": len(found["led"]), "helped": len(found["helped"]),
        "moved": len(found["people"]), "closed": 1,
    }  # fmt: skip
    assert after == {"led": [], "helped": [], "people": [], "groups": []}
    assert len(events) == len(found["led"]) > 0
    assert {event["data"]["previous_unit_id"] for event in events} == {cchc}
    assert first.json()["accountable_person_name"], "who went along stays accountable"
    assert first.json()["accountable_lost"] is None
    for row in helped:
        shown = (await busy.office.get(f"/v1/assignments/{row['assignment_id']}")).json()
        assert ldvl in shown["coordinating_unit_ids"]


async def test_what_is_over_keeps_the_unit_it_had_and_the_history_says_both(busy, two):
    cchc, ldvl = two
    done = await busy.one(unit_id=cchc)
    await busy.execute("UPDATE assignment SET status = 'done' WHERE id = :id", id=done["id"])
    found = await listed(busy, cchc)
    await busy.admin.post(PATH, body([cchc], found, ldvl))
    kept = (await busy.office.get(f"/v1/assignments/{done['id']}")).json()
    moved = (await busy.office.get(f"/v1/assignments/{found['led'][0]['assignment_id']}")).json()
    lines = await busy.office.get(f"/v1/assignments/{moved['id']}/timeline")

    assert done["id"] not in {row["assignment_id"] for row in found["led"]}
    assert kept["unit_id"] == cchc
    assert (moved["unit_id"], moved["former_unit_ids"]) == (ldvl, [cchc])
    assert moved["handovers"][0]["from_unit_id"] == cchc
    assert lines.json()["data"][0]["reason"] == "Quyết định 45/QĐ-UBND"


async def asked_of(busy, unit_id: str, *, lead: str) -> dict:
    """Ask a unit for figures on an assignment that another unit leads; return what is owed."""
    await busy.execute(
        "UPDATE assignment SET coordinating_unit_ids = ARRAY[CAST(:one AS uuid)]"
        " WHERE unit_id = CAST(:lead AS uuid)",
        one=unit_id, lead=lead,
    )  # fmt: skip
    row = await busy.one(unit_id=lead)
    wanted = {"unit_id": unit_id, "what": "Số liệu", "due_on": str(await busy.today())}
    asked = await busy.office.post(f"/v1/assignments/{row['id']}/contributions", wanted)
    assert asked.status_code == 201, asked.text
    return asked.json()


async def test_what_the_unit_was_asked_for_its_successor_owes_unless_it_leads_itself(busy, two):
    cchc, ldvl = two
    third = (await busy.units())["TĐKT"]
    passed_on = await asked_of(busy, cchc, lead=third)
    needless = await asked_of(busy, cchc, lead=ldvl)
    answer = await busy.admin.post(PATH, body([cchc], await listed(busy, cchc), ldvl))
    given = await busy.unit_officer_ldvl.post(
        f"/v1/contributions/{passed_on['id']}/give", {"note": "Gửi số liệu"}
    )
    listed_now = (await busy.office.get("/v1/contributions")).json()["data"]
    now = {each["id"]: each for each in listed_now}
    newest = (await busy.events("contribution_given"))[-1]["data"]["assignment"]

    assert answer.status_code == 200, answer.text
    assert given.status_code == 200, given.text
    assert (now[passed_on["id"]]["unit_id"], now[passed_on["id"]]["status"]) == (ldvl, "given")
    assert now[needless["id"]]["status"] == "withdrawn"
    assert [each["unit_id"] for each in newest["contributions"]] == [ldvl]


async def test_what_nobody_takes_over_is_owed_by_nobody(busy, two):
    cchc, ldvl = two
    owed = await asked_of(busy, cchc, lead=ldvl)
    found = await listed(busy, cchc)
    order = {
        **body([cchc], found, ldvl), "units": [{"unit_id": cchc, "successor_id": None}],
    }  # fmt: skip
    answer = await busy.admin.post(PATH, order)
    told = [event["data"]["assignment"] for event in await busy.events("assignment_changed")]
    asked = [each for state in told for each in state["contributions"]]

    assert answer.status_code == 200, answer.text
    assert [each["contribution_id"] for each in asked] == [owed["id"]]
    assert [each["status"] for each in asked] == ["withdrawn"]


async def test_the_unit_ends_and_its_names_find_the_successor(busy, two):
    cchc, ldvl = two
    group = {"name": "Các phòng thử", "unit_ids": [cchc]}
    made = (await busy.admin.post("/v1/unit_groups", group)).json()
    below = {"code": "TỔ", "name": "Tổ Một cửa", "kind": "room", "parent_id": cchc}
    lower = (await busy.admin.post("/v1/units", below)).json()
    found = await listed(busy, cchc)
    await busy.admin.post(PATH, body([cchc], found, ldvl))
    ended, heir = await unit_of(busy, "CCHC"), await unit_of(busy, "LĐVL")

    assert not ended["active"]
    assert "Phòng CCHC" in heir["former_names"]
    assert found["groups"] == ["Các phòng thử"]
    after = (await busy.admin.get(f"/v1/unit_groups/{made['id']}")).json()
    assert after["unit_ids"] == [ldvl]
    assert (await busy.admin.get(f"/v1/units/{lower['id']}")).json()["parent_id"] == ldvl


async def test_a_list_that_is_no_longer_true_changes_nothing(busy, two):
    cchc, ldvl = two
    found = await listed(busy, cchc)
    short = body([cchc], {**found, "led": found["led"][1:]}, ldvl)
    nobody = body([cchc], {**found, "people": []}, ldvl)
    answers = [await busy.admin.post(PATH, each) for each in (short, nobody)]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (409, "reorganisation_outdated")
    assert found["led"][0]["number"] in answers[0].json()["detail"]
    assert found["people"][0]["name"] in answers[1].json()["detail"]
    assert await listed(busy, cchc) == found


async def test_results_that_wait_are_decided_first(busy, two):
    cchc, ldvl = two
    row = await busy.one(unit_id=cchc)
    await busy.execute("UPDATE assignment SET status = 'submitted' WHERE id = :id", id=row["id"])
    found = await listed(busy, cchc)
    answer = await busy.admin.post(PATH, body([cchc], found, ldvl))
    assert [each["number"] for each in found["led"] if each["why_not"]] == [row["number"]]
    assert (answer.status_code, answer.json()["code"]) == (409, "assignment_submitted")
    assert row["number"] in answer.json()["detail"]
    assert (await unit_of(busy, "CCHC"))["active"]


async def test_of_a_split_unit_only_what_is_named_goes_and_the_unit_stays(busy, two):
    cchc, ldvl = two
    found = await listed(busy, cchc)
    some = {**found, "led": found["led"][:2], "people": found["people"][:1]}
    answer = await busy.office.post(PATH, body([cchc], some, ldvl, close=False))
    after = await listed(busy, cchc)
    assert answer.json() == {"handed_over": 2, "helped": 0, "moved": 1, "closed": 0}
    assert (await unit_of(busy, "CCHC"))["active"]
    assert len(after["led"]) == len(found["led"]) - 2
    assert {row["assignment_id"] for row in found["helped"]} <= {
        row["assignment_id"] for row in after["helped"]
    }


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"rows": [{"assignment_id": None, "unit_id": "itself"}]}, "/rows/0/unit_id"),
        ({"units": [{"unit_id": "itself", "successor_id": "itself"}]}, "/units/0/successor_id"),
        ({"people": [{"person_id": None, "unit_id": "other"}]}, "/people/0/person_id"),
        ({"reason": " "}, "/reason"),
    ],
)
async def test_what_cannot_be_is_refused_at_its_place(busy, two, changed, pointer):
    cchc, ldvl = two
    found = await listed(busy, cchc)
    stranger = (await busy.admin.get("/v1/people", unit_id=ldvl)).json()["data"][0]["id"]
    real = {"itself": cchc, "other": ldvl}
    filled = {
        name: value
        if isinstance(value, str)
        else [
            {k: real.get(v, v) or (stranger if k == "person_id" else found["led"][0][k])
             for k, v in part.items()}
            for part in value
        ]
        for name, value in changed.items()
    }  # fmt: skip
    answer = await busy.admin.post(PATH, {**body([cchc], found, ldvl), **filled})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("by", ["director", "unit_head", "auditor"])
async def test_only_the_office_and_the_administrator_reorganise(busy, two, by):
    assert (await getattr(busy, by).get(PATH, unit_id=two[0])).status_code == 403
