"""The officer's review of an appendix: rows filled, left out, split, merged, added, confirmed."""

import asyncio
from collections import Counter
from io import BytesIO

import pytest
import xlsxwriter
from sqlalchemy import text
from tests.tasks.appendices import sheet_of

HEADER = ("STT", "Nhiệm vụ", "Sản phẩm", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn")
ROWS = (
    ("1", "Rà soát quy chế", "Báo cáo", "Văn phòng Sở", "", "Trước ngày 30/6/2025"),
    ("2", "Tập huấn công chức; lập danh sách", "Danh sách", "Phòng CCHC", "", "Quý III/2025"),
    ("3", "Xây dựng đề án", "Đề án", "Phòng CCHC; Phòng TĐKT", "Thanh tra Sở", "Quý IV/2025"),
    ("4", "Kiểm tra công vụ", "Biên bản", "Phòng Lạ", "", "Trước ngày 15/9/2025"),
    ("5", "Báo cáo theo kết luận", "Báo cáo", "Thanh tra Sở", "", "Theo kết luận"),
)


def workbook(*rows, header=HEADER) -> bytes:
    content = BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    for number, row in enumerate((header, *rows)):
        sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()


class Preview:
    """An import at the doors."""

    def __init__(self, department, plan: dict, started: dict):
        self.department, self.plan = department, plan
        self.office = department.office
        self.id, self.path = started["import_id"], f"/v1/imports/{started['import_id']}"

    async def read(self) -> dict:
        return (await self.office.get(self.path)).json()

    async def rows(self) -> list[dict]:
        return (await self.read())["rows"]

    async def row(self, stt: str) -> dict:
        return next(row for row in await self.rows() if row["stt"] == stt)

    async def patch(self, stt: str, /, **body):
        row = await self.row(stt)
        path = f"{self.path}/rows/{row['row_number']}"
        return await self.office.patch(path, body, seen=row["version"])

    async def act(self, stt: str, act: str, body=None):
        row = await self.row(stt)
        path = f"{self.path}/rows/{row['row_number']}/{act}"
        return await self.office.post(path, body, seen=row["version"])

    async def confirm(self, rows: str = "all"):
        return await self.office.post(f"{self.path}/confirm", {"rows": rows})

    async def choose(self, **body):
        version = (await self.read())["version"]
        answer = await self.office.patch(self.path, body, seen=version)
        await self.department.run_jobs()
        return answer

    async def made(self) -> list[dict]:
        found = await self.office.get("/v1/assignments", plan_id=self.plan["id"], limit=200)
        return found.json()["data"]


async def upload(department, plan: dict, content: bytes) -> Preview:
    path = f"/v1/plans/{plan['id']}/imports"
    started = await department.office.upload(path, "phu_luc.xlsx", content)
    assert started.status_code == 202, started.text
    await department.run_jobs()
    return Preview(department, plan, started.json())


@pytest.fixture
async def preview(department) -> Preview:
    return await upload(department, await department.add_plan(), workbook(*ROWS))


async def test_each_row_says_whether_it_is_complete_or_waits_for_a_person(preview):
    found = await preview.read()

    standings = {row["stt"]: row["standing"] for row in found["rows"]}
    assert standings == {"1": "complete", "2": "complete", "3": "open", "4": "open", "5": "open"}
    counts = found["counts"]
    assert (counts["complete"], counts["open"], counts["incomplete"]) == (2, 3, 1)
    assert counts["complete_assignments"] == 2


async def test_a_field_written_anew_answers_what_its_cell_left_open(department):
    def noted(book, page):
        page.write_comment(1, 5, "Lùi một tháng")
        page.write_comment(1, 1, "Xem lại chữ")
        page.write_comment(2, 3, "Hỏi Văn phòng")

    content = sheet_of([HEADER, *ROWS[:2]], noted)
    preview = await upload(department, await department.add_plan(), content)
    centre = (await department.units())["TTr"]

    def fields(row):
        return sorted(each["field"] for each in row["warnings"])

    assert fields(await preview.row("1")) == ["content", "deadline_text"]
    assert fields(await preview.row("2")) == ["lead_unit_ids"]
    await preview.patch("1", deadline_text="Trước ngày 30/7/2025")
    await preview.patch("2", lead_unit_ids=[centre])

    first, second = await preview.row("1"), await preview.row("2")
    assert (fields(first), first["standing"]) == (["content"], "open")
    assert (fields(second), second["standing"]) == ([], "complete")
    assert (first["lead_chosen"], second["lead_chosen"]) == (False, True)
    await preview.patch("1", content="Rà soát mọi quy chế")
    assert fields(await preview.row("1")) == ["content"]  # a note on the work still holds


async def test_complete_rows_are_confirmed_while_the_others_stay_open_for_later(preview):
    first = await preview.confirm("complete")
    between = await preview.read()
    blocked = await preview.confirm("all")
    await preview.patch("4", lead_unit_ids=[(await preview.department.units())["TTr"]])
    second = await preview.confirm("all")

    assert first.json() == {"created": 2, "rows": 2, "left": 3}
    assert (between["state"], between["counts"]["confirmed"]) == ("ready", 2)
    assert (blocked.status_code, blocked.json()["code"]) == (422, "import_row_incomplete")
    assert [each["pointer"] for each in blocked.json()["errors"]] == ["/rows/4/lead_unit_ids"]
    assert second.json() == {"created": 4, "rows": 3, "left": 0}
    assert (await preview.read())["state"] == "confirmed"
    numbers = [one["number"] for one in await preview.made()]
    assert sorted(numbers) == [f"NV-2025-{n:04d}" for n in range(1, 7)]


async def test_nothing_is_confirmed_when_every_row_that_is_new_is_open(preview):
    await preview.confirm("complete")

    again = await preview.confirm("complete")

    assert (again.status_code, again.json()["code"]) == (409, "import_nothing_complete")
    assert "STT 3, STT 4, STT 5" in again.json()["detail"]


async def test_a_confirmed_row_is_not_changed_any_more(preview):
    await preview.confirm("complete")

    refused = await preview.patch("1", content="Việc khác")

    assert (refused.status_code, refused.json()["code"]) == (409, "import_row_confirmed")


async def test_every_word_of_a_row_can_be_filled_and_what_the_file_said_stays(preview):
    body = {
        "stt": "2a", "section": "Cải cách công vụ", "subject_matter": "Đào tạo",
        "content": "Tập huấn công chức", "product": "Kế hoạch", "deadline_text": "Tháng 10/2025",
    }  # fmt: skip
    changed = (await preview.patch("2", **body)).json()

    assert {name: changed[name] for name in body} == body
    assert changed["deadline"]["occurrences"][0]["due_on"] == "2025-10-31"
    assert changed["edited"] is True
    [said] = changed["raw"]
    assert (said["stt"], said["content"]) == ("2", "Tập huấn công chức; lập danh sách")
    assert said["deadline_text"] == "Quý III/2025"


async def test_a_row_left_out_makes_no_task_and_can_be_taken_in_again(preview):
    left = (await preview.patch("1", left_out=True)).json()
    confirmed = await preview.confirm("complete")
    await preview.patch("1", left_out=False)
    later = await preview.confirm("complete")

    assert (left["standing"], left["left_out_by"]) == ("left_out", "person")
    assert (confirmed.json()["rows"], later.json()["rows"]) == (1, 1)
    lines = await preview.department.rows(
        "SELECT actor_id, after FROM audit_entry WHERE action = 'import.correct_row' ORDER BY id"
    )
    assert lines[0].after["row_1"]["left_out_by"] == "person"
    assert all(line.actor_id for line in lines)


async def test_an_import_whose_rest_is_left_out_is_closed(preview):
    for stt in ("3", "4", "5"):
        await preview.patch(stt, left_out=True)
    answer = await preview.confirm("complete")

    assert answer.json() == {"created": 2, "rows": 2, "left": 0}
    assert (await preview.read())["state"] == "confirmed"


async def test_one_of_several_lead_units_leads_and_the_others_help(preview):
    units = await preview.department.units()

    row = (await preview.patch("3", sole_lead_id=units["TĐKT"])).json()

    assert row["lead_unit_ids"] == [units["TĐKT"]]
    assert row["coordinating_unit_ids"] == [units["CCHC"], units["TTr"]]
    assert (row["standing"], row["several_leads"]) == ("complete", False)


async def test_or_each_of_several_lead_units_has_an_assignment(preview):
    units = await preview.department.units()

    row = (await preview.patch("3", each_leads=True)).json()
    stranger = await preview.patch("3", sole_lead_id=units["VP"])

    assert row["lead_unit_ids"] == [units["CCHC"], units["TĐKT"]]
    assert (row["standing"], row["warnings"]) == ("complete", [])
    assert (stranger.status_code, stranger.json()["code"]) == (422, "import_lead_unknown")


async def test_a_row_somebody_looked_at_is_complete_with_its_warnings(preview):
    looked = (await preview.patch("5", checked=True)).json()
    changed = (await preview.patch("5", deadline_text="Theo văn bản giao")).json()
    nobody = (await preview.patch("4", checked=True)).json()

    assert (looked["standing"], looked["needs_person"]) == ("complete", True)
    assert looked["warnings"]
    assert (changed["standing"], changed["checked"]) == ("open", False)
    assert nobody["standing"] == "open"  # no look makes up for a unit


async def test_a_row_with_two_tasks_is_split(preview):
    parts = [{"content": "Tập huấn công chức"}, {"content": "Lập danh sách", "product": ""}]

    answer = await preview.act("2", "split", {"parts": parts})
    rows = await preview.rows()
    confirmed = await preview.confirm("complete")

    made = answer.json()["rows"]
    assert [row["content"] for row in made] == ["Tập huấn công chức", "Lập danh sách"]
    assert [row["standing"] for row in made] == ["complete", "complete"]
    assert [row["stt"] for row in rows] == ["1", "2", "2", "3", "4", "5"]
    assert [row["raw"][0]["content"] for row in made] == [ROWS[1][1]] * 2
    assert confirmed.json()["created"] == 3


async def test_a_row_that_goes_on_below_is_merged_into_the_one_above(preview):
    merged = (await preview.act("5", "merge")).json()
    rows = {row["stt"]: row for row in await preview.rows()}
    first = await preview.act("1", "merge")

    assert merged["content"] == "Kiểm tra công vụ Báo cáo theo kết luận"
    assert merged["deadline_text"] == "Trước ngày 15/9/2025; Theo kết luận"
    assert [said["stt"] for said in merged["raw"]] == ["4", "5"]
    assert rows["5"]["left_out_reason"] == "đã gộp vào STT 4"
    assert rows["5"]["standing"] == "left_out"
    assert (first.status_code, first.json()["code"]) == (409, "import_nothing_above")


async def test_merging_keeps_the_units_somebody_chose_for_either_row(preview):
    units = await preview.department.units()
    await preview.patch("2", coordinating_unit_ids=[units["TTr"]])
    await preview.patch("4", lead_unit_ids=[units["VP"]])
    third = (await preview.act("3", "merge")).json()
    last = (await preview.act("5", "merge")).json()

    assert third["lead_unit_ids"] == [units["CCHC"], units["TĐKT"]]
    assert third["coordinating_unit_ids"] == [units["TTr"]]
    assert last["lead_unit_ids"] == [units["VP"], units["TTr"]]
    assert (await preview.patch("2", product="Đề án")).json()["coordinating_unit_ids"] == [
        units["TTr"]
    ]


async def test_merging_takes_over_the_units_chosen_for_the_row_below(preview):
    units = await preview.department.units()
    await preview.patch("5", lead_unit_ids=[units["VP"]], coordinating_unit_ids=[units["CCHC"]])
    await preview.patch("4", lead_unit_ids=[units["TĐKT"]])

    merged = (await preview.act("5", "merge")).json()

    assert merged["lead_unit_ids"] == [units["TĐKT"], units["VP"]]
    assert merged["coordinating_unit_ids"] == [units["CCHC"]]


async def test_a_row_the_file_lacks_is_added_where_it_belongs(preview):
    units = await preview.department.units()
    body = {
        "after": 1, "stt": "1a", "content": "Công khai quy chế", "lead_unit_ids": [units["VP"]],
        "deadline_text": "Tháng 7/2025",
    }  # fmt: skip
    added = await preview.office.post(f"{preview.path}/rows", body)
    nowhere = await preview.office.post(f"{preview.path}/rows", {**body, "after": 99})
    rows = await preview.rows()

    assert added.status_code == 201, added.text
    assert (added.json()["standing"], added.json()["raw"]) == ("complete", [])
    assert [row["stt"] for row in rows] == ["1", "1a", "2", "3", "4", "5"]
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "row_not_found")
    assert (await preview.confirm("complete")).json()["created"] == 3


