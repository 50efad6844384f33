"""Word documents as people make them, and as nobody should: for templates of reports."""

import json
import zipfile
from dataclasses import asdict
from io import BytesIO
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor

from reporting.report_templates import isolated, uploads
from reporting.report_templates.domain import as_json, of_json, refusal

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def looked_at(content: bytes, fields, needed=()) -> list[str]:
    """Check a template as `uploads.check` does, but here: a process takes longer than the check."""
    given, asked = json.loads(json.dumps([as_json(fields), needed]))
    found, mentions = isolated.check(content, of_json(given), asked)
    if found:
        output = json.dumps({"wrong": [asdict(one) for one in found]})
        raise refusal(uploads._wrong(output.encode()))
    return mentions


def paragraphs(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    return saved(document)


def table(*rows: tuple[str, ...]) -> bytes:
    document = Document()
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, cells in zip(made.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    return saved(document)


def runs(*parts: tuple[str, bool]) -> bytes:
    """A paragraph of several runs, some of them bold."""
    document = Document()
    paragraph = document.add_paragraph()
    for words, bold in parts:
        paragraph.add_run(words).bold = bold or None
    return saved(document)


def saved(document) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def header(words: str) -> bytes:
    document = Document()
    document.sections[0].header.paragraphs[0].text = words
    return saved(document)


def property_of(words: str) -> bytes:
    document = Document()
    document.core_properties.subject = words
    return saved(document)


def with_line_break() -> bytes:
    document = Document()
    run = document.add_paragraph().add_run("{{ ti")
    run.add_break()
    run.add_text("tle }}")
    return saved(document)


def with_link(target: str = "http://example.org/a.dotm", kind: str = "image") -> bytes:
    """A document of which the main part leads to a file elsewhere."""
    document = Document()
    id_ = document.part.relate_to(target, f"{OFFICE}/{kind}", is_external=True)
    document.add_paragraph("một")
    link = parse_xml(f'<w:hyperlink {nsdecls("w", "r")} r:id="{id_}"/>')
    document.add_paragraph("hai")._p.append(link)
    return saved(document)


def with_relation(holder: str, kind: str) -> bytes:
    """A document of which the settings or the package lead elsewhere."""
    document = Document()
    package = document.part.package
    parts = {
        "settings": document.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS), "package": package,
    }  # fmt: skip
    parts[holder].rels.get_or_add_ext_rel(f"{OFFICE}/{kind}", "file:///C:/mau.dotm")
    return saved(document)


def with_part(kind: str, content: bytes, content_type: str = "application/octet-stream") -> bytes:
    """A document with one more part that is related to its main one."""
    document = Document()
    name = PackURI("/word/embeddings/more.bin")
    part = Part(name, content_type, content, document.part.package)
    document.part.relate_to(part, f"{OFFICE}/{kind}")
    return saved(document)


def inside(xml: str) -> bytes:
    """A document whose second paragraph holds such elements."""
    document = Document()
    document.add_paragraph("một")
    holder = document.add_paragraph("hai")._p
    spaces = (
        nsdecls("w", "r")
        + ' xmlns:v="urn:schemas-microsoft-com:vml"'
        + (' xmlns:o="urn:schemas-microsoft-com:office:office"')
    )
    for element in parse_xml(f"<w:r {spaces}>{xml}</w:r>"):
        holder.add_r().append(element)
    return saved(document)


def field(code: str, *, where: str = "body") -> bytes:
    """A document with a field of Word, its instruction cut up as Word does."""
    document = Document()
    document.add_paragraph("một")
    header = document.sections[0].header.paragraphs[0]
    holder = header if where == "header" else document.add_paragraph("hai")
    put_field(holder, code)
    return saved(document)


def put_field(holder, code: str) -> None:
    half = len(code) // 2
    for xml in (
        '<w:fldChar {s} w:fldCharType="begin"/>',
        f"<w:instrText {{s}}>{escape(code[:half])}</w:instrText>",
        f"<w:instrText {{s}}>{escape(code[half:])}</w:instrText>",
        '<w:fldChar {s} w:fldCharType="separate"/>', "<w:t {s}>kết quả</w:t>",
        '<w:fldChar {s} w:fldCharType="end"/>',
    ):  # fmt: skip
        holder.add_run()._r.append(parse_xml(xml.replace("{s}", nsdecls("w"))))


def built_by_conditions() -> bytes:
    """A field that only shows what it is once a condition has taken out a part of it."""
    document = Document()
    for xml in (
        '<w:fldChar {s} w:fldCharType="begin"/>', "<w:t {s}>{{%p if overdue == 2 %}}</w:t>",
        "<w:instrText {s}>PAGE </w:instrText>", "<w:t {s}>{{%p endif %}}</w:t>",
        "<w:instrText {s}>DDEAUTO c:\\\\a b</w:instrText>", '<w:fldChar {s} w:fldCharType="end"/>',
    ):  # fmt: skip
        made = xml.replace("{{%", "{%").replace("%}}", "%}").replace("{s}", nsdecls("w"))
        document.add_paragraph().add_run()._r.append(parse_xml(made))
    return saved(document)


def with_xml(old: str, new: str, content: bytes | None = None) -> bytes:
    """A document whose main part was edited as text."""
    source, target = BytesIO(content or paragraphs("chữ")), BytesIO()
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in read.namelist():
            part = read.read(name)
            if name == "word/document.xml":
                part = part.decode().replace(old, new).encode()
            out.writestr(name, part)
    return target.getvalue()


def damaged() -> bytes:
    """A document of which bytes were lost on the way: its list of contents is whole."""
    content = bytearray(paragraphs("chữ"))
    begin = content.index(b"word/document.xml") + 30
    content[begin : begin + 200] = bytes(200)
    return bytes(content)


def locked() -> bytes:
    """A document whose package says that it is under a password."""
    content = bytearray(paragraphs("chữ"))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        begin = -1
        while (begin := content.find(mark, begin + 1)) >= 0:
            content[begin + place] |= 1
    return bytes(content)


def with_endnote(words: str) -> bytes:
    note = f"<w:endnote w:id='2'><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:endnote>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml"
    return with_part("endnotes", f"<w:endnotes {nsdecls('w')}>{note}</w:endnotes>".encode(), kind)


def shown_as(**look) -> bytes:
    """The title in a paragraph of such a look."""
    document = Document()
    font = document.add_paragraph().add_run("{{ title }}").font
    for name, value in look.items():
        setattr(font, name, value)
    return saved(document)


def in_a_hidden_style() -> bytes:
    document = Document()
    style = document.styles.add_style("An", 1)
    style.font.hidden = True
    document.styles.add_style("Duoi", 1).base_style = style
    document.add_paragraph("{{ title }}", style="Duoi")
    return saved(document)


def in_a_header_of_no_page() -> bytes:
    document = Document()
    document.sections[0].first_page_header.paragraphs[0].text = "{{ title }}"
    document.sections[0].different_first_page_header_footer = False
    return saved(document)


def of_white_colour(shade: int = 255) -> bytes:
    document = Document()
    document.add_paragraph().add_run("{{ title }}").font.color.rgb = RGBColor(shade, shade, shade)
    return saved(document)


def in_a_cut_off_line(points=1) -> bytes:
    document = Document()
    document.add_paragraph("{{ title }}").paragraph_format.line_spacing = Pt(points)
    return saved(document)


def in_a_cut_off_row() -> bytes:
    document = Document()
    row = document.add_table(1, 1).rows[0]
    row.cells[0].text = "{{ title }}"
    row.height, row.height_rule = Pt(1), WD_ROW_HEIGHT_RULE.EXACTLY
    return saved(document)
