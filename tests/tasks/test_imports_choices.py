"""The officer chooses tables and columns of an appendix; the file is read again."""

from io import BytesIO

import pytest
import xlsxwriter
from tests.tasks.test_imports_review import HEADER, ROWS, upload

OTHER = ("6", "Việc của trang hai", "", "Văn phòng Sở", "", "Tháng 12/2025")
TWO_DAYS = ("STT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn", "Thời hạn hoàn thành")
UNKNOWN = ("Số", "Mô tả", "Ai làm", "Bao giờ")


def sheets(*tables, hidden=()) -> bytes:
    """A workbook of one table per sheet, each a header and its rows."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content)
    for number, table in enumerate(tables):
        sheet = book.add_worksheet()
        for place, row in enumerate(table):
            sheet.write_row(place, 0, row)
        if number in hidden:
            sheet.hide()
    book.close()
    return content.getvalue()


@pytest.fixture
async def plan(department) -> dict:
    return await department.add_plan()


@pytest.fixture
async def two(department, plan):
    """Two sheets are read, a hidden one is not."""
    return await upload(
        department, plan, sheets((HEADER, *ROWS), (HEADER, OTHER), (HEADER, OTHER), hidden=(2,))
    )


async def test_everything_found_is_shown_with_what_was_read_and_why_not(two):
    found = await two.read()

    assert [(table["id"], table["taken"]) for table in found["tables"]] == [
        ("1", True), ("2", True), ("3", False),
    ]  # fmt: skip
    assert found["tables"][2]["reason"] == "trang tính bị ẩn"
    assert found["tables"][0]["rows"] == len(ROWS)
    assert [column["field"] for column in found["tables"][0]["columns"]] == [
        "stt", "content", "product", "lead", "coordinating", "deadline",
    ]  # fmt: skip
    assert [row["table"] for row in found["rows"]] == ["1"] * 5 + ["2"]


async def test_a_table_is_left_or_taken_and_corrections_of_the_others_stay(two):
    await two.patch("2", content="Tập huấn", deadline_text="Tháng 8/2025")
    await two.patch("4", left_out=True)

    left = await two.choose(tables={"2": False})
    without = await two.read()
    await two.choose(tables={"3": True})
    both = await two.read()

    assert left.status_code == 202, left.text
    assert [row["stt"] for row in without["rows"]] == ["1", "2", "3", "4", "5"]
    assert [table["taken"] for table in both["tables"]] == [True, False, True]
    assert [row["content"] for row in both["rows"]][1] == "Tập huấn"
    standings = {row["stt"]: row["standing"] for row in both["rows"]}
    assert (standings["2"], standings["4"], standings["6"]) == ("complete", "left_out", "complete")
    assert both["state"] == "ready"


async def test_rows_a_person_worked_on_are_named_before_they_could_go(two):
    units = await two.department.units()
    await two.patch("1", content="Rà soát mọi quy chế")
    added = {"content": "Việc thêm", "lead_unit_ids": [units["VP"]], "deadline_text": "Quý II"}
    await two.office.post(f"{two.path}/rows", added)

    refused = await two.choose(tables={"1": False})
    between = await two.read()
    agreed = await two.choose(tables={"1": False}, discard_corrections=True)
    after = await two.read()

    assert (refused.status_code, refused.json()["code"]) == (409, "import_corrections_would_go")
    assert "STT 1" in refused.json()["detail"]
    assert len(between["rows"]) == 7
    assert agreed.status_code == 202
    assert [row["content"] for row in after["rows"]] == [OTHER[1], "Việc thêm"]
    [line] = await two.department.rows(
        "SELECT before FROM audit_entry WHERE action = 'import.lose_corrections'"
    )
    assert line.before["row_1"]["content"] == "Rà soát mọi quy chế"


async def test_a_corrected_row_that_comes_out_the_same_is_kept(two):
    await two.patch("1", content="Rà soát mọi quy chế")
    await two.act("2", "split", {"parts": [{"content": "Một"}, {"content": "Hai"}]})

    await two.choose(columns={"1": {1: "stt"}}, discard_corrections=True)
    rows = await two.rows()

    said = [(row["stt"], row["content"]) for row in rows]
    assert said[:3] == [("1", "Rà soát mọi quy chế"), ("2", "Một"), ("2", "Hai")]
    assert len(said) == 7


async def test_rows_that_are_confirmed_stay_whatever_is_chosen(two):
    await two.confirm("complete")
    await two.choose(tables={"1": False, "2": False})

    found = await two.read()
    assert {row["standing"] for row in found["rows"]} == {"confirmed"}
    assert len(found["rows"]) == 3


async def test_of_two_columns_for_one_meaning_the_officer_chooses(department, plan):
    row = ("1", "Rà soát", "Văn phòng Sở", "Tháng 3/2025", "Tháng 6/2025")
    preview = await upload(department, plan, sheets((TWO_DAYS, row)))
    before = await preview.row("1")

    await preview.choose(columns={"1": {4: "ignored", 5: "deadline"}})
    after = await preview.row("1")
    both = await preview.choose(columns={"1": {4: "deadline", 5: "deadline"}})

    assert before["standing"] == "open"
    assert (after["deadline_text"], after["standing"]) == ("Tháng 6/2025", "complete")
    assert (both.status_code, both.json()["code"]) == (422, "import_choices_wrong")
    assert "/columns/1/4" in [each["pointer"] for each in both.json()["errors"]]


async def test_columns_chosen_one_after_the_other_all_count(department, plan):
    row = ("1", "Rà soát", "Văn phòng Sở", "Tháng 3/2025")
    preview = await upload(department, plan, sheets((HEADER, OTHER), (UNKNOWN, row)))

    await preview.choose(tables={"2": True}, columns={"2": {2: "content", 3: "lead"}})
    await preview.choose(columns={"2": {4: "deadline"}})
    [read] = [each for each in await preview.rows() if each["content"] == "Rà soát"]
    twice = await preview.choose(columns={"2": {1: "lead"}})
    moved = await preview.choose(columns={"2": {1: "lead", 3: "ignored"}})

    assert (read["lead_text"], read["deadline_text"]) == ("Văn phòng Sở", "Tháng 3/2025")
    assert (twice.status_code, twice.json()["code"]) == (422, "import_choices_wrong")
    assert [each["pointer"] for each in twice.json()["errors"]] == ["/columns/2/1"]
    assert moved.status_code == 202


async def test_a_table_with_titles_nobody_knows_is_read_once_its_columns_are_chosen(
    department, plan
):
    row = ("1", "Rà soát", "Văn phòng Sở", "Tháng 3/2025")
    preview = await upload(department, plan, sheets((UNKNOWN, row)))
    found = await preview.read()

    columns = {1: "stt", 2: "content", 3: "lead", 4: "deadline"}
    await preview.choose(tables={"1": True}, columns={"1": columns})
    rows = [row for row in await preview.rows() if row["content"] == "Rà soát"]

    assert (found["state"], found["rows"]) == ("ready", [])
    assert [table["taken"] for table in found["tables"]] == [False]
    assert found["remarks"][0]["code"] == "appendix_no_table"
    assert [row["standing"] for row in rows] == ["complete"]


async def test_a_choice_under_which_nothing_is_the_appendix_leaves_all_as_it_was(two):
    before = await two.read()

    await two.choose(columns={"1": {2: "ignored"}, "2": {2: "ignored"}})
    after = await two.read()

    assert after["error"]["code"] == "appendix_no_table"
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"version", "job_id", "error"}


async def test_tables_and_columns_that_are_not_there_are_named(two):
    answer = await two.choose(tables={"9": True}, columns={"1": {40: "lead"}, "8": {1: "stt"}})
    meaning = await two.choose(columns={"1": {1: "colour"}})

    assert (answer.status_code, answer.json()["code"]) == (422, "import_choices_wrong")
    assert [each["pointer"] for each in answer.json()["errors"]] == [
        "/tables/9", "/columns/1/40", "/columns/8",
    ]  # fmt: skip
    assert meaning.status_code == 422
    assert (await two.read())["state"] == "ready"


async def test_while_the_file_is_read_again_nothing_else_changes(two):
    version = (await two.read())["version"]
    row = await two.row("1")
    await two.office.patch(two.path, {"tables": {"2": False}}, seen=version)

    edit = await two.office.patch(
        f"{two.path}/rows/{row['row_number']}", {"product": "X"}, seen=row["version"]
    )
    again = await two.office.patch(two.path, {"tables": {"2": True}}, seen=version + 1)
    await two.department.run_jobs()
    stale = await two.office.patch(two.path, {"tables": {"2": True}}, seen=version)

    assert (edit.status_code, edit.json()["code"]) == (409, "import_not_ready")
    assert (again.status_code, again.json()["code"]) == (409, "import_not_ready")
    assert stale.status_code == 412


async def test_a_reading_that_broke_off_is_begun_again(two):
    await two.patch("1", content="Rà soát mọi quy chế")
    version = (await two.read())["version"]
    await two.office.patch(two.path, {"tables": {"2": False}}, seen=version)
    await two.department.execute("UPDATE job SET state = 'failed' WHERE state = 'queued'")
    broken = await two.read()

    await two.choose()

    found = await two.read()
    assert (broken["state"], broken["allowed"][0]) == ("failed", "read_again")
    assert found["state"] == "ready"
    assert "Rà soát mọi quy chế" in [row["content"] for row in found["rows"]]
    assert len(found["rows"]) == 6


async def test_a_file_that_cannot_be_read_is_not_read_again(department, plan):
    preview = await upload(department, plan, sheets(()))

    again = await preview.choose()

    found = await preview.read()
    assert (again.status_code, again.json()["code"]) == (409, "import_failed")
    assert (found["state"], found["allowed"]) == ("failed", ["discard"])


async def test_a_title_that_only_nearly_says_its_meaning_keeps_its_rows_open_until_settled(
    department, plan
):
    header = ("STT", "Nhiệm vụ", "Phòng được giao chủ trì việc", "Thời hạn")
    row = ("1", "Rà soát", "Văn phòng Sở", "Tháng 3/2025")
    preview = await upload(department, plan, sheets((header, row)))
    before = await preview.row("1")

    await preview.choose(columns={"1": {3: "lead"}})
    after = await preview.row("1")

    assert (before["standing"], [each["code"] for each in before["warnings"]]) == (
        "open", ["row_column_unsure"],
    )  # fmt: skip
    assert before["warnings"][0]["field"] == "lead_unit_ids"
    assert (after["standing"], after["warnings"]) == ("complete", [])


async def test_what_stands_outside_of_the_tables_is_a_warning_before_confirming(department, plan):
    note = ("Riêng việc số 3 lùi lại một quý",)
    loose = ("7", "Việc ở trang không tiêu đề", "Văn phòng Sở", "Quý III/2025")
    preview = await upload(department, plan, sheets((note, HEADER, *ROWS), (loose,)))
    found = await preview.read()

    assert [(one["code"], one["warning"]) for one in found["remarks"]] == [
        ("table_may_hold_tasks", True), ("file_outside_matters", True),
    ]  # fmt: skip
    assert [one["may_hold_tasks"] for one in found["tables"]] == [True, True]
    assert "Riêng việc số 3 lùi lại một quý" in found["remarks"][1]["message"]

    await preview.choose(tables={"2": False})
    assert [one["code"] for one in (await preview.read())["remarks"]] == ["file_outside_matters"]
