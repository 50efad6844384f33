"""Units that have not reported are urged to: previewed, sent once, with receipts."""

import asyncio

import pytest
from tests.tasks.test_unit_reports_api import hand_in
from tests.tasks.test_unit_reports_reminders import owing

URGE = "/v1/unit_reports/urge"


@pytest.fixture
async def plan_id(busy) -> str:
    """The plan of 2025, whose report day passed long ago."""
    [row] = await busy.rows("SELECT id FROM plan")
    return str(row.id)


async def urge(busy, plan_id, who="office", **more):
    return await getattr(busy, who).post(URGE, {"plan_id": plan_id, **more})


async def test_a_preview_names_the_heads_of_units_that_are_missing_and_keeps_nothing(busy, plan_id):
    await hand_in(busy, plan_id)
    units = await busy.units()
    shown = await urge(busy, plan_id, preview=True)
    said = shown.json()
    one = next(each for each in said["people"] if each["unit_id"] == units["LĐVL"])

    assert (shown.status_code, said["urging_id"]) == (200, None)
    assert units["CCHC"] not in {each["unit_id"] for each in said["people"]}, "it has reported"
    assert len({each["unit_id"] for each in said["people"]}) == await owing(busy) - 1
    assert (one["urged_as"], one["late_days"] > 0) == ("head", True)
    assert one["unit_name"] in one["words"]
    assert "29/11/2025" in one["words"]
    assert "{" not in one["words"]
    assert await busy.rows("SELECT 1 FROM urging") == []


async def test_what_was_previewed_is_sent_once_and_followed_like_any_urging(busy, plan_id):
    units = await busy.units()
    wanted = {"unit_ids": [units["CCHC"], units["LĐVL"]], "text": "{don_vi}: {so_ngay_cham}"}
    digest = (await urge(busy, plan_id, preview=True, **wanted)).json()["digest"]
    changed = await urge(busy, plan_id, digest=digest, **{**wanted, "text": "Nộp ngay"})
    sent = await urge(busy, plan_id, digest=digest, **wanted)
    again = await urge(busy, plan_id, who="director", **wanted)
    id_ = sent.json()["urging_id"]
    events = await busy.events("unit_urged")
    urging = (await busy.office.get(f"/v1/urgings/{id_}")).json()

    assert (changed.status_code, changed.json()["code"]) == (409, "urging_outdated")
    assert (sent.status_code, sent.headers["Location"]) == (201, f"/v1/urgings/{id_}")
    assert (again.status_code, again.json()["code"]) == (409, "urging_nothing")
    assert "24 giờ" in again.json()["detail"]
    assert {(e["data"]["unit_id"], e["data"]["about"]) for e in events} == {
        (units["CCHC"], "report"), (units["LĐVL"], "report"),
    }  # fmt: skip
    assert (urging["reason"], urging["plan_id"], urging["row_count"]) == ("report", plan_id, 2)
    assert {each["urged_as"] for each in urging["receipts"]} == {"head"}
    assert all(each["words"].endswith(tuple("0123456789")) for each in urging["receipts"])
    assert (urging["rows"], urging["allowed"]) == ([], []), "no assignments, no letter"


async def test_units_that_were_urged_lately_are_left_out_and_come_back_after_the_hours(
    busy, plan_id
):
    units = await busy.units()
    await urge(busy, plan_id, unit_ids=[units["CCHC"]])
    soon = (await urge(busy, plan_id, preview=True)).json()
    await busy.execute("UPDATE urging SET made_at = made_at - interval '25 hours'")
    later = (await urge(busy, plan_id, preview=True)).json()

    assert [(each["unit_id"], each["code"]) for each in soon["left_out"]] == [
        (units["CCHC"], "urging_repeated")
    ]
    assert units["CCHC"] in {each["unit_id"] for each in later["people"]}


async def test_of_two_who_urge_at_once_the_second_sees_the_first(busy, plan_id):
    both = await asyncio.gather(urge(busy, plan_id), urge(busy, plan_id, who="director"))
    assert sorted(each.status_code for each in both) == [201, 409]


async def test_it_is_seen_by_the_unit_it_goes_to_and_by_no_other(busy, plan_id):
    units = await busy.units()
    id_ = (await urge(busy, plan_id, unit_ids=[units["CCHC"]])).json()["urging_id"]
    head = await busy.unit_head.get(f"/v1/urgings/{id_}")
    officer = await busy.unit_officer.get(f"/v1/urgings/{id_}")
    stranger = await busy.unit_head_tdkt.get(f"/v1/urgings/{id_}")
    assert (head.status_code, officer.status_code, stranger.status_code) == (200, 200, 404)


