"""Word's mark-up: only what stands in the final document counts, each word once."""

import re

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree
from tests.tasks.appendices import (
    HEAD,
    cell_says,
    codes,
    document,
    left,
    of_word,
    parts_changed,
    run,
    said,
    task,
    tasks,
)

TRACKED = 'w:id="7" w:author="Văn thư" w:date="2026-02-03T07:00:00Z"'
PROMPT = (
    "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
    f"{run('Click or tap to enter a date.')}</w:sdtContent></w:sdt>"
)
BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><a:graphic>"
    "<a:graphicData uri='x'><wps:wsp><wps:txbx><w:txbxContent><w:p>{0}</w:p></w:txbxContent>"
    "</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent><w:p>{0}</w:p></w:txbxContent>"
    "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def read_cell(*paragraphs, column=5):
    appendix = of_word(document([HEAD, task(1)], change=cell_says(*paragraphs, column=column)))
    return appendix.rows[0]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ([f"<w:moveFrom {TRACKED}>{run('Quý I/2026')}</w:moveFrom>{run('Quý III/2026')}"],
         "Quý III/2026"),
        ([f"<w:moveTo {TRACKED}>{run('Tháng 8/2026')}</w:moveTo>"], "Tháng 8/2026"),
        ([f"<w:del {TRACKED}><w:r><w:delText>Quý I</w:delText></w:r></w:del>{run('Quý II')}"],
         "Quý II"),
        ([f"<w:hyperlink>{run('20/8/2026')}</w:hyperlink>"], "20/8/2026"),
        ([PROMPT], ""),
        ([f"<w:sdt><w:sdtPr/><w:sdtContent>{run('15/8/2026')}</w:sdtContent></w:sdt>"],
         "15/8/2026"),
        (["<w:pPr><w:rPr><w:del w:id='1' w:author='a'/></w:rPr></w:pPr>" + run("Quý "),
          run("III/2026")], "Quý III/2026"),
        ([run("Tháng 7") + "<w:r><w:footnoteReference w:id='2'/></w:r>"], "Tháng 7"),
        ([run("30") + "<w:r><w:noBreakHyphen/></w:r>" + run("8-2026")], "30-8-2026"),
        (["<m:oMath><m:r><m:t>100%</m:t></m:r></m:oMath>"], "100%"),
    ],
    ids=["moved-away", "moved-here", "deleted", "link", "prompt", "control", "joined", "footnote",
         "hyphen", "formula"],
)  # fmt: skip
def test_a_cell_says_what_stands_in_the_final_document(paragraphs, expected):
    row = read_cell(*paragraphs)
    assert (row.deadline_text, row.remarks) == (expected, ())


@pytest.mark.parametrize(
    ("paragraphs", "expected", "remark"),
    [
        ([run("20/4/2026", "<w:strike/>"), run("20/10/2026")], "20/10/2026",
         "cột Thời hạn: bỏ qua chữ bị gạch ngang “20/4/2026”"),
        ([run("Quý I ", "<w:dstrike/>") + run("Quý IV/2026")], "Quý IV/2026",
         "cột Thời hạn: bỏ qua chữ bị gạch ngang “Quý I”"),
        ([run("20/4/2026", "<w:vanish/>"), run("20/10/2026")], "20/10/2026",
         "cột Thời hạn: bỏ qua chữ ẩn “20/4/2026”"),
        ([BOX.format(run("31/10/2026"))], "31/10/2026",
         "cột Thời hạn: có khung chữ, đã đọc cùng ô: “31/10/2026”"),
        ([run("Tháng 1") + run("2", "<w:vertAlign w:val='superscript'/>")], "Tháng 1",
         "cột Thời hạn: bỏ qua ký hiệu chú thích “2”"),
        ([run("Tháng 1²")], "Tháng 1", "cột Thời hạn: bỏ qua ký hiệu chú thích “²”"),
        (["<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> DATE </w:instrText>"
          "</w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>" + run("02/9/2026") +
          "<w:r><w:fldChar w:fldCharType='end'/></w:r>"], "02/9/2026",
         "cột Thời hạn: ngày do Word tự cập nhật mỗi lần mở, kiểm tra lại: “02/9/2026”"),
        ([run("Quý IV/2026") + "<w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>"],
         "Quý IV/2026", "cột Thời hạn: có hình hoặc đối tượng trong ô, không đọc được"),
    ],
    ids=["struck", "double-struck", "hidden", "box", "raised", "raised-typed", "date", "picture"],
)  # fmt: skip
def test_what_is_struck_hidden_or_beside_the_text_is_left_or_read_with_a_word(
    paragraphs, expected, remark
):
    row = read_cell(*paragraphs)
    assert row.deadline_text == expected
    assert said(row) == [remark]


