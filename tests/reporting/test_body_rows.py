"""Rows of a body's sheet: proven, not applicable, bonus, at once, with history and last year."""

import asyncio
from copy import deepcopy
from datetime import date
from uuid import UUID, uuid4

from tests.reporting.conftest import UNITS, accepted, assignment, created, envelope, plan
from tests.reporting.sheets import SET, YEAR, Round

from contracts.tasks import (
    InspectionConcluded,
    InspectionState,
    UnitReportReturned,
    UnitReportState,
    UnitReportSubmitted,
)


async def test_evidence_or_a_written_note_in_its_place_proves_a_row(opened):
    await opened.act("unit_head", "1.1.1", "self_scores", {"points": "44"})
    file = {"kind": "document", "title": "Kế hoạch 12/KH-SNV", "dated_on": "2025-02-14",
            "sha256": "b" * 64}  # fmt: skip
    made = (await opened.act("unit_officer", "1.1.1", "evidence", file)).json()
    row = await opened.row("unit_head", "1.1.1")
    assert row["lacks"] == []
    assert (row["evidence"][0]["dated_on"], row["evidence"][0]["sha256"]) == (
        "2025-02-14", "b" * 64,
    )  # fmt: skip
    back = f"evidence/{made['id']}/withdraw"
    await opened.act("unit_officer", "1.1.1", back, {"reason": "Nhầm văn bản"})
    row = await opened.row("unit_head", "1.1.1")
    assert (row["lacks"], row["evidence"][0]["withdrawn_because"]) == (
        ["evidence"], "Nhầm văn bản",
    )  # fmt: skip


async def test_not_applicable_needs_a_reason_and_the_appraisers_yes(opened):
    refused = await opened.act(
        "unit_head", "1.1.1", "self_scores", {"not_applicable_reason": "Không phát sinh"}
    )
    assert refused.status_code == 422, "the set does not allow it for this row"
    await opened.score_all()
    assert (await opened.row("unit_head", "1.1.3"))["applicable"] is True
    await opened.through(("unit_head", "lock"))
    await opened.appraise_all()
    assert (await opened.row("unit_head", "1.1.3"))["applicable"] is False
    assert (await opened.sheet("unit_head"))["applicable_points"] == "84"


async def test_bonus_and_penalty_have_the_sets_caps_and_count_once_appraised(opened):
    over = await opened.act("unit_head", "bonus", "self_scores", {"points": "2.5"})
    assert over.status_code == 422
    await opened.act("unit_head", "bonus", "self_scores", {"points": "2"})
    await opened.score_all()
    lacking = await opened.step("unit_head", "lock")
    assert "Điểm thưởng" in lacking.json()["detail"], "a bonus is explained, too"
    await opened.act("unit_head", "bonus", "self_scores", {"note": "Sáng kiến được công nhận"})
    await opened.through(("unit_head", "lock"))
    await opened.appraise_all()
    given = {"points": "1.5", "note": "Chỉ một sáng kiến"}
    assert (await opened.act("appraiser", "bonus", "appraisals", given)).status_code == 200
    await opened.act("appraiser", "penalty", "appraisals", {"points": "1", "note": "Trễ báo cáo"})
    sheet = await opened.sheet("unit_head")
    assert (sheet["bonus"], sheet["penalty"]) == ("1.5", "1")


