"""What a page of Nghị định 30/2020 is set with: styles, list numbering, rules, the page number."""

import re
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Mm, Pt, RGBColor

FONT = "Times New Roman"
TEXT_MM = 165  # between the margins of an upright page
LANDSCAPE_MM = 252
_TABLE_SIZE = 12
# Not in XML, or turning what follows around: a document says what is written.
_NEVER_WRITTEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_INDENT = Cm(1.27)
_TWIPS_OF_INDENT = 720
_BULLET, _HEADINGS, _NUMBERED = 1, 2, 3
_AFTER_BORDER = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
    "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd",
    "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap",
    "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
_AFTER_NUMBERING = ("w:suppressLineNumbers", "w:pBdr", *_AFTER_BORDER)
_LEVELS: tuple[tuple[int, str, str], ...] = ((0, "upperRoman", "%1."), (1, "decimal", "%2."),
    (2, "lowerLetter", "%3)"))  # fmt: skip


def new_document() -> Any:
    """Return an empty A4 document with the styles and margins of the form."""
    document = Document()
    _drop_older_styles(document)
    _set_page(document.sections[0])
    _set_numbering(document)
    _set_styles(document)
    return document


def _drop_older_styles(document: Any) -> None:
    """Leave out the styles once more for an older Word: they would be others than ours."""
    for id_, related in list(document.part.rels.items()):
        if related.reltype.endswith("/stylesWithEffects"):
            del document.part.rels[id_]


def _set_page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance, section.footer_distance = Mm(8), Mm(10)


def _set_numbering(document: Any) -> None:
    """Replace the lists of the empty template by ours: dashes, numbered headings, numbers."""
    numbering = document.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    for style in document.styles.element.iter(qn("w:numPr")):
        style.getparent().remove(style)
    headings = "".join(_level(*level, style=f"Heading{level[0] + 1}") for level in _LEVELS)
    kinds = {
        _BULLET: _level(0, "bullet", "-"),
        _HEADINGS: headings,
        _NUMBERED: _level(0, "decimal", "%1."),
    }
    for number, levels in kinds.items():
        numbering.append(parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        ))  # fmt: skip
    for number in kinds:
        numbering.append(_instance(number, number))


def _level(level: int, form: str, text: str, style: str | None = None) -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{named}'
        f'<w:suff w:val="space"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="0" w:firstLine="{_TWIPS_OF_INDENT}"/></w:pPr></w:lvl>'
    )


def _instance(number: int, kind: int, start: str = "") -> Any:
    return parse_xml(
        f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{start}</w:num>'
    )


def new_numbered_list(document: Any) -> int:
    """Return a list that counts from 1 again."""
    numbering = document.part.numbering_part.element
    number = len(numbering.findall(qn("w:num"))) + 1
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering.append(_instance(number, _NUMBERED, start))
    return number


def _set_styles(document: Any) -> None:
    styles = document.styles
    _font(styles["Normal"], 14)
    _flow(styles["Normal"], ALIGN.LEFT, indent=0, after=0)
    language = parse_xml(f'<w:lang {nsdecls("w")} w:val="vi-VN" w:eastAsia="vi-VN"/>')
    properties = styles["Normal"].element.get_or_add_rPr()
    for former in properties.findall(qn("w:lang")):
        properties.remove(former)
    properties.append(language)
    _font(styles["Body Text"], 14)
    _flow(styles["Body Text"], ALIGN.JUSTIFY, indent=_INDENT, after=6)
    for level in (1, 2, 3):
        _heading(styles[f"Heading {level}"], level)
    for name in ("Title", "Subtitle"):
        _title(styles[name])
    _font(styles["List Bullet"], 14)
    _flow(styles["List Bullet"], ALIGN.JUSTIFY, indent=_INDENT, after=6)
    set_numbering(styles["List Bullet"].element, _BULLET)
    annex = styles.add_style("Annex Title", WD_STYLE_TYPE.PARAGRAPH)
    annex.base_style = styles["Title"]
    _outline(annex.element, 0)


def _heading(style: Any, level: int) -> None:
    upright = 3
    _font(style, 14, bold=level < upright, italic=level == upright)
    _flow(style, ALIGN.JUSTIFY, indent=_INDENT, after=6, before=6)
    style.paragraph_format.keep_with_next = True
    set_numbering(style.element, _HEADINGS, level - 1)


