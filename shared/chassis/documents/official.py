"""A letter or report in the form of Nghị định 30/2020/NĐ-CP, as a .docx an officer goes on editing.

Writing one blocks: call `write_official` in a thread (`asyncio.to_thread`). PDF: `as_pdf`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm

from chassis.documents import official_parts as parts
from chassis.documents.official_blocks import (
    Annex,
    Block,
    Heading,
    Paragraph,
    Points,
    Simple,
    Table,
    Writer,
)
from chassis.documents.official_chart import Chart
from chassis.documents.pdf import PdfNotMade, as_pdf

__all__ = [
    "Annex",
    "Block",
    "Chart",
    "Heading",
    "OfficialForm",
    "Paragraph",
    "PdfNotMade",
    "Points",
    "Signature",
    "Simple",
    "Table",
    "as_pdf",
    "write_official",
]
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LEFT_MM, _RIGHT_MM = 65, 100  # of the two columns above the title
_MOTTO_MM, _TITLE_MM = 59, 45  # lengths of the rules below
_CAPITAL_MM = 3.3  # a bold capital of 13 points
_BORN = datetime(2020, 3, 5, tzinfo=UTC)  # of the decree: the same content gives the same document
_SPACES = re.compile(" {2,}")
_TWO_DIGITS_BELOW_MONTH = 3  # January and February are written 01 and 02


@dataclass(frozen=True)
class Signature:
    """Who signs: `titles` a line each ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")."""

    titles: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class OfficialForm:
    """What stands around the body. `number` or `day` None: left open for the clerk.

    `kind` "": an official letter, whose subject stands under its number ("V/v …").
    `notice`: a line at the top of page 1, as that the figures are composed. `foot`: of every page.
    """

    parent: str
    issuer: str
    number: str | None
    symbol: str
    place: str
    day: date | None
    kind: str
    subject: str
    addressed_to: tuple[str, ...]
    copies_to: tuple[str, ...]
    signature: Signature
    notice: str | None = None
    foot: str | None = None


_KINDS = {"VĂN PHÒNG", "THANH TRA", "TRUNG TÂM", "CHI CỤC"}  # of bodies, in two words


def write_official(form: OfficialForm, blocks: Sequence[Block]) -> bytes:
    """Return the document: its body ends "./.", annexes follow the signature."""
    document = parts.new_document()
    _set_properties(document, form)
    _write_top(document, form)
    _write_title(document, form)
    writer = Writer(document, parts.TEXT_MM)
    for block in _ended([block for block in blocks if not isinstance(block, Annex)]):
        writer.write(block)
    _write_end(document, form)
    annexes = [block for block in blocks if isinstance(block, Annex)]
    for place, annex in enumerate(annexes, 1):
        _write_annex(document, form, annex, _roman(place) if len(annexes) > 1 else "")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def number_line(form: OfficialForm) -> str:
    """Return "Số: 05/BC-SNV"; a number that is open leaves room for it."""
    number = form.number
    shown = "        " if number is None else number.zfill(2) if number.isdigit() else number
    return f"Số: {shown}/{form.symbol}"


def day_words(day: date | None) -> str:
    """Return "ngày 05 tháng 02 năm 2026"; a day that is open leaves room for it."""
    if day is None:
        return "ngày        tháng        năm          "
    month = f"{day.month:02}" if day.month < _TWO_DIGITS_BELOW_MONTH else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def _set_properties(document: Any, form: OfficialForm) -> None:
    properties = document.core_properties
    properties.title = parts.clean(f"{form.kind} {form.subject}".strip())[:250]
    properties.author = properties.last_modified_by = parts.clean(form.issuer)[:250]
    properties.created = properties.modified = _BORN
    properties.language, properties.comments = "vi-VN", ""


def _write_top(document: Any, form: OfficialForm) -> None:
    section = document.sections[0]
    parts.add_page_number(section)
    if form.notice:
        paragraph = section.first_page_header.paragraphs[0]
        paragraph.style = "Normal"
        parts.say(paragraph, form.notice, size=10, italic=True)
    for footer in (section.first_page_footer, section.footer) if form.foot else ():
        footer.paragraphs[0].style = "Normal"
        parts.say(footer.paragraphs[0], form.foot or "", size=8)
    table = document.add_table(2, 2)
    parts.set_widths(table, (_LEFT_MM, _RIGHT_MM))
    left, right = table.rows[0].cells
    parts.lines(left, (form.parent, False, 13), (_with_its_place(form.issuer), True, 13))
    rule = min(_LEFT_MM, len(form.issuer) * _CAPITAL_MM) * 0.45
    parts.add_rule(left.add_paragraph(), rule, _LEFT_MM - 4)
    parts.lines(
        right,
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True, 13),
        ("Độc lập - Tự do - Hạnh phúc", True, 14),
    )
    parts.add_rule(right.add_paragraph(), _MOTTO_MM, _RIGHT_MM - 4)
    left, right = table.rows[1].cells
    parts.lines(left, (number_line(form), False, 13))
    if not form.kind:
        parts.say(left.add_paragraph(), f"V/v {form.subject}", size=12)
    parts.say(right.paragraphs[0], f"{form.place}, {day_words(form.day)}", size=14, italic=True)


