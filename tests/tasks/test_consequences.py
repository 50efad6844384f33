"""Issuing and cancelling a plan: what it would touch is told before, and touched."""

from uuid import UUID

import pytest
from tests.notifications import world
from tests.tasks.office import Department

from contracts.tasks import PlanActivated, PlanChanged
from notifications.rules.occasions import occasion_of
from notifications.rules.recipients import Directory, Person, recipients_of
from notifications.rules.table import RULES
from tasks.access import EVERYBODY
from tasks.assignments.reminders import announce_due_soon, announce_overdue
from tasks.consequences.views import TOLD


async def drafted(department: Department, *, active: bool = False) -> dict:
    """A plan of the demo with its appendix imported."""
    plan = await department.add_plan(active=active)
    import_id = await department.read_appendix(plan["id"])
    made = await department.office.post(f"/v1/imports/{import_id}/confirm")
    assert made.status_code == 200, made.text
    return plan


async def cancel(department: Department, plan: dict, reason: str = "Ban hành nhầm") -> dict:
    answer = await department.office.post(f"/v1/plans/{plan['id']}/cancel", {"reason": reason})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_issuing_a_plan_touches_is_told_before(department):
    plan = await drafted(department)
    listed = (await department.office.get("/v1/assignments", plan_id=plan["id"], limit=200)).json()

    told = (await department.office.get(f"/v1/plans/{plan['id']}/consequences")).json()

    led = {each["unit_id"] for each in listed["data"]}
    heads = await department.rows(
        "SELECT 1 FROM person WHERE active AND role = ANY(:told)", told=list(TOLD)
    )
    await department.office.post(f"/v1/plans/{plan['id']}/activate")
    issued = (await department.office.get("/v1/assignments", plan_id=plan["id"], limit=200)).json()
    late = sum(each["overdue"] for each in issued["data"])
    assert late > 0, "nothing of a draft is overdue; of an issued plan it is"
    counts = ("assignments", "live", "overdue", "units", "people", "asked")
    every = len(listed["data"])
    assert [told[name] for name in counts] == [every, every, late, len(led), len(heads) - 1, 0]
    assert (
        await department.unit_head.get(f"/v1/plans/{plan['id']}/consequences")
    ).status_code == 403


@pytest.mark.parametrize(
    "event",
    [
        PlanActivated(plan=world.plan()),
        PlanChanged(plan=world.plan().model_copy(update={"cancelled": True})),
    ],
    ids=["issued", "cancelled"],
)
def test_whom_it_counts_is_whom_the_rules_of_notifications_tell(event):
    roles = {UUID(int=place): role for place, role in enumerate(sorted(EVERYBODY), 1)}
    one_of_each = Directory(Person(id_, id_, role, has_address=True) for id_, role in roles.items())
    occasion = occasion_of(event, {})
    rule = RULES[occasion.event_type, occasion.case]

    told = recipients_of(rule, occasion, one_of_each, actor_id=None, submitter_id=None)

    assert {roles[each.person_id] for each in told} == set(TOLD)


async def test_a_cancelled_plan_ends_what_is_owed_and_keeps_what_was_done(department):
    plan = await drafted(department, active=True)
    done = await accepted(department, plan)

    after = await cancel(department, plan, "Thay bằng kế hoạch 45/KH-SNV")

    assert (after["status"], after["cancelled_because"]) == (
        "cancelled", "Thay bằng kế hoạch 45/KH-SNV",
    )  # fmt: skip
    assert after["allowed"] == []
    rows = await department.rows("SELECT id, status FROM assignment WHERE status != 'cancelled'")
    assert [(str(row.id), row.status) for row in rows] == [(done, "done")]
    history = (await department.office.get(f"/v1/assignments/{done}/timeline")).json()["data"]
    assert history[0]["kind"] == "result_accepted"


async def test_whoever_follows_the_plan_hears_that_it_was_cancelled_and_all_it_owed(department):
    plan = await drafted(department, active=True)
    live = (await department.rows("SELECT count(*) AS n FROM assignment"))[0].n

    await cancel(department, plan)

    [event] = await department.events("plan_changed")
    state = event["data"]["plan"]
    assert (state["status"], state["cancelled"], state["version"]) == ("closed", True, 3)
    ended = await department.events("assignment_cancelled")
    assert len(ended) == live
    assert {one["data"]["assignment"]["status"] for one in ended} == {"cancelled"}
    [line] = await department.rows("SELECT reason FROM audit_entry WHERE action = 'plan.cancel'")
    assert line.reason == "Ban hành nhầm"


async def test_nobody_is_reminded_of_a_cancelled_plan(department):
    plan = await drafted(department, active=True)
    await cancel(department, plan)

    assert await department.run_clock(announce_due_soon) == 0
    assert await department.run_clock(announce_overdue) == 0


async def test_nothing_can_be_done_with_a_cancelled_plan_or_what_it_asked(department):
    plan = await drafted(department)
    one = await department.one(plan_id=plan["id"])
    await cancel(department, plan)
    path = f"/v1/plans/{plan['id']}"

    answers = [
        await department.office.post(f"{path}/cancel", {"reason": "lần nữa"}),
        await department.office.post(f"{path}/activate"),
        await department.office.patch(path, {"title": "Khác"}, seen=2),
    ]
    change = await department.office.patch(
        f"/v1/assignments/{one['id']}", {"due_on": "2025-10-01"}, seen=2
    )

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {
        (409, "plan_cancelled")
    }
    assert (change.status_code, change.json()["code"]) == (409, "assignment_cancelled")


async def test_nobody_hears_of_a_draft_that_is_cancelled_nor_of_its_tasks(department):
    plan = await drafted(department)
    await cancel(department, plan)
    seen = await department.unit_head.get(f"/v1/plans/{plan['id']}")
    assert seen.status_code == 404
    for said in ("plan_changed", "assignment_created", "assignment_cancelled"):
        assert await department.events(said) == []


async def test_a_plan_is_not_cancelled_without_a_reason(looked_at, department):
    plan = await department.add_plan()
    answer = await department.office.post(f"/v1/plans/{plan['id']}/cancel", {"reason": "  "})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/reason"]


async def test_the_year_of_a_plan_changes_until_it_has_tasks_or_is_issued(department):
    plan = await department.add_plan(active=False)
    path = f"/v1/plans/{plan['id']}"

    moved = await department.office.patch(path, {"year": 2026}, seen=1)
    await department.read_appendix(plan["id"])
    imports = await department.waiting_import()
    assert (await department.office.post(f"{imports}/confirm")).status_code == 200
    with_tasks = await department.office.patch(path, {"year": 2027, "title": "Khác"}, seen=2)
    same = await department.office.patch(path, {"year": 2026, "title": "Khác"}, seen=2)

    assert moved.json()["year"] == 2026
    assert (with_tasks.status_code, with_tasks.json()["code"]) == (422, "plan_year_fixed")
    assert [error["pointer"] for error in with_tasks.json()["errors"]] == ["/year"]
    assert same.json()["title"] == "Khác"


async def accepted(department: Department, plan: dict) -> str:
    """Have one result handed in and accepted; return the assignment's id."""
    unit = (await department.units())["CCHC"]
    one = await department.one(plan_id=plan["id"], unit_id=unit)
    path = f"/v1/assignments/{one['id']}"
    body = {"note": "Xong.", "file_ids": []}
    await department.unit_head.post(f"{path}/results", body, seen=one["version"])
    result = (await department.office.get(path)).json()["results"][0]["id"]
    answer = await department.office.post(f"{path}/results/{result}/accept", {"note": None})
    assert answer.status_code == 200, answer.text
    return one["id"]
