"""Satisfaction and PAR in a report: what everybody is shown, and never more."""

import csv
import os
from datetime import date
from uuid import uuid4

import pypdfium2
import pytest
from tests.reporting.conftest import DEMO, UNITS, assignment, created, envelope
from tests.reporting.reports import Reports, figures, sentences, words
from tests.reporting.years import Year

from contracts.tasks import ResultAccepted

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


async def test_a_round_with_too_few_ballots_tells_a_report_nothing(reports, year):
    round_ = await year.open(await year.ask(), "Khảo sát mới mở")
    await year.answer(round_, 3, 5)
    report = await reports.make(kind="survey")
    found = figures(report)

    assert {found["survey.share"], found["survey.mean"], found["survey.value"]} == {None}
    assert found["survey.ballots"] in (None, 0)
    assert "result.value" not in sentences(report)


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
