"""The demo appendix, in both formats and shuffled, comes out as the same 38 tasks."""

import csv
from datetime import date
from pathlib import Path

import pytest
import yaml

from tasks.imports.appendix import read_in_subprocess
from tasks.imports.appendix.reader import read
from tasks.imports.domain import plan_rows

DEMO = Path(__file__).parents[2] / "demo"
FILES = ["phu_luc_2025.docx", "phu_luc_2025.xlsx", "phu_luc_2025_xao_cot.xlsx"]


def days(*pairs):
    """Days of 2025 from (day, month) pairs."""
    return [date(2025, month, day) for day, month in pairs]


MONTHS = days((31, 1), (28, 2), (31, 3), (30, 4), (31, 5), (30, 6), (31, 7), (31, 8), (30, 9),
              (31, 10), (30, 11), (31, 12))  # fmt: skip
NONE = [None]

# STT: (kind, last allowed days), written by hand from the appendix's words.
DEADLINES = {
    "1": ("recurring", MONTHS),  # Hàng tháng
    "2": ("fixed", days((30, 6))),  # Quý II/2025
    "3": ("recurring", days((15, 3), (15, 6), (15, 9), (15, 12))),  # Ngày 15 của tháng cuối quý
    "4": ("fixed", days((30, 6), (30, 9))),  # Quý II, Quý III/2025
    "5": ("triggered", NONE),  # Trong vòng 30 ngày kể từ ngày có kết luận
    "6": ("continuous", NONE),  # Thường xuyên
    "7": ("fixed", days((14, 11))),  # Trước ngày 15/11/2025
    "8": ("needs_person", NONE),  # Theo thời hạn tại văn bản giao
    "9": ("fixed", days((30, 9))),  # Tháng 9/2025
    "10": ("fixed", days((29, 4))),  # Trước 30/4/2025
    "11": ("needs_person", NONE),  # Theo Chương trình của UBND tỉnh
    "12": ("fixed", days((30, 9))),  # Quý III/2025
    "13": ("fixed", days((31, 3), (31, 10))),  # Tháng 3 và tháng 10/2025
    "14": ("fixed", days((29, 9))),  # Trước ngày 30/9/2025
    "15": ("triggered", NONE),  # Khi có phát sinh
    "16": ("continuous", NONE),  # Thường xuyên
    "17": ("fixed", days((30, 6))),  # 6 tháng đầu năm 2025
    "18": ("continuous", NONE),  # Hàng ngày
    "19": ("triggered", NONE),  # Khi có hồ sơ trễ hạn
    "20": ("triggered", NONE),  # Chậm nhất 05 ngày làm việc kể từ ngày tiếp nhận
    "21": ("fixed", days((30, 6))),  # Quý I-II/2025
    "22": ("fixed", days((30, 4))),  # Tháng 4/2025
    "23": ("fixed", days((30, 12))),  # Trước 31/12/2025
    "24": ("fixed", days((31, 12))),  # Quý IV năm 2025
    "25": ("fixed", days((30, 6))),  # 30/6/2025
    "26": ("recurring", [*(date(2025, month, 5) for month in range(2, 13)), date(2026, 1, 5)]),
    "27": ("fixed", days((29, 11))),  # Cả năm: the plan closes
    "28": ("triggered", NONE),  # Đột xuất
    "29": ("recurring", days((31, 3), (30, 6), (30, 9), (31, 12))),  # Hàng quý
    "30": ("fixed", days((30, 11))),  # Tháng 10 - tháng 11/2025
    "31": ("continuous", NONE),  # Từ 01/4/2025
    "32": ("fixed", days((30, 11))),  # Đến hết ngày 30/11/2025
    "33": ("fixed", days((31, 12))),  # Quý IV/2025
    "34": ("fixed", days((30, 11))),  # Từ tháng 9 đến tháng 11/2025
    "35": ("continuous", NONE),  # Thường xuyên
    "36": ("needs_person", NONE),  # Sau khi có kết quả khảo sát
    "37": ("fixed", days((29, 11))),  # Trước ngày 30/11/2025
    "38": ("triggered", NONE),  # Khi có yêu cầu
}
LED_BY_ALL = {"5", "18", "19", "35", "37"}  # Các phòng, đơn vị thuộc Sở: twelve units each


@pytest.fixture(scope="module")
def appendices():
    return {name: read((DEMO / name).read_bytes(), name) for name in FILES}


@pytest.fixture(scope="module")
def imported(appendices, demo_book, demo_frame):
    return {
        name: plan_rows(appendix.rows, demo_book, demo_frame)
        for name, appendix in appendices.items()
    }


def test_both_formats_and_the_shuffled_copy_import_to_the_same_rows(imported):
    word, excel, shuffled = (imported[name] for name in FILES)
    assert len(word) == 38
    assert word == excel
    assert excel == shuffled


@pytest.mark.parametrize("name", FILES)
def test_every_cell_is_what_the_composed_table_says(appendices, name):
    with (DEMO / "appendix.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[1:]
    section, expected = "", []
    for stt, subject, content, product, lead, coordinating, deadline, _ in lines:
        if not stt.isdigit():
            section = subject
            continue
        on_lines = coordinating.replace("; ", "\n") if coordinating.count(";") > 1 else coordinating
        expected.append((stt, section, subject, content, product, lead, on_lines, deadline))
    assert [
        (row.stt, row.section, row.subject_matter, row.content, row.product, row.lead_text,
         row.coordinating_text, row.deadline_text)
        for row in appendices[name].rows
    ] == expected  # fmt: skip


def test_each_of_the_38_deadlines_is_read_as_computed_by_hand(imported):
    read = {
        row.stt: (row.deadline.kind, [one.due_on for one in row.deadline.occurrences])
        for row in imported[FILES[0]]
    }
    assert read == DEADLINES


def test_the_rows_expand_to_each_lead_unit_in_each_occurrence(imported):
    counts = {
        row.stt: len(row.lead_unit_ids) * len(row.deadline.occurrences)
        for row in imported[FILES[0]]
    }
    assert counts == {
        stt: len(due) * (12 if stt in LED_BY_ALL else 1) for stt, (_, due) in DEADLINES.items()
    }
    assert sum(counts.values()) == 123


def test_only_the_three_deadlines_that_stand_elsewhere_are_warned_about(imported):
    warned = {row.stt: row.warnings for row in imported[FILES[0]] if row.warnings}
    assert set(warned) == {"8", "11", "36"}
    assert all(row.lead_unit_ids and row.content for row in imported[FILES[0]])


def columns_read(appendix):
    return next(table.columns for table in appendix.tables if table.taken)


def test_the_officer_sees_which_column_was_taken_for_what(appendices):
    shuffled = {c.field: (c.title, c.position) for c in columns_read(appendices[FILES[2]])}
    assert shuffled["deadline"] == ("Thời hạn", 1)
    assert shuffled["product"] == ("Kết quả/Sản phẩm", 7)
    word = {c.field: c.title for c in columns_read(appendices[FILES[0]])}
    assert word["lead"] == "Đơn vị thực hiện / Chủ trì"


def test_every_task_is_linked_to_a_sub_criterion_of_the_demo_set(imported):
    links = yaml.safe_load((DEMO / "criteria_links.yaml").read_text())["links"]
    assert set(links) == {row.stt for row in imported[FILES[0]]}


@pytest.mark.parametrize("name", FILES)
async def test_the_subprocess_answers_what_the_reader_answers(appendices, name):
    assert await read_in_subprocess((DEMO / name).read_bytes(), name) == appendices[name]
