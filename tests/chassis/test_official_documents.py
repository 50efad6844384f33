"""A document in the form of Nghị định 30: read back by python-docx, turned into PDF."""

import io
import shutil
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Cm, Mm, Pt
from lxml import etree
from openpyxl import load_workbook
from tests.schemas import wrong_with

from chassis.documents.official import (
    Annex,
    Chart,
    Heading,
    OfficialForm,
    Paragraph,
    PdfNotMade,
    Points,
    Signature,
    Table,
    as_pdf,
    day_words,
    number_line,
    write_official,
)

needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is missing")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FORM = OfficialForm(
    parent="UBND TỈNH KHÁNH HÒA", issuer="SỞ NỘI VỤ", number="5", symbol="BC-SNV",
    place="Khánh Hòa", day=date(2026, 2, 5), kind="BÁO CÁO", subject="Kết quả cải cách",
    addressed_to=(), copies_to=("UBND tỉnh (b/c);", "Các phòng"),
    signature=Signature(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Nguyễn Thị Ánh"),
    notice="Bản dựng, không phải văn bản chính thức.", foot="SHA-256: ab12",
)  # fmt: skip
ROWS = [(str(i), f"Phòng {i}", str(i * 13), f"{80 + i},10") for i in range(1, 61)]
BLOCKS = [
    Paragraph("Sở báo cáo như sau:"), Heading("KẾT QUẢ"), Heading("Chỉ đạo", 2),
    Points(("Một", "Hai")), Heading("ĐÁNH GIÁ"),
    Table(("STT", "Đơn vị", "Số phiếu", "Chỉ số (%)"), ROWS, (14, 90, 30, 31)),
    Paragraph("Trên đây là báo cáo."),
    Annex("DANH MỤC", (Table(("STT", "Nhiệm vụ"), [("1", "A")], (14, 200)),), landscape=True),
    Annex("SỐ LIỆU", (Paragraph("x"),)),
]  # fmt: skip


@pytest.fixture(scope="module")
def written() -> bytes:
    return write_official(FORM, BLOCKS)


@pytest.fixture(scope="module")
def document(written):
    return Document(io.BytesIO(written))


def texts(document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def cell_lines(table) -> list[str]:
    return [p.text for row in table.rows for cell in row.cells for p in cell.paragraphs if p.text]


def test_the_page_is_a4_with_the_margins_of_the_decree(document):
    section = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)

    assert [round(side.mm) for side in sides] == [20, 20, 30, 15]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert document.styles["Normal"].font.name == "Times New Roman"
    body = document.styles["Body Text"]
    assert (body.font.size, body.paragraph_format.space_after) == (Pt(14), Pt(6))
    assert abs(body.paragraph_format.first_line_indent - Cm(1.27)) < Mm(0.1)


