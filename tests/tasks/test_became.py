"""Measures and instructions follow all their assignments: through hand-overs and other plans."""

import pytest
from tests.tasks.test_instructions_api import body, issue
from tests.tasks.test_measures_api import accept, listed, propose, weak
from tests.tasks.test_reorganising import PATH
from tests.tasks.test_reorganising import body as merged
from tests.tasks.test_reorganising import listed as led

from tasks.assignments.domain import together

__all__ = ["body", "weak"]  # fixtures of the files that write measures and instructions
TWICE = "Quý I, quý III"


async def acted(department, row: dict, name: str, who="office", **facts) -> None:
    path = f"/v1/assignments/{row['assignment_id']}"
    seen = (await department.office.get(path)).json()["version"]
    answer = await getattr(department, who).post(f"{path}/{name}", facts, seen=seen)
    assert answer.status_code in (200, 201), answer.text


async def instruction(department, id_: str, who="office") -> dict:
    return (await getattr(department, who).get(f"/v1/instructions/{id_}")).json()


@pytest.mark.parametrize(
    ("statuses", "one"),
    [
        (["done", "done"], "done"),
        (["done", "not_started"], "in_progress"),
        (["done", "cancelled"], "done"),
        (["cancelled", "cancelled"], "cancelled"),
        (["not_started", "not_started"], "not_started"),
        (["submitted"], "submitted"),
        (["done", "submitted"], "in_progress"),
    ],
)
def test_several_assignments_stand_as_one_that_is_done_when_all_are(statuses, one):
    assert together(statuses) == one


async def test_a_deadline_of_several_days_links_all_its_assignments_to_the_measure(weak):
    accepted = (await accept(weak, (await propose(weak, deadline_text=TWICE)).json())).json()
    [event] = await weak.events("measure_accepted")
    rows = accepted["assignments"]
    state = event["data"]["measure"]

    assert [(row["occurrence"], row["due_on"]) for row in rows] == [
        ("Quý I/2025", "2025-03-31"), ("Quý III/2025", "2025-09-30"),
    ]  # fmt: skip
    assert state["assignment_ids"] == [row["assignment_id"] for row in rows]
    assert (state["assignment_id"], accepted["assignment_id"]) == (
        rows[0]["assignment_id"], rows[0]["assignment_id"],
    )  # fmt: skip


async def test_a_measure_is_done_only_when_all_its_assignments_are(weak):
    accepted = (await accept(weak, (await propose(weak, deadline_text=TWICE)).json())).json()
    seen = []
    for row in accepted["assignments"]:
        await weak.execute(
            "UPDATE assignment SET status = 'done' WHERE id = :id", id=row["assignment_id"]
        )
        [measure] = (await listed(weak))["data"][0]["measures"]
        seen.append((measure["assignment_status"], measure["assignment_number"]))

    assert seen == [
        ("in_progress", accepted["assignments"][1]["number"]),
        ("done", accepted["assignments"][1]["number"]),
    ]


async def test_an_instruction_shows_on_each_of_its_assignments_and_is_open_until_the_last(
    busy, body
):
    issued = (await issue(busy, body, deadline_text=TWICE)).json()
    [event] = await busy.events("instruction_issued")
    first, second = issued["assignments"]
    month = f"{await busy.today():%Y-%m}"
    for row in (first, second):
        found = await busy.office.get("/v1/instructions", assignment_id=row["assignment_id"])
        assert [each["id"] for each in found.json()["data"]] == [issued["id"]]
    assert len(event["data"]["instruction"]["assignment_ids"]) == 2
    opened = []
    for row in (first, second):
        await busy.execute(
            "UPDATE assignment SET status = 'done' WHERE id = :id", id=row["assignment_id"]
        )
        counted = (await busy.office.get("/v1/office/month", month=month)).json()["instructions"]
        opened.append((counted["issued"], counted["open"]))
    assert opened == [(1, 1), (1, 0)]