async def test_the_same_file_brings_nothing_twice_after_rows_were_changed(preview):
    units = await preview.department.units()
    await preview.patch("1", content="Rà soát toàn bộ quy chế", deadline_text="Tháng 5/2025")
    await preview.act("2", "split", {"parts": [{"content": "Tập huấn"}, {"content": "Lập danh"}]})
    await preview.act("5", "merge")
    await preview.patch("4", lead_unit_ids=[units["TTr"]], checked=True)
    await preview.confirm("all")
    before = await preview.made()

    again = await upload(preview.department, preview.plan, workbook(*ROWS))
    new = ("6", "Việc mới", "", "Văn phòng Sở", "", "Tháng 12/2025")
    more = await upload(preview.department, preview.plan, workbook(*ROWS, new))
    corrected = ("1", "Rà soát toàn bộ quy chế", "Báo cáo", "Văn phòng Sở", "", "Tháng 5/2025")
    as_corrected = await upload(preview.department, preview.plan, workbook(corrected))

    assert {row["standing"] for row in await again.rows()} == {"already_planned"}
    assert {row["standing"] for row in await as_corrected.rows()} == {"already_planned"}
    assert (await again.confirm()).json()["code"] == "import_nothing_new"
    assert (await more.confirm()).json()["created"] == 1
    assert len(await preview.made()) == len(before) + 1