def test_a_unit_of_measure_keeps_its_raised_figure():
    row = read_cell(run("Sửa 200 m") + run("2", "<w:vertAlign w:val='superscript'/>"), column=1)
    assert (row.content, row.remarks) == ("Sửa 200 m²", ())


def test_strikes_that_come_from_a_style_count_and_may_be_taken_back():
    def change(made):
        style = parse_xml(
            f'<w:style {nsdecls("w")} w:type="character" w:styleId="Bo"><w:name w:val="Bỏ"/>'
            "<w:rPr><w:strike/></w:rPr></w:style>"
        )
        made.styles.element.append(style)
        cell_says(
            run("Quý I", '<w:rStyle w:val="Bo"/>')
            + run("Quý II", '<w:rStyle w:val="Bo"/><w:strike w:val="0"/>')
        )(made)

    row = of_word(document([HEAD, task(1)], change=change)).rows[0]
    assert row.deadline_text == "Quý II"
    assert said(row) == ["cột Thời hạn: bỏ qua chữ bị gạch ngang “Quý I”"]


def test_deleted_and_moved_away_rows_do_not_exist_and_the_file_says_that_changes_are_open():
    def change(made):
        row = made.tables[0].rows[2]._tr
        row.insert(0, parse_xml(f"<w:trPr {nsdecls('w')}><w:del {TRACKED}/></w:trPr>"))

    appendix = of_word(document([HEAD, *map(task, "123")], change=change))
    assert [row.stt for row in appendix.rows] == ["1", "3"]
    assert [remark.code for remark in appendix.remarks] == ["file_tracked"]


def test_a_hidden_row_and_a_struck_row_are_left_out_whole():
    def change(made):
        rows = made.tables[0].rows
        rows[1]._tr.insert(0, parse_xml(f"<w:trPr {nsdecls('w')}><w:hidden/></w:trPr>"))
        for cell in rows[2].cells:
            for letters in cell.paragraphs[0].runs:
                letters.font.strike = True

    appendix = of_word(document([HEAD, *map(task, "123")], change=change))
    assert left(appendix) == [("Lập hồ sơ 1", "row_hidden"), ("Lập hồ sơ 2", "row_struck")]
    assert appendix.rows[1].lead_text == "Phòng Người có công"
    assert [row.stt for row in tasks(appendix)] == ["3"]


def test_a_table_in_a_text_box_is_found_once():
    rows = of_word(document([HEAD, task(1)])).rows

    def change(made):
        table = made.tables[0]._tbl
        made.element.body.remove(table)
        holder = parse_xml(
            f'<w:p {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility'
            '/2006"><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
            "<w:txbxContent/></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent/></w:pict>"
            "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        )
        for inner in holder.iter(f"{{{holder.nsmap['w']}}}txbxContent"):
            inner.append(parse_xml(etree.tostring(table)))
        made.element.body.insert(0, holder)

    assert of_word(document([HEAD, task(1)], change=change)).rows == rows


def test_footnotes_are_named_since_they_may_say_more():
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>Trừ đơn vị mới lập.'
        "</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    content = document(
        [HEAD, task(1)],
        change=cell_says(run("Quý IV/2026") + '<w:r><w:footnoteReference w:id="2"/></w:r>'),
    )
    content = parts_changed(
        content, lambda _name, part: part, **{"word/footnotes.xml": notes.encode()}
    )
    assert said(of_word(content).rows[0]) == [
        "cột Thời hạn: có chú thích cuối trang, không nhập: “Trừ đơn vị mới lập.”"
    ]