def test_the_top_says_country_body_number_place_and_day(document):
    said = cell_lines(document.tables[0])

    assert said == [
        "UBND TỈNH KHÁNH HÒA", "SỞ NỘI VỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc", "Số: 05/BC-SNV", "Khánh Hòa, ngày 05 tháng 02 năm 2026",
    ]  # fmt: skip
    assert texts(document)[1:3] == ["BÁO CÁO", "Kết quả cải cách"]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 1, 9), "ngày 09 tháng 01 năm 2026"),
        (date(2026, 3, 10), "ngày 10 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_a_zero(day, said):
    assert day_words(day) == said


def test_an_open_number_leaves_room_and_a_large_one_gets_no_zero():
    opened = OfficialForm(**{**FORM.__dict__, "number": None})

    assert number_line(opened).startswith("Số:   ")
    assert number_line(OfficialForm(**{**FORM.__dict__, "number": "128"})) == "Số: 128/BC-SNV"


def test_headings_and_points_are_styles_that_word_counts_itself(document):
    styled = {p.text: p.style.name for p in document.paragraphs}

    assert styled["KẾT QUẢ"] == "Heading 1"
    assert styled["Chỉ đạo"] == "Heading 2"
    assert styled["Một"] == "List Bullet"
    for name in ("Heading 1", "Heading 2", "List Bullet"):
        assert document.styles[name].element.find(f".//{W}numPr") is not None


def test_a_table_is_native_repeats_its_heading_and_has_widths_for_both_readers(document):
    table = document.tables[1]
    heading = table.rows[0]._tr.trPr

    assert heading.find(f"{W}tblHeader") is not None
    grid = [round(column.width.mm) for column in table.columns]
    assert grid == [14, 90, 30, 31]
    assert [cell.text for cell in table.rows[60].cells] == list(ROWS[59])
    jc = [cell.paragraphs[0].paragraph_format.alignment for cell in table.rows[1].cells]
    assert [str(each).split()[0] for each in jc] == ["CENTER", "LEFT", "RIGHT", "RIGHT"]


def test_the_body_ends_with_its_mark_and_the_signature_stays_whole(document):
    assert "Trên đây là báo cáo./." in texts(document)
    end = document.tables[2]
    assert cell_lines(end) == [
        "Nơi nhận:", "- UBND tỉnh (b/c);", "- Các phòng;", "- Lưu: VT, VP.",
        "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Thị Ánh",
    ]  # fmt: skip
    assert end.rows[0]._tr.trPr.find(f"{W}cantSplit") is not None


def test_annexes_are_counted_in_roman_numerals_and_may_lie_on_their_side(document):
    assert [s.orientation for s in document.sections] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT,
    ]  # fmt: skip
    assert {"PHỤ LỤC I", "PHỤ LỤC II"} <= set(texts(document))
    belongs = "(Kèm theo Báo cáo số 05/BC-SNV ngày 05 tháng 02 năm 2026 của Sở Nội vụ)"
    assert texts(document).count(belongs) == 2


def test_page_one_has_the_notice_and_no_number_all_have_the_foot(document):
    section = document.sections[0]

    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == FORM.notice
    assert "PAGE" in section.header._element.xml
    assert section.footer.paragraphs[0].text == FORM.foot
    assert section.first_page_footer.paragraphs[0].text == FORM.foot


def test_what_xml_cannot_hold_is_left_out_and_markup_stays_text():
    nasty = write_official(FORM, [Paragraph("Y tế & <b>Dân số</b>\x00\x0b]]> \u202e=1")])

    assert "Y tế & <b>Dân số</b>]]> =1./." in texts(Document(io.BytesIO(nasty)))


def test_every_part_is_well_formed_and_properties_stand_in_the_order_of_the_schema(written):
    order = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr",
             "spacing", "ind", "jc", "outlineLvl")  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                root = etree.fromstring(package.read(name))
                for properties in root.iter(f"{W}pPr"):
                    names = [child.tag.removeprefix(W) for child in properties]
                    places = [order.index(each) for each in names if each in order]
                    assert places == sorted(places), (name, names)


def test_a_chart_is_words_own_with_its_numbers_in_a_workbook_inside():
    chart = Chart(
        "Tỷ lệ & <mức>", ("A", "B"), (("Đạt", (90.5, None)), ("Năm trước", (80.0, 1.0))), 100
    )
    content = write_official(FORM, [Paragraph("x"), chart, chart])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        drawn = etree.fromstring(package.read("word/charts/chart2.xml"))
        book = load_workbook(io.BytesIO(package.read("word/embeddings/chart1.xlsx")))
        types = package.read("[Content_Types].xml").decode()
    c = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

    rows = [[cell.value for cell in row] for row in book.active.rows]
    assert rows == [[None, "Đạt", "Năm trước"], ["A", 90.5, 80], ["B", None, 1]]
    assert [each.text for each in drawn.iter(f"{c}v")][:4] == ["Đạt", "A", "B", "90.5"]
    assert [each.get("val") for each in drawn.iter(f"{c}min", f"{c}max")] == ["100", "0"]
    assert "drawingml.chart+xml" in types
    assert drawn.find(f".//{c}dispBlanksAs").get("val") == "gap", "a zero would be said otherwise"


@pytest.mark.parametrize(
    ("cells", "side"),
    [
        (("12", "01/09/2025", "–"), "RIGHT"),
        (("01/09/2025", "–"), "LEFT"),
        (("01/09/2025", ""), "LEFT"),
        (("–", "–"), "RIGHT"),
    ],
)
def test_days_stand_with_the_figures_that_they_are_among(cells, side):
    table = Table(("STT", "Số liệu"), [("1", cell) for cell in cells], (14, 30))
    made = Document(io.BytesIO(write_official(FORM, [table]))).tables[1]

    alignment = made.rows[1].cells[1].paragraphs[0].paragraph_format.alignment
    assert str(alignment).split()[0] == side