async def test_a_row_left_open_is_brought_by_another_import_of_the_file_once(preview):
    await preview.confirm("complete")
    again = await upload(preview.department, preview.plan, workbook(*ROWS))
    await again.patch("5", checked=True)

    made = await again.confirm("complete")
    left = {row["stt"]: row["standing"] for row in await preview.rows()}

    assert made.json()["rows"] == 1
    assert left["5"] == "already_planned"


async def test_of_two_who_change_one_row_the_second_hears_of_it(preview):
    row = await preview.row("1")
    path = f"{preview.path}/rows/{row['row_number']}"
    answers = await asyncio.gather(
        *(preview.office.patch(path, {"product": p}, seen=row["version"]) for p in ("A", "B"))
    )
    blind = await preview.office.patch(path, {"product": "C"})

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 1}
    assert blind.status_code == 428


async def test_an_added_row_whose_number_was_left_blank_gets_one(preview):
    body = {"stt": "", "content": "Niêm yết thủ tục"}
    added = await preview.office.post(f"{preview.path}/rows", body)
    assert added.json()["stt"] == str(added.json()["row_number"])


async def test_double_clicks_split_and_add_once(preview):
    row = await preview.row("2")
    path = f"{preview.path}/rows/{row['row_number']}/split"
    parts = {"parts": [{"content": "Một"}, {"content": "Hai"}]}
    split = await asyncio.gather(
        *(preview.office.post(path, parts, seen=row["version"]) for _ in range(3))
    )
    body = {"content": "Thêm"}
    for _ in range(2):
        await preview.office.post(f"{preview.path}/rows", body, key_="0190e2a5-one-click")

    assert Counter(answer.status_code for answer in split) == {200: 1, 412: 2}
    assert len(await preview.rows()) == len(ROWS) + 2


