"""Which task serves which sub-criteria: several, confirmed, carried to the next version."""

import copy
from uuid import uuid4

import pytest
from tests.reporting.conftest import accepted, assignment, created, envelope, plan

from chassis.clock import database_now, local_date
from reporting.criteria.sets import set_in_force
from reporting.proof.drift import figures_against_facts
from reporting.score_sheets.sheets import year_sheet

PLAN = uuid4()
SETS = "/v1/criteria_sets"
LINKED, OTHER = "1.4.1", "1.6.1"  # both count the tasks that are linked to them


@pytest.fixture
async def tasks(consumer):
    states = [assignment(PLAN, number) for number in range(1, 4)]
    await consumer.apply([envelope(plan(PLAN)), *(envelope(created(s)) for s in states)])
    await consumer.apply([envelope(accepted(s)) for s in states[:2]])
    return [str(state.task_id) for state in states]


@pytest.fixture
async def first(office, demo_criteria, tasks):
    made = (await office.post("office", SETS, demo_criteria)).json()
    await office.post("office", f"{SETS}/{made['id']}/publish")
    return made["id"]


async def link(office, set_id: str, *links: dict):
    client = await office.client("office")
    return await client.put(f"{SETS}/{set_id}/links", json={"links": list(links)})


async def done(database, *codes: str) -> dict[str, tuple[int, int] | None]:
    """Return done and all of what is counted for sub-criteria in force."""
    async with database.sessions() as session:
        published = await set_in_force(session, 2025)
        today = local_date(await database_now(session))
        sheet = (await year_sheet(session, published, today)).sheet
        assert (await figures_against_facts(session)).count == 0
    counts = {code: sheet.inputs[code].live.whole for code in codes}
    return {code: (each.done, each.total) for code, each in counts.items()}


async def test_a_task_serves_several_sub_criteria_and_counts_in_each(
    office, database, tasks, first
):
    answer = await link(office, first, {"task_id": tasks[0], "sub_criteria": [LINKED, OTHER]})

    confirmed = answer.json()["confirmed"]
    assert [(each["task_id"], each["sub_criterion"]) for each in confirmed] == [
        (tasks[0], LINKED), (tasks[0], OTHER),
    ]  # fmt: skip
    assert all(each["sub_criterion_name"] for each in confirmed)
    assert await done(database, LINKED, OTHER) == {LINKED: (1, 1), OTHER: (1, 1)}


async def test_what_is_sent_is_all_a_task_serves_and_none_takes_all_back(
    office, database, tasks, first
):
    await link(office, first, {"task_id": tasks[0], "sub_criteria": [LINKED, OTHER]})
    await link(office, first, {"task_id": tasks[0], "sub_criterion": OTHER})
    assert await done(database, LINKED, OTHER) == {LINKED: (0, 0), OTHER: (1, 1)}

    answer = await link(office, first, {"task_id": tasks[0], "sub_criteria": []})

    assert answer.json()["confirmed"] == []
    assert await done(database, OTHER) == {OTHER: (0, 0)}


async def test_a_link_says_its_codes_in_one_of_two_ways(office, tasks, first):
    both = {"task_id": tasks[0], "sub_criterion": LINKED, "sub_criteria": [OTHER]}

    assert (await link(office, first, both)).status_code == 422
    assert (await link(office, first, {"task_id": tasks[0]})).status_code == 422
    wrong = await link(office, first, {"task_id": tasks[0], "sub_criteria": ["9.9.9"]})
    assert [each["pointer"] for each in wrong.json()["errors"]] == ["/links/0/sub_criteria"]


async def test_nothing_is_confirmed_beforehand_and_what_has_no_proposal_is_listed(
    office, consumer, database, first
):
    foreign = assignment(PLAN, 9).model_copy(
        update={"subject_matter": "Mua máy lạnh", "content": "Sơn tường rào"}
    )
    await consumer.apply([envelope(created(foreign))])

    found = (await office.get("office", f"{SETS}/{first}/links")).json()

    assert found["confirmed"] == []
    assert [each["task_id"] for each in found["unmapped"]] == [str(foreign.task_id)]
    best = found["proposals"][0]
    assert (best["sub_criterion"], best["basis"], best["confidence"]) == (
        "1.1.3", "wording", "high",
    )  # fmt: skip
    assert await done(database, LINKED) == {LINKED: (0, 0)}


async def test_links_are_carried_by_code_and_count_once_in_the_version_in_force(
    office, database, demo_criteria, tasks, first
):
    await link(
        office, first, {"task_id": tasks[0], "sub_criteria": [LINKED, OTHER]},
        {"task_id": tasks[2], "sub_criteria": [LINKED]},
    )  # fmt: skip
    later = copy.deepcopy(demo_criteria)
    later["areas"][0]["criteria"][5]["sub_criteria"][0]["name"] = "Được gọi khác đi"
    second = (await office.post("office", SETS, later)).json()["id"]
    path = f"{SETS}/{second}/links/carry"

    shown = (await office.get("office", path)).json()
    body = {"since": first, "digest": shown["digest"], "codes": [LINKED]}
    carried = await office.post("office", path, body)
    await office.post("office", f"{SETS}/{second}/publish")

    assert shown["since"]["id"] == first
    assert [(each["code"], each["standing"], len(each["tasks"])) for each in shown["links"]] == [
        (LINKED, "same", 2), (OTHER, "renamed", 1),
    ]  # fmt: skip
    assert {each["task_id"] for each in carried.json()["confirmed"]} == {tasks[0], tasks[2]}
    assert await done(database, LINKED, OTHER) == {LINKED: (1, 2), OTHER: (0, 0)}


async def test_what_is_not_what_was_shown_is_not_carried(office, demo_criteria, tasks, first):
    await link(office, first, {"task_id": tasks[0], "sub_criteria": [LINKED]})
    second = (await office.post("office", SETS, demo_criteria)).json()["id"]
    path = f"{SETS}/{second}/links/carry"
    shown = (await office.get("office", path)).json()
    await link(office, first, {"task_id": tasks[1], "sub_criteria": [LINKED]})

    body = {"since": first, "digest": shown["digest"], "codes": [LINKED]}
    late = await office.post("office", path, body)
    now = (await office.get("office", path)).json()
    gone = await office.post("office", path, body | {"digest": now["digest"], "codes": ["9.9"]})

    assert (late.status_code, late.json()["code"]) == (409, "links_carry_outdated")
    assert (gone.status_code, gone.json()["code"]) == (422, "link_invalid")
    assert (await office.get("office", f"{SETS}/{second}/links")).json()["confirmed"] == []
