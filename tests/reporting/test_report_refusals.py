"""What reports refuse: a number twice, days that cannot be, periods of no year of ours."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import ValidationError
from tests.reporting.reports import SENT, SIGNED, TODAY, YEAR, Reports

from chassis.web.validation import invalid_input
from reporting.reports.api import SignatureBody


@pytest.fixture
async def reports(office, consumer) -> Reports:
    made = Reports(office, consumer)
    await made.work()
    return made


async def checked(reports: Reports) -> dict:
    """Return a report that only waits for its signature."""
    report = await reports.make()
    await reports.confirm(report)
    return (await reports.act("office", report, "check")).json()


def refusal(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["pointer"]


async def test_a_number_with_zeros_in_front_is_the_same_number(reports):
    signed = await reports.sign(await reports.make(), number="0777")
    body = {**SIGNED, "number": "777"}
    refused = await reports.act("office", await checked(reports), "sign", body)

    assert signed["number"] == "777/BC-SNV"
    assert (refused.status_code, refused.json()["code"]) == (409, "report_number_taken")


async def test_of_two_signatures_at_once_under_one_number_one_succeeds(reports):
    waiting = [await checked(reports), await checked(reports)]
    answers = await asyncio.gather(*(reports.act("office", e, "sign", SIGNED) for e in waiting))

    assert sorted(each.status_code for each in answers) == [200, 409]


@pytest.mark.parametrize("days", [-1, 1])
async def test_a_report_is_signed_neither_before_its_snapshot_nor_tomorrow(reports, days):
    day = (TODAY + timedelta(days=days)).isoformat()
    body = {**SIGNED, "signed_on": day}
    refused = await reports.act("office", await checked(reports), "sign", body)

    assert refusal(refused) == (422, "/signed_on")


@pytest.mark.parametrize(
    ("field", "day"),
    [("from", "0001-01-01"), ("from", "1999-12-31"), ("to", "2101-01-01"), ("to", "9999-12-31")],
)
async def test_a_period_of_no_year_of_ours_is_refused_where_it_stands(office, field, day):
    refused = await office.post("office", "/v1/reports", {**YEAR, field: day})

    assert refusal(refused) == (422, f"/{field}")


@pytest.mark.parametrize("days", [-1, 1])
async def test_a_report_is_sent_neither_before_it_was_signed_nor_tomorrow(reports, days):
    signed = await reports.sign(await reports.make())
    day = (TODAY + timedelta(days=days)).isoformat()
    refused = await reports.act("office", signed, "send", {**SENT, "sent_on": day})

    assert refusal(refused) == (422, "/sent_on")


@pytest.mark.parametrize("number", ["15/BC-SNV", "", "1234567", "mười lăm"])
def test_a_number_that_is_none_is_refused_in_words(number: str) -> None:
    with pytest.raises(ValidationError) as found:
        SignatureBody.model_validate({**SIGNED, "number": number})
    told = invalid_input(found.value.errors(), "vi").errors[0]["message"]
    assert told.startswith(f"Số báo cáo “{number}” chưa đúng: chỉ ghi số")