async def test_a_row_as_long_as_the_reader_takes_it_can_be_corrected(department):
    long = {name: (name + " ") * 1_300 for name in ("STT", "việc", "nộp", "trước ngày")}
    stt, content, product, deadline = (words[:9_999] + "x" for words in long.values())
    rows = [
        (f"{number}{stt}"[:10_000], content, product, "Văn phòng Sở", "", deadline)
        for number in "12"
    ]
    read = await upload(department, await department.add_plan(), workbook(*rows))
    [first, second] = await read.rows()
    path = f"{read.path}/rows/{first['row_number']}"
    words = ("stt", "content", "product", "deadline_text")

    same = await read.office.patch(path, {name: first[name] for name in words}, seen=1)
    shorter = await read.office.patch(path, {"deadline_text": "30/6/2025"}, seen=1)
    merge = f"{read.path}/rows/{second['row_number']}/merge"
    merged = await read.office.post(merge, {}, seen=second["version"])

    assert max(len(first[name]) for name in words) > 9_000
    assert (same.status_code, same.json()["deadline"]["kind"]) == (200, "needs_person")
    assert shorter.json()["deadline"]["occurrences"][0]["due_on"] == "2025-06-30"
    assert (merged.status_code, merged.json()["code"]) == (409, "import_cell_too_long")


