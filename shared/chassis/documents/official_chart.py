"""A bar chart as Word's own: an officer goes on editing it, its numbers in a workbook inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

from chassis.documents import official_parts as parts
from chassis.documents.cells import quoted, tidy

_SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
)
_COLOURS = ("1F4E79", "9DC3E6", "7F7F7F")
_TEXT = (
    '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1000"><a:latin typeface="Times New Roman"/>'
    '</a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
)
_ROW_MM, _FRAME_MM, _MOST_MM = 8, 22, 200
_FIRST_ID = 1000  # of drawings


@dataclass(frozen=True)
class Chart:
    """Bars, a row for each label. `series`: name and a value for each label; None: unknown.

    `most`: where the axis ends; it always begins at 0, so that no difference looks larger.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    most: float | None = None


def add_chart(document: Any, chart: Chart, width: float) -> None:
    """Write a chart `width` mm wide behind what a document holds."""
    package = document.part.package
    number = 1 + sum("/word/charts/" in str(part.partname) for part in package.iter_parts())
    book = Part(
        PackURI(f"/word/embeddings/chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, _workbook(chart),
        package,
    )  # fmt: skip
    drawn = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    inside = drawn.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
    drawn._blob = _xml(chart, inside).encode()  # noqa: SLF001 - it names its own relationship
    id_ = document.part.relate_to(drawn, RELATIONSHIP_TYPE.CHART)
    height = min(_MOST_MM, _FRAME_MM + _ROW_MM * len(chart.labels) * max(1, len(chart.series)))
    paragraph = document.add_paragraph()
    paragraph.alignment = ALIGN.CENTER
    paragraph.add_run()._r.append(  # noqa: SLF001
        parse_xml(_drawing(chart, id_, _FIRST_ID + number, Mm(width), Mm(height)))
    )


def _workbook(chart: Chart) -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Sheet1")
    looks = {"": None, "quoted ": book.add_format({"quote_prefix": True})}

    def say(row: int, column: int, text: str) -> None:
        sheet.write_string(row, column, tidy(text), looks[quoted(text)])

    for column, (name, values) in enumerate(chart.series, 1):
        say(0, column, name)
        for row, value in enumerate(values, 1):
            if value is not None:
                sheet.write_number(row, column, value)
    for row, label in enumerate(chart.labels, 1):
        say(row, 0, label)
    book.close()
    return stream.getvalue()


def _drawing(chart: Chart, id_: str, number: int, width: int, height: int) -> str:
    name = quoteattr(parts.clean(chart.title))
    return (
        f'<w:drawing {_SPACES}><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name={name} descr={name}/><wp:cNvGraphicFramePr/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{id_}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )


def _xml(chart: Chart, inside: str) -> str:
    series = "".join(_series(chart, place) for place in range(len(chart.series)))
    legend = '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
    most = "" if chart.most is None else f'<c:max val="{chart.most}"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {_SPACES}>'
        '<c:lang val="vi-VN"/><c:roundedCorners val="0"/><c:chart><c:title><c:tx><c:rich>'
        '<a:bodyPr/><a:p><a:pPr><a:defRPr sz="1200" b="1"/></a:pPr><a:r>'
        '<a:rPr lang="vi-VN" sz="1200" b="1">'
        f'<a:latin typeface="Times New Roman"/></a:rPr><a:t>{escape(parts.clean(chart.title))}'
        '</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
        '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/>'
        f'<c:grouping val="clustered"/><c:varyColors val="0"/>{series}<c:gapWidth val="60"/>'
        '<c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling>'
        '<c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/>{_TEXT}<c:crossAx val="2"/>'
        '</c:catAx><c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/>'
        f'{most}<c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="b"/>'
        '<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9D9D9"/>'
        "</a:solidFill></a:ln></c:spPr></c:majorGridlines>"
        f'<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/>{_TEXT}<c:crossAx val="1"/>'
        '<c:crosses val="max"/></c:valAx></c:plotArea>'
        f'{legend if len(chart.series) > 1 else ""}<c:plotVisOnly val="1"/>'
        # Left out, it means zero: 0,00 would be said of what nobody has counted.
        '<c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:externalData r:id="{inside}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _series(chart: Chart, place: int) -> str:
    name, values = chart.series[place]
    column, last = chr(ord("B") + place), len(chart.labels) + 1
    colour = _COLOURS[place % len(_COLOURS)]
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/><c:tx><c:strRef>'
        f"<c:f>Sheet1!${column}$1</c:f>{_texts([name])}</c:strRef></c:tx>"
        f'<c:spPr><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></c:spPr>'
        '<c:invertIfNegative val="0"/><c:dLbls>'
        '<c:numFmt formatCode="[$-42A]0.00" sourceLinked="0"/>'  # 42A: with the comma of Vietnam
        f'<c:spPr/>{_TEXT}<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f>{_texts(chart.labels)}</c:strRef>"
        f"</c:cat><c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache>"
        f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>'
        f"{_numbers(values)}</c:numCache></c:numRef></c:val></c:ser>"
    )


def _texts(texts: Sequence[str]) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{escape(parts.clean(text))}</c:v></c:pt>'
        for place, text in enumerate(texts)
    )
    return f'<c:strCache><c:ptCount val="{len(texts)}"/>{points}</c:strCache>'


def _numbers(values: Sequence[float | None]) -> str:
    return "".join(
        f'<c:pt idx="{place}"><c:v>{value}</c:v></c:pt>'
        for place, value in enumerate(values)
        if value is not None
    )
