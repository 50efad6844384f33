"""A plan is closed with its state at the end: what is open stays owed, nobody is reminded."""

from tests.tasks.test_consequences import accepted, drafted

from tasks.assignments.reminders import announce_due_soon, announce_overdue


async def close(department, plan: dict, *, seen: int | None = None, reason: str = "Hết năm"):
    path = f"/v1/plans/{plan['id']}/close"
    seen = plan["version"] if seen is None else seen
    return await department.office.post(path, {"reason": reason}, seen=seen)


async def test_a_closed_plan_says_why_and_how_it_stood_and_the_rest_stays_owed(department):
    plan = await drafted(department, active=True)
    done = await accepted(department, plan)
    before = await department.rows("SELECT id, status, version FROM assignment ORDER BY id")

    closed = await close(department, plan)

    view = closed.json()
    assert (view["status"], view["closed_because"]) == ("closed", "Hết năm")
    assert view["closed_on"] == str(await department.today())
    counts = view["closed_counts"]
    assert (counts["all"], counts["done"], counts["carried"]) == (len(before), 1, 0)
    assert counts["open"] == len(before) - 1
    assert counts["overdue"] <= counts["open"]
    assert before == await department.rows("SELECT id, status, version FROM assignment ORDER BY id")
    listed = (await department.office.get(f"/v1/plans/{plan['id']}/carrying")).json()["rows"]
    assert len(listed) == len(before) - 1
    assert done not in {one["assignment_id"] for one in listed}


async def test_nobody_is_reminded_of_a_closed_plan_but_a_unit_may_still_hand_in(department):
    plan = await drafted(department, active=True)
    await close(department, plan)

    reminded = [await department.run_clock(work) for work in (announce_due_soon, announce_overdue)]
    handed_in = await accepted(department, plan)

    assert reminded == [0, 0]
    seen = (await department.office.get(f"/v1/assignments/{handed_in}")).json()
    assert seen["status"] == "done"


async def test_everybody_hears_of_the_end_once_with_the_whole_state(department):
    plan = await drafted(department, active=True)
    first = await close(department, plan)
    again = await close(department, plan, seen=first.json()["version"])

    [event] = await department.events("plan_changed")
    state = event["data"]["plan"]
    assert (state["status"], state["cancelled"], state["version"]) == ("closed", False, 3)
    assert state["closed_on"] == str(await department.today())
    assert (again.status_code, again.json()["code"]) == (409, "plan_closed")


async def test_a_draft_is_not_closed_nor_is_anything_without_reason_or_of_an_older_version(
    department,
):
    draft = await department.add_plan(active=False)
    active = await department.add_plan()

    answers = [
        await close(department, draft),
        await close(department, active, reason=" "),
        await close(department, active, seen=1),
        await department.director.post(f"/v1/plans/{active['id']}/close", {"reason": "x"}, seen=2),
    ]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [
        (409, "plan_draft"), (422, "input_invalid"), (412, "version_stale"), (403, "not_allowed"),
    ]  # fmt: skip
