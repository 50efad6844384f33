"""What stands outside of the tables that are read: nothing of it disappears without a word."""

import struct
import zlib

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm
from tests.tasks.appendices import (
    HEAD,
    document,
    of_excel,
    of_word,
    paragraph,
    run,
    sheet_of,
    task,
    tasks,
)
from tests.tasks.test_imports_appendix_word import BOX

from tasks.imports.outside import MOST_SHOWN, MOST_WARNINGS, WARNINGS, remarks_on_outside

TABLE = [HEAD, task(1), task(2)]
HEAD_OF_DOCUMENT = (
    "UBND TỈNH X", "SỞ NỘI VỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
    "Số: 27/KH-SNV", "Thành phố X, ngày 20 tháng 01 năm 2026", "KẾ HOẠCH",
    "Cải cách hành chính năm 2026", "Phụ lục II",
    "(Kèm theo Kế hoạch số 27/KH-SNV ngày 20/01/2026)",
    "Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ;",
)  # fmt: skip
FOOT_OF_DOCUMENT = (
    "Nơi nhận:", "- Như trên;", "- Phòng Người có công;", "- Lưu: VT, VP.", "KT. GIÁM ĐỐC",
    "PHÓ GIÁM ĐỐC", "(Đã ký)", "Trần Thị Bích", "Trang 2/7", "./.", "_______", "* * *",
)  # fmt: skip


