"""What lost points, what units propose against it, and what becomes of it."""

import pytest
from tests.tasks.sheets import ROWS, published, tell

PROPOSAL = {
    "year": 2024, "code": "1.1.2", "words": "Rà soát tiến độ từng tháng",
    "deadline_text": "Trước ngày 30/6/2025",
}  # fmt: skip


@pytest.fixture
async def weak(busy):
    """The sheet of 2024 lost points in two rows."""
    await tell(busy, published())
    return busy


async def propose(weak, who="unit_officer", **changed):
    return await getattr(weak, who).post("/v1/measures", {**PROPOSAL, **changed})


async def accept(weak, measure, who="office", *, seen=None, **body):
    plan = (await weak.one())["plan_id"]
    path = f"/v1/measures/{measure['id']}/accept"
    seen = measure["version"] if seen is None else seen
    return await getattr(weak, who).post(path, {"plan_id": plan, **body}, seen=seen)


async def give_back(weak, measure, who="office", reason="Chưa rõ sản phẩm", seen=1):
    path = f"/v1/measures/{measure['id']}/return"
    return await getattr(weak, who).post(path, {"reason": reason}, seen=seen)


async def listed(weak, who="office", **query) -> dict:
    found = await getattr(weak, who).get("/v1/measures", **query)
    assert found.status_code == 200, found.text
    return found.json()


async def lost(weak, **query) -> dict[str, str]:
    return {row["code"]: row["lost"] for row in (await listed(weak, **query))["data"]}


async def test_what_lost_points_stands_in_the_sheets_order_with_no_measure_yet(weak):
    found = await listed(weak, "unit_officer")
    assert [(row["code"], row["lost"], row["missing"]) for row in found["data"]] == [
        ("1.1.2", "0.750000", True), ("2.1.1", "1.000000", True),
    ]  # fmt: skip
    assert (found["year"], found["years"], found["missing"]) == (2024, [2024], 2)
    assert found["allowed"] == ["propose"]


async def test_a_sheet_that_comes_twice_or_late_counts_once(weak):
    improved = [("1.1.1", "Ban hành kế hoạch", "1", "2"), ("1.1.2", "Mức độ", "1.5", "1.5")]
    await tell(weak, published())
    first = await lost(weak)
    await tell(weak, published(5, improved), published(4))
    assert first == {"1.1.2": "0.750000", "2.1.1": "1.000000"}
    assert await lost(weak) == {"1.1.1": "1.000000"}, "what the newer sheet leaves out is not weak"


async def test_other_bodies_and_other_years_change_nothing(weak):
    await tell(weak, published(9, None), published(1, ROWS[2:], 2023))
    assert await lost(weak) == {"1.1.2": "0.750000", "2.1.1": "1.000000"}
    assert await lost(weak, year=2023) == {"2.1.1": "1.000000"}
    assert (await listed(weak, year=2022))["data"] == []


async def test_a_unit_proposes_what_it_leads_the_office_for_any_unit_and_nobody_else(weak):
    units = await weak.units()
    own = await propose(weak)
    other = await propose(weak, unit_id=units["TĐKT"])
    office = await propose(weak, "office", unit_id=units["TĐKT"])
    assert (own.status_code, own.json()["unit_id"], own.json()["status"]) == (
        201, units["CCHC"], "proposed",
    )  # fmt: skip
    assert other.status_code == 403
    assert (office.status_code, office.json()["unit_id"]) == (201, units["TĐKT"])
    for who in ("director", "auditor", "admin", "appraiser"):
        assert (await propose(weak, who)).status_code == 403, who
    [row, _] = (await listed(weak))["data"]
    assert (row["missing"], len(row["measures"])) == (False, 2)