async def test_what_is_too_long_or_unknown_is_refused_and_named(preview):
    long = await preview.patch("1", content="x" * 10_001)
    unknown = await preview.patch("1", lead_text="Văn phòng")
    one_part = await preview.act("1", "split", {"parts": [{"content": "Một"}]})
    other = await preview.office.patch(
        "/v1/imports/0190e2a5-0000-7000-8000-000000000000/rows/1", {}, seen=1
    )

    assert [each["pointer"] for each in long.json()["errors"]] == ["/content"]
    assert [each["pointer"] for each in unknown.json()["errors"]] == ["/lead_text"]
    assert one_part.status_code == 422
    assert other.status_code == 404


async def test_a_form_holds_exactly_one_file(preview):
    path = f"/v1/plans/{preview.plan['id']}/imports"
    content = workbook(*ROWS)
    two = [("file", ("a.xlsx", content)), ("file", ("b.xlsx", content))]
    headers = {"Idempotency-Key": "0190e2a5-two-files"}
    several = await preview.office.http.post(path, files=two, headers=headers)
    words = await preview.office.http.post(
        path, files={"file": (None, "chữ")}, headers={"Idempotency-Key": "0190e2a5-words"}
    )
    evidence = await preview.office.http.post(
        "/v1/files", files=two, headers={"Idempotency-Key": "0190e2a5-evidence"}
    )

    for refused, says in (
        (several, "nhiều lần"),
        (words, "phải là một tệp"),
        (evidence, "nhiều lần"),
    ):
        assert refused.status_code == 422
        assert says in refused.text


async def test_the_imports_of_a_plan_are_found_again(preview):
    second = await upload(preview.department, preview.plan, workbook(*ROWS))

    listed = (await preview.office.get(f"/v1/plans/{preview.plan['id']}/imports")).json()

    assert [each["id"] for each in listed["data"]] == [second.id, preview.id]
    assert {each["state"] for each in listed["data"]} == {"ready"}
    assert {each["file_name"] for each in listed["data"]} == {"phu_luc.xlsx"}


async def test_an_import_of_a_draft_is_taken_back_with_the_tasks_it_made(department):
    plan = await department.add_plan(active=False)
    mistaken = await upload(department, plan, workbook(*ROWS[:3]))
    await mistaken.confirm("all")
    version = (await mistaken.read())["version"]

    answer = await mistaken.office.post(
        f"{mistaken.path}/discard", {"reason": "Nhầm tệp"}, seen=version
    )
    again = await upload(department, plan, workbook(*ROWS[:3]))

    made = await mistaken.made()
    assert answer.json() == {"cancelled": 4}
    assert {one["status"] for one in made} == {"cancelled"}
    assert await department.events("assignment_changed") == [], "a draft is nobody's business"
    assert (await mistaken.read())["state"] == "discarded"
    assert (await again.read())["counts"]["already_planned"] == 0
    assert (await mistaken.confirm()).json()["code"] == "import_discarded"


async def test_taking_an_import_back_waits_for_its_plan_before_it_holds_an_assignment(
    department, eventually
):
    plan = await department.add_plan(active=False)
    mistaken = await upload(department, plan, workbook(ROWS[0]))
    await mistaken.confirm("all")
    version = (await mistaken.read())["version"]
    waiting = (
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database()"
    )

    async with department.database.sessions.begin() as session:
        await session.execute(text("SELECT 1 FROM plan FOR UPDATE"))
        discarding = asyncio.create_task(
            mistaken.office.post(f"{mistaken.path}/discard", {"reason": "Nhầm"}, seen=version)
        )
        await eventually(lambda: department.rows(waiting))
        free = (await session.execute(text("SELECT 1 FROM assignment FOR UPDATE NOWAIT"))).all()

    assert len(free) == 1
    assert (await discarding).json() == {"cancelled": 1}


