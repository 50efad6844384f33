"""What becomes of findings: in which plan they are remedied, by when, and when they are closed."""

from datetime import timedelta

from tests.tasks.inspecting import PATH, act, concluded, conclusion, find, plan, visited
from tests.tasks.test_plans_carrying import carry

NOWHERE = "01990000-0000-7000-8000-000000000000"


async def in_plan(busy, **facts) -> str:
    return (await busy.add_plan(title="Kế hoạch khác", **facts))["id"]


async def test_findings_are_not_concluded_into_a_draft_where_nobody_would_see_them(busy):
    inspection = await visited(busy)
    await find(busy, inspection)
    draft = await in_plan(busy, active=False)
    whole = await conclusion(busy, inspection, plan_id=draft)
    refused = await act(busy, inspection, "conclude", whole)
    left = await busy.rows("SELECT 1 FROM task WHERE source_number = '15/TB-SNV'")
    await busy.office.post(f"/v1/plans/{draft}/activate")
    issued = await act(busy, inspection, "conclude", whole)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_draft")
    assert "chưa ban hành" in refused.json()["detail"]
    assert left == []
    assert issued.status_code == 200, issued.text


async def test_a_conclusion_without_findings_names_no_plan_that_is_not_there(busy):
    inspection = await visited(busy)
    nowhere = await conclusion(busy, inspection, plan_id=NOWHERE)
    none = await conclusion(busy, inspection, plan_id=None)
    refused = await act(busy, inspection, "conclude", nowhere)
    assert (refused.status_code, refused.json()["code"]) == (404, "plan_not_found")
    assert (await act(busy, inspection, "conclude", none)).status_code == 200


async def go_on(busy, old_id: str, row: str, title: str) -> tuple[str, str]:
    """Replace a plan by a new one; return its id and that of the row which goes on there."""
    busy.old = (await busy.office.get(f"/v1/plans/{old_id}")).json()
    new = await busy.add_plan(active=False, title=title)
    answer = await carry(busy, "replace", [row], new)
    assert answer.status_code == 200, answer.text
    old = (await busy.office.get(f"/v1/assignments/{row}")).json()
    return new["id"], old["carried_to_id"]


async def test_a_finding_follows_its_remediation_from_plan_to_plan(busy):
    inspection = await concluded(busy, "3.2")
    path, row = f"{PATH}/{inspection['id']}", inspection["findings"][0]["assignment_id"]
    second, there = await go_on(busy, inspection["plan_id"], row, "Kế hoạch thứ hai")
    _, last = await go_on(busy, second, there, "Kế hoạch thứ ba")
    before = (await busy.office.get(path)).json()

    work = (await busy.unit_head.get(f"/v1/assignments/{last}")).json()
    sent = {"note": "Đã rà soát"}
    at = f"/v1/assignments/{last}"
    await busy.unit_head.post(f"{at}/results", sent, seen=work["version"])
    result = (await busy.office.get(at)).json()["results"][0]["id"]
    accepted = await busy.office.post(f"{at}/results/{result}/accept")
    after = (await busy.unit_head.get(path)).json()

    assert accepted.status_code == 200, accepted.text
    assert before["findings"][0]["assignment_id"] == last
    assert (before["open_count"], before["findings"][0]["open"]) == (1, True)
    assert (after["open_count"], after["findings"][0]["open"]) == (0, False)
    assert after["findings"][0]["assignment_number"] == work["number"]


async def test_it_says_by_when_findings_are_to_be_remedied_before_one_concludes(busy):
    planned, inspection = await plan(busy), await visited(busy)
    path = f"{PATH}/{inspection['id']}"
    due = str(await busy.today() + timedelta(days=30))
    to_office = (await busy.office.get(path)).json()["remediation_due_on"]
    to_unit = (await busy.unit_head.get(path)).json()["remediation_due_on"]
    await find(busy, inspection)
    ended = await act(busy, inspection, "conclude", await conclusion(busy, inspection))
    assert (planned["remediation_due_on"], to_office, to_unit) == (None, due, None)
    assert ended.json()["remediation_due_on"] is None
    assert ended.json()["findings"][0]["due_on"] == due, "what was said before came true"
