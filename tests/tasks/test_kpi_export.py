"""The KPI month: it closes on the 24th, and what was not sent by then was not done."""

from datetime import UTC, date, datetime, time
from io import BytesIO

import openpyxl
import pytest

from chassis.ids import new_id
from tasks.kpi_export.domain import Month, in_time

D = date


@pytest.mark.parametrize(
    ("year", "month", "closing", "first", "last"),
    [
        (2025, 11, 24, D(2025, 10, 25), D(2025, 11, 24)),
        (2025, 1, 24, D(2024, 12, 25), D(2025, 1, 24)),
        (2025, 2, 31, D(2025, 2, 1), D(2025, 2, 28)),
        (2024, 3, 30, D(2024, 3, 1), D(2024, 3, 30)),
    ],
)
def test_a_month_runs_from_the_day_after_one_closing_to_the_next(year, month, closing, first, last):
    found = Month.of(year, month, closing)
    assert (found.first, found.closes_on) == (first, last)


@pytest.mark.parametrize(
    ("handed_in_on", "today", "standing"),
    [
        (D(2025, 11, 24), D(2025, 11, 30), "done"),
        (D(2025, 11, 25), D(2025, 11, 30), "not_done"),
        (D(2025, 10, 25), D(2025, 11, 30), "done"),
        (D(2025, 10, 24), D(2025, 11, 30), "not_done"),
        (None, D(2025, 11, 24), "not_yet"),
        (None, D(2025, 11, 25), "not_done"),
    ],
)
def test_what_was_not_sent_by_the_closing_day_counts_as_not_done(handed_in_on, today, standing):
    assert Month.of(2025, 11).standing(handed_in_on, today) == standing


@pytest.mark.parametrize(
    ("handed_in_on", "due_on", "said"),
    [
        (D(2025, 11, 20), D(2025, 11, 20), True),
        (D(2025, 11, 21), D(2025, 11, 20), False),
        (None, D(2025, 11, 20), False),
        (None, D(2025, 11, 24), None),
        (None, None, None),
    ],
)
def test_in_time_is_by_the_day_the_day_included(handed_in_on, due_on, said):
    assert in_time(handed_in_on, due_on, D(2025, 11, 24)) is said


# ---------------------------------------------------------------- the file


@pytest.fixture
async def november(busy) -> dict[str, str]:
    """Four assignments of CCHC in November 2025, nothing else due; their numbers."""
    await busy.execute("UPDATE assignment SET due_on = NULL, first_due_on = NULL")
    await busy.execute("DELETE FROM result_file")
    await busy.execute("DELETE FROM result")
    rows = await busy.rows(
        "SELECT a.id, a.number, a.task_id FROM assignment a JOIN unit u ON u.id = a.unit_id"
        " WHERE u.code = 'CCHC' AND a.status <> 'cancelled' ORDER BY a.year, a.sequence LIMIT 4"
    )
    names = ("on_24", "on_25", "extended", "open")
    for name, row in zip(names, rows, strict=True):
        await busy.execute("UPDATE assignment SET due_on = '2025-11-20' WHERE id = :id", id=row.id)
        day = {"on_24": D(2025, 11, 24), "on_25": D(2025, 11, 25), "extended": D(2025, 11, 20)}
        if name in day:
            await _hand_in(busy, row.id, day[name])
    await busy.execute(
        "UPDATE assignment SET first_due_on = '2025-11-10' WHERE id = :id", id=rows[2].id
    )
    await busy.execute(
        "UPDATE task SET kpi_group = 'B', kpi_code = 'B.01' WHERE id = :id", id=rows[0].task_id
    )
    return {row.number: name for name, row in zip(names, rows, strict=True)}


async def _hand_in(busy, id_, day: date) -> None:
    await busy.execute(
        "INSERT INTO result (id, assignment_id, status, note, submitted_at, submitted_on)"
        " VALUES (:result, :id, 'submitted', 'Đã gửi báo cáo', :at, :day)",
        result=new_id(), id=id_, at=datetime.combine(day, time(3), UTC), day=day,
    )  # fmt: skip


async def read(busy, month: str, who="office") -> tuple[str, dict[str, dict[str, object]]]:
    answer = await getattr(busy, who).get("/v1/kpi_export.xlsx", month=month)
    assert answer.status_code == 200, answer.text
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    head, *lines = sheet.iter_rows(min_row=5, values_only=True)
    rows = [dict(zip(head, line, strict=True)) for line in lines]
    return sheet["A3"].value, {row["Số"]: row for row in rows}


