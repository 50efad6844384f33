"""How many of those who got a ticket answered: in the report's text, table, annex and snapshot."""

import io
import runpy
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.reporting.ballots import closed, drift, rebuild, rows
from tests.reporting.conftest import UNITS, envelope
from tests.reporting.reports import Reports, figures, sentences, shown, words
from tests.reporting.years import Year

from contracts.surveys import LaneCount, RoundClosed, TicketCount
from reporting.reports.survey_response import response_of
from reporting.sources.views import Ended

VERSIONS = Path(__file__).parents[2] / "services/reporting/migrations/versions"
RATE = ("survey.issued", "survey.returned", "survey.response_rate", "survey.tickets_voided")


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


async def of_a_round(year: Year, tickets: TicketCount | None, n: int = 20):
    """Return a round of three units that `n` people of each answered, closed."""
    round_ = await year.open(await year.ask(), "Khảo sát năm 2025")
    await year.answer(round_, n, 5)
    await year.close(round_, tickets)
    return round_


async def row_of(office, report) -> list:
    path = f"/v1/reports/{report['id']}/lists/survey_response"
    [row] = (await office.get("office", path)).json()["rows"]
    return row


async def test_a_survey_s_report_says_how_many_of_those_asked_have_answered(
    reports, year, office, database
):
    round_ = await of_a_round(year, TicketCount(issued=1234, voided=0))
    report = await reports.make(kind="survey")
    found, said = figures(report), sentences(report)

    assert [found[id_] for id_ in RATE] == [1234, 60, "4.86", 0]
    assert said["how.response"]["text"].startswith(
        "Số phiếu phát ra là 1.234; số phiếu thu về là 60, đạt tỷ lệ 4,86%"
    )
    assert set(said["how.response"]["figures"]) == set(RATE[:3])
    assert not {"how.no_response", "how.voided"} & said.keys()
    assert await row_of(office, report) == [1, "Khảo sát năm 2025", 1234, 60, "4.86", ""]
    document = await reports.word(report)
    assert any(said["how.response"]["text"].rstrip(".") in line for line in words(document))
    cells = [[c.text for c in row.cells] for table in document.tables for row in table.rows]
    assert ["1", "Khảo sát năm 2025", "1.234", "60", "4,86", ""] in cells
    assert await drift(database) == 0
    assert (await rebuild(database, round_.round_id))[1] == 0