async def test_who_takes_an_instructed_assignment_over_reads_the_instruction(busy, body):
    issued = (await issue(busy, body)).json()
    units = await busy.units()
    await acted(busy, issued["assignments"][0], "hand_over", unit_id=units["TĐKT"], reason="Đổi")
    new = await busy.unit_head_tdkt.get("/v1/instructions")
    narrowed = await busy.office.get("/v1/instructions", unit_id=units["TĐKT"])
    detail = await instruction(busy, issued["id"], "unit_officer_tdkt")

    assert [each["id"] for each in new.json()["data"]] == [issued["id"]]
    assert [each["id"] for each in narrowed.json()["data"]] == [issued["id"]]
    assert [row["unit_id"] for row in detail["assignments"]] == [units["TĐKT"]]
    for who in ("unit_head", "unit_officer"):
        assert (await instruction(busy, issued["id"], who))["id"] == issued["id"], "it was told"
    assert (await busy.unit_head_ldvl.get("/v1/instructions")).json()["data"] == []


async def test_a_merged_units_instructions_are_read_where_its_assignments_went(busy, body):
    issued = (await issue(busy, body)).json()
    units = await busy.units()
    found = await led(busy, units["CCHC"])
    done = await busy.admin.post(PATH, merged([units["CCHC"]], found, units["LĐVL"]))
    seen = (await busy.unit_head_ldvl.get("/v1/instructions")).json()["data"]

    assert done.status_code == 200, done.text
    assert [each["id"] for each in seen] == [issued["id"]]


async def test_a_measure_of_a_unit_that_ended_is_accepted_for_another(weak):
    measure = (await propose(weak)).json()
    units = await weak.units()
    found = await led(weak, units["CCHC"])
    await weak.admin.post(PATH, merged([units["CCHC"]], found, units["LĐVL"]))
    refused = await accept(weak, measure)
    taken = await accept(weak, measure, unit_id=units["LĐVL"])

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/unit_id")
    assert (taken.status_code, taken.json()["unit_id"]) == (200, units["LĐVL"]), taken.text
    assert taken.json()["assignments"][0]["unit_id"] == units["LĐVL"]


async def test_a_carry_into_another_plan_is_followed_by_measure_and_instruction(weak, body):
    measure = (await accept(weak, (await propose(weak, deadline_text=TWICE)).json())).json()
    issued = (await issue(weak, body)).json()
    new = await weak.add_plan(active=False, title="Kế hoạch thay thế")
    ids = [row["assignment_id"] for row in (*measure["assignments"], *issued["assignments"])]
    old = await weak.office.get(f"/v1/plans/{body['plan_id']}")
    carried = await weak.office.post(
        f"/v1/plans/{body['plan_id']}/replace",
        {"successor_id": new["id"], "reason": "Thay kế hoạch",
         "rows": [{"assignment_id": id_} for id_ in ids]},
        seen=old.json()["version"],
    )  # fmt: skip
    assert carried.status_code == 200, carried.text
    now = (await weak.office.get(f"/v1/measures/{measure['id']}")).json()
    told = await instruction(weak, issued["id"], "unit_officer")
    for plan in (body["plan_id"], new["id"]):
        found = await weak.office.get("/v1/instructions", plan_id=plan)
        assert [each["id"] for each in found.json()["data"]] == [issued["id"]], plan
    here = told["assignments"][0]["assignment_id"]
    shown = await weak.office.get("/v1/instructions", assignment_id=here)

    assert {row["plan_id"] for row in now["assignments"]} == {new["id"]}
    assert (len(now["assignments"]), now["assignment_status"]) == (2, "not_started")
    assert told["assignment_status"] == "not_started", "it is cancelled only where it was left"
    assert [each["id"] for each in shown.json()["data"]] == [issued["id"]]
    report = (await weak.unit_officer.post("/v1/unit_reports", {"plan_id": new["id"]})).json()
    [line] = report["figures"]["measures"]
    assert line["number"] == ", ".join(row["number"] for row in now["assignments"])