def png() -> bytes:
    """One white dot."""
    parts = (
        (b"IHDR", struct.pack(">2I5B", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\xff")),
    )
    whole = b"\x89PNG\r\n\x1a\n"
    for name, data in (*parts, (b"IEND", b"")):
        whole += struct.pack(">I", len(data)) + name + data
        whole += struct.pack(">I", zlib.crc32(name + data))
    return whole


@pytest.fixture
def noted(demo_book):
    """The remarks on what stands outside, with what they quote."""

    def note(appendix):
        found = remarks_on_outside(appendix.outside, demo_book)
        return [(one.code, str(one.sentence)) for one in (*appendix.remarks, *found)]

    return note


def said(remarks, code="file_outside_matters"):
    return [sentence for each, sentence in remarks if each == code]


@pytest.mark.parametrize(
    "words",
    [
        "(*) Riêng việc số 2 do người khác làm.",
        "Các việc trên hoàn thành trước 25/10.",
        "Ghi chú: hạn của mọi việc sớm hơn 5 ngày.",
        "Trung tâm Lưu trữ lịch sử cùng thực hiện.",
        "Bổ sung việc số hóa.",
        "LÙI MỌI VIỆC SANG QUÝ IV/2026",
        "THỜI HẠN 20/9/2027",
        "Ngày trong bảng là âm lịch",
        "Lưu ý: việc 2 xong trong tháng 9.",
        "Việc của các phòng mới xong muộn hơn 2 tuần.",
        "Mỗi phòng có 3 tháng để làm.",
        "Thực hiện Kế hoạch này, các phòng báo cáo trước ngày 10/12.",
    ],
)
def test_words_outside_that_may_change_a_task_are_a_warning(noted, words):
    for appendix, place in (
        (of_word(document(words, TABLE)), "Trước Bảng 1"),
        (of_word(document(TABLE, words)), "Dưới Bảng 1"),
        (of_excel(sheet_of([[words], *TABLE])), "Trang tính “Kế hoạch”, trên dòng tiêu đề"),
        (of_word(document(TABLE, "một hai", [[words]])), "Bảng 2"),
    ):
        [warning] = said(noted(appendix))
        assert warning.startswith(f"{place} còn có, không được nhập: “{words}”")
        assert len(tasks(appendix)) == 2
    assert "file_outside_matters" in WARNINGS


def test_the_usual_head_and_foot_of_a_document_are_no_noise(noted):
    assert noted(of_word(document(*HEAD_OF_DOCUMENT, TABLE, *FOOT_OF_DOCUMENT))) == []
    assert noted(of_excel(sheet_of([*([line] for line in HEAD_OF_DOCUMENT), *TABLE]))) == []


def test_a_title_in_capitals_hides_its_own_subject_and_no_words_below_the_table(noted):
    subject, below = "Công việc của các phòng", "Cột cuối do văn thư ghi."
    [(_, shown)] = noted(of_word(document("DANH MỤC", subject, TABLE, below)))
    assert below in shown
    assert subject not in shown
    [(_, shown)] = noted(of_word(document("DANH MỤC CÔNG VIỆC", TABLE, below)))
    assert below in shown


def test_a_note_among_the_rows_of_a_table_is_told_of(noted):
    note = "Lưu ý: nộp bản giấy trước 12/9."
    [warning] = said(noted(of_excel(sheet_of([*TABLE, [note], task(3)]))))
    assert warning.startswith(
        f"Ghi chú trong Trang tính “Kế hoạch” còn có, không được nhập: “{note}”"
    )
    [(_, shown)] = noted(of_word(document([*TABLE, ["", "(*) Do văn thư ghi"]])))
    assert "Do văn thư ghi" in shown


def test_other_words_are_shown_and_what_is_shown_is_bounded(noted):
    plain = "Các phòng phối hợp chặt chẽ trong mọi công việc chung. " * 3
    [shown] = said(noted(of_word(document(*[plain] * 9, TABLE))), "file_outside")
    assert shown.count("“Các phòng") == MOST_SHOWN
    assert shown.endswith("; và 4 đoạn khác.")
    assert len(shown) < 1000
    matter = [f"Riêng việc {number} lùi lại." for number in range(20)]
    warnings = said(noted(of_word(document(TABLE, *matter))))
    assert len(warnings) == MOST_WARNINGS + 1
    assert "còn 12 đoạn khác" in warnings[-1]


def test_the_head_of_pages_is_read_too_with_the_tables_in_it(noted):
    def change(made):
        header = made.sections[0].header
        header.paragraphs[0].text = "Các việc này xong trước 15/11"
        table = header.add_table(1, 2, Cm(10))
        table.cell(0, 0).text, table.cell(0, 1).text = "Số hóa hồ sơ", "Quý III/2026"

    warnings = said(noted(of_word(document(TABLE, change=change))))
    assert [one.split("“")[1].split("”")[0] for one in warnings] == [
        "Các việc này xong trước 15/11", "Số hóa hồ sơ | Quý III/2026",
    ]  # fmt: skip
    printed = sheet_of(TABLE, lambda _book, page: page.set_header('&C&"Arial,Bold"Trừ việc 2'))
    assert "Trừ việc 2" in said(noted(of_excel(printed)))[0]


def test_a_picture_outside_of_cells_is_a_warning(noted, tmp_path):
    picture = tmp_path / "scan.png"
    picture.write_bytes(png())

    def scan(made):
        made.add_picture(str(picture))
        made.add_picture(str(picture))

    [warning] = said(noted(of_word(document(TABLE, change=scan))), "file_picture")
    assert warning.startswith("Dưới Bảng 1: có 2 hình")
    over = sheet_of(TABLE, lambda _book, page: page.insert_image("B9", str(picture)))
    [warning] = said(noted(of_excel(over)), "file_picture")
    assert warning.startswith("Trang tính “Kế hoạch”: có 1 hình")

    def letterhead(made):
        made.sections[0].header.paragraphs[0].add_run().add_picture(str(picture))

    found = dict(noted(of_word(document(TABLE, change=letterhead))))
    assert list(found) == ["file_page_picture"]
    assert "file_page_picture" not in WARNINGS


@pytest.mark.parametrize("element", ["altChunk", "subDoc"])
def test_a_part_inserted_from_another_document_is_a_warning(noted, element):
    def insert(made):
        made.element.body.insert(0, parse_xml(f"<w:{element} {nsdecls('w')}/>"))

    [(code, said_)] = noted(of_word(document(TABLE, change=insert)))
    assert code in WARNINGS
    assert "không đọc được" in said_


def test_a_table_in_a_text_box_is_read_and_not_said_to_be_lost():
    row = "".join(f"<w:tc><w:p>{run(text)}</w:p></w:tc>" for text in task(7))
    head = "".join(f"<w:tc><w:p>{run(text)}</w:p></w:tc>" for text in HEAD)
    table = f"<w:tbl><w:tr>{head}</w:tr><w:tr>{row}</w:tr></w:tbl>"
    box = BOX.replace("<w:p>{0}</w:p>", f"<w:p>{run('Khung')}</w:p>{table}")

    def change(made):
        made.element.body.insert(0, paragraph(box))

    appendix = of_word(document("giữa", TABLE, change=change))
    assert [row.content for row in tasks(appendix)] == ["Lập hồ sơ 7", "Lập hồ sơ 1", "Lập hồ sơ 2"]
    assert [str(one.sentence) for one in appendix.remarks] == [
        "Khung chữ ngoài bảng không được nhập: “Khung”."
    ]


def test_a_small_table_in_a_cell_is_the_cells_own_and_a_list_of_words_is_one_note(noted):
    def change(made):
        inner = made.tables[0].cell(1, 1).add_table(1, 2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "Đợt hai", "Trước 20/9/2026"

    appendix = of_word(document(TABLE, change=change))
    assert "Trước 20/9/2026" in tasks(appendix)[0].content
    assert noted(appendix) == []
    names = [["Phòng Người có công", "NCC"], ["Thanh tra Sở", "TTr"]]
    [warning] = said(noted(of_word(document(TABLE, "x", names))))
    assert "“Phòng Người có công NCC; Thanh tra Sở TTr”" in warning


CONTINUED = [task(3), task(4)]


@pytest.mark.parametrize(
    "parts",
    [
        (TABLE, "Đoạn chữ xen giữa", CONTINUED),
        (TABLE, [row[:4] for row in CONTINUED]),
        (TABLE, "x", [["3", "Chánh Văn phòng rà soát", "Quý III"]]),
    ],
)
def test_rows_without_a_header_that_are_not_read_are_told_of(parts):
    appendix = of_word(document(*parts))
    assert [table.may_hold_tasks for table in appendix.tables] == [True, True]
    [remark] = appendix.remarks
    assert remark.code == "table_may_hold_tasks"
    assert remark.code in WARNINGS
    assert str(remark.sentence).startswith("Bảng 2 trông như có nhiệm vụ mà không được đọc")


@pytest.mark.parametrize(
    "frame",
    [
        [["Nơi nhận:\n- Như trên;\n- Lưu: VT.", "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n\nLê Văn Tám"]],
        [["Người lập biểu", "Trưởng phòng", "Giám đốc"], ["", "", "Lê Văn Tám"]],
        [["SỞ NỘI VỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["Số: 3/KH", "Độc lập - Tự do"]],
    ],
)
def test_the_frame_of_a_document_is_known_as_such(frame):
    appendix = of_word(document(TABLE, "x", frame))
    [_, table] = appendix.tables
    assert (table.taken, table.may_hold_tasks, appendix.remarks) == (False, False, ())
    assert "ký tên" in str(table.reason)