def test_words_that_word_cut_in_two_are_quoted_in_one():
    """Word begins a new run anywhere, within a number too."""
    cut = run("trước 2") + run("0/8/20") + run("26")
    comments = (
        f'<w:comments {nsdecls("w")}><w:comment w:id="4"><w:p>{cut}</w:p></w:comment></w:comments>'
    )
    struck = run("Tháng 1", "<w:strike/>") + run("1/2026", "<w:strike/>")
    hidden = run("Quý I", "<w:vanish/>") + run("V", "<w:vanish/>")
    note = '<w:r><w:commentReference w:id="4"/></w:r>'
    change = cell_says(struck + run(" Tháng 9/2026 ") + hidden + note)
    content = parts_changed(
        document([HEAD, task(1)], change=change),
        lambda _, part: part,
        **{"word/comments.xml": comments.encode()},
    )
    [row] = of_word(content).rows
    assert row.deadline_text == "Tháng 9/2026"
    assert said(row) == [
        "cột Thời hạn: bỏ qua chữ bị gạch ngang “Tháng 11/2026”",
        "cột Thời hạn: bỏ qua chữ ẩn “Quý IV”",
        "cột Thời hạn: có bình luận hoặc ghi chú kèm ô, không nhập: “trước 20/8/2026”",
    ]


def test_words_struck_in_two_places_are_quoted_apart():
    change = cell_says(run("Quý I", "<w:strike/>") + run("Quý II") + run("Quý III", "<w:strike/>"))
    [row] = of_word(document([HEAD, task(1)], change=change)).rows
    assert said(row) == ["cột Thời hạn: bỏ qua chữ bị gạch ngang “Quý I Quý III”"]


def test_a_comment_outside_of_cells_is_words_outside():
    def change(made):
        made.add_comment(made.paragraphs[0].runs, text="Lùi mọi việc một quý")

    appendix = of_word(document("Mở đầu", [HEAD, task(1)], change=change))
    assert "Lùi mọi việc một quý" in [one.words for one in appendix.outside]


def test_text_boxes_beside_the_tables_and_comments_are_named():
    def change(made):
        cell_says(BOX.format(run("Thay Phụ lục cũ")))(made)
        made.element.body.insert(0, made.tables[0].cell(1, 5).paragraphs[0]._p)
        made.tables[0].cell(1, 5).add_paragraph("Quý III/2026")

    content = document([HEAD, task(1)], change=change)
    content = parts_changed(content, lambda _, part: part, **{"word/comments.xml": b"<c/>"})
    assert [str(remark.sentence) for remark in of_word(content).remarks] == [
        "Tệp có bình luận; nội dung bình luận không được nhập.",
        "Khung chữ ngoài bảng không được nhập: “Thay Phụ lục cũ”.",
    ]


def test_strict_open_xml_is_read():
    def strict(name: str, part: bytes) -> bytes:
        if not name.endswith((".xml", ".rels")):
            return part
        return re.sub(
            rb"http://schemas\.openxmlformats\.org/(wordprocessingml|officeDocument)/2006/"
            rb"(main|relationships)",
            rb"http://purl.oclc.org/ooxml/\1/\2",
            part,
        )

    content = document([HEAD, *map(task, "12")])
    rows = of_word(parts_changed(content, strict)).rows
    assert rows == of_word(content).rows
    assert codes(rows[0]) == []


def test_a_cell_of_endless_text_is_cut_with_a_word():
    row = of_word(document([HEAD, task(1, content="dài " * 4_000)])).rows[0]
    assert len(row.content) == 9_999  # the space at the end goes
    assert said(row) == [
        "cột Giải pháp, nhiệm vụ: dài quá 10000 ký tự, phần sau bị cắt. Xem lại trong tệp."
    ]