async def test_what_lost_nothing_and_a_year_without_a_sheet_are_refused_at_their_field(weak):
    strong = (await propose(weak, code="1.1.1")).json()
    unknown = (await propose(weak, year=2019)).json()
    gone = await propose(weak, "office", unit_id="00000000-0000-0000-0000-000000000009")
    assert (strong["errors"][0]["pointer"], "1.1.1" in strong["detail"]) == ("/code", True)
    assert (unknown["errors"][0]["pointer"], "2019" in unknown["detail"]) == ("/year", True)
    assert (gone.status_code, gone.json()["errors"][0]["pointer"]) == (422, "/unit_id")


async def test_an_accepted_measure_is_an_assignment_with_its_source(weak):
    measure = (await propose(weak)).json()
    answer = await accept(weak, measure, number="15a")
    accepted = answer.json()
    read = await weak.unit_officer.get(f"/v1/assignments/{accepted['assignment_id']}")
    made = read.json()
    assert (answer.status_code, accepted["status"], accepted["version"]) == (200, "accepted", 2)
    assert (made["number"], made["content"]) == (
        accepted["assignment_number"], PROPOSAL["words"],
    )  # fmt: skip
    assert (made["due_on"], made["task_number"]) == ("2025-06-29", "15a"), (
        "before is the day before"
    )
    assert made["origin"]["source"]["title"].startswith("Giải pháp khắc phục tiêu chí 1.1.2 mất")
    [event] = await weak.events("measure_accepted")
    state = event["data"]["measure"]
    assert (state["assignment_id"], state["code"], state["year"]) == (made["id"], "1.1.2", 2024)
    assert PROPOSAL["words"] not in str(event), "its words stay here"
    [row, _] = (await listed(weak))["data"]
    assert row["measures"][0]["assignment_status"] == "not_started"


async def test_only_the_office_decides_once_and_having_seen_the_newest(weak):
    measure = (await propose(weak)).json()
    for who in ("unit_head", "director", "auditor"):
        assert (await accept(weak, measure, who)).status_code == 403, who
        assert (await give_back(weak, measure, who)).status_code == 403, who
    unseen = await weak.office.post(f"/v1/measures/{measure['id']}/accept", {})
    stale = await accept(weak, measure, seen=9)
    first = await accept(weak, measure)
    second = await accept(weak, measure, seen=2)
    back = await give_back(weak, measure, seen=2)
    assert (unseen.status_code, stale.status_code, first.status_code) == (428, 412, 200)
    assert (second.status_code, second.json()["code"]) == (409, "measure_accepted")
    assert (back.status_code, back.json()["code"]) == (409, "measure_accepted")
    rows = await weak.rows(
        "SELECT count(*) AS made FROM task WHERE content = :w", w=measure["words"]
    )
    assert rows[0].made == 1


async def test_what_is_returned_says_why_and_leaves_the_criterion_without_a_measure(weak):
    measure = (await propose(weak)).json()
    returned = await give_back(weak, measure)
    [row, _] = (await listed(weak))["data"]
    again = await propose(weak)
    assert (returned.status_code, returned.json()["decision_note"]) == (200, "Chưa rõ sản phẩm")
    assert (row["missing"], row["measures"][0]["status"]) == (True, "returned")
    assert again.status_code == 201
    [event] = await weak.events("measure_returned")
    assert event["data"]["measure"]["version"] == 2


async def test_a_plan_that_is_over_takes_no_measure_and_the_measure_stays_open(weak):
    measure = (await propose(weak)).json()
    await weak.execute("UPDATE plan SET status = 'closed'")
    refused = await accept(weak, measure)
    [row, _] = (await listed(weak))["data"]
    assert refused.status_code == 409
    assert row["measures"][0]["status"] == "proposed"
    assert row["measures"][0]["allowed"] == ["accept", "return"]


async def test_each_act_leaves_a_trace(weak):
    measure = (await propose(weak)).json()
    await accept(weak, measure)
    found = await weak.rows(
        "SELECT action FROM audit_entry WHERE subject_id = :id ORDER BY id", id=measure["id"]
    )
    assert [row.action for row in found] == ["measure.propose", "measure.accept"]