async def test_a_unit_without_a_head_is_left_out_and_says_why(busy, plan_id):
    units = await busy.units()
    await busy.execute("UPDATE person SET active = false WHERE employee_code = 'unit_head'")
    answer = await urge(busy, plan_id, unit_ids=[units["CCHC"]])
    assert (answer.status_code, answer.json()["code"]) == (409, "urging_nothing")
    assert "chưa có người phụ trách" in answer.json()["detail"]


async def test_a_unit_that_owes_no_report_is_left_out_and_not_said_to_have_reported(busy, plan_id):
    units = await busy.units()
    await busy.execute(
        "UPDATE assignment SET status = 'cancelled' WHERE unit_id = :unit", unit=units["CCHC"]
    )
    asked = [units["CCHC"], units["LĐVL"], units["CCHC"], plan_id]
    shown = (await urge(busy, plan_id, unit_ids=asked, preview=True)).json()
    alone = await urge(busy, plan_id, unit_ids=[units["CCHC"]])

    assert {each["unit_id"] for each in shown["people"]} == {units["LĐVL"]}
    assert [(each["unit_id"], each["code"]) for each in shown["left_out"]] == [
        (units["CCHC"], "unit_report_not_owed"), (plan_id, "unit_report_not_owed"),
    ]  # fmt: skip
    assert (alone.status_code, alone.json()["code"]) == (409, "urging_nothing")
    assert "không phải báo cáo" in alone.json()["detail"]


async def test_who_also_stands_in_for_the_head_of_another_unit_is_told_once_of_both(busy, plan_id):
    units, today = await busy.units(), await busy.today()
    heads = "employee_code IN ('unit_head', 'unit_head_tdkt')"
    await busy.execute(f"UPDATE person SET role = 'office' WHERE {heads}")
    await busy.execute(
        "UPDATE person SET absent_from = :day, absent_until = :day, substitute_id ="
        " (SELECT id FROM person WHERE employee_code = 'unit_head')"
        " WHERE employee_code = 'unit_head_tdkt'", day=today,
    )  # fmt: skip
    both = [units["CCHC"], units["TĐKT"]]
    sent = await urge(busy, plan_id, "director", unit_ids=both, text="Đề nghị {don_vi}")
    assert sent.status_code == 201, sent.text
    rows = await busy.rows(
        "SELECT r.unit_id, urged_as, row_count, words FROM urging_recipient r JOIN person"
        " ON person.id = person_id WHERE employee_code = 'unit_head'"
    )
    [one] = rows
    told = [each for event in await busy.events("unit_urged") for each in event["data"]["people"]]

    assert (str(one.unit_id), one.urged_as, one.row_count) == (units["CCHC"], "head", 2)
    assert one.words.count("Đề nghị") == 2
    assert sorted(each["count"] for each in told) == [1, 2]
    again = await urge(busy, plan_id, "director", unit_ids=both)
    assert again.json()["code"] == "urging_nothing"


async def test_only_the_office_and_the_director_urge_and_only_under_a_plan_in_force(busy, plan_id):
    for who in ("unit_head", "unit_officer", "auditor", "appraiser", "admin"):
        refused = await getattr(busy, who).post(URGE, {"nothing": "right"})
        assert refused.status_code == 403, f"{who} is refused before the body is read"
    wrong = await urge(busy, plan_id, text="Đề nghị {so_nhiem_vu}")
    await busy.execute("UPDATE plan SET status = 'closed'")
    closed = await urge(busy, plan_id, preview=True)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/text")
    assert "{han_bao_cao}" in wrong.json()["detail"]
    assert (closed.status_code, closed.json()["code"]) == (409, "plan_not_in_force")


async def test_the_offices_month_offers_it_where_a_report_is_missing(busy, plan_id):
    async def plans(who: str) -> list[dict]:
        found = await getattr(busy, who).get("/v1/office/month", month="2025-11")
        return found.json()["reports"]

    [offered], [also] = await plans("office"), await plans("director")
    await busy.execute("UPDATE assignment SET status = 'cancelled' WHERE unit_id <>"
                       " (SELECT id FROM unit WHERE code = 'CCHC')")  # fmt: skip
    await hand_in(busy, plan_id)
    [complete] = await plans("office")
    assert (offered["plan_id"], offered["allowed"], also["allowed"]) == (
        plan_id,
        ["urge"],
        ["urge"],
    )
    assert (complete["missing"], complete["allowed"]) == (0, [])