def test_an_official_letter_has_its_subject_under_its_number():
    letter = OfficialForm(**{
        **FORM.__dict__, "kind": "", "subject": "đôn đốc nhiệm vụ", "symbol": "SNV-VP",
        "addressed_to": ("Phòng A", "Phòng B"),
    })  # fmt: skip
    found = Document(io.BytesIO(write_official(letter, [Paragraph("Sở đề nghị.")])))

    assert "V/v đôn đốc nhiệm vụ" in cell_lines(found.tables[0])
    assert texts(found)[1:4] == ["Kính gửi:", "- Phòng A;", "- Phòng B."]
    assert "- Như trên;" in cell_lines(found.tables[1])


@needs_office
async def test_libreoffice_makes_a_pdf_of_five_pages_with_the_text(written):
    content = await as_pdf(written)
    pypdfium2 = pytest.importorskip("pypdfium2")
    pages = pypdfium2.PdfDocument(content)
    first = pages[0].get_textpage().get_text_bounded()

    assert content.startswith(b"%PDF-")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
    assert len(pages) == 5


async def test_without_libreoffice_it_is_said_how_to_make_the_pdf(monkeypatch, written):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(PdfNotMade) as refused:
        await as_pdf(written)

    assert refused.value.code == "pdf_not_available"
    assert "lưu thành PDF" in str(refused.value.sentence)


CHART = Chart("Tỷ lệ", ("A", "B"), (("Đạt", (90.5, None)), ("Năm trước", (80.0, 1.0))), 100)


@pytest.mark.parametrize(
    "form",
    [FORM, OfficialForm(**{**FORM.__dict__, "kind": "", "addressed_to": ("Phòng A", "Phòng B")})],
    ids=["a report", "a letter"],
)
def test_documents_keep_the_schemas_of_office(form):
    assert wrong_with(write_official(form, [*BLOCKS, CHART]), "docx") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<w:body>", '<w:body><w:p><w:nonsense w:val="1"/></w:p>', "nonsense"),
        ("<w:body>", '<w:body><w:p><w:r/><w:pPr><w:jc w:val="left"/></w:pPr></w:p>', "pPr"),
        ("<w:body>", '<w:body><w:p><w:pPr><w:jc w:val="x"/></w:pPr></w:p>', "jc"),
        ('w:type="default" r:id="rId', 'w:type="default" r:id="rId99', "rId99"),
    ],
    ids=["unknown", "misplaced", "a wrong value", "a relation to nothing"],
)
def test_the_second_reader_finds_what_breaks_the_schemas(written, old, new, said):
    source, target = io.BytesIO(written), io.BytesIO()
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w") as out:
        for name in read.namelist():
            part = read.read(name)
            if name == "word/document.xml":
                assert old in part.decode()
                part = part.decode().replace(old, new, 1).encode()
            out.writestr(name, part)

    assert any(said in each for each in wrong_with(target.getvalue(), "docx"))


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("VĂN PHÒNG SỞ", "Văn phòng Sở"),
        ("SỞ NỘI VỤ TỈNH KHÁNH HÒA", "Sở Nội vụ tỉnh Khánh Hòa"),
        ("PHÒNG CẢI CÁCH HÀNH CHÍNH", "Phòng Cải cách hành chính"),
    ],
)
def test_a_body_is_named_in_an_annex_as_it_is_written(issuer: str, said: str) -> None:
    form = replace(FORM, issuer=issuer)
    made = Document(io.BytesIO(write_official(form, [Annex("Danh mục", ())])))
    assert any(text.endswith(f"của {said})") for text in texts(made))


def test_no_line_of_the_top_holds_a_places_last_word_alone() -> None:
    form = replace(FORM, issuer="SỞ NỘI VỤ TỈNH KHÁNH HÒA")
    made = Document(io.BytesIO(write_official(form, [])))
    assert "SỞ NỘI VỤ TỈNH\u00a0KHÁNH\u00a0HÒA" in cell_lines(made.tables[0])
