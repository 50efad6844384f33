"""Kinds of reports are data: the Office changes them, an administrator confirms them."""

from uuid import uuid4

import pytest
from tests.reporting.reports import Reports


async def put(office, who: str, kind: dict, body: dict, version: int | None = None):
    client = await office.client(who)
    seen = kind["version"] if version is None else version
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{seen}"'}
    path = f"/v1/report_kinds/{kind['code']}"
    return await client.put(path, json={"body": body, "reason": "Theo mẫu mới"}, headers=headers)


async def kinds(office, who: str = "office", **query) -> dict[str, dict]:
    answer = await office.get(who, "/v1/report_kinds", **query)
    assert answer.status_code == 200, answer.text
    return {each["code"]: each for each in answer.json()["data"]}


async def test_the_shipped_kinds_come_with_windows_of_the_year_and_say_they_are_composed(office):
    found = await kinds(office, year=2026)
    quarter = found["periodic"]["windows"][0]

    assert list(found) == ["periodic", "ad_hoc", "closing", "par_self", "survey"]
    assert quarter == {
        "code": "q1", "name": "quý I năm 2026", "starts_on": "2025-12-15", "ends_on": "2026-03-14",
    }  # fmt: skip
    assert "không phải văn bản chính thức" in found["periodic"]["composed"]["notice"]
    assert found["periodic"]["composed"]["confirmed_at"] is None


async def test_the_office_changes_a_kind_and_reports_that_were_made_stay_as_they_were(
    office, consumer
):
    reports = Reports(office, consumer)
    await reports.work()
    before = await reports.make()
    kind = (await kinds(office))["periodic"]
    body = {**kind["body"], "symbol": "BC-VP", "outline": kind["body"]["outline"][:2]}
    changed = await put(office, "office", kind, body)
    after = await reports.make()

    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert len(after["sections"]) == 2
    assert (await reports.read(before["id"]))["sections"] == before["sections"]
    stale = await put(office, "admin", kind, body)
    assert stale.status_code == 412


async def test_a_confirmation_is_of_one_version_and_ends_with_a_change(office):
    kind = (await kinds(office))["ad_hoc"]
    path = "/v1/report_kinds/ad_hoc/confirm_source"
    refused = await office.post("office", path, {"source": "QĐ 1"})
    confirmed = await office.post("admin", path, {"source": "QĐ 1"})
    changed = await put(office, "office", kind, kind["body"])

    assert refused.status_code == 403
    assert confirmed.json()["composed"]["source"] == "QĐ 1"
    assert changed.json()["composed"]["confirmed_at"] is None


async def test_that_a_kind_is_composed_is_unsaid_by_the_administrator_alone(office):
    kind = (await kinds(office))["ad_hoc"]
    body = {**kind["body"], "composed": False}
    refused = await put(office, "office", kind, body)
    kept = (await kinds(office))["ad_hoc"]
    unsaid = await put(office, "admin", kind, body)

    assert (refused.status_code, kept["version"]) == (403, kind["version"])
    assert kept["composed"] is not None
    assert (unsaid.status_code, unsaid.json()["composed"]) == (200, None)


async def test_an_unknown_figure_is_refused_where_it_stands(office):
    kind = (await kinds(office))["ad_hoc"]
    body = kind["body"]
    body["outline"][0]["sentences"][0]["running"] = "Có {work.dnoe} nhiệm vụ."
    refused = await put(office, "office", kind, body)

    problem = refused.json()["errors"][0]
    assert refused.status_code == 422
    assert problem["pointer"] == "/body/outline/0/sentences/0"
    assert "{work.dnoe}" in problem["message"]


@pytest.mark.parametrize("who", ["unit_head", "unit_officer", "appraiser"])
async def test_kinds_are_no_units_business(office, who):
    assert (await office.get(who, "/v1/report_kinds")).status_code == 403


@pytest.mark.parametrize(
    "key",
    ["x", "report_kind/ad_hoc/1", "report_kind/ad_hoc/3", "report_kind/none/1",
     "criteria_set/NONE/1", "questionnaire/none/1"],
)  # fmt: skip
async def test_only_what_is_present_is_confirmed(office, key):
    kind = (await kinds(office))["ad_hoc"]
    await put(office, "office", kind, kind["body"])
    path = "/v1/report_kinds/ad_hoc/confirm_source"
    body = {"source": "QĐ 1", "keys": ["report_kind/ad_hoc/2", key]}
    refused = await office.post("admin", path, body)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/keys/1")
    assert (await kinds(office))["ad_hoc"]["composed"]["confirmed_at"] is None
