"""Where a row is from, and who helps: written after the appendix was taken over."""

import pytest

SOURCE = {"number": "45/TB-UBND", "issued_on": "2025-02-03", "title": "Kết luận giao ban"}


@pytest.fixture
async def twice(busy) -> list[dict]:
    """Two assignments of one row of the appendix."""
    [task] = await busy.rows(
        "SELECT task_id AS id FROM assignment GROUP BY task_id HAVING count(*) > 1"
        " ORDER BY 1 LIMIT 1"
    )
    rows = await busy.rows(f"SELECT id FROM assignment WHERE task_id = '{task.id}' ORDER BY id")
    return [await one(busy, row.id) for row in rows]


async def one(busy, id_) -> dict:
    return (await busy.office.get(f"/v1/assignments/{id_}")).json()


async def put(busy, assignment, by="office", seen=None, **body):
    path = f"/v1/assignments/{assignment['id']}/origin"
    return await getattr(busy, by).put(path, body, seen=seen or assignment["version"])


async def test_document_and_kpi_hold_for_all_assignments_of_the_row(busy, twice):
    answer = await put(
        busy, twice[0], source=SOURCE, kpi_group="C", kpi_code="C.4", reason="Bổ sung"
    )
    shown = [await one(busy, each["id"]) for each in twice]
    lines = await busy.office.get(f"/v1/assignments/{twice[1]['id']}/timeline")
    told = {
        e["data"]["assignment"]["assignment_id"] for e in await busy.events("assignment_changed")
    }

    assert answer.status_code == 200, answer.text
    for each in (answer.json(), *shown):
        assert each["origin"]["source"] == SOURCE
        assert (each["origin"]["kpi_group"], each["origin"]["kpi_code"]) == ("C", "C.4")
    newest = lines.json()["data"][0]
    assert newest["reason"] == "Bổ sung"
    assert {"field": "source_number", "before": None, "after": "45/TB-UBND"} in newest["changes"]
    assert {each["id"] for each in twice} <= told


async def test_it_is_found_by_the_document_from_then_on(busy, twice):
    await put(busy, twice[0], source=SOURCE)
    found = (await busy.office.get("/v1/assignments", q="45/tb-ubnd", limit=200)).json()["data"]
    await put(busy, found[0], source=None)
    gone = (await busy.office.get("/v1/assignments", q="45/tb-ubnd")).json()["data"]

    assert {each["id"] for each in twice} == {each["id"] for each in found}
    assert gone == []


async def test_the_list_is_narrowed_to_and_sorted_by_the_document_as_its_file_says(busy, twice):
    await put(busy, twice[0], source=SOURCE)
    wanted = {each["id"] for each in twice}

    for asked in ("45/tb", "KẾT LUẬN giao"):
        found = (await busy.office.get("/v1/assignments", source=asked, limit=200)).json()["data"]
        assert {each["id"] for each in found} == wanted
        assert {each["source"] for each in found} == {"45/TB-UBND"}
    nothing = await busy.office.get("/v1/assignments", source="45%")
    assert nothing.json()["data"] == []  # a sign of the search is a sign like others
    counted = await busy.office.get("/v1/assignments/counts", source="45/TB")
    assert counted.json()["listed"] == len(wanted)
    for sort in ("source", "-source"):
        rows = (await busy.office.get("/v1/assignments", sort=sort, limit=200)).json()["data"]
        assert {each["id"] for each in rows[: len(wanted)]} == wanted


async def test_a_second_click_changes_nothing_and_another_word_meanwhile_is_a_conflict(busy, twice):
    first = await put(busy, twice[0], source=SOURCE)
    again = await put(busy, twice[0], source=SOURCE)
    other = await put(busy, twice[0], source=SOURCE, kpi_group="A")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["version"] == first.json()["version"]
    assert (other.status_code, other.json()["code"]) == (412, "version_stale")


@pytest.mark.parametrize(("by", "status"), [("unit_officer", 403), ("director", 403)])
async def test_only_the_office_writes_it(busy, by, status):
    mine = await busy.one(unit_id=(await busy.units())["CCHC"])

    assert (await put(busy, mine, by=by, source=SOURCE)).status_code == status


async def test_who_helps_is_set_with_the_names_of_the_lead_unit_only(busy):
    units = await busy.units()
    mine = await busy.one(unit_id=units["CCHC"])
    people = (await busy.office.get("/v1/people", unit_id=units["CCHC"])).json()["data"]
    stranger = (await busy.office.get("/v1/people", unit_id=units["VP"])).json()["data"][0]["id"]
    path, ids = f"/v1/assignments/{mine['id']}", [each["id"] for each in people[:2]]

    wrong = await busy.office.patch(path, {"helper_ids": [ids[0], stranger]}, seen=mine["version"])
    set_ = await busy.office.patch(path, {"helper_ids": ids}, seen=mine["version"])
    led = await busy.office.patch(
        path, {"accountable_person_id": ids[0], "reason": "Giao việc"}, seen=set_.json()["version"]
    )
    shown = await one(busy, mine["id"])
    newest = (await busy.events("assignment_changed"))[-1]["data"]["assignment"]
    lines = (await busy.office.get(f"{path}/timeline")).json()["data"]

    assert {"field": "helper_ids", "before": ", ".join(ids), "after": ids[1]} in lines[0]["changes"]
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/helper_ids/1")
    assert (set_.status_code, led.status_code) == (200, 200), set_.text + led.text
    assert [each["id"] for each in shown["origin"]["helpers"]] == [ids[1]], (
        "who leads helps no more"
    )
    assert newest["helper_ids"] == [ids[1]]
