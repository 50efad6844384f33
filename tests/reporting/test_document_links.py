"""Findings, reports and documents feed sub-criteria: proposed, confirmed by a person, offered."""

import copy
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.reporting.conftest import UNITS, envelope
from tests.reporting.sheets import SET
from tests.reporting.test_body_rows import conclusion, unit_report

from contracts.tasks import (
    FindingRecorded,
    InspectionConcluded,
    InspectionState,
    UnitReportSubmitted,
)

SETS = "/v1/criteria_sets"


def inspection(findings: int, version: int = 2) -> InspectionState:
    return InspectionState(
        inspection_id=UUID(int=77), version=version, unit_id=UNITS[1], year=2025,
        finding_count=findings,
    )  # fmt: skip


def finding(number: int, code: str | None) -> FindingRecorded:
    return FindingRecorded(
        inspection=inspection(number, number + 1), finding_id=UUID(int=100 + number),
        kind="shortcoming", recorded_by_id=None, criterion_code=code,
    )  # fmt: skip


def concluded() -> InspectionConcluded:
    return InspectionConcluded(
        inspection=inspection(2, 9), conclusion_number="12/TB-SNV", concluded_on=date(2025, 9, 12)
    )


async def links_of(opened, who: str = "office") -> dict:
    answer = await opened.office.get(who, f"{SETS}/{opened.set_id}/document_links")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def confirm(opened, *links: dict, set_id: str = "", who: str = "office"):
    client = await opened.office.client(who)
    path = f"{SETS}/{set_id or opened.set_id}/document_links"
    return await client.put(path, json={"links": list(links)})


async def offers(opened, row: str, who: str = "unit_head", code: str = "A") -> list[dict]:
    path = f"{opened.path(code)}/rows/{row}/evidence_offers"
    return (await opened.office.get(who, path)).json()["data"]


async def test_a_document_feeds_several_rows_once_a_person_confirms_it(opened, consumer):
    await consumer.apply([envelope(UnitReportSubmitted(report=unit_report(1)))])
    report = str(UUID(int=1))
    assert await offers(opened, "1.1.1") == []
    before = await opened.sheet("office")

    answer = await confirm(opened, {"document_id": report, "sub_criteria": ["1.1.1", "1.1.2"]})

    confirmed = answer.json()["confirmed"]
    assert [(each["sub_criterion"], each["sub_criterion_name"]) for each in confirmed] == [
        ("1.1.1", "Có kế hoạch"), ("1.1.2", "Tỷ lệ việc"),
    ]  # fmt: skip
    for row in ("1.1.1", "1.1.2"):
        (offer,) = await offers(opened, row)
        assert (offer["reference_id"], offer["linked"]) == (report, True)
    assert await offers(opened, "1.1.1", "unit_head_2", "B") == [], "of the body's own unit alone"
    after = await opened.sheet("office")
    assert [row["points"] for row in after["rows"]] == [row["points"] for row in before["rows"]]
    made = await opened.act(
        "unit_head", "1.1.1", "evidence", {"kind": "report", "reference_id": report}
    )
    assert (made.status_code, made.json()["sha256"]) == (201, offer["sha256"])


async def test_nothing_is_confirmed_beforehand_and_what_nothing_is_like_is_listed(opened, consumer):
    named = unit_report(2).model_copy(update={"plan_title": "Tỷ lệ việc có kế hoạch"})
    strange = unit_report(1).model_copy(update={"plan_title": "Xyz"})
    await consumer.apply([
        envelope(UnitReportSubmitted(report=named)), envelope(UnitReportSubmitted(report=strange)),
    ])  # fmt: skip

    found = await links_of(opened)

    assert found["confirmed"] == []
    assert {each["document_id"] for each in found["proposals"]} == {str(UUID(int=2))}
    assert {each["confidence"] for each in found["proposals"]} <= {"high", "low"}
    assert all(each["sub_criterion_name"] for each in found["proposals"])
    assert [each["document_id"] for each in found["unmapped"]] == [str(UUID(int=1))]


async def test_a_finding_is_known_with_its_conclusion_and_proposed_by_the_code_it_names(
    opened, consumer
):
    await consumer.apply([envelope(finding(1, "1.1.2")), envelope(finding(2, None))])
    assert await links_of(opened) == {"confirmed": [], "proposals": [], "unmapped": []}

    await consumer.apply([envelope(concluded())])

    found = await links_of(opened)
    (proposed,) = [p for p in found["proposals"] if p["basis"] == "code"]
    assert (proposed["kind"], proposed["sub_criterion"], proposed["confidence"]) == (
        "finding", "1.1.2", "high",
    )  # fmt: skip
    assert "12/TB-SNV" in proposed["name"]
    assert "Phòng 1" in proposed["name"]
    await confirm(opened, {"document_id": proposed["document_id"], "sub_criteria": ["1.1.2"]})
    (offer,) = await offers(opened, "1.1.2")
    assert (offer["kind"], offer["dated_on"]) == ("finding", "2025-09-12")


