"""A plan's document: no issue without its facts, corrected in force with a reason, with history."""

import pytest
from tests.tasks.office import DOCUMENT, PDF

from chassis.rules import InputRefused
from tasks.plans.domain import check_authority

LACKING = {
    "/number": "số, ký hiệu", "/issued_on": "ngày ban hành", "/signer_post": "chức vụ",
    "/signer_name": "họ tên", "/signed_copy_id": "bản đã ký",
}  # fmt: skip


async def test_a_plan_is_not_issued_without_its_document_and_each_lack_stands_at_its_field(
    department,
):
    nothing = dict.fromkeys((*DOCUMENT, "signed_copy_id"))
    plan = await department.add_plan(active=False, **nothing)
    path = f"/v1/plans/{plan['id']}"

    told = (await department.office.get(f"{path}/consequences")).json()["missing"]
    refused = await department.office.post(f"{path}/activate")

    assert (refused.status_code, refused.json()["code"]) == (422, "plan_incomplete")
    said = {error["pointer"]: error["message"] for error in refused.json()["errors"]}
    assert said.keys() == LACKING.keys()
    assert all(words in said[pointer] for pointer, words in LACKING.items())
    assert [(one["pointer"], one["message"]) for one in told] == list(said.items())
    assert (await department.office.get(path)).json()["status"] == "draft"
    assert await department.events("plan_activated") == []


@pytest.mark.parametrize("name", [*DOCUMENT, "signed_copy_id"])
async def test_each_fact_alone_is_asked_for_but_on_whose_behalf(name, department):
    plan = await department.add_plan(active=False, **{name: None})
    issued = await department.office.post(f"/v1/plans/{plan['id']}/activate")
    if name == "signer_authority":
        assert issued.status_code == 200, "the head of the body signs on nobody's behalf"
    else:
        assert [error["pointer"] for error in issued.json()["errors"]] == [f"/{name}"]


async def test_a_plan_signed_tomorrow_is_not_issued_today(department):
    plan = await department.add_plan(active=False, issued_on="2099-01-01")
    refused = await department.office.post(f"/v1/plans/{plan['id']}/activate")
    [error] = refused.json()["errors"]
    assert (error["pointer"], "01/01/2099" in error["message"]) == ("/issued_on", True)


@pytest.mark.parametrize(
    "written", ["KT. GIÁM ĐỐC", "TM. BAN CHỈ ĐẠO", "TL. GIÁM ĐỐC", "TUQ. GIÁM ĐỐC", "Q. GIÁM ĐỐC"]
)
def test_an_authority_is_written_as_on_a_document(written):
    check_authority(written)


@pytest.mark.parametrize("written", ["GIÁM ĐỐC", "KT", "KT. ", "KT. 12", "THAY MẶT GIÁM ĐỐC"])
def test_what_is_no_authority_is_refused_at_its_field(written):
    with pytest.raises(InputRefused) as refused:
        check_authority(written)
    assert [problem.pointer for problem in refused.value.problems] == ["/signer_authority"]


async def test_the_signed_copy_is_a_picture_of_the_document_that_one_uploaded_oneself(department):
    plan = await department.add_plan(active=False)
    path = f"/v1/plans/{plan['id']}"
    foreign = (await department.unit_head.upload("/v1/files", "a.pdf", PDF)).json()["id"]
    nowhere = "0190e2a5-0000-7000-8000-000000000000"
    sealed = await department.office.upload("/v1/handling_proposals/files", "xu_ly.pdf", PDF)

    for id_ in (foreign, nowhere, sealed.json()["id"]):
        refused = await department.office.patch(path, {"signed_copy_id": id_}, seen=1)
        assert [error["pointer"] for error in refused.json()["errors"]] == ["/signed_copy_id"]


async def test_who_may_see_the_plan_reads_its_signed_copy_once_it_is_issued(department):
    plan = await department.add_plan(active=False)
    file = f"/v1/files/{plan['signed_copy_id']}"

    before = await department.unit_officer.get(file)
    await department.office.post(f"/v1/plans/{plan['id']}/activate")
    after = await department.unit_officer.get(file)

    assert (before.status_code, after.status_code, after.content) == (404, 200, PDF)


async def test_a_plan_in_force_is_corrected_with_a_reason_and_nothing_is_emptied(department):
    plan = await department.add_plan()
    path, seen = f"/v1/plans/{plan['id']}", plan["version"]

    silent = await department.office.patch(path, {"number": "46/KH-SNV"}, seen=seen)
    emptied = await department.office.patch(
        path, {"number": None, "signer_name": None, "reason": "Nhầm"}, seen=seen
    )
    changed = await department.office.patch(
        path, {"number": "46/KH-SNV", "reason": "Ghi nhầm số"}, seen=seen
    )
    stale = await department.office.patch(path, {"number": "47", "reason": "x"}, seen=seen)

    assert [error["pointer"] for error in silent.json()["errors"]] == ["/reason"]
    assert {e["pointer"] for e in emptied.json()["errors"]} == {"/number", "/signer_name"}
    assert (changed.json()["number"], changed.json()["version"]) == ("46/KH-SNV", seen + 1)
    assert stale.status_code == 412
    [event] = await department.events("plan_changed")
    assert (event["data"]["plan"]["number"], event["data"]["plan"]["version"]) == (
        "46/KH-SNV", seen + 1,
    )  # fmt: skip
    assert "Nguyễn Văn A" not in str(event), "an event names nobody"


async def test_the_history_says_what_was_done_by_whom_and_why(department):
    plan = await department.add_plan()
    path = f"/v1/plans/{plan['id']}"
    change = {"title": "Kế hoạch khác", "reason": "Theo ý kiến Giám đốc"}
    await department.office.patch(path, change, seen=plan["version"])

    told = (await department.unit_head.get(f"{path}/history")).json()["data"]

    assert [(one["version"], one["kind"]) for one in told] == [
        (3, "changed"), (2, "issued"), (1, "created"),
    ]  # fmt: skip
    assert (told[0]["reason"], told[0]["actor_name"] is not None) == ("Theo ý kiến Giám đốc", True)
    assert told[0]["changes"] == [
        {"field": "title", "before": plan["title"], "after": "Kế hoạch khác"}
    ]


async def test_a_partner_reads_a_plan_without_who_signed_it(department):
    plan = await department.add_plan()
    for each in (await department.external.get("/v1/plans")).json()["data"]:
        assert each["id"] == plan["id"]
        assert each["number"] == DOCUMENT["number"]