async def test_nothing_but_discarding_is_left_of_a_preview_whose_plan_was_cancelled(preview):
    before = await preview.read()
    path = f"/v1/plans/{preview.plan['id']}/cancel"
    assert (await preview.office.post(path, {"reason": "Lập lại"})).status_code == 200

    after = await preview.read()
    refused = [
        await preview.patch("1", content="Khác"),
        await preview.act("2", "split", {"parts": [{"content": "Một"}, {"content": "Hai"}]}),
        await preview.act("2", "merge", {}),
        await preview.office.post(f"{preview.path}/rows", {"content": "Thêm"}),
        await preview.choose(tables={"1": False}),
        await preview.confirm(),
    ]
    discard = {"reason": "Kế hoạch đã hủy"}
    gone = await preview.office.post(f"{preview.path}/discard", discard, seen=after["version"])

    assert set(before["allowed"]) == {"change", "confirm", "read_again", "discard"}
    assert after["allowed"] == ["discard"]
    assert [(each.status_code, each.json()["code"]) for each in refused] == [
        (409, "plan_cancelled")
    ] * 6
    assert gone.status_code == 200


async def test_what_is_in_force_or_begun_is_not_taken_back(preview):
    await preview.confirm("complete")
    version = (await preview.read())["version"]
    path, body = f"{preview.path}/discard", {"reason": "Nhầm tệp"}
    in_force = await preview.office.post(path, body, seen=version)

    draft = await preview.department.add_plan(active=False)
    other = await upload(preview.department, draft, workbook(ROWS[0]))
    await other.confirm("all")
    [one] = await other.made()
    # As of before drafts were hidden from those who work on them.
    begun = "UPDATE assignment SET status = 'in_progress' WHERE id = CAST(:id AS uuid)"
    await preview.department.execute(begun, id=one["id"])
    version = (await other.read())["version"]
    begun = await preview.office.post(f"{other.path}/discard", body, seen=version)

    assert (in_force.status_code, in_force.json()["code"]) == (409, "import_in_force")
    assert (begun.status_code, begun.json()["code"]) == (409, "import_work_begun")
    assert one["number"] in begun.json()["detail"]


async def test_an_import_nobody_wants_is_discarded_before_it_makes_anything(preview):
    version = (await preview.read())["version"]
    stale = await preview.office.post(
        f"{preview.path}/discard", {"reason": "Nhầm tệp"}, seen=version + 1
    )
    answer = await preview.office.post(
        f"{preview.path}/discard", {"reason": "Nhầm tệp"}, seen=version
    )

    assert (stale.status_code, answer.json()) == (412, {"cancelled": 0})
    assert (await preview.read())["allowed"] == []


async def test_a_unit_that_was_filled_in_and_then_written_into_the_file_brings_nothing_twice(
    preview,
):
    units = await preview.department.units()
    blank = ("7", "Công khai kết quả", "", "", "", "Tháng 8/2025")
    first = await upload(preview.department, preview.plan, workbook(blank))
    await first.patch("7", lead_unit_ids=[units["VP"]])
    added = {
        "stt": "8", "content": "Việc thêm", "lead_unit_ids": [units["TTr"]],
        "deadline_text": "Quý IV/2025",
    }  # fmt: skip
    await first.office.post(f"{first.path}/rows", added)
    await first.confirm("all")

    written = (*blank[:3], "VP Sở", *blank[4:])
    more = ("8", "Việc thêm", "", "Thanh tra Sở", "", "Quý IV/2025")
    second = await upload(preview.department, preview.plan, workbook(written, more))

    assert [row["standing"] for row in await second.rows()] == ["already_planned"] * 2


async def test_what_a_column_that_is_not_taken_says_of_a_tasks_end_waits_for_a_person(department):
    header = (*HEADER, "Kinh phí", "Trạng thái")
    money, dropped = (*ROWS[0], "300 triệu đồng", ""), (*ROWS[1], "", "Đã dừng")
    content = workbook(money, dropped, header=header)
    found = await (await upload(department, await department.add_plan(), content)).read()

    standings = [(row["standing"], [w["code"] for w in row["warnings"]]) for row in found["rows"]]
    assert standings == [
        ("complete", ["row_column_ignored"]),
        ("open", ["row_column_not_read"]),
    ]
