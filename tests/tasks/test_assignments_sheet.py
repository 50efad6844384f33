"""A list as .xlsx, opened by programs that are not ours."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest

from chassis.documents.sheet import Column, Frame, write_sheet
from tasks.assignments.columns import COLUMNS, FOLLOWED

HEADER = 5  # the line of the headings
EVIL = ['=HYPERLINK("http://x.example")', "+1+1", "-1", "@SUM(A1)", "\t=1", "<r><t>x</t></r>"]


async def sheet(caller, **query):
    answer = await caller.get("/v1/assignments.xlsx", **query)
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(BytesIO(answer.content)).active


def lines(found) -> list[tuple]:
    return list(found.iter_rows(min_row=HEADER + 1, values_only=True))


async def listed(caller, **query) -> list[dict]:
    return (await caller.get("/v1/assignments", limit=200, **query)).json()["data"]


async def test_the_file_holds_what_the_list_shows_in_its_order_with_its_columns(looked_at):
    query = {"sort": "-due_on,number", "q": "bao cao", "deadline_kind": ["fixed", "recurring"]}
    found = await sheet(looked_at.office, **query, columns="number,due_on,progress,content")

    head = [cell.value for cell in found[HEADER]]
    assert head == ["Số", "Hạn hoàn thành", "Mức độ hoàn thành", "Nội dung nhiệm vụ"]
    rows = await listed(looked_at.office, **query)
    assert rows
    assert [(n, d and d.date(), p, c) for n, d, p, c in lines(found)] == [
        (r["number"], r["due_on"] and date.fromisoformat(r["due_on"]), r["progress_percent"],
         r["content"])
        for r in rows
    ]  # fmt: skip


async def test_those_that_were_chosen_are_taken_away_alone_and_nothing_that_is_not_seen(looked_at):
    rows = await listed(looked_at.office)
    unseen = {row["unit_id"] for row in await listed(looked_at.unit_officer)}
    theirs = next(row for row in rows if row["unit_id"] not in unseen)
    ids = [rows[3]["id"], rows[0]["id"], theirs["id"]]
    found = await sheet(looked_at.office, id=ids, columns="id", sort="-number")
    few = await sheet(looked_at.unit_officer, id=ids, columns="id")

    assert [line[0] for line in lines(found)] == [
        row["id"] for row in reversed(rows) if row["id"] in ids
    ]
    assert found["A3"].value == "Lọc theo: 3 nhiệm vụ được chọn"
    assert theirs["id"] not in [line[0] for line in lines(few)]
    assert (await looked_at.office.get("/v1/assignments/counts", id=ids)).json()["listed"] == 3
    too_many = await looked_at.office.get("/v1/assignments", id=[str(uuid4()) for _ in range(501)])
    assert too_many.status_code in (400, 422)


async def test_title_time_and_filter_stand_above_a_frozen_header(looked_at):
    units = await looked_at.units()
    query = {"unit_id": [units["CCHC"]], "overdue": True, "due_from": "2025-01-31", "q": "báo cáo"}
    found = await sheet(looked_at.office, **query)

    assert found["A1"].value == "DANH SÁCH NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH"
    now = await looked_at.today()
    assert f"ngày {now:%d/%m/%Y} (giờ Việt Nam)" in found["A2"].value
    words = found["A3"].value
    assert words.startswith("Lọc theo: đơn vị chủ trì ")
    assert "; có các từ “báo cáo”; hạn từ 31/01/2025; quá hạn" in words
    assert found.freeze_panes == f"A{HEADER + 1}"
    assert found.column_dimensions["B"].width > 40
    assert (await sheet(looked_at.office))["A3"].value == "Không lọc: tất cả nhiệm vụ được xem"


async def test_days_are_days_numbers_are_numbers_and_status_says_the_deadline(busy):
    found = await sheet(busy.office, columns="due_on,progress,status,updated,days_overdue",
                        sort="due_on")  # fmt: skip
    first = found[HEADER + 1]
    assert (first[0].is_date, first[0].number_format) == (True, "dd/mm/yyyy")
    assert isinstance(first[0].value, datetime)
    assert (first[1].value, first[1].number_format) == (0, '0"%"')
    assert first[2].value == "Quá hạn chưa hoàn thành"
    assert first[3].is_date
    assert first[4].value > 0


async def test_the_follow_up_sheet_has_twenty_five_columns_by_day_then_title(busy):
    found = await sheet(busy.office, columns="follow_up")
    head = [cell.value for cell in found[HEADER]]
    assert head == [COLUMNS[name].heading for name in FOLLOWED]
    assert len(set(head)) == 25
    assert found["A1"].value == "BẢNG THEO DÕI THỰC HIỆN NHIỆM VỤ"
    days = [line[7] for line in lines(found)]
    known = [day for day in days if day]
    assert days == [*sorted(known), *[None] * (len(days) - len(known))]
    assert len(days) == 123


async def test_a_result_its_difficulty_and_who_accepted_it_stand_in_the_follow_up_sheet(busy):
    units = await busy.units()
    one = await busy.one(unit_id=units["CCHC"], overdue=True)
    path = f"/v1/assignments/{one['id']}"
    told = {"percent": 40, "note": "Đang làm", "difficulty": "=Thiếu kinh phí"}
    await busy.unit_officer.post(f"{path}/progress", told, seen=one["version"])
    await busy.unit_officer.post(f"{path}/results", {"note": "Đã trình"}, seen=one["version"] + 1)
    result = (await busy.office.get(path)).json()["results"][0]
    await busy.office.post(f"{path}/results/{result['id']}/accept")

    found = await sheet(busy.office, columns="number,result,difficulty,approved_by,status",
                        q=one["number"])  # fmt: skip
    [line] = lines(found)
    assert line[:3] == (one["number"], "Đã trình", "=Thiếu kinh phí")
    assert (bool(line[3]), line[4]) == (True, "Hoàn thành quá hạn")
    cell = found.cell(HEADER + 1, 3)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


async def test_a_unit_takes_away_what_it_sees_and_a_partner_nothing(looked_at):
    seen = await listed(looked_at.unit_officer_ldvl)
    found = await sheet(looked_at.unit_officer_ldvl, columns="number")
    assert [line[0] for line in lines(found)] == [row["number"] for row in seen]
    assert (await looked_at.external.get("/v1/assignments.xlsx")).status_code == 403


@pytest.mark.parametrize("columns", ["colour", "number,number"])
async def test_a_column_that_no_list_has_is_refused_by_name(looked_at, columns):
    answer = await looked_at.office.get("/v1/assignments.xlsx", columns=columns)
    assert (answer.status_code, answer.json()["code"]) == (400, "column_unknown")


async def test_the_file_is_an_attachment_and_does_not_stay_behind(looked_at):
    before = left_behind()
    answer = await looked_at.office.get("/v1/assignments.xlsx", columns="number")
    assert answer.headers["content-disposition"].startswith('attachment; filename="nhiem-vu-')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert left_behind() <= before


def left_behind() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("sheet-*.xlsx"))


# ---------------------------------------------------------------- the frame alone


async def written(tmp_path, rows) -> Path:
    frame = Frame("Tiêu đề", datetime.fromisoformat("2026-11-29T05:06:07+00:00"), "Không lọc",
                  [Column("Chữ", 20), Column("Ngày", 12, "day")])  # fmt: skip

    async def batches():
        yield rows

    made = await write_sheet(frame, batches())
    return shutil.move(made, tmp_path / "a.xlsx")


async def test_no_text_is_a_formula_nor_markup_and_none_breaks_the_file(tmp_path):
    strange = [*EVIL, "a\x0bb\uffff", "x" * 40_000, "_x0041_", "dòng 1\r\ndòng 2", ""]
    path = await written(tmp_path, [[text, date(2026, 11, 29)] for text in strange])
    found = openpyxl.load_workbook(path).active

    cells = [found.cell(HEADER + 1 + place, 1) for place in range(len(strange))]
    assert {cell.data_type for cell in cells[:-1]} == {"s"}
    assert [cell.value for cell in cells[:5]] == EVIL[:5]
    assert all(cell.quotePrefix for cell in cells[:5])
    assert cells[5].value == "<r><t>x</t></r> "
    assert cells[6].value == "ab"
    assert len(cells[7].value) == 32_767
    assert cells[9].value == "dòng 1\ndòng 2"
    assert found["A2"].value == "Tính đến 12:06:07 ngày 29/11/2026 (giờ Việt Nam)"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
async def test_libreoffice_opens_the_file_with_the_same_words(tmp_path):
    path = await written(tmp_path, [["Nhiệm vụ, có dấu phẩy", date(2026, 11, 29)], ["=1+1", None]])
    command = [
        "soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(tmp_path), str(path),
    ]  # fmt: skip
    environment = {**os.environ, "HOME": str(tmp_path)}
    await asyncio.to_thread(
        subprocess.run, command, check=True, capture_output=True, env=environment, timeout=100
    )
    told = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert told[0].startswith("Tiêu đề")
    assert told[HEADER] == '"Nhiệm vụ, có dấu phẩy",29/11/2026'
    assert told[HEADER + 1].startswith("=1+1")
