"""Objectives of a plan: served by tasks, or by another plan's completion; several plans at once."""

from tests.tasks.test_consequences import accepted, drafted


def objective(text: str, **more) -> dict:
    return {
        "id": None,
        "text": text,
        "source": "Kế hoạch của UBND tỉnh",
        "other_plan_id": None,
        **more,
    }


async def with_objectives(department, plan: dict, *objectives: dict) -> dict:
    body = {"objectives": list(objectives), "reason": "Bổ sung mục tiêu"}
    answer = await department.office.patch(f"/v1/plans/{plan['id']}", body, seen=plan["version"])
    assert answer.status_code == 200, answer.text
    return answer.json()


async def serve(department, plan: dict, place: int, numbers: set[str]):
    path = f"/v1/plans/{plan['id']}"
    tasks = (await department.office.get(f"{path}/tasks")).json()["data"]
    ids = [task["id"] for task in tasks if task["number"] in numbers]
    wanted = plan["objectives"][place]["id"]
    return await department.office.put(
        f"{path}/objectives/{wanted}/tasks", {"task_ids": ids}, seen=plan["version"]
    )


async def test_objectives_that_no_task_serves_are_listed_before_the_plan_is_issued(department):
    plan = await drafted(department)
    plan = await with_objectives(department, plan, objective("Giữ chỉ số"), objective("Hài lòng"))
    plan = (await serve(department, plan, 0, {"1", "2"})).json()

    told = (await department.office.get(f"/v1/plans/{plan['id']}/consequences")).json()

    assert told["objectives_without_task"] == ["Hài lòng"]
    assert [one["unserved"] for one in plan["objective_figures"]] == [False, True]


async def test_a_task_serves_one_objective_and_its_assignment_names_it(department):
    plan = await drafted(department)
    plan = await with_objectives(department, plan, objective("Giữ chỉ số"), objective("Hài lòng"))
    plan = (await serve(department, plan, 0, {"1", "2"})).json()
    plan = (await serve(department, plan, 1, {"2"})).json()

    assert [len(one["task_ids"]) for one in plan["objectives"]] == [1, 1]
    tasks = (await department.office.get(f"/v1/plans/{plan['id']}/tasks")).json()["data"]
    second = next(task for task in tasks if task["number"] == "2")
    assert second["objective_id"] == plan["objectives"][1]["id"]
    [row] = await department.rows(
        "SELECT id FROM assignment WHERE task_id = :id LIMIT 1", id=second["id"]
    )
    seen = (await department.office.get(f"/v1/assignments/{row.id}")).json()
    assert seen["serves"] == {"text": "Hài lòng", "source": "Kế hoạch của UBND tỉnh"}


async def test_what_serves_an_objective_is_the_plans_own_and_seen_in_its_event(department):
    plan = await drafted(department, active=True)
    plan = await with_objectives(department, plan, objective("Giữ chỉ số"))
    other = (await department.add_plan(active=False))["id"]
    wanted = f"/v1/plans/{plan['id']}/objectives/{plan['objectives'][0]['id']}/tasks"

    served = await serve(department, plan, 0, {"1"})
    foreign = await department.office.put(
        wanted, {"task_ids": [other]}, seen=served.json()["version"]
    )
    stale = await department.office.put(wanted, {"task_ids": []}, seen=1)

    *_, event = await department.events("plan_changed")
    assert [len(one["task_ids"]) for one in event["data"]["plan"]["objectives"]] == [1]
    assert (foreign.status_code, stale.status_code) == (422, 412)
    assert [error["pointer"] for error in foreign.json()["errors"]] == ["/task_ids/0"]


async def test_an_objective_with_tasks_is_not_lost_by_a_correction_and_keeps_them(department):
    plan = await drafted(department)
    plan = await with_objectives(department, plan, objective("Giữ chỉ số"))
    plan = (await serve(department, plan, 0, {"1"})).json()
    path = f"/v1/plans/{plan['id']}"

    lost = await department.office.patch(path, {"objectives": []}, seen=plan["version"])
    renamed = {"id": plan["objectives"][0]["id"], "text": "Giữ vững chỉ số", "source": ""}
    kept = await department.office.patch(path, {"objectives": [renamed]}, seen=plan["version"])

    assert [error["pointer"] for error in lost.json()["errors"]] == ["/objectives"]
    assert "1 nhiệm vụ" in lost.json()["errors"][0]["message"]
    [one] = kept.json()["objectives"]
    assert (one["text"], one["task_ids"]) == ("Giữ vững chỉ số", plan["objectives"][0]["task_ids"])


async def test_an_objective_may_be_the_completion_of_another_plan(department):
    other = await drafted(department, active=True)
    await accepted(department, other)
    plan = await department.add_plan(title="Kế hoạch của năm")

    plan = await with_objectives(
        department, plan, objective("Hoàn thành kế hoạch", other_plan_id=other["id"])
    )
    itself = await department.office.patch(
        f"/v1/plans/{plan['id']}",
        {"objectives": [objective("Chính nó", other_plan_id=plan["id"])], "reason": "x"},
        seen=plan["version"],
    )

    [figure] = plan["objective_figures"]
    counts = (await department.office.get("/v1/assignments/counts", plan_id=other["id"])).json()
    assert (figure["done"], figure["all"]) == (counts["done"], counts["all"])
    assert (figure["other_plan_title"], figure["unserved"]) == (other["title"], False)
    assert [e["pointer"] for e in itself.json()["errors"]] == ["/objectives/0/other_plan_id"]


async def test_lists_and_counts_hold_several_plans_at_once_and_each_alone(department):
    first = await drafted(department, active=True)
    second = await department.add_plan(title="Kế hoạch bổ sung")
    import_id = await department.read_appendix(second["id"])
    await department.office.post(f"/v1/imports/{import_id}/confirm")

    async def count(**query) -> int:
        return (await department.office.get("/v1/assignments/counts", **query)).json()["all"]

    alone = [await count(plan_id=plan["id"]) for plan in (first, second)]
    assert alone[0] > 0
    assert await count() == sum(alone)
    listed = await department.office.get("/v1/assignments", plan_id=second["id"], limit=200)
    assert {one["plan_id"] for one in listed.json()["data"]} == {second["id"]}