async def test_the_24th_counts_for_the_month_and_the_25th_for_the_next(busy, november):
    said, rows = await read(busy, "2025-11")
    by_name = {november[number]: row for number, row in rows.items()}
    counted = {name: row["Tính trong tháng"] for name, row in by_name.items()}
    assert counted == {
        "on_24": "Thực hiện", "extended": "Thực hiện",
        "on_25": "Không thực hiện (chưa gửi)", "open": "Không thực hiện (chưa gửi)",
    }  # fmt: skip
    assert "chưa gửi tính là không thực hiện" in said
    assert "24/11/2025" in said
    _, december = await read(busy, "2025-12")
    assert {november[number] for number in december} == {"on_25", "open"}
    assert {november[n]: row["Tính trong tháng"] for n, row in december.items()}["on_25"] == (
        "Thực hiện"
    )


async def test_a_row_has_its_group_code_outcome_and_is_late_by_each_deadline(busy, november):
    _, rows = await read(busy, "2025-11")
    by_name = {november[number]: row for number, row in rows.items()}
    first, extended = by_name["on_24"], by_name["extended"]
    assert (first["Nhóm KPI"], first["Mã KPI"]) == ("B", "B.01")
    assert (first["Kết quả thực hiện"], first["Số minh chứng"]) == ("Đã gửi báo cáo", 0)
    assert first["Theo hạn hiện tại"] == "Quá hạn"
    assert (extended["Theo hạn ban đầu"], extended["Theo hạn hiện tại"]) == ("Quá hạn", "Đúng hạn")
    assert not [heading for heading in first if "giờ" in heading.lower()], "no typed hours"


async def test_what_was_due_before_the_month_is_said_apart_and_when_it_came_after_all(
    busy, november
):
    said, rows = await read(busy, "2025-12")
    by_name = {november[number]: row for number, row in rows.items()}
    assert {name: row["Thuộc"] for name, row in by_name.items()} == {
        "on_25": "Chuyển từ tháng trước", "open": "Chuyển từ tháng trước",
    }  # fmt: skip
    assert "Tình trạng là của ngày chốt 24/12/2025" in said
    _, own = await read(busy, "2025-11")
    late = {november[number]: row for number, row in own.items()}
    assert {row["Thuộc"] for row in late.values()} == {"Trong tháng"}
    assert f"{late['on_25']['Gửi sau ngày chốt']:%d/%m/%Y}" == "25/11/2025"
    assert late["open"]["Gửi sau ngày chốt"] is None
    assert "Kỳ" in late["open"]
    answer = await busy.office.get("/v1/kpi_export.xlsx", month="2025-11")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["KPI tháng 11-2025"]


async def test_what_has_no_day_is_the_months_own_and_stands_with_it(busy, november):
    numbers = {name: number for number, name in november.items()}
    to = "UPDATE assignment SET due_on = NULL, first_due_on = NULL WHERE number = :number"
    await busy.execute(to, number=numbers["on_25"])
    _, rows = await read(busy, "2025-12")
    belongs = [(november[number], row["Thuộc"]) for number, row in rows.items()]
    assert belongs == [("on_25", "Trong tháng"), ("open", "Chuyển từ tháng trước")]


async def test_the_closing_day_is_set_by_the_office(busy, november):
    path = "/v1/kpi_settings"
    held = (await busy.unit_officer.get(path)).json()
    refused = await busy.unit_officer.put(path, {"closing_day": 25}, seen=0)
    wrong = await busy.office.put(path, {"closing_day": 32}, seen=0)
    changed = await busy.office.put(path, {"closing_day": 25}, seen=0)
    stale = await busy.office.put(path, {"closing_day": 20}, seen=0)
    _, rows = await read(busy, "2025-11")
    assert (held["closing_day"], held["composed"]) == (24, True)
    assert (refused.status_code, wrong.status_code, stale.status_code) == (403, 422, 412)
    assert (changed.status_code, changed.json()["closing_day"]) == (200, 25)
    counted = {november[number]: row["Tính trong tháng"] for number, row in rows.items()}
    assert counted["on_25"] == "Thực hiện"


async def test_a_month_that_is_none_is_refused_and_only_oversight_takes_the_file(busy, november):
    wrong = await busy.office.get("/v1/kpi_export.xlsx", month="2025-13")
    seen = {
        who: (await getattr(busy, who).get("/v1/kpi_export.xlsx", month="2025-11")).status_code
        for who in ("director", "auditor", "admin", "unit_head", "unit_officer", "appraiser")
    }
    assert wrong.status_code in (400, 422)
    assert seen == {
        "director": 200, "auditor": 200, "admin": 200, "unit_head": 403, "unit_officer": 403,
        "appraiser": 403,
    }  # fmt: skip
