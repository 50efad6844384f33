"""Satisfaction and PAR in a report: what everybody is shown, and never more."""

import csv
import os
from datetime import UTC, date, datetime, time
from uuid import uuid4

import pypdfium2
import pytest
from sqlalchemy import insert
from tests.reporting.conftest import DEMO, UNITS, assignment, created, envelope
from tests.reporting.reports import Reports, figures, sentences, words
from tests.reporting.years import Year

from contracts.tasks import ResultAccepted
from reporting.bodies.models import OWN_BODY
from reporting.score_sheets.models import RowEvidence

PICTURES = DEMO.parent / "docs/pictures"


@pytest.fixture
async def year(office, consumer, database, survey, demo_criteria) -> Year:
    year = Year(office, consumer, database, survey)
    await year.publish(demo_criteria)
    return year


@pytest.fixture
async def reports(office, consumer) -> Reports:
    made = Reports(office, consumer)
    await made.work()
    return made


async def test_the_figures_of_a_closed_round_are_those_that_were_published(reports, year, office):
    round_ = await year.open(await year.ask(), "Khảo sát năm 2025")
    await year.answer(round_, 40, 5)
    await year.answer(round_, 20, 2)
    await year.close(round_)
    told = (await office.get("office", f"/v1/indices/satisfaction/{round_.round_id}")).json()
    report = await reports.make(kind="survey")
    found = figures(report)

    assert found["survey.share"] == told["share"] == "66.67"
    assert found["survey.mean"] == told["mean5"]
    assert found["survey.ballots"] == told["released"]["n"]
    assert found["survey.target"] == "90"
    assert "tính trên 180 phiếu" in sentences(report)["how.ballots"]["text"]
    rows = (await office.get("office", f"/v1/reports/{report['id']}/lists/factors")).json()["rows"]
    assert [(row[1], row[2]) for row in rows] == [
        (each["name"], each["share"]) for each in told["factors"]
    ]


async def test_a_survey_s_report_says_what_stands_out_and_how_the_year_before_was(reports, year):
    form = await year.ask()
    former = await year.open(form, "Khảo sát năm 2024", of=2024)
    await year.answer(former, 40, 4)
    await year.close(former)
    round_ = await year.open(form, "Khảo sát năm 2025")
    weak = round_.unit_ids[1]
    await year.answer(round_, 40, 5)
    await year.answer(round_, 20, 2, units=[weak])
    await year.close(round_)
    report = await reports.make(kind="survey")
    found, said = figures(report), sentences(report)

    assert (found["survey.before"], found["survey.moved"]) == ("100.00", "-14.29")
    assert said["result.before"]["text"].startswith(
        "So với kết quả của đợt «Khảo sát năm 2024» (100,00%), chỉ số chênh lệch -14,29 điểm "
        "phần trăm"
    )
    assert said["result.before"]["figures"]
    assert (found["survey.units_shown"], found["survey.units_all"]) == (3, 3)
    assert found["survey.low_unit_rate"] == "66.67"
    assert "(66,67%)" in said["units.low"]["text"]


async def test_a_round_with_too_few_ballots_tells_a_report_nothing(reports, year):
    round_ = await year.open(await year.ask(), "Khảo sát mới mở")
    await year.answer(round_, 3, 5)
    report = await reports.make(kind="survey")
    found = figures(report)

    assert {found["survey.share"], found["survey.mean"], found["survey.value"]} == {None}
    assert found["survey.ballots"] in (None, 0)
    assert "result.value" not in sentences(report)
    assert {found[id_] for id_ in found if id_.startswith(("survey.top", "survey.low"))} == {None}


async def test_the_par_index_and_its_rows_are_those_of_the_sheet(reports, year, office):
    report = await reports.make(kind="par_self")
    told = (await office.get("office", "/v1/indices/par/2025")).json()
    path = f"/v1/reports/{report['id']}/lists/par_rows"
    rows = (await office.get("office", path)).json()["rows"]
    found = figures(report)

    assert found["par.projected"] == told["projected"]["value"]
    assert found["par.rows"] == told["projected"]["applicable_count"]
    assert [(row[1], row[4], row[5], row[6]) for row in rows] == [
        (each["code"], each["secured"], each["projected"], each["official"])
        for each in told["rows"]
    ]
    keys = [each["key"] for each in report["composed"]]
    assert any(key.startswith("criteria_set/") for key in keys)


