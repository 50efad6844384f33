"""What a template may bring along, must show, and what is drawn in it."""

import asyncio
import gzip
from io import BytesIO

import pytest
from docx import Document
from docx.shared import Pt
from tests.reporting.test_template_language import FIELDS, VALUES
from tests.reporting.word import (
    built_by_conditions,
    field,
    header,
    in_a_cut_off_line,
    in_a_cut_off_row,
    in_a_header_of_no_page,
    in_a_hidden_style,
    inside,
    looked_at,
    of_white_colour,
    paragraphs,
    property_of,
    saved,
    shown_as,
    table,
    with_link,
    with_part,
    with_relation,
    with_xml,
)

from chassis.i18n import say
from chassis.rules import InputRefused
from reporting.report_templates.domain import chart, group
from reporting.report_templates.uploads import check, fill

BOUND = (
    '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a" w:storeItemID="{1}"/></w:sdtPr><w:sdtContent><w:p>'
)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
WRONG = {
    "a picture elsewhere": (with_link(), "/body/2", "example.org"),
    "a template elsewhere": (with_relation("settings", "attachedTemplate"), "", "C:/mau.dotm"),
    "another program's face": (with_relation("package", "ui/extensibility"), "", "C:/mau.dotm"),
    "a link to a file": (with_link("file:///c:/a", "hyperlink"), "/body/2", "file:///c:/a"),
    "a link to a share": (with_link(r"\\\\may\\chung", "hyperlink"), "/body/2", "may"),
    "a document within": (with_part("subDocument", b"x"), "", "subDocument"),
    "an OLE object": (with_part("oleObject", b"x"), "", "oleObject"),
    "a package": (with_part("package", b"PK"), "", "package"),
    "a control": (with_part("control", b"x"), "", "control"),
    "another format within": (with_part("aFChunk", b"<html/>"), "", "aFChunk"),
    "a macro by another name": (with_part("vbaProject", b"x"), "", "vbaProject"),
    "what nobody knows": (with_part("attachedToolbars", b"x"), "", "attachedToolbars"),
    "a picture of text": (
        with_part("image", SVG, "image/png"), "", "SVG",
    ),
    "a picture of text by another name": (with_part("image", SVG), "", "SVG"),
    "a picture of text as data": (with_part("customXml", SVG, "application/xml"), "", "SVG"),
    "a packed picture of text": (with_part("image", gzip.compress(SVG)), "", "SVG"),
    "an OLE element": (
        inside('<w:object><o:OLEObject Type="Link" ProgID="Excel"/></w:object>'), "/body/2",
        "OLEObject",
    ),
    "a drawing elsewhere": (
        inside('<w:pict><v:shape><v:imagedata src="http://a.example/b"/></v:shape></w:pict>'),
        "/body/2", "a.example",
    ),
    "a macro of a form": (
        inside('<w:fldChar w:fldCharType="begin"><w:ffData><w:entryMacro w:val="A"/></w:ffData>'
               '</w:fldChar><w:fldChar w:fldCharType="end"/>'), "/body/2", "entryMacro",
    ),
    "a simple field": (
        with_xml(
            "<w:r><w:t>chữ</w:t></w:r>",
            '<w:fldSimple w:instr="INCLUDETEXT c:/a.docx"><w:r><w:t>chữ</w:t></w:r></w:fldSimple>',
        ), "/body/1", "INCLUDETEXT",
    ),
    **{
        f"the field {code.split()[0]}": (field(code), "/body/2", code.split()[0])
        for code in (
            r'DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"', "DDE excel a b",
            r'INCLUDETEXT "http://a.example/b"', r'INCLUDEPICTURE "http://a.example/b.png"',
            "IMPORT a.png", "RD c:/a.docx", r'LINK Excel.Sheet "a.xls"', "EMBED Package",
            "DATABASE \\d a", "MACROBUTTON A b", "FILLIN a", "ASK a b", "DATE", "USERNAME",
            "QUOTE 68 68", "MERGEFIELD a", r'HYPERLINK "file:///c:/a"', r'IF 1 = 1 "a" "b"',
        )
    },
    "a link hidden behind a switch": (
        field(r'HYPERLINK \n "file:///c:/a"'), "/body/2", "file:///c:/a",
    ),
    "a field in the header": (field("DDEAUTO a b", where="header"), "/header", "DDEAUTO"),
    "a tag in a field": (field("REF {{ title }}"), "/body/2", "REF"),
    "a field that a condition makes": (built_by_conditions(), "/body/1", "DDEAUTO"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_a_template_may_not_bring_is_refused_with_its_place(name):
    content, pointer, words = WRONG[name]
    with pytest.raises(InputRefused) as refused:
        looked_at(content, FIELDS)
    said = {each.pointer.rstrip("/"): say(each.sentence) for each in refused.value.problems}
    assert pointer in said, said
    assert any(words in each for each in said.values()), said
    assert all(say(each.sentence, "en") for each in refused.value.problems)


@pytest.mark.parametrize("content", [
    field("PAGE  \\* MERGEFORMAT"), field('TOC \\o "1-3" \\h'), field('HYPERLINK \\l "_Toc1"'),
    field('HYPERLINK "https://sonoivu.example/a" \\o "Cổng"'), field("PAGE", where="header"),
    with_link("https://snv.example", "hyperlink"), with_link("mailto:a@b.example", "hyperlink"),
    with_part("image", b"\x89PNG\r\n", "image/png"),
], ids=["page", "toc", "within", "link field", "header", "link", "mail", "picture"])  # fmt: skip
def test_what_only_counts_refers_or_waits_for_a_click_is_taken(content):
    looked_at(content, FIELDS)


@pytest.mark.parametrize(
    "content",
    [
        paragraphs("{% if overdue > 1000 %}{{ title }}{% endif %}"),
        paragraphs("{%p for u in units %}", "{{ title }}", "{%p endfor %}"),
        paragraphs("{% if 1 > 2 %}{{ title }}{% else %}x{% endif %}"),
        shown_as(hidden=True),
        shown_as(size=Pt(1)),
        of_white_colour(),
        of_white_colour(shade=0xF0),
        in_a_cut_off_line(),
        in_a_cut_off_row(),
        in_a_hidden_style(),
        in_a_header_of_no_page(),
        with_xml("<w:p>", BOUND, with_xml("</w:p>", "</w:p></w:sdtContent></w:sdt>",
                                          paragraphs("{{ title }}"))),
    ],
    ids=["a condition", "an empty list", "never", "hidden", "tiny", "white", "nearly white",
         "a low line", "a low row", "a style", "no page", "what Word overwrites"],
)  # fmt: skip
def test_a_field_that_is_needed_cannot_be_hidden(content):
    with pytest.raises(InputRefused) as refused:
        looked_at(content, FIELDS, ["title"])
    said = [say(each.sentence) for each in refused.value.problems]
    assert any("«{{ title }}» không hiện ra" in each for each in said), said


@pytest.mark.parametrize("content", [of_white_colour(shade=0x80), in_a_cut_off_line(12)])
def test_a_field_that_is_needed_may_be_grey_and_in_a_line_that_is_high_enough(content):
    looked_at(content, FIELDS, ["title"])


def test_a_needed_field_may_be_left_out_where_it_says_nothing_but_never_what_it_says():
    content = paragraphs(
        "{% if title %}Chú ý: {{ title }}{% endif %}{% if overdue < 5 %}x{% endif %}"
    )
    looked_at(content, FIELDS, ["title"])
    asyncio.run(fill(content, {**VALUES, "title": ""}, ["title"]))
    tricky = paragraphs("{% if overdue < 5 %}{{ title }}{% endif %}")
    looked_at(tricky, FIELDS, ["title"])
    with pytest.raises(InputRefused) as refused:
        asyncio.run(fill(tricky, VALUES, ["title"]))
    assert "không hiện ra" in say(refused.value.problems[0].sentence)


def test_a_long_title_and_characters_no_document_holds_are_written_as_they_can_be():
    title = "Rất dài & có \x0b ký tự \ufffe lạ " * 20
    document = Document(BytesIO(paragraphs("{{ title }}")))
    document.core_properties.title = "BÁO CÁO {{ title }}"
    made = Document(BytesIO(asyncio.run(fill(saved(document), {**VALUES, "title": title}))))

    clean = title.replace("\x0b", "").replace("\ufffe", "")
    assert made.paragraphs[0].text == clean
    assert made.core_properties.title == f"BÁO CÁO {clean}"[:255]


def test_a_chart_takes_the_paragraph_of_its_field():
    fields = {**FIELDS, "charts": group("Biểu đồ", units=chart("Đơn vị"), none=chart("Không"))}
    content = paragraphs("trước", "{{ charts.units }}", "{{ charts.none }}", "sau")
    values = {**VALUES, "charts": {"units": "", "none": ""}}
    drawn = {"title": "Tỷ lệ", "labels": ["A"], "series": [["Đạt", [90.5]]], "most": 100}
    assert "charts.units" in asyncio.run(check(content, fields))
    made = Document(BytesIO(asyncio.run(fill(content, values, charts={"units": drawn}))))

    assert [each.text for each in made.paragraphs] == ["trước", "", "sau"]
    assert "c:chart" in made.paragraphs[1]._p.xml
    assert [p.partname for p in made.part.package.iter_parts() if "charts" in p.partname]


@pytest.mark.parametrize("line", ["Biểu đồ {{ charts.units }}", "{{ charts.units|upper }}",
                                  "{% if charts.units %}a{% endif %}"])  # fmt: skip
def test_a_chart_stands_alone(line):
    fields = {"charts": group("Biểu đồ", units=chart("Đơn vị"))}
    for content in (paragraphs(line), table((line,)), header("{{ charts.units }}")):
        with pytest.raises(InputRefused) as refused:
            looked_at(content, fields)
        assert any("đứng riêng" in say(each.sentence) for each in refused.value.problems)


def test_the_fields_that_a_template_names_are_known():
    content = paragraphs(
        "{{ title }}",
        "{%p for u in units %}",
        "{{ u.name }}",
        "{%p endfor %}",
        "{% if overdue > 1 %}{{ signer.name }}{% endif %}",
    )
    assert {"title", "units", "overdue", "signer.name"} <= set(asyncio.run(check(content, FIELDS)))


@pytest.mark.parametrize(
    "content",
    [
        paragraphs("{", "{ signer.name }", "}"),
        paragraphs("{", "% if signer.name %", "}a{", "% endif %", "}"),
        with_xml("<w:p>", '<w:p w:rsidR="{{ signer.name }}">'),
        property_of("{{ signer.name }}"),
    ],
    ids=["over paragraphs", "a condition over paragraphs", "an attribute", "a property"],
)
def test_a_field_is_known_wherever_its_tag_stands(content):
    assert "signer.name" in looked_at(content, FIELDS)