async def test_two_people_lose_no_cell_of_one_sheet(locked):
    rows = [
        ("appraiser", "1.1.1", {"points": "44"}),
        ("appraiser_2", "1.1.2", {"done": 3, "due": 7}),
    ]
    answers = await asyncio.gather(
        *(locked.act(who, row, "appraisals", body, version=2) for who, row, body in rows)
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    sheet = await locked.sheet("office")
    appraised = {row["code"]: row["appraised_1"] for row in sheet["rows"]}
    assert appraised["1.1.1"] == "44.000000"
    assert appraised["1.1.2"] == "17.142857"


async def test_of_two_people_in_one_cell_the_second_is_told(locked):
    bodies = [{"points": "44"}, {"points": "43", "note": "Một lần trễ"}]
    answers = await asyncio.gather(
        locked.act("appraiser", "1.1.1", "appraisals", bodies[0], version=2),
        locked.act("appraiser_2", "1.1.1", "appraisals", bodies[1], version=2),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_the_first_entries_of_two_people_begin_the_self_scoring_once(opened):
    answers = await asyncio.gather(
        opened.act("unit_head", "1.1.1", "self_scores", {"points": "44"}, version=1),
        opened.act("unit_officer", "1.1.2", "self_scores", {"done": 1, "due": 2}, version=1),
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    steps = (await opened.sheet("unit_head"))["steps"]
    assert [step["state"] for step in steps] == ["opened", "self_scoring"]


async def test_every_change_keeps_who_when_from_to_and_why(opened):
    await opened.act("unit_head", "1.1.1", "self_scores", {"points": "44"})
    again = {"points": "40", "reason": "Rà soát lại"}
    await opened.act("unit_officer", "1.1.1", "self_scores", again)
    path = f"{opened.path()}/rows/1.1.1/history"
    changes = (await opened.office.get("unit_head", path)).json()["data"]
    newest, first = changes
    assert (newest["name"], newest["reason"]) == ("unit_officer", "Rà soát lại")
    assert newest["before"]["self_score"] == "44.000000"
    assert newest["after"]["self_score"] == "40"
    assert first["name"] == "unit_head"
    assert (await opened.office.get("unit_head_2", path)).status_code == 404


async def test_an_accepted_result_of_a_confirmed_link_is_offered_and_attached_by_its_id(
    opened, consumer
):
    plan_id = uuid4()
    mine, others = assignment(plan_id, 1, unit=1), assignment(plan_id, 2, unit=2)
    events = [plan(plan_id), created(mine), created(others), accepted(mine), accepted(others)]
    await consumer.apply([envelope(event) for event in events])
    path = f"{opened.path()}/rows/1.1.1/evidence_offers"
    assert (await opened.office.get("unit_head", path)).json()["data"] == []
    client = await opened.office.client("office")
    links = [{"task_id": str(each.task_id), "sub_criterion": "1.1.1"} for each in (mine, others)]
    await client.put(f"/v1/criteria_sets/{opened.set_id}/links", json={"links": links})

    (offer,) = (await opened.office.get("unit_head", path)).json()["data"]
    assert offer["reference_id"] == str(mine.assignment_id), "of the body's own unit alone"
    body = {"kind": "result", "reference_id": offer["reference_id"]}
    made = (await opened.act("unit_head", "1.1.1", "evidence", body)).json()
    assert (made["sha256"], made["dated_on"]) == (offer["sha256"], "2025-06-20")
    twice = await opened.act("unit_head", "1.1.1", "evidence", body)
    assert (twice.status_code, twice.json()["code"]) == (422, "evidence_invalid")


async def test_a_row_says_its_rule_and_how_much_is_offered_as_its_evidence(opened, consumer):
    report = UnitReportSubmitted(report=unit_report(1))
    await consumer.apply([envelope(each) for each in (report, conclusion(1), conclusion(2))])

    async def offers(who: str) -> dict[str, int]:
        return {row["code"]: row["offers"] for row in (await opened.sheet(who))["rows"]}

    found = await opened.sheet("unit_head")
    rules = {row["code"]: row["rule"] for row in found["rows"]}
    assert rules["1.1.1"] == {"method": "deduction", "deducts": [{"per": "lần", "minus": "1"}]}
    assert rules["1.1.3"]["condition"] == "có"
    assert rules["bonus"] is None
    assert (await offers("unit_head"))["1.1.3"] == 2, "those of its own unit"
    assert (await offers("appraiser"))["1.1.3"] == 0, "who cannot attach is offered nothing"

    path = f"{opened.path()}/rows/1.1.3/evidence_offers"
    for offer in (await opened.office.get("unit_head", path)).json()["data"]:
        left = (await offers("unit_head"))["1.1.3"]
        body = {"kind": offer["kind"], "reference_id": offer["reference_id"]}
        await opened.act("unit_head", "1.1.3", "evidence", body)
        assert (await offers("unit_head"))["1.1.3"] == left - 1


def unit_report(unit: int, version: int = 1, status: str = "approved") -> UnitReportState:
    return UnitReportState(
        report_id=UUID(int=unit), version=version, plan_id=uuid4(), plan_title="Kế hoạch 2025",
        plan_year=2025, unit_id=UNITS[unit], due_on=date(2025, 11, 29),
        last_working_day=date(2025, 11, 28), status=status, handed_in_on=date(2025, 11, 27),
        on_time=True, author_id=None,
    )  # fmt: skip


def conclusion(unit: int) -> InspectionConcluded:
    inspection = InspectionState(
        inspection_id=uuid4(), version=4, unit_id=UNITS[unit], year=2025, finding_count=2
    )
    return InspectionConcluded(
        inspection=inspection, conclusion_number="12/TB-SNV", concluded_on=date(2025, 9, 12)
    )


async def test_reports_and_conclusions_are_offered_where_a_row_asks_for_them(opened, consumer):
    mine, others = unit_report(1), unit_report(2)
    events = [UnitReportSubmitted(report=each) for each in (mine, others)]
    await consumer.apply([envelope(each) for each in (*events, conclusion(1), conclusion(2))])
    path = f"{opened.path()}/rows/1.1.3/evidence_offers"

    report, inspection = (await opened.office.get("unit_head", path)).json()["data"]
    assert (report["kind"], report["title"]) == (
        "report", "Báo cáo kết quả thực hiện Kế hoạch 2025 – Phòng 1",
    )  # fmt: skip
    assert (inspection["kind"], inspection["dated_on"]) == ("inspection", "2025-09-12")
    assert "12/TB-SNV" in inspection["title"]
    silent = f"{opened.path()}/rows/1.1.2/evidence_offers"
    assert (await opened.office.get("unit_head", silent)).json()["data"] == []

    body = {"kind": "report", "reference_id": report["reference_id"]}
    made = (await opened.act("unit_head", "1.1.3", "evidence", body)).json()
    assert (made["title"], made["sha256"]) == (report["title"], report["sha256"])
    twice = await opened.act("unit_head", "1.1.3", "evidence", body)
    assert (twice.status_code, twice.json()["code"]) == (422, "evidence_invalid")


async def test_a_report_that_went_back_is_offered_no_more_whatever_comes_first(opened, consumer):
    back = UnitReportReturned(report=unit_report(1, 2, "returned"), returned_by="office")
    await consumer.apply([envelope(back)])
    await consumer.apply([envelope(UnitReportSubmitted(report=unit_report(1)))])
    path = f"{opened.path()}/rows/1.1.3/evidence_offers"

    assert (await opened.office.get("unit_head", path)).json()["data"] == []


async def test_last_years_sheet_comes_along_and_names_what_did_not_reach_its_maximum(locked):
    await locked.appraise_all()
    await locked.through(("appraiser", "lock"), ("director", "approve"), ("office", "publish"))
    made = await locked.made("/v1/criteria_sets", {**SET, "year": 2026})
    await locked.office.post("office", f"/v1/criteria_sets/{made['id']}/publish")
    body = {"block_id": locked.block, "closes_on": "2099-11-30"}
    await locked.made("/v1/score_sheets/2026/rounds", body)
    path = f"/v1/score_sheets/2026/bodies/{locked.bodies['A']}"
    sheet = (await locked.office.get("unit_head", path)).json()
    assert sheet["weak"] == ["1.1.2"]
    row = next(row for row in sheet["rows"] if row["code"] == "1.1.2")
    assert (row["last_year_score"], row["last_year_max"]) == ("17.142857", "40.000000")


async def test_the_office_enters_last_years_sheet_where_it_is_not_held_here(opened):
    rows = {"rows": [{"code": "1.1.1", "points": "30", "max_points": "44"}]}
    path = f"{opened.path()}/last_year"
    assert (await opened.office.post("unit_head", path, rows)).status_code == 403
    assert (await opened.office.post("office", path, rows)).json()["weak"] == ["1.1.1"]
    wrong = {"rows": [{"code": "9.9.9", "points": "1", "max_points": "2"}]}
    assert (await opened.office.post("office", path, wrong)).status_code == 422


async def test_ballots_counted_by_hand_feed_a_row_once_the_appraiser_accepts_them(office, consumer):
    criteria = deepcopy(SET)
    weights = {"A": "1", "B": "0.6", "C": "0.2", "D": "0"}
    row = criteria["areas"][0]["criteria"][0]["sub_criteria"][2]
    row |= {"na_allowed": False, "na_when": None, "feeds_from": "surveys", "rule": {
        "method": "survey_options", "respondents": "UBND xã", "option_weights": weights,
    }}  # fmt: skip
    surveyed = await Round(office, consumer, UNITS).open(criteria)
    typed = await surveyed.act("unit_head", "1.1.3", "self_scores", {"points": "16"})
    assert typed.status_code == 422, "survey points are never typed"
    body = {"ballots": {"A": 40, "B": 35, "C": 20, "D": 5}, "evidence": "Biên bản kiểm phiếu"}
    assert (await surveyed.act("unit_head", "1.1.3", "ballots", body)).status_code == 403
    few = {**body, "ballots": {"A": 1, "B": 0, "C": 0, "D": 0}}
    assert (await surveyed.act("office", "1.1.3", "ballots", few)).status_code == 422
    assert (await surveyed.act("office", "1.1.3", "ballots", body)).status_code == 200
    before = await surveyed.row("office", "1.1.3")
    assert (before["points"], before["applicable"]) == (None, False), "left out until accepted"
    for line, given in (("1.1.1", {"points": "44"}), ("1.1.2", {"done": 3, "due": 7})):
        await surveyed.act("unit_head", line, "self_scores", {**given, "note": "Sổ"})
    await surveyed.through(("unit_head", "lock"))
    await surveyed.act("appraiser", "1.1.3", "appraisals", {"ballots_accepted": True})
    after = await surveyed.row("office", "1.1.3")
    assert (after["points"], after["applicable"]) == ("10.40", True)  # 16 x 0.65


async def test_what_is_entered_while_somebody_locks_comes_before_the_lock_or_not_at_all(opened):
    await opened.score_all()
    version = (await opened.sheet("office"))["version"]
    lock, entry = await asyncio.gather(
        opened.step("unit_head", "lock", version=version),
        opened.act("unit_officer", "1.1.1", "self_scores", {"points": "40"}, version=2),
    )
    assert lock.status_code == 200
    assert entry.status_code in (200, 409)
    stored = (await opened.row("office", "1.1.1"))["self_score"]
    assert stored == ("40.000000" if entry.status_code == 200 else "44.000000")
    late = await opened.act("unit_officer", "1.1.1", "self_scores", {"points": "30"})
    assert late.status_code == 409


async def test_a_person_named_for_a_body_scores_it_and_never_appraises_it(opened):
    named = [str(opened.people["unit_head_2"]), str(opened.people["appraiser_2"])]
    body = {"code": "C", "name": "Sở C", "block_id": opened.block, "people": named}
    opened.bodies["C"] = (await opened.made("/v1/bodies", body))["id"]
    await opened.made(f"{YEAR}/rounds", {"block_id": opened.block, "closes_on": "2099-12-05"})

    done = await opened.act("unit_head_2", "1.1.1", "self_scores", {"points": "44"}, code="C")
    assert done.status_code == 200
    assert (await opened.office.get("unit_head", opened.path("C"))).status_code == 404
    for who, status in (("appraiser_2", 403), ("appraiser", 409)):
        answer = await opened.act(who, "1.1.1", "appraisals", {"points": "44"}, code="C")
        assert answer.status_code == status, who


async def test_what_proved_a_locked_self_score_is_not_taken_back_while_explaining(opened):
    proof = {"kind": "document", "title": "Quyết định 1"}
    made = (await opened.act("unit_head", "1.1.1", "evidence", proof)).json()
    await opened.score_all()
    await opened.through(("unit_head", "lock"))
    await opened.appraise_all()
    await opened.act("appraiser", "1.1.1", "questions", {"question": "Vì sao đủ điểm?"})
    await opened.through(("appraiser", "lock"))
    why = {"reason": "Không cần nữa"}
    answer = await opened.act("unit_head", "1.1.1", f"evidence/{made['id']}/withdraw", why)
    assert (answer.status_code, answer.json()["code"]) == (409, "score_sheet_state")
    with_answer = (await opened.act("unit_head", "1.1.1", "evidence", proof)).json()
    path = f"evidence/{with_answer['id']}/withdraw"
    assert (await opened.act("unit_head", "1.1.1", path, why)).status_code == 200


async def test_two_clicks_attach_a_result_once_and_take_it_back_once(opened, consumer):
    report = unit_report(1)
    await consumer.apply([envelope(UnitReportSubmitted(report=report))])
    body = {"kind": "report", "reference_id": str(report.report_id)}
    both = [opened.act("unit_head", "1.1.3", "evidence", body) for _ in range(2)]
    answers = await asyncio.gather(*both)
    assert sorted(each.status_code for each in answers) == [201, 422]
    made = next(each.json() for each in answers if each.status_code == 201)
    path, why = f"evidence/{made['id']}/withdraw", {"reason": "Nhầm"}
    taken = [opened.act("unit_head", "1.1.3", path, why) for _ in range(2)]
    assert sorted(each.status_code for each in await asyncio.gather(*taken)) == [200, 404]


async def test_a_body_that_is_no_unit_of_ours_is_offered_none_of_our_results(opened, consumer):
    plan_id = uuid4()
    ours = assignment(plan_id, 1, unit=1)
    events = [plan(plan_id), created(ours), accepted(ours)]
    await consumer.apply([envelope(event) for event in events])
    client = await opened.office.client("office")
    links = [{"task_id": str(ours.task_id), "sub_criterion": "1.1.1"}]
    await client.put(f"/v1/criteria_sets/{opened.set_id}/links", json={"links": links})
    commune = {"code": "XA", "name": "Xã X", "block_id": opened.block,
               "people": [str(opened.people["unit_head_2"])]}  # fmt: skip
    opened.bodies["XA"] = (await opened.made("/v1/bodies", commune))["id"]
    await opened.made(f"{YEAR}/rounds", {"block_id": opened.block, "closes_on": "2099-11-30"})

    path = f"{opened.path('XA')}/rows/1.1.1/evidence_offers"
    assert (await opened.office.get("unit_head_2", path)).json()["data"] == []
    assert (await opened.row("unit_head_2", "1.1.1", "XA"))["offers"] == 0
    body = {"kind": "result", "reference_id": str(ours.assignment_id)}
    tried = await opened.act("unit_head_2", "1.1.1", "evidence", body, code="XA")
    assert (tried.status_code, tried.json()["code"]) == (422, "evidence_invalid")
    kept = f"{opened.path()}/rows/1.1.1/evidence_offers"
    assert len((await opened.office.get("unit_head", kept)).json()["data"]) == 1
