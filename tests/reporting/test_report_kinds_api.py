"""Kinds of reports are data: the Office changes them, an administrator confirms them."""

from uuid import uuid4

import pytest
from tests.reporting.reports import SIGNED, Reports
from tests.reporting.years import Year


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


async def test_a_kind_is_changed_and_reports_that_were_made_stay_as_they_were(office, consumer):
    reports = Reports(office, consumer)
    await reports.work()
    before = await reports.make()
    kind = (await kinds(office))["periodic"]
    body = {**kind["body"], "symbol": "BC-VP", "outline": kind["body"]["outline"][:2]}
    changed = await put(office, "admin", kind, body)
    after = await reports.make()

    assert (changed.status_code, changed.json()["version"]) == (200, kind["version"] + 1)
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


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"windows": [{"code": "w", "name": "kỳ {thang} năm {year}", "starts": "01-01",
                       "ends": "01-07"}]}, "/body/windows/0/name"),
        ({"copies_to": ["Lưu: VT", "Sở {period.year}"]}, "/body/copies_to/1"),
        ({"symbol": "BC-{{ symbol }}"}, "/body/symbol"),
        ({"annexes": [{"title": "{% for x in lists.units %}", "table": "units"}]},
         "/body/annexes/0/title"),
    ],
)  # fmt: skip
async def test_what_is_printed_as_it_stands_names_no_figure(office, changes, pointer):
    kind = (await kinds(office))["ad_hoc"]
    refused = await put(office, "office", kind, {**kind["body"], **changes})

    assert refused.status_code == 422
    [problem] = refused.json()["errors"]
    assert problem["pointer"] == pointer
    assert "in đúng như đã ghi" in problem["message"]


@pytest.mark.parametrize("who", ["unit_head", "unit_officer", "appraiser"])
async def test_kinds_are_no_units_business(office, who):
    assert (await office.get(who, "/v1/report_kinds")).status_code == 403


@pytest.mark.parametrize(
    "key",
    ["x", "report_kind/ad_hoc/{former}", "report_kind/ad_hoc/{next}", "report_kind/none/1",
     "criteria_set/NONE/1", "questionnaire/none/1"],
)  # fmt: skip
async def test_only_what_is_present_is_confirmed(office, key):
    kind = (await kinds(office))["ad_hoc"]
    now = (await put(office, "office", kind, kind["body"])).json()["version"]
    path = "/v1/report_kinds/ad_hoc/confirm_source"
    other = key.format(former=now - 1, next=now + 1)
    body = {"source": "QĐ 1", "keys": [f"report_kind/ad_hoc/{now}", other]}
    refused = await office.post("admin", path, body)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/keys/1")
    assert (await kinds(office))["ad_hoc"]["composed"]["confirmed_at"] is None


SECTION = {
    "id": "more", "heading": "Mục thêm", "sentences": [
        {"id": "all", "about": "work.all", "running": "Có {work.all} nhiệm vụ."}
    ],
}  # fmt: skip


async def test_sections_are_added_removed_and_moved_by_an_administrator_alone(office):
    kind = (await kinds(office))["ad_hoc"]
    outline = kind["body"]["outline"]
    for other in ([*outline, SECTION], outline[1:], outline[::-1]):
        refused = await put(office, "office", kind, {**kind["body"], "outline": other})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    made = await put(office, "admin", kind, {**kind["body"], "outline": [SECTION, *outline[1:]]})

    assert [each["id"] for each in made.json()["body"]["outline"]] == [
        "more", *(each["id"] for each in outline[1:]),
    ]  # fmt: skip
    assert "restructure" in made.json()["allowed"]
    assert "restructure" not in kind["allowed"]


async def test_a_former_version_is_listed_with_what_changed_and_taken_again(office):
    kind = (await kinds(office))["ad_hoc"]
    outline = kind["body"]["outline"]
    await put(office, "admin", kind, {**kind["body"], "outline": [SECTION, *outline[1:]]})
    path = "/v1/report_kinds/ad_hoc"
    newest, first = (await office.get("office", f"{path}/versions")).json()["data"]
    body = {"version": first["version"], "reason": "Như cũ"}
    client = await office.client("admin")
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{newest["version"]}"'}
    again = await client.post(f"{path}/take_again", json=body, headers=headers)

    assert (newest["added"], newest["removed"]) == (["Mục thêm"], [outline[0]["heading"]])
    assert (newest["reason"], newest["changed_by_name"]) == ("Theo mẫu mới", "admin")
    assert (first["version"], first["changed_at"]) == (kind["version"], None)
    assert again.json()["body"]["outline"] == outline
    assert again.json()["version"] == newest["version"] + 1
    unknown = await client.post(
        f"{path}/take_again", json={**body, "version": 99},
        headers={"Idempotency-Key": str(uuid4()), "If-Match": f'"{newest["version"] + 1}"'},
    )  # fmt: skip
    assert (unknown.status_code, unknown.json()["code"]) == (404, "report_kind_version_not_found")


