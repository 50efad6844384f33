"""A report that is not to be signed is put aside with a reason: kept, out of the list."""

import io

import pytest
from openpyxl import load_workbook
from tests.reporting.reports import SENT, Reports

WHY = {"reason": "Lập nhầm kỳ"}


@pytest.fixture
async def reports(office, consumer) -> Reports:
    made = Reports(office, consumer)
    await made.work()
    return made


async def listed(reports: Reports, **query) -> list[str]:
    answer = await reports.office.get("office", "/v1/reports", **query)
    return [each["id"] for each in answer.json()["data"]]


async def test_a_draft_that_was_put_aside_leaves_the_list_and_says_who_and_why(reports):
    gone, stays = await reports.make(), await reports.make()
    answer = await reports.act("office", gone, "discard", WHY)
    kept = await reports.read(gone["id"])

    assert answer.status_code == 200, answer.text
    assert (kept["state"], kept["allowed"]) == ("discarded", [])
    assert kept["discarded"]["reason"] == WHY["reason"]
    assert kept["discarded"]["by_name"]
    assert await listed(reports) == [stays["id"]]
    assert await listed(reports, state="discarded") == [gone["id"]]


async def test_nothing_more_is_done_with_what_was_put_aside(reports):
    report = await reports.make()
    kept = (await reports.act("office", report, "discard", WHY)).json()
    acts = [("check", None), ("", {"title": "Khác"}), ("discard", WHY)]
    refused = [await reports.act("office", kept, act, body) for act, body in acts]

    assert {(each.status_code, each.json()["code"]) for each in refused} == {
        (409, "report_not_now")
    }


async def test_what_is_signed_is_not_put_aside_and_a_reason_is_asked_for(reports):
    signed = await reports.sign(await reports.make())
    late = await reports.act("office", signed, "discard", WHY)
    unsaid = await reports.act("office", await reports.make(), "discard", {"reason": "  "})
    others = await reports.act("director", await reports.make(), "discard", WHY)

    assert (late.status_code, late.json()["code"]) == (409, "report_not_now")
    assert (unsaid.status_code, unsaid.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert others.status_code == 403


async def test_the_list_as_excel_says_who_signed_and_to_whom_it_went(reports):
    signed = await reports.sign(await reports.make(title="Đã ký"))
    await reports.act("office", signed, "send", SENT)
    await reports.make(title="Dự thảo")
    answer = await reports.office.get("office", "/v1/reports.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    heading = next(row for row in rows if "Người ký" in row)
    at = {name: heading.index(name) for name in ("Trích yếu", "Người ký", "Đã gửi")}
    found = {row[at["Trích yếu"]]: row for row in rows if row[at["Trích yếu"]]}

    day = f"{signed['signed_on'][8:]}/{signed['signed_on'][5:7]}/{signed['signed_on'][:4]}"
    sent_to = f"UBND tỉnh ({day}, trục liên thông văn bản)"
    assert found["Đã ký"][at["Người ký"]] == "Nguyễn Thị Ánh"
    assert found["Đã ký"][at["Đã gửi"]] == sent_to
    assert found["Dự thảo"][at["Người ký"]] is None


async def test_each_time_a_report_begins_or_ends_to_wait_for_its_signature_it_is_said(reports):
    first, second = await reports.make(), await reports.make()
    checked = (await reports.act("office", first, "check")).json()
    changed = (await reports.act("office", checked, "", {"title": "Khác"})).json()
    await reports.sign(changed)
    waiting = (await reports.act("office", second, "check")).json()
    await reports.act("office", waiting, "discard", WHY)
    told = await reports.rows(
        "SELECT CAST(envelope AS jsonb) -> 'data' -> 'draft' AS draft FROM event_log "
        "WHERE type = 'reporting.report_draft_moved.v1' ORDER BY seq"
    )

    assert [(each.draft["report_id"], each.draft["status"]) for each in told] == [
        (first["id"], "checked"), (first["id"], "draft"), (first["id"], "checked"),
        (first["id"], "signed"), (second["id"], "checked"), (second["id"], "discarded"),
    ]  # fmt: skip
