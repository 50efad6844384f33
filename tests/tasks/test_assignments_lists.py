"""Lists of assignments: every order, every filter, and counts that count what is listed."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event

from tasks.assignments.sorting import SORTINGS
from tasks.words import key

NO_DAY_RISING, NO_DAY_FALLING = "9", "0"


async def every(caller, **query) -> list[dict]:
    """All rows of a list, page by page."""
    rows, cursor = [], None
    while cursor or not rows:
        more = {"cursor": cursor} if cursor else {}
        answer = await caller.get("/v1/assignments", limit=17, **query, **more)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        rows += page["data"]
        cursor = page["next_cursor"]
        if not page["data"]:
            break
    return rows


async def counts(caller, **query) -> dict:
    return (await caller.get("/v1/assignments/counts", **query)).json()


async def plan_of(department, who: str, path: str, *without: str, **query) -> str:
    """Return how PostgreSQL would find what somebody asks for, had it nothing but indexes."""
    said = []
    engine = department.database.engine.sync_engine

    def note(_connection, _cursor, statement, given, *_):
        said.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert (await getattr(department, who).get(path, **query)).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    statement, given = next(each for each in said if "FROM assignment" in each[0])
    async with department.database.engine.connect() as connection:
        for kind in ("seqscan", *without):
            await connection.exec_driver_sql(f"SET LOCAL enable_{kind} TO off")
        driver = (await connection.get_raw_connection()).driver_connection
        return "\n".join(row[0] for row in await driver.fetch(f"EXPLAIN {statement}", *given))


async def test_everything_is_counted_from_an_index_alone(looked_at):
    plan = await plan_of(looked_at, "office", "/v1/assignments/counts")
    assert "Index Only Scan using ix_assignment_counted on assignment" in plan


async def test_indexes_lead_to_all_that_a_unit_sees(looked_at):
    without = ("indexscan", "indexonlyscan")
    plan = await plan_of(looked_at, "unit_officer", "/v1/assignments/counts", *without)
    assert "Bitmap Index Scan on ix_assignment_former" in plan
    assert "Seq Scan on assignment" not in plan


@pytest.mark.parametrize(("sort", "index"), [("due_on", "rising"), ("-due_on", "falling")])
async def test_a_month_is_found_by_its_days_and_not_behind_all_before_it(looked_at, sort, index):
    month = {"due_from": "2025-11-01", "due_to": "2025-11-30"}
    asked = month if index == "rising" else {"due_to": month["due_to"]}
    plan = await plan_of(looked_at, "office", "/v1/assignments", "sort", sort=sort, **asked)
    assert f"using ix_assignment_due_{index} on assignment" in plan
    assert "Index Cond: (" in plan.split(f"ix_assignment_due_{index}")[1]


@pytest.mark.parametrize("sort", [*SORTINGS, *(f"-{name}" for name in SORTINGS)])
async def test_pages_of_every_order_hold_every_assignment_once(looked_at, sort):
    rows = await every(looked_at.office, sort=sort)
    assert len({row["id"] for row in rows}) == len(rows) == 123


async def test_days_rise_and_fall_and_what_has_none_stands_last_both_ways(looked_at):
    rising = [row["due_on"] for row in await every(looked_at.office, sort="due_on")]
    falling = [row["due_on"] for row in await every(looked_at.office, sort="-due_on")]

    assert rising == sorted(rising, key=lambda day: day or NO_DAY_RISING)
    assert falling == sorted(falling, key=lambda day: day or NO_DAY_FALLING, reverse=True)
    assert None in rising


async def test_several_columns_sort_one_within_the_other_each_its_own_way(looked_at):
    listed = (await looked_at.office.get("/v1/units", limit=200)).json()["data"]
    place = {unit["id"]: unit["sort_order"] for unit in listed}
    rows = await every(looked_at.office, sort="unit,-due_on,number")

    keys = [(place[r["unit_id"]], r["due_on"] or NO_DAY_FALLING, r["number"]) for r in rows]
    for one, two in pairwise(keys):
        assert one[0] <= two[0]
        if one[0] == two[0]:
            assert one[1] >= two[1]
        if one[:2] == two[:2]:
            assert one[2] < two[2]


async def test_words_sort_without_accents(looked_at):
    rows = [key(row["content"]) for row in await every(looked_at.office, sort="content")]
    first = [row.split()[0] for row in rows]
    assert first == sorted(first)


@pytest.mark.parametrize("sort", ["colour", "due_on,-due_on", "number,unit,status,plan,section"])
async def test_an_order_that_no_list_has_is_refused_by_name(looked_at, sort):
    answer = await looked_at.office.get("/v1/assignments", sort=sort)
    assert (answer.status_code, answer.json()["code"]) == (400, "sort_unknown")


async def test_a_cursor_belongs_to_its_order(looked_at):
    page = (await looked_at.office.get("/v1/assignments", limit=5, sort="due_on")).json()
    other = await looked_at.office.get(
        "/v1/assignments", limit=5, sort="-due_on", cursor=page["next_cursor"]
    )
    assert other.json()["code"] == "cursor_invalid"


async def test_filters_narrow_together_and_several_of_one_kind_widen(looked_at):
    units = await looked_at.units()
    rows = await every(looked_at.office)
    asked = [units["CCHC"], units["VP"]]
    two = await every(looked_at.office, unit_id=asked, deadline_kind=["fixed", "recurring"])

    kinds = {"fixed", "recurring"}
    expected = [r["id"] for r in rows if r["unit_id"] in asked and r["deadline_kind"] in kinds]
    assert [row["id"] for row in two] == expected
    assert 0 < len(two) < len(rows)


async def test_days_from_and_to_hold_their_first_and_last_day(looked_at):
    days = sorted({row["due_on"] for row in await every(looked_at.office)} - {None})
    first, last = days[1], days[-2]
    rows = await every(looked_at.office, due_from=first, due_to=last)

    assert {row["due_on"] for row in rows} == set(days[1:-1])


async def test_a_section_of_the_plan_is_found_by_its_heading(looked_at):
    section = (await every(looked_at.office))[0]["section"]
    rows = await every(looked_at.office, section=section)
    assert rows
    assert {row["section"] for row in rows} == {section}


async def test_words_are_found_by_their_beginnings_and_numbers_without_their_zeros(looked_at):
    numbered = await every(looked_at.office, q="nv 2025 12")
    assert "NV-2025-0012" in {row["number"] for row in numbered}
    assert await every(looked_at.office, q="khao sat hai long") == await every(
        looked_at.office, q="Hai LONG khảo sá"
    )
    assert await every(looked_at.office, q="'|:*") == []


async def test_counts_say_whether_they_are_of_everything_or_of_ones_own_unit(busy):
    office, unit = await counts(busy.office), await counts(busy.unit_officer)

    assert (office["of_everything"], unit["of_everything"]) == (True, False)
    assert 0 < unit["listed"] < office["listed"]


@pytest.mark.parametrize(
    "query", [{}, {"status": ["submitted", "in_progress"]}, {"q": "bao cao", "late": True}]
)
@pytest.mark.parametrize("sort", ["", "-due_on,unit"])
@pytest.mark.parametrize("who", ["office", "unit_officer"])
async def test_a_board_counts_its_list_and_begins_each_status_as_its_list_does(
    looked_at, who, query, sort
):
    caller = getattr(looked_at, who)
    asked = {"limit": 3, "sort": sort}
    board = (await caller.get("/v1/assignments/board", **query, **asked)).json()
    expected = []
    for status, number in board["counts"]["by_status"].items():
        if number:
            alone = await caller.get("/v1/assignments", **{**query, "status": [status]}, **asked)
            expected += alone.json()["data"]

    assert board["counts"] == await counts(caller, **query)
    assert board["data"] == expected
    assert expected or "status" in query


async def test_counts_count_what_the_list_with_the_same_filters_holds(looked_at):
    units = await looked_at.units()
    for query in (
        {},
        {"unit_id": [units["CCHC"]]},
        {"deadline_kind": ["recurring"], "overdue": True},
        {"q": "bao cao", "late": True},
        {"needs_person": True},
        {"due_to": "2025-06-30", "in_force": True},
    ):
        rows, found = (
            await every(looked_at.office, **query),
            await counts(looked_at.office, **query),
        )
        counted = [r for r in rows if r["due_on"] and r["deadline_kind"] != "continuous"]
        assert found["listed"] == len(rows)
        assert found["all"] == len(counted)
        assert found["overdue"] == sum(row["overdue"] for row in rows)
        assert found["needs_person"] == sum(row["needs_person"] for row in rows)


async def test_handed_in_without_a_file_or_after_the_day_is_found(busy):
    units = await busy.units()
    mine = await busy.one(unit_id=units["CCHC"], overdue=True)
    path = f"/v1/assignments/{mine['id']}/results"
    answer = await busy.unit_officer.post(path, {"note": "Đã trình"}, seen=mine["version"])
    assert answer.status_code == 200, answer.text

    bare = await every(busy.office, no_evidence=True)
    late = {row["id"] for row in await every(busy.office, late=True)}
    overdue = {row["id"] for row in await every(busy.office, overdue=True)}
    assert [row["id"] for row in bare] == [mine["id"]]
    assert late - overdue == {mine["id"]}


async def test_who_is_accountable_can_be_asked_for(busy):
    units = await busy.units()
    mine = await busy.one(unit_id=units["CCHC"], q="thai do phuc vu")
    people = (await busy.office.get("/v1/people", unit_id=units["CCHC"])).json()["data"]
    officer = next(one for one in people if one["employee_code"] == "unit_officer")
    change = {"accountable_person_id": officer["id"], "reason": "Phân công"}
    answer = await busy.office.patch(f"/v1/assignments/{mine['id']}", change, seen=mine["version"])
    assert answer.status_code == 200, answer.text

    named = await every(busy.office, person_id=officer["id"])
    assert [row["id"] for row in named] == [mine["id"]]
    first = (await every(busy.office, sort="person"))[0]
    last = (await every(busy.office, sort="-person"))[0]
    assert first["id"] == last["id"] == mine["id"]  # who has nobody stands last both ways


async def test_what_is_added_later_is_found_by_its_words(busy):
    await busy.execute(
        "UPDATE assignment SET search_text = search_text || ' kinh khi cau 007' WHERE sequence = 3"
    )
    assert [row["number"] for row in await every(busy.office, q="khi cau 7")] == ["NV-2025-0003"]


# ---------------------------------------------------------------- one's own day


async def test_an_officers_day_starts_with_their_own_and_their_units_work(busy):
    units = await busy.units()
    mine = await busy.one(unit_id=units["CCHC"], q="thai do phuc vu")
    people = (await busy.office.get("/v1/people", unit_id=units["CCHC"])).json()["data"]
    officer = next(one for one in people if one["employee_code"] == "unit_officer")
    change = {"accountable_person_id": officer["id"], "reason": "Phân công"}
    await busy.office.patch(f"/v1/assignments/{mine['id']}", change, seen=mine["version"])

    work = (await busy.unit_officer.get("/v1/me/work")).json()

    assert [row["id"] for row in work["mine"]["data"]] == [mine["id"]]
    assert work["mine"]["open"] == 1
    owed = await every(busy.unit_officer, unit_id=units["CCHC"], in_force=True)
    assert work["unit"]["open"] == len(owed)
    assert work["unit"]["overdue"] == sum(row["overdue"] for row in owed)
    days = [row["due_on"] or NO_DAY_RISING for row in work["unit"]["data"]]
    assert days == sorted(days)
    assert ("changed", mine["number"]) in {(m["kind"], m["number"]) for m in work["moved"]}
    assert work["moved_count"] >= 1


async def test_what_waits_is_counted_as_the_list_it_leads_to(busy):
    units = await busy.units()
    mine = await busy.one(unit_id=units["CCHC"], overdue=True)
    path = f"/v1/assignments/{mine['id']}/results"
    await busy.unit_officer.post(path, {"note": "Đã trình"}, seen=mine["version"])

    for caller, expected in (
        (
            busy.office,
            [
                "accept",
                "extend",
                "answer",
                "set_deadline",
                "name_person",
                "correct",
                "contribute",
                "take_contribution",
                "report",
                "update",
            ],
        ),
        (busy.director, ["accept", "extend"]),
        (busy.unit_head, ["correct", "contribute", "take_contribution", "report", "update"]),
        (busy.auditor, []),
    ):
        work = (await caller.get("/v1/me/work")).json()
        assert [one["what"] for one in work["waiting"]] == expected
        for one in work["waiting"]:
            listed = await caller.http.get(f"/v1/assignments?{one['query']}&limit=200")
            assert len(listed.json()["data"]) == one["count"], one
    waiting = {
        w["what"]: w["count"] for w in (await busy.office.get("/v1/me/work")).json()["waiting"]
    }
    assert waiting["accept"] == 1


async def test_ones_own_acts_are_no_news_to_oneself(busy):
    units = await busy.units()
    mine = await busy.one(unit_id=units["CCHC"], overdue=True)
    path = f"/v1/assignments/{mine['id']}/progress"
    await busy.unit_officer.post(path, {"percent": 5, "note": "Bắt đầu"}, seen=mine["version"])

    own = (await busy.unit_officer.get("/v1/me/work")).json()["moved"]
    heads = (await busy.unit_head.get("/v1/me/work")).json()["moved"]
    strangers = (await busy.unit_head_ldvl.get("/v1/me/work")).json()["moved"]
    assert [line["kind"] for line in own] == []
    assert [(line["kind"], line["number"]) for line in heads] == [("progress", mine["number"])]
    assert strangers == []


async def test_a_week_ends_on_its_sunday(busy):
    work = (await busy.office.get("/v1/me/work")).json()
    today, end = date.fromisoformat(work["today"]), date.fromisoformat(work["week_ends_on"])
    assert end.isoweekday() == 7
    assert today <= end <= today + timedelta(days=6)


# ---------------------------------------------------------------- saved views

VIEW = {
    "name": "Quá hạn của phòng tôi",
    "filters": {"overdue": True, "status": ["in_progress", "returned"]},
    "sort": "due_on,-unit",
    "columns": ["number", "content", "due_on", "status"],
}


async def test_a_saved_view_leads_back_to_the_same_list(busy):
    made = await busy.unit_officer.post("/v1/saved_views", VIEW)
    assert made.status_code == 201, made.text
    view = (await busy.unit_officer.get(made.headers["location"])).json()

    assert view["query"] == (
        "status=in_progress&status=returned&overdue=true&sort=due_on%2C-unit"
        "&columns=number%2Ccontent%2Cdue_on%2Cstatus"
    )
    assert view["allowed"] == ["change", "delete"]
    without_columns = view["query"].partition("&columns")[0]
    listed = await busy.unit_officer.http.get(f"/v1/assignments?{without_columns}")
    assert listed.status_code == 200
    file = await busy.unit_officer.http.get(f"/v1/assignments.xlsx?{view['query']}")
    assert file.status_code == 200


async def test_a_view_is_seen_by_those_it_is_shared_with_and_changed_by_its_owner(busy):
    made = (await busy.unit_officer.post("/v1/saved_views", VIEW)).json()
    path = f"/v1/saved_views/{made['id']}"

    async def seen_by(*callers) -> list[int]:
        return [(await caller.get(path)).status_code for caller in callers]

    others = (busy.unit_head, busy.unit_head_ldvl, busy.office)
    assert await seen_by(*others) == [404, 404, 404]
    shared = await busy.unit_officer.patch(path, {"shared_with": "unit"}, seen=1)
    assert shared.status_code == 200, shared.text
    assert await seen_by(*others) == [200, 404, 404]
    await busy.unit_officer.patch(path, {"shared_with": "department"}, seen=2)
    assert await seen_by(*others) == [200, 200, 200]

    refused = await busy.office.patch(path, {"name": "Của tôi"}, seen=3)
    stale = await busy.unit_officer.patch(path, {"name": "Tên khác"}, seen=1)
    kept = (await busy.unit_officer.get(path)).json()
    assert (refused.status_code, stale.status_code) == (403, 412)
    assert (kept["name"], kept["filters"]) == (VIEW["name"], VIEW["filters"])
    assert (await busy.office.http.delete(path)).status_code == 403
    assert (await busy.unit_officer.http.delete(path)).status_code == 204
    assert await seen_by(busy.unit_officer) == [404]


async def test_who_has_moved_shares_with_the_unit_they_work_in_now(busy):
    units = await busy.units()
    made = (await busy.unit_officer.post("/v1/saved_views", VIEW)).json()
    path = f"/v1/saved_views/{made['id']}"
    await busy.execute(
        "UPDATE person SET unit_id = :unit WHERE employee_code = 'unit_officer'",
        unit=units["LĐVL"],
    )  # fmt: skip
    await busy.unit_officer.patch(path, {"shared_with": "unit"}, seen=1)
    seen = [
        (await caller.get(path)).status_code for caller in (busy.unit_head_ldvl, busy.unit_head)
    ]
    assert seen == [200, 404]


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"sort": "colour"}, 400, "sort_unknown"),
        ({"columns": ["colour"]}, 400, "column_unknown"),
        ({"filters": {"colour": "red"}}, 422, "input_invalid"),
        ({"name": " "}, 422, "input_invalid"),
        ({}, 409, "saved_view_name_taken"),
    ],
)
async def test_a_view_that_no_list_could_show_is_refused(busy, wrong, status, code):
    await busy.unit_officer.post("/v1/saved_views", VIEW)
    answer = await busy.unit_officer.post("/v1/saved_views", {**VIEW, **wrong})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