def _write_title(document: Any, form: OfficialForm) -> None:
    parts.gap(document, 6)
    if form.kind:
        document.add_paragraph(parts.clean(form.kind).upper(), style="Title")
        for line in form.subject.split("\n"):
            document.add_paragraph(parts.clean(line), style="Subtitle")
        parts.add_rule(document.add_paragraph(), _TITLE_MM, parts.TEXT_MM)
        parts.gap(document, 6)
    _write_addressees(document, form.addressed_to)


def _write_addressees(document: Any, names: tuple[str, ...]) -> None:
    if not names:
        return
    if len(names) == 1:
        parts.say(document.add_paragraph(), f"Kính gửi: {names[0]}")
    else:
        _at(document, "Kính gửi:", 30)
        for place, name in enumerate(names, 1):
            _at(document, f"- {name}{';' if place < len(names) else '.'}", 45)
    parts.gap(document, 6)


def _at(document: Any, text: str, indent: float) -> None:
    paragraph = parts.say(document.add_paragraph(), text)
    paragraph.alignment, paragraph.paragraph_format.left_indent = ALIGN.LEFT, Mm(indent)


def _ended(blocks: list[Simple]) -> list[Simple]:
    """Return the blocks with "./." behind the last words."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Paragraph):
        return [*blocks[:-1], Paragraph(_closed(last.text))]
    if isinstance(last, Points) and last.items:
        items = (*last.items[:-1], _closed(last.items[-1]))
        return [*blocks[:-1], Points(items, last.numbered)]
    return [*blocks, Paragraph("./.")]


def _closed(text: str) -> str:
    return f"{text.rstrip().removesuffix('./.').rstrip('.;,')}./."


def _write_end(document: Any, form: OfficialForm) -> None:
    _hold(document)
    table = document.add_table(1, 2)
    parts.set_widths(table, (80, 85))
    parts.keep_row(table.rows[0])
    left, right = table.rows[0].cells
    title = parts.say(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    title.alignment = ALIGN.LEFT
    for line in _copies(form):
        parts.say(left.add_paragraph(), f"- {line}", size=11).alignment = ALIGN.LEFT
    parts.lines(right, *((title, True, 14) for title in form.signature.titles))
    for _ in range(4):  # the room of a signature and a seal
        right.add_paragraph()
    parts.say(right.add_paragraph(), form.signature.name, bold=True)
    for cell in (left, right):
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
    # Word wants a paragraph behind a table: one that takes no room.
    parts.gap(document, 1)


def _hold(document: Any) -> None:
    """Keep the last words on the page of the signature."""
    body = document.element.body
    if len(body) > 1 and body[-2].tag.endswith("}p"):
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    parts.gap(document, 6)
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def _copies(form: OfficialForm) -> list[str]:
    names = [name.rstrip(" ;.") for name in form.copies_to]
    if form.addressed_to and "Như trên" not in names:
        names.insert(0, "Như trên")
    kept = [name for name in names if name.startswith("Lưu")] or ["Lưu: VT, VP"]
    others = [name for name in names if not name.startswith("Lưu")]
    return [*(f"{name};" for name in others), f"{kept[-1]}."]


def _write_annex(document: Any, form: OfficialForm, annex: Annex, number: str) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    sideways = annex.landscape
    section.orientation = WD_ORIENT.LANDSCAPE if sideways else WD_ORIENT.PORTRAIT
    long, short = Mm(297), Mm(210)
    section.page_width, section.page_height = (long, short) if sideways else (short, long)
    document.add_paragraph(f"PHỤ LỤC {number}".strip(), style="Annex Title")
    document.add_paragraph(parts.clean(annex.title), style="Subtitle")
    parts.say(document.add_paragraph(), _belongs(form), italic=True)
    parts.gap(document, 6)
    writer = Writer(document, parts.LANDSCAPE_MM if sideways else parts.TEXT_MM)
    for block in annex.blocks:
        writer.write(block)


def _belongs(form: OfficialForm) -> str:
    kind = (form.kind or "Công văn").capitalize()
    number = _SPACES.sub("…", number_line(form).removeprefix("Số: "))
    day = _SPACES.sub(" … ", day_words(form.day)).rstrip()
    return f"(Kèm theo {kind} số {number} {day} của {_sentence_case(form.issuer)})"


def _with_its_place(name: str) -> str:
    """Return a name whose place stays together, so that no line holds its last word alone."""
    own, of, place = name.partition(" TỈNH ")
    return f"{own} {of.strip()}\u00a0{place.replace(' ', chr(0xA0))}" if of else name


def _sentence_case(name: str) -> str:
    """Return "Sở Nội vụ tỉnh Khánh Hòa" for it in capitals: the first two words, and a place's.

    "Văn phòng Sở" is of a kind in two words, after which its own name begins.
    """
    if not name.isupper():
        return name
    own, of, place = name.partition(" TỈNH ")
    words = own.split()
    big = {0, 2} if " ".join(words[:2]) in _KINDS else {0, 1}
    shown = [w.capitalize() if i in big else w.lower() for i, w in enumerate(words)]
    return " ".join(shown) + of.lower() + place.title()


def _roman(number: int) -> str:
    roman = ""
    for value, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        roman += sign * (number // value)
        number %= value
    return roman