def _title(style: Any) -> None:
    _font(style, 14, bold=True)
    _flow(style, ALIGN.CENTER, indent=0, after=0)
    style.paragraph_format.keep_with_next = True
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _font(style: Any, size: float, *, bold: bool = False, italic: bool = False) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, italic
    font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    for former in ("w:spacing", "w:kern"):
        for element in properties.findall(qn(former)):
            properties.remove(element)
    fonts = properties.find(qn("w:rFonts"))
    for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[theme]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _flow(style: Any, align: Any, *, indent: int, after: float, before: float = 0) -> None:
    form = style.paragraph_format
    form.alignment, form.first_line_indent = align, indent
    form.left_indent = 0
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.0
    form.widow_control = True
    properties = style.element.get_or_add_pPr()
    for together in properties.findall(qn("w:contextualSpacing")):
        properties.remove(together)


def _outline(style: Any, level: int) -> None:
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level))
    style.get_or_add_pPr().append(outline)


def set_numbering(element: Any, number: int, level: int = 0) -> None:
    """Make a paragraph or a style a line of a list: Word counts it, not the text."""
    numbered = parse_xml(
        f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    )
    element.get_or_add_pPr().insert_element_before(numbered, *_AFTER_NUMBERING)


def add_rule(paragraph: Any, width: float, space: float) -> None:
    """Draw a thin centred rule of `width` mm of the `space` mm of its place, as a paragraph."""
    paragraph.paragraph_format.alignment = ALIGN.CENTER
    side = Mm((space - width) / 2)
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = side
    form.first_line_indent = 0
    form.space_before, form.space_after, form.line_spacing = Pt(3), Pt(2), Pt(3)
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/>'
        "</w:pBdr>"
    )
    paragraph._p.get_or_add_pPr().insert_element_before(border, *_AFTER_BORDER)  # noqa: SLF001
    paragraph.add_run().font.size = Pt(2)


def add_page_number(section: Any) -> None:
    """Number the pages in the middle of the top margin, from the second on."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.style = "Normal"
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, " PAGE "), ("separate", None)):
        run._r.append(_field(kind, text))  # noqa: SLF001
    run.add_text("2")
    run._r.append(_field("end", None))  # noqa: SLF001


def _field(kind: str | None, text: str | None) -> Any:
    if kind is None:
        return parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve">{text}</w:instrText>')
    return parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>')


def set_widths(table: Any, widths: Sequence[float]) -> None:
    """Set the columns' widths in mm, where Word reads them and where LibreOffice does."""
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row._tr.tc_lst, widths, strict=True):  # noqa: SLF001
            cell.width = Mm(width)


def keep_row(row: Any, *, repeated: bool = False) -> None:
    """Never break a row over two pages; `repeated`: it heads every page of its table."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    if properties.find(qn("w:cantSplit")) is None:
        properties.append(OxmlElement("w:cantSplit"))
    if repeated:
        properties.append(OxmlElement("w:tblHeader"))


def clean(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _NEVER_WRITTEN.sub("", text)


def say(
    paragraph: Any, text: str, *, size: float = 14, bold: bool = False, italic: bool = False
) -> Any:
    """Write centred words into a paragraph; return it."""
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run(clean(text))
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold or None, italic or None
    return paragraph


def lines(cell: Any, *said: tuple[str, bool, float]) -> None:
    """Write centred lines into an empty cell: the words, whether bold, the size."""
    for place, (text, bold, size) in enumerate(said):
        say(cell.add_paragraph() if place else cell.paragraphs[0], text, size=size, bold=bold)


def gap(document: Any, points: float) -> None:
    """Leave room of so many points, as a line of exactly that height."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(points)
    paragraph.add_run().font.size = Pt(1)


def fill_row(row: Any, texts: Sequence[str], aligned: Sequence[Any], *, bold: bool) -> None:
    """Write the cells of a row that is never broken over two pages."""
    cells = row._tr.tc_lst  # noqa: SLF001
    for cell, text, alignment in zip(cells, texts, aligned, strict=True):
        _fill(cell.p_lst[0], clean(text), alignment, bold=bold)
    keep_row(row)


def _fill(element: Any, text: str, alignment: Any, *, bold: bool) -> None:
    """Write a cell's paragraph: straight into its elements, as an annex has thousands."""
    paragraph = element.get_or_add_pPr()
    paragraph.jc_val = alignment
    if not text:  # else the line of an empty cell is as high as Normal's
        paragraph.append(_sized())
        return
    run = element.add_r()
    run.text = text
    properties = run.get_or_add_rPr()
    if bold:
        properties.append(OxmlElement("w:b"))
    properties.sz_val = Pt(_TABLE_SIZE)


def _sized() -> Any:
    mark, size = OxmlElement("w:rPr"), OxmlElement("w:sz")
    size.set(qn("w:val"), str(2 * _TABLE_SIZE))
    mark.append(size)
    return mark
