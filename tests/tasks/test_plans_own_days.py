"""Deadlines that rest on the plan's own days do not move with these, and the plan says so."""

import pytest
from tests.tasks.test_imports_outdated import change
from tests.tasks.test_imports_review import upload, workbook

CLOSING, ISSUING = "Cả năm", "45 ngày kể từ ngày ban hành Kế hoạch"
ROWS = (
    ("1", "Theo dõi kỷ cương", "Báo cáo", "Văn phòng Sở", "", CLOSING),
    ("2", "Tổng hợp kết quả", "Báo cáo", "Văn phòng Sở", "", "Như trên"),
    ("3", "Ban hành nội quy", "Nội quy", "Phòng CCHC", "", ISSUING),
    ("4", "Rà soát hồ sơ", "Báo cáo", "Phòng CCHC", "", "Trước ngày 10/8"),
    ("5", "Họp giao ban", "Thông báo", "Phòng CCHC", "", "Hàng quý"),
)
OWN = {"deadlines_rest_on_plan", "deadlines_wait_for_issue"}


async def confirmed(department, plan: dict, *rows):
    preview = await upload(department, plan, workbook(*rows))
    await preview.confirm()
    return preview


async def said(preview, caller: str = "office") -> dict[str, str]:
    path = f"/v1/plans/{preview.plan['id']}"
    view = (await getattr(preview.department, caller).get(path)).json()
    return {one["code"]: one["message"] for one in view["warnings"] if one["code"] in OWN}


async def numbers(preview) -> dict[str, str]:
    return {one["content"]: one["number"] for one in await preview.made()}


@pytest.fixture
async def preview(department):
    plan = await department.add_plan(active=False)
    path = f"/v1/plans/{plan['id']}"
    await department.office.patch(path, {"issued_on": "2025-02-10"}, seen=plan["version"])
    await department.office.post(f"{path}/activate")
    return await confirmed(department, plan, *ROWS)


async def test_nothing_is_said_while_the_plan_has_the_days_its_deadlines_came_from(preview):
    assert await said(preview) == {}


async def test_a_changed_day_names_the_assignments_that_rested_on_it_and_moves_none(preview):
    before = {one["number"]: one["due_on"] for one in await preview.made()}
    path = f"/v1/plans/{preview.plan['id']}"
    version = (await preview.office.get(path)).json()["version"]
    facts = {"closes_on": "2025-12-19", "issued_on": "2025-03-03", "reason": "Ghi nhầm ngày"}

    answer = await preview.office.patch(path, facts, seen=version)

    own, of = await said(preview), await numbers(preview)
    [warning] = [one for one in answer.json()["warnings"] if one["code"] in OWN]
    assert own == {"deadlines_rest_on_plan": warning["message"]}
    assert (
        f"{of['Theo dõi kỷ cương']} (hạn 29/11/2025, theo ngày nay ghi là 19/12/2025)"
        in (warning["message"])
    )
    assert f"{of['Tổng hợp kết quả']} (hạn 29/11/2025" in warning["message"]
    assert (
        f"{of['Ban hành nội quy']} (hạn 27/3/2025, theo ngày nay ghi là 17/4/2025)"
        in (warning["message"])
    )
    assert "3 nhiệm vụ" in warning["message"]
    assert {one["number"]: one["due_on"] for one in await preview.made()} == before
    assert await said(preview, "unit_head") == {}


async def test_what_waits_for_the_issuing_day_is_named_with_the_act_that_counts_it(department):
    plan = await department.add_plan(active=False, issued_on=None)
    preview = await confirmed(department, plan, *ROWS[2:])
    [waiting] = [one for one in await preview.made() if one["content"] == "Ban hành nội quy"]
    silent = await said(preview)
    await change(preview, issued_on="2025-03-03")

    told = await said(preview)
    answer = await department.office.patch(
        f"/v1/assignments/{waiting['id']}",
        {"triggered_on": "2025-03-03"},
        seen=waiting["version"],
    )

    assert silent == {}
    assert waiting["number"] in told["deadlines_wait_for_issue"]
    assert "nhập ngày phát sinh 03/3/2025" in told["deadlines_wait_for_issue"]
    assert answer.json()["due_on"] == "2025-04-17"
    assert await said(preview) == {}
