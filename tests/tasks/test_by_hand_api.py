"""A row that somebody writes by hand, beside the appendix."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

HEADINGS = 5  # lines above the first row of a file
ROW = {"content": "Xây dựng Đề án vị trí việc làm", "deadline_text": "Trước ngày 30/6/2025"}
SOURCE = {"number": "12/TB-UBND", "issued_on": "2025-02-03", "title": "Kết luận giao ban"}


@pytest.fixture
async def plan(busy) -> str:
    return str((await busy.rows("SELECT id FROM plan"))[0].id)


async def add(busy, plan, by="office", key=None, leads=("CCHC",), **facts):
    units = await busy.units()
    body = {"plan_id": plan, "lead_unit_ids": [units[code] for code in leads], **ROW, **facts}
    return await getattr(busy, by).post("/v1/assignments", body, key_=key)


async def people_of(busy, code: str) -> list[dict]:
    units = await busy.units()
    return (await busy.office.get("/v1/people", unit_id=units[code])).json()["data"]


async def shown(busy, answer) -> dict:
    return (await busy.office.get(answer.headers["location"])).json()


async def test_a_row_in_a_plan_in_force_is_issued_at_once_with_its_people(busy, plan):
    units, (accountable, helper, *_) = await busy.units(), await people_of(busy, "CCHC")
    told = len(await busy.events("assignment_created"))
    answer = await add(
        busy, plan, product="Đề án", section="Tổ chức bộ máy", number="5a",
        subject_matter="Vị trí việc làm", coordinating_unit_ids=[units["VP"]],
        accountable_person_id=accountable["id"], helper_ids=[helper["id"]], source=SOURCE,
        kpi_group="B", kpi_code="B.12",
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    view = await shown(busy, answer)
    [event] = (await busy.events("assignment_created"))[told:]
    [line] = (await busy.office.get(f"/v1/assignments/{view['id']}/timeline")).json()["data"]
    assert (view["due_on"], view["deadline_kind"], view["status"]) == (
        "2025-06-29", "fixed", "not_started",
    )  # fmt: skip
    assert (view["content"], view["deadline_text"], view["task_number"]) == (
        ROW["content"], ROW["deadline_text"], "5a",
    )  # fmt: skip
    assert view["coordinating_unit_ids"] == [units["VP"]]
    assert view["accountable_person_name"] == accountable["name"]
    assert view["origin"] == {
        "source": SOURCE, "kpi_group": "B", "kpi_code": "B.12",
        "helpers": [{"id": helper["id"], "name": helper["name"]}],
    }  # fmt: skip
    state = event["data"]["assignment"]
    assert (state["assignment_id"], state["version"]) == (view["id"], 1)
    assert (state["accountable_person_id"], state["helper_ids"]) == (
        accountable["id"], [helper["id"]],
    )  # fmt: skip
    assert line["kind"] == "created"
    seen = await busy.unit_officer.get(f"/v1/assignments/{view['id']}")
    assert seen.status_code == 200


async def test_in_a_draft_nobody_hears_of_it_until_the_plan_is_issued(busy):
    draft = await busy.add_plan(active=False, title="Kế hoạch bổ sung", objectives=[])
    told = len(await busy.events("assignment_created"))
    answer = await add(busy, draft["id"])
    made = answer.json()["assignments"][0]
    hidden = await busy.unit_officer.get(f"/v1/assignments/{made['id']}")
    assert len(await busy.events("assignment_created")) == told
    assert hidden.status_code == 404
    assert not made["overdue"], "under a draft nothing is due"
    issued = await busy.office.post(f"/v1/plans/{draft['id']}/activate")
    assert issued.status_code == 200, issued.text
    assert len(await busy.events("assignment_created")) == told + 1


async def test_each_unit_and_each_occurrence_gets_its_own_with_the_next_numbers(busy, plan):
    last = (await busy.rows("SELECT max(sequence) AS n FROM assignment WHERE year = 2025"))[0].n
    vp = (await people_of(busy, "VP"))[0]
    answer = await add(
        busy, plan, leads=("CCHC", "VP"), deadline_text="Hằng quý", accountable_person_id=vp["id"]
    )
    made, units = answer.json()["assignments"], await busy.units()
    assert [each["number"] for each in made] == [f"NV-2025-{last + n:04}" for n in range(1, 9)]
    assert [each["unit_id"] for each in made] == [units["CCHC"]] * 4 + [units["VP"]] * 4
    assert {each["accountable_person_id"] for each in made[:4]} == {None}
    assert {each["accountable_person_id"] for each in made[4:]} == {vp["id"]}
    assert answer.json()["deadline_kind"] == "recurring"
    assert len({each["occurrence"] for each in made}) == 4


async def test_a_preview_reads_it_and_keeps_nothing(busy, plan):
    before = await busy.rows("SELECT count(*) FROM task"), await busy.events()
    answer = await add(busy, plan, deadline_text="cuối tháng nào đó", preview=True)
    series = await busy.rows("SELECT last FROM number_series")
    kept = await add(busy, plan)
    assert answer.status_code == 200
    assert answer.json()["deadline_kind"] == "needs_person"
    assert answer.json()["reading"]
    assert "location" not in answer.headers
    assert (await busy.rows("SELECT count(*) FROM task"))[0][0] == before[0][0][0] + 1
    assert len(await busy.events()) == len(before[1]) + 1
    assert (await busy.rows("SELECT last FROM number_series"))[0].last == series[0].last + 1
    assert kept.json()["assignments"][0]["number"].endswith(f"{series[0].last + 1:04}")


async def test_sent_twice_it_is_one_row(busy, plan):
    first = await add(busy, plan, key="by-hand")
    second = await add(busy, plan, key="by-hand")
    assert second.json() == first.json()
    assert len(await busy.rows("SELECT id FROM task WHERE content = :c", c=ROW["content"])) == 1


async def test_it_is_found_by_the_number_of_its_document_and_taken_away_with_it(busy, plan):
    await add(busy, plan, source=SOURCE, kpi_group="A")
    found = await busy.office.get("/v1/assignments", q="12/tb-ubnd")
    assert [each["content"] for each in found.json()["data"]] == [ROW["content"]]
    file = await busy.office.get("/v1/assignments.xlsx", q="12/tb", columns="content,source")
    sheet = load_workbook(BytesIO(file.content)).worksheets[0]
    assert list(sheet.values)[HEADINGS:] == [(ROW["content"], SOURCE["number"])]


async def test_who_and_which_unit_it_can_be_is_said_at_each_place(busy, plan):
    units, vp = await busy.units(), (await people_of(busy, "VP"))[0]
    cchc = (await people_of(busy, "CCHC"))[0]["id"]
    await busy.execute("UPDATE unit SET active = false WHERE code = 'TĐKT'")
    answer = await add(
        busy, plan, leads=("CCHC", "TĐKT"), coordinating_unit_ids=[units["CCHC"]],
        accountable_person_id=vp["id"], helper_ids=[vp["id"], plan],
    )  # fmt: skip
    twice = await add(busy, plan, accountable_person_id=cchc, helper_ids=[cchc])
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        "/lead_unit_ids/1", "/coordinating_unit_ids/0", "/accountable_person_id",
        "/helper_ids/0", "/helper_ids/1",
    }  # fmt: skip
    assert twice.json()["errors"][0]["pointer"] == "/helper_ids/0"


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"content": ""}, "/content"),
        ({"deadline_text": ""}, "/deadline_text"),
        ({"leads": ()}, "/lead_unit_ids"),
        ({"kpi_group": "E"}, "/kpi_group"),
        ({"source": {"issued_on": "30/6/2025"}}, "/source/issued_on"),
    ],
)
async def test_what_is_missing_or_no_value_is_named(busy, plan, facts, pointer):
    answer = await add(busy, plan, **facts)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_plan_that_is_over_or_not_there_takes_no_row(busy, plan):
    unknown = await add(busy, "00000000-0000-7000-8000-000000000000")
    await busy.execute("UPDATE plan SET status = 'closed'")
    closed = await add(busy, plan)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "plan_not_found")
    assert (closed.status_code, closed.json()["code"]) == (409, "plan_closed")


async def test_only_the_office_adds_rows(busy, plan):
    for who in ("director", "unit_head", "unit_officer", "auditor", "admin"):
        assert (await add(busy, plan, by=who)).status_code == 403


async def test_handed_over_it_leaves_its_helpers_behind(busy, plan):
    units, helper = await busy.units(), (await people_of(busy, "CCHC"))[1]["id"]
    made = (await add(busy, plan, helper_ids=[helper])).json()["assignments"][0]
    moved = await busy.office.post(
        f"/v1/assignments/{made['id']}/hand_over",
        {"reason": "Theo phân công mới", "unit_id": units["VP"]}, seen=1,
    )  # fmt: skip
    assert moved.status_code == 200, moved.text
    view = (await busy.office.get(f"/v1/assignments/{made['id']}")).json()
    assert view["origin"]["helpers"] == []


async def test_a_count_says_what_the_caller_may_do_and_how_many_stand_where(looked_at):
    office = (await looked_at.office.get("/v1/assignments/counts")).json()
    unit = (await looked_at.unit_officer.get("/v1/assignments/counts")).json()
    auditor = (await looked_at.auditor.get("/v1/assignments/counts")).json()
    assert {"accept_result", "change", "create"} <= set(office["allowed"])
    assert "report_progress" in unit["allowed"]
    assert not {"accept_result", "create"} & set(unit["allowed"])
    assert auditor["allowed"] == []
    assert sum(office["by_status"].values()) == office["listed"]