async def test_a_result_that_is_attached_proves_its_row_once(reports, year, office):
    set_id = (await office.get("office", "/v1/indices/par/2025")).json()["criteria_set"]["id"]
    code = (await office.get("office", "/v1/indices/par/2025")).json()["rows"][0]["code"]
    task = (await reports.rows(
        "SELECT task_id, assignment_id FROM assignment_fact WHERE state ->> 'status' = 'done' "
        "ORDER BY assignment_id LIMIT 1"
    ))[0]  # fmt: skip
    client = await office.client("office")
    links = {"links": [{"task_id": str(task.task_id), "sub_criterion": code}]}
    answer = await client.put(f"/v1/criteria_sets/{set_id}/links", json=links)
    assert answer.status_code == 200, answer.text
    await _attach(office, code, task.assignment_id)
    report = await reports.make(kind="par_self")
    rows = await office.get("office", f"/v1/reports/{report['id']}/lists/evidence")

    assert figures(report)["evidence.count"] == 1
    assert [(row[1], row[2], row[4]) for row in rows.json()["rows"]] == [
        (code, "Đã đính kèm", "ab" * 6)
    ]


async def _attach(office, code: str, assignment_id) -> None:
    made = {
        "id": uuid4(), "year": 2025, "body_id": OWN_BODY, "code": code, "purpose": "self_score",
        "kind": "result", "title": "Đã đính kèm", "reference_id": assignment_id,
        "sha256": "ab" * 32, "dated_on": date(2025, 6, 20), "added_by": uuid4(),
        "added_at": datetime(2025, 7, 1, tzinfo=UTC),
    }  # fmt: skip
    async with office.database.sessions.begin() as session:
        await session.execute(insert(RowEvidence).values(**made))


async def test_an_issued_report_is_offered_with_the_hash_of_what_was_signed(reports):
    signed = await reports.sign(await reports.make())
    offered = await reports.rows("SELECT id, sha256 FROM offered_document")

    assert [(str(row.id), row.sha256) for row in offered] == [
        (signed["id"], signed["signed_sha256"])
    ]


async def test_a_report_of_the_demos_tasks_speaks_of_each_section(office, consumer, year):
    reports = Reports(office, consumer)
    await reports.work(0, 0, 0)
    states, section = [], ""
    for row in csv.DictReader((DEMO / "appendix.csv").open(encoding="utf-8-sig")):
        if not row["Sản phẩm"]:
            section = row["Tiêu chí/Nội dung"]
            continue
        number = int(row["STT"])
        state = assignment(reports.plan_id, number, unit=number % len(UNITS))
        states.append(state.model_copy(update={
            "section": section, "content": row["Giải pháp, nhiệm vụ"], "product": row["Sản phẩm"],
            "due_on": date(2025, 3 + number % 9, 28),
        }))  # fmt: skip
    done = [
        ResultAccepted(
            assignment=state.model_copy(update={
                "version": 2, "status": "done", "progress_percent": 100,
                "submitted_on": date(2025, 3 + n % 9, 20),
                "accepted_at": datetime.combine(date(2025, 3 + n % 9, 20), time(3), UTC),
            }),
            result_id=uuid4(), on_time=True,
        )
        for n, state in enumerate(states) if n % 4
    ]  # fmt: skip
    await consumer.apply([envelope(event) for event in [*map(created, states), *done]])
    round_ = await year.open(await year.ask(), "Khảo sát năm 2025")
    await year.answer(round_, 40, 5)
    await year.answer(round_, 7, 3)
    await year.close(round_)
    report = await reports.make()
    said = sentences(report)

    assert len(states) == 38
    assert said["institutions.done"]["text"].startswith("Trong ")
    assert {"area.institutions.all", "area.institutions.done"} == set(
        said["institutions.done"]["figures"]
    )
    document = await reports.word(report)
    assert "Cải cách thể chế" in words(document)
    if os.environ.get("PICTURES") == "1":
        await keep_pictures(office, await reports.sign(report))


async def keep_pictures(office, report: dict) -> None:
    """Draw the first pages as LibreOffice sets them."""
    answer = await office.get("office", f"/v1/reports/{report['id']}/document.pdf")
    pages = pypdfium2.PdfDocument(answer.content)
    for number in (1, 2):
        picture = pages[number - 1].render(scale=1.3).to_pil()
        picture.save(PICTURES / f"report_page{number}.png")


async def test_an_annex_with_the_longest_title_and_a_day_is_compared_with_later_facts(
    reports, year, office
):
    kind = (await office.get("office", "/v1/report_kinds/ad_hoc")).json()
    annex = {"title": "P" * 500, "table": "par_rows"}
    client = await office.client("office")
    changed = await client.put(
        "/v1/report_kinds/ad_hoc",
        json={"body": {**kind["body"], "annexes": [annex]}, "reason": "Thêm phụ lục"},
        headers={"If-Match": f'"{kind["version"]}"'},
    )
    report = await reports.make(kind="ad_hoc")
    answer = await office.get("office", f"/v1/reports/{report['id']}/corrections")

    assert changed.status_code == 200, changed.text
    assert len(report["annexes"][0]["title"]) > 500
    assert answer.status_code == 200, answer.text
