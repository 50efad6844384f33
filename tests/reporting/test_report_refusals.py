"""What reports refuse: a number twice, days that cannot be, periods of no year of ours."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError
from tests.reporting.conftest import envelope, plan
from tests.reporting.reports import SENT, SIGNED, TODAY, YEAR, Reports

from chassis.web.validation import invalid_input
from contracts.tasks import PlanChanged
from reporting.reports.steps_api import SignatureBody


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


@pytest.mark.parametrize("number", ["0", "000", "0a"])
async def test_there_is_no_document_number_0(reports, number):
    body = {**SIGNED, "number": number}
    refused = await reports.act("office", await checked(reports), "sign", body)

    assert refusal(refused) == (422, "/number")


async def test_a_number_with_a_letter_is_written_and_used_once_like_any_other(reports):
    signed = await reports.sign(await reports.make(), number="7a")
    body = {**SIGNED, "number": "007A"}
    refused = await reports.act("office", await checked(reports), "sign", body)

    assert signed["number"] == "07a/BC-SNV"
    assert (refused.status_code, refused.json()["code"]) == (409, "report_number_taken")


async def test_a_change_that_changes_nothing_leaves_a_report_checked(reports):
    report = await checked(reports)
    same = [
        {"id": each["id"], "text": each["text"]}
        for section in report["sections"]
        for each in section["sentences"]
    ]
    for body in ({}, {"title": report["title"]}, {"sentences": same}):
        answer = await reports.act("office", report, "", body)
        assert (answer.status_code, answer.json()) == (200, report)


@pytest.mark.parametrize("words", ["", " \n "])
async def test_a_sentence_is_not_added_without_words(reports, words):
    report = await reports.make()
    body = {"sentences": [{"section": report["sections"][0]["id"], "text": words}]}
    refused = await reports.act("office", report, "", body)

    assert refusal(refused) == (422, "/sentences/0/text")
    assert await reports.read(report["id"]) == report


async def test_a_report_is_not_made_of_a_plan_that_was_taken_back(reports, consumer, office):
    gone = plan(reports.plan_id).plan.model_copy(
        update={"version": 2, "status": "closed", "cancelled": True}
    )
    await consumer.apply([envelope(PlanChanged(plan=gone))])
    body = {**YEAR, "plan_id": str(reports.plan_id)}
    refused = await office.post("office", "/v1/reports", body)

    assert (refused.status_code, refused.json()["code"]) == (404, "plan_not_found")


async def test_the_signed_copy_of_one_report_is_not_that_of_another(reports, office):
    first = await reports.sign(await reports.make())
    second = await reports.sign(await reports.make(), number="6")
    client = await office.client("office")

    async def keep(report, content):
        return await client.post(
            f"/v1/reports/{report['id']}/signed_copy",
            files={"file": ("ban-ky.pdf", content)}, headers={"Idempotency-Key": str(uuid4())},
        )  # fmt: skip

    kept = await keep(first, b"%PDF-1.7\n1")
    refused = await keep(second, b"%PDF-1.7\n1")
    own = await keep(second, b"%PDF-1.7\n2")

    assert (kept.status_code, refused.status_code, own.status_code) == (201, 409, 201)
    assert refused.json()["code"] == "signed_copy_of_other"
    assert first["number"] in refused.json()["detail"]


@pytest.mark.parametrize("number", ["15/BC-SNV", "", "1234567", "mười lăm"])
def test_a_number_that_is_none_is_refused_in_words(number: str) -> None:
    with pytest.raises(ValidationError) as found:
        SignatureBody.model_validate({**SIGNED, "number": number})
    told = invalid_input(found.value.errors(), "vi").errors[0]["message"]
    assert told.startswith(f"Số báo cáo “{number}” chưa đúng: chỉ ghi số")