async def test_once_published_a_sheet_tells_others_of_no_finding_that_was_not_attached(
    opened, consumer, database
):
    await consumer.apply([envelope(finding(1, "1.1.2")), envelope(concluded())])
    await confirm(opened, {"document_id": str(UUID(int=101)), "sub_criteria": ["1.1.2"]})
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE sheet SET state = 'published'"))
    assert (await opened.sheet("unit_head_2"))["state"] == "published"
    assert await offers(opened, "1.1.2", "unit_head_2") == []
    assert [each["kind"] for each in await offers(opened, "1.1.2")] == ["finding"]


async def test_the_order_of_a_finding_and_its_conclusion_does_not_matter(opened, consumer):
    await consumer.apply([envelope(concluded())])
    await consumer.apply([envelope(finding(1, "1.1.2"))])
    found = await links_of(opened)
    assert {each["kind"] for each in found["proposals"] + found["unmapped"]} == {
        "finding", "inspection",
    }  # fmt: skip


async def test_a_document_that_no_system_tells_of_is_named_with_what_it_feeds(opened):
    body = {"name": "Quyết định số 5/QĐ-SNV", "dated_on": "2025-02-14", "sub_criteria": ["1.1.1"],
            "unit_id": str(UNITS[1]), "address": "https://sonoivu.gov.vn/5"}  # fmt: skip
    path = f"{SETS}/{opened.set_id}/documents"

    made = await opened.office.post("office", path, body)

    assert made.status_code == 201, made.text
    (link,) = made.json()["confirmed"]
    assert (link["kind"], link["sub_criterion"]) == ("document", "1.1.1")
    (offer,) = await offers(opened, "1.1.1")
    kept = {"kind": "document", "reference_id": offer["reference_id"]}
    attached = await opened.act("unit_head", "1.1.1", "evidence", kept)
    assert (attached.status_code, attached.json()["address"]) == (201, body["address"])
    wrong = await opened.office.post("office", path, {**body, "sub_criteria": ["9.9"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "link_invalid")
    assert [each["pointer"] for each in wrong.json()["errors"]] == ["/sub_criteria"]
    nobody = await opened.office.post("office", path, {**body, "unit_id": str(uuid4())})
    assert (nobody.status_code, nobody.json()["code"]) == (422, "reference_unknown")
    assert [each["pointer"] for each in nobody.json()["errors"]] == ["/unit_id"]
    assert len((await links_of(opened))["confirmed"]) == 1, "of what is refused nothing is kept"


@pytest.mark.parametrize("address", ["javascript:alert(1)", " data:text/html,<script>"])
async def test_an_address_that_runs_when_it_is_opened_is_refused(opened, address):
    body = {"name": "QĐ 5", "dated_on": "2025-02-14", "address": address}
    named = await opened.office.post("office", f"{SETS}/{opened.set_id}/documents", body)
    given = {"kind": "link", "title": "QĐ 5", "address": address}
    attached = await opened.act("unit_head", "1.1.1", "evidence", given)
    for answer in (named, attached):
        assert answer.status_code == 422
        assert [each["pointer"] for each in answer.json()["errors"]] == ["/address"]


@pytest.mark.parametrize("who", ["unit_head", "appraiser", "director", "auditor"])
async def test_only_the_office_links_documents(opened, who):
    assert (await confirm(opened, who=who)).status_code in (403, 422)
    answer = await opened.office.get(who, f"{SETS}/{opened.set_id}/document_links")
    assert answer.status_code == 403


async def test_links_of_documents_are_carried_by_code_with_those_of_tasks(opened, consumer):
    await consumer.apply([envelope(conclusion(1))])
    found = await links_of(opened)
    (document,) = {each["document_id"] for each in found["proposals"] + found["unmapped"]}
    await confirm(opened, {"document_id": document, "sub_criteria": ["1.1.1"]})
    later = await opened.made(SETS, copy.deepcopy(SET))
    path = f"{SETS}/{later['id']}/links/carry"

    shown = (await opened.office.get("office", path)).json()
    (line,) = shown["links"]
    assert (line["code"], line["tasks"]) == ("1.1.1", [])
    assert [each["document_id"] for each in line["documents"]] == [document]
    told = (await opened.office.get("office", f"{SETS}/{later['id']}/differences")).json()
    assert told["links_left"] == 1
    body = {"since": opened.set_id, "digest": shown["digest"], "codes": ["1.1.1"]}
    assert (await opened.office.post("office", path, body)).status_code == 200
    carried = await opened.office.get("office", f"{SETS}/{later['id']}/document_links")
    assert [each["document_id"] for each in carried.json()["confirmed"]] == [document]


async def test_an_unknown_document_or_code_is_refused_by_its_place(opened):
    answer = await confirm(opened, {"document_id": str(uuid4()), "sub_criteria": ["9.9.9"]})
    assert answer.json()["code"] == "link_invalid"
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        "/links/0/document_id", "/links/0/sub_criteria",
    }  # fmt: skip