async def test_a_version_names_what_else_was_changed_in_it(office):
    kind = (await kinds(office))["ad_hoc"]
    first, *others = kind["body"]["outline"]
    worded = {**first, "sentences": [*first["sentences"], {"id": "more", "running": "Như trên."}]}
    body = {**kind["body"], "copies_to": ["Lưu: VT"], "outline": [worded, *others]}
    await put(office, "admin", kind, body)
    newest, before = (await office.get("office", "/v1/report_kinds/ad_hoc/versions")).json()["data"]

    assert (newest["changed"], newest["added"], newest["removed"]) == (
        ["copies_to", "outline"], [], [],
    )  # fmt: skip
    assert before["changed"] == []


async def test_a_kind_is_looked_at_before_it_is_changed_and_nothing_is_kept(office, consumer):
    await Reports(office, consumer).work()
    kind = (await kinds(office))["periodic"]
    body = {**kind["body"], "outline": [SECTION]}
    said = await office.post("office", "/v1/report_kinds/periodic/preview", {"body": body})
    wrong = {**body, "outline": [{**SECTION, "sentences": [{"id": "a", "running": "{x.y}"}]}]}
    refused = await office.post("office", "/v1/report_kinds/periodic/preview", {"body": wrong})

    assert said.status_code == 200, said.text
    assert [each["heading"] for each in said.json()["sections"]] == ["Mục thêm"]
    assert refused.status_code == 422
    assert (await kinds(office))["periodic"] == kind


async def test_two_windows_of_one_name_are_refused_with_both_places(office):
    kind = (await kinds(office))["closing"]
    windows = kind["body"]["windows"]
    named = {**windows[-1], "name": windows[0]["name"]}
    body = {**kind["body"], "windows": [*windows[:-1], named]}
    refused = await put(office, "office", kind, body)

    problem = refused.json()["errors"][0]
    assert (refused.status_code, problem["pointer"]) == (422, "/body/windows/4/name")
    assert "Kỳ số liệu thứ 1 và thứ 5 cùng tên" in problem["message"]


async def test_no_kind_offers_two_periods_of_one_name(office):
    for kind in (await kinds(office, year=2025)).values():
        names = [each["name"] for each in kind["windows"]]
        assert len(set(names)) == len(names), kind["code"]


@pytest.mark.parametrize("where", ["subject", "opening", "closing"])
@pytest.mark.parametrize(
    ("figure", "key"),
    [("{par.projected}", "criteria_set/"), ("{survey.value}", "questionnaire/")],
)
async def test_a_composed_figure_that_only_the_frame_says_keeps_a_report_from_being_signed(
    office, consumer, database, survey, demo_criteria, where, figure, key
):
    year = Year(office, consumer, database, survey)
    await year.publish(demo_criteria)
    await year.open(await year.ask(), "Khảo sát")
    reports = Reports(office, consumer)
    await reports.work()
    kind = (await kinds(office))["ad_hoc"]
    before = await reports.make(kind="ad_hoc")
    await put(office, "office", kind, {**kind["body"], where: f"Đạt {figure}%"})
    report = await reports.make(kind="ad_hoc")

    assert not any(each["key"].startswith(key) for each in before["composed"])
    assert any(each["key"].startswith(key) for each in report["composed"])
    checked = (await reports.act("office", report, "check")).json()
    own = [each["key"] for each in report["composed"] if not each["key"].startswith(key)]
    await office.post(
        "admin", "/v1/report_kinds/ad_hoc/confirm_source", {"source": "QĐ", "keys": own}
    )
    refused = await reports.act("office", checked, "sign", SIGNED)
    assert (refused.status_code, refused.json()["code"]) == (409, "report_source_unconfirmed")
