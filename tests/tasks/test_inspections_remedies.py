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


async def test_a_remedy_that_recurs_counts_its_finding_once_and_is_the_next_to_be_done(busy):
    inspection = await concluded(busy, "3.2")
    id_, row = inspection["id"], inspection["findings"][0]["assignment_id"]
    task = "SELECT task_id FROM assignment WHERE id = :row"
    other = (
        "SELECT a.id FROM assignment a JOIN plan p ON p.id = a.plan_id"
        f" WHERE p.status = 'active' AND a.task_id <> ({task}) ORDER BY a.id LIMIT 2"
    )
    second, third = [str(each.id) for each in await busy.rows(other, row=row)]
    move = (
        f"UPDATE assignment SET task_id = ({task}), occurrence = :month, status = 'in_progress',"
        " due_on = CAST(:on AS date) WHERE id = :id"
    )
    for n, each in enumerate((second, third), 1):
        on = await busy.today() + timedelta(days=30 * n + 1)
        await busy.execute(move, row=row, id=each, on=on, month=f"Tháng thứ {n}")

    async def after(**statuses: str) -> tuple:
        for each, status in zip((row, second, third), statuses.values(), strict=True):
            change = "UPDATE assignment SET status = :status WHERE id = :id"
            await busy.execute(change, id=each, status=status)
        shown = (await busy.office.get(f"{PATH}/{id_}")).json()
        listed = (await busy.office.get(PATH)).json()["data"]
        [line] = [each for each in listed if each["id"] == id_]
        [finding] = shown["findings"]
        month = (await busy.office.get("/v1/office/month")).json()["inspections"]
        counts = (line["finding_count"], line["open_count"], month["open_findings"])
        return finding["assignment_id"], finding["open"], finding["allowed"], counts

    none = await after(first="in_progress", second="in_progress", third="in_progress")
    some = await after(first="done", second="in_progress", third="in_progress")
    dropped = await after(first="cancelled", second="done", third="in_progress")
    last = await after(first="cancelled", second="done", third="done")
    nothing = await after(first="cancelled", second="cancelled", third="cancelled")
    assert none == (row, True, [], (1, 1, 1))
    assert some == (second, True, [], (1, 1, 1))
    assert dropped == (third, True, [], (1, 1, 1)), "another month is still to be done"
    assert last == (second, False, [], (1, 0, 0)), "done is what was not cancelled"
    assert nothing == (row, True, ["close"], (1, 1, 1))


async def close(busy, inspection, who: str = "office", reason: str = "Đơn vị đã giải thể"):
    name = f"findings/{inspection['findings'][0]['id']}/close"
    return await act(busy, inspection, name, {"reason": reason}, who)


async def with_cancelled_remedy(busy):
    inspection = await concluded(busy, "3.2")
    row = f"/v1/assignments/{inspection['findings'][0]['assignment_id']}"
    work = (await busy.office.get(row)).json()
    reason = {"reason": "Không còn thủ tục này"}
    cancelled = await busy.office.post(f"{row}/cancel", reason, seen=work["version"])
    assert cancelled.status_code == 200, cancelled.text
    return inspection


async def test_the_office_closes_a_finding_whose_remediation_was_cancelled_saying_why(busy):
    inspection = await with_cancelled_remedy(busy)
    path = f"{PATH}/{inspection['id']}"
    before = (await busy.office.get(path)).json()
    closed = await close(busy, inspection)
    to_unit = (await busy.unit_head.get(path)).json()
    [finding] = closed.json()["findings"]
    assert (before["open_count"], before["findings"][0]["allowed"]) == (1, ["close"])
    assert closed.status_code == 200, closed.text
    assert (closed.json()["open_count"], finding["open"], finding["allowed"]) == (0, False, [])
    assert closed.json()["version"] == before["version"] + 1
    assert finding["closed_because"] == "Đơn vị đã giải thể"
    assert finding["closed_by_name"]
    assert finding["closed_at"]
    assert to_unit["findings"] == closed.json()["findings"]
    [trace] = await busy.rows(
        "SELECT reason FROM audit_entry WHERE action = 'inspection.close_finding'"
    )
    assert trace.reason == "Đơn vị đã giải thể"


async def test_a_finding_is_not_closed_while_somebody_is_to_remedy_it(busy):
    in_work = await concluded(busy, "3.2")
    early = await close(busy, in_work)
    assert (early.status_code, early.json()["code"]) == (409, "finding_in_work")
    assert in_work["findings"][0]["allowed"] == []


async def test_a_finding_is_closed_once_and_by_the_office_alone(busy):
    inspection = await with_cancelled_remedy(busy)
    whose = ("unit_head", "director", "unit_head_tdkt")
    others = [(await close(busy, inspection, who)).status_code for who in whose]
    shown = (await busy.director.get(f"{PATH}/{inspection['id']}")).json()["findings"][0]
    silent = await close(busy, inspection, reason="")
    both = [(await close(busy, inspection)) for _ in range(2)]
    assert (others, shown["allowed"]) == ([403, 403, 403], [])
    assert silent.status_code == 422
    assert [each.status_code for each in both] == [200, 409]
    assert both[1].json()["code"] == "finding_closed"


async def test_a_finding_of_another_inspection_is_not_there(busy):
    inspection, other = await with_cancelled_remedy(busy), await visited(busy)
    answer = await close(busy, {**inspection, "id": other["id"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "finding_not_found")


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