async def test_the_annex_has_them_as_numbers(reports, year, office):
    await of_a_round(year, TicketCount(issued=90, voided=0))
    report = await reports.make(kind="survey")
    answer = await office.get("office", f"/v1/reports/{report['id']}/annex.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content))["Phiếu phát ra, phiếu thu về"]
    [row] = sheet.iter_rows(min_row=6, values_only=True)

    assert row[2:4] == (90, 60)
    assert Decimal(str(row[4])) == Decimal("66.67")


async def test_the_annex_of_a_report_without_a_table_says_so(reports, office):
    report = await reports.make(kind="survey")
    answer = await office.get("office", f"/v1/reports/{report['id']}/annex.xlsx")
    [sheet] = load_workbook(io.BytesIO(answer.content)).worksheets

    assert report["lists"] == []
    assert sheet["A6"].value == "Hệ thống chưa có số liệu cho bảng nào của báo cáo này."


async def test_a_round_of_an_old_event_has_no_figure_and_says_so(reports, year, office):
    await of_a_round(year, None)
    report = await reports.make(kind="survey")
    found, said = figures(report), sentences(report)

    assert {found[id_] for id_ in RATE} == {None}
    assert {shown(report)[id_] for id_ in RATE} == {"chưa có số liệu"}
    assert said["how.no_response"]["text"] == (
        "Số phiếu phát ra, số phiếu thu về và tỷ lệ thu về: chưa có số liệu (đợt kết thúc khi hệ "
        "thống chưa ghi số phiếu phát ra)."
    )
    assert "how.response" not in said
    row = await row_of(office, report)
    assert row[2:5] == [None, None, None]
    assert row[5].startswith("chưa có số liệu (")


async def test_tickets_of_voided_batches_are_told_apart(reports, year, office):
    await of_a_round(year, TicketCount(issued=100, voided=1500))
    report = await reports.make(kind="survey")

    assert [figures(report)[id_] for id_ in RATE] == [100, 60, "60.00", 1500]
    assert sentences(report)["how.voided"]["text"].startswith(
        "Số phiếu phát ra chưa kể 1.500 phiếu"
    )
    assert (await row_of(office, report))[5] == "chưa kể 1.500 phiếu của các tập giấy mời đã hủy"


async def test_a_report_of_a_period_before_the_round_s_end_does_not_know_it(reports, year, office):
    round_ = await year.open(await year.ask(), "Khảo sát năm 2025")
    await year.answer(round_, 40, 5)
    report = await reports.make(kind="survey")

    assert "đợt chưa kết thúc" in sentences(report)["how.no_response"]["text"]
    assert {figures(report)[id_] for id_ in RATE} == {None}


async def test_what_a_round_s_end_said_stays_when_an_older_event_comes_late(
    year, consumer, database
):
    round_ = await year.open(await year.ask(), "Khảo sát")
    await year.close(round_, TicketCount(issued=90, voided=0))
    again = closed(round_).model_copy(update={"round": round_})
    await consumer.apply([envelope(again, time=datetime.now(UTC))])

    [kept] = await rows(
        database, "SELECT tickets FROM survey_round WHERE id = :id", id=round_.round_id
    )
    assert kept == {"issued": 90, "voided": 0}


def ended(issued: int = 100, voided: int = 0, **lanes: int) -> Ended:
    counts = [LaneCount(lane=lane, counted=n, excluded=0, revisions=n) for lane, n in lanes.items()]
    return Ended(counts, TicketCount(issued=issued, voided=voided))


@pytest.mark.pure
@pytest.mark.parametrize(
    ("changes", "end", "why"),
    [
        ({"open_in_index": True}, ended(ticket=60), "đợt tính cả phiếu trả lời không cần giấy mời"),
        ({}, ended(0, open=60), "đợt không phát giấy mời"),
        ({"unit_ids": UNITS[:2]}, ended(ticket=60), "đợt có dưới 3 đơn vị"),
        ({"unit_ids": [UNITS[0]] * 3}, ended(ticket=60), "đợt có dưới 3 đơn vị"),
        ({}, ended(ticket=29), "chưa đủ phiếu để công bố"),
        ({"min_n": 61}, ended(ticket=60), "chưa đủ phiếu để công bố"),
        ({}, ended(50, 50, ticket=60), "nhiều hơn phiếu phát ra"),
        ({}, Ended(), "hệ thống chưa ghi số phiếu phát ra"),
    ],
)
def test_what_may_not_be_told_or_means_nothing_has_no_figure_at_all(survey, changes, end, why):
    round_ = survey.round.model_copy(update={"open_in_index": False, **changes})
    found = response_of(round_, end, final=True)

    assert (found.issued, found.returned, found.rate, found.voided) == (None,) * 4
    assert why in found.why


@pytest.mark.pure
def test_ballots_beside_the_index_are_none_that_came_back(survey):
    round_ = survey.round.model_copy(update={"open_in_index": False})
    found = response_of(round_, ended(ticket=50, open=400, supervised=9), final=True)

    assert (found.returned, found.rate) == (50, Decimal("50.00"))


@pytest.mark.pure
def test_an_event_of_before_is_read_as_it_was(survey):
    said = closed(survey.round).model_dump(mode="json")
    del said["tickets"]

    assert RoundClosed.model_validate(said).tickets is None


@pytest.mark.pure
def test_what_somebody_worded_or_put_there_stays():
    reworded = runpy.run_path(str(VERSIONS / "0021_survey_response.py"))["reworded"]
    own = {"id": "response", "running": "Lời của Văn phòng"}
    section = {"id": "how", "sentences": [own], "table": "factors"}
    body = {"outline": [section, {"id": "result", "sentences": [], "table": None}]}
    reworded("survey", body)
    reworded("survey", body)

    assert body["outline"][0]["table"] == "factors"
    ids = [each["id"] for each in body["outline"][0]["sentences"]]
    assert (ids, own["running"]) == (["response", "no_response", "voided"], "Lời của Văn phòng")
    assert body["outline"][1] == {"id": "result", "sentences": [], "table": None}
