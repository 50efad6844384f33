"""What is shipped of each kind: a template that may be taken back, documents that Office opens."""

import asyncio
import json
import os
import shutil
import subprocess
from dataclasses import asdict
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from tests.schemas import wrong_with

import reporting
from chassis.documents.official import write_official
from reporting.report_templates.uploads import check, fill
from reporting.reports.charts import chart_of
from reporting.reports.fields import NEEDED, fields_of, values_of
from reporting.reports.layouts import COLUMNS
from reporting.reports.lists import Listed, listed
from reporting.reports.models import Report
from reporting.reports.outline import KindBody
from reporting.reports.papers import blocks_of, form_of, table_of
from reporting.reports.shipped import shipped

SHIPPED = Path(reporting.__file__).parent / "migrations/versions/0010_report_kinds.json"
KINDS = {each["code"]: each["body"] for each in json.loads(SHIPPED.read_text())}
EXAMPLES = {
    "count": 1234, "percent": "87.50", "points": "1.25", "day": "2025-12-14",
    "text": "Phòng Cải cách hành chính và Chuyển đổi số",
}  # fmt: skip
NOTICE = "Bản dựng, không phải văn bản chính thức: đề cương «Báo cáo»."
SENTENCE = "Trong kỳ, các đơn vị đã hoàn thành 30 trên 38 nhiệm vụ được giao, đạt 78,95%. " * 4
SHORT, LONG = 15, 60  # lines of a list; the schemas ask what a line looks like, not how many
needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is missing")


@pytest.fixture(params=KINDS)
def kind(request) -> KindBody:
    return KindBody.model_validate(KINDS[request.param])


@pytest.fixture(scope="module")
async def pdfs(tmp_path_factory) -> Path:
    """Return a folder with both layouts of every kind as PDF: starting LibreOffice takes longest.

    Word documents beside them, with lists over pages.
    """
    folder = tmp_path_factory.mktemp("papers")
    for code, body in KINDS.items():
        kind = KindBody.model_validate(body)
        (folder / f"{code} own.docx").write_bytes(own_layout(kind, LONG))
        (folder / f"{code} template.docx").write_bytes(await in_the_template(kind, LONG))
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
               "--convert-to", "pdf:writer_pdf_Export", "--outdir", folder]  # fmt: skip
    papers = folder.glob("*.docx")
    await asyncio.to_thread(
        subprocess.run, [*command, *papers], check=True, capture_output=True, timeout=100
    )
    return folder


def lists_of(kind: KindBody, lines: int) -> dict[str, Listed]:
    """Return every list of a kind with lines; those that are drawn are short."""
    return {
        code: listed(code, COLUMNS[code], [
            [EXAMPLES[kind_] for name, kind_, _ in COLUMNS[code] if name != "STT"]
            for _ in range(SHORT if any(k == "percent" for _, k, _ in COLUMNS[code]) else lines)
        ])
        for code in kind.lists()
    }  # fmt: skip


def rows_of(each: Listed) -> list[list[str | int | None]]:
    return [row for part in each.parts for row in json.loads(part)]


def report_of(kind: KindBody, lists: dict[str, Listed]) -> Report:
    sections = ["opening", *(each.id for each in kind.outline), "closing"]
    return Report(
        title=f"{kind.name} năm 2025 với một trích yếu đủ dài để phải xuống dòng",
        number="15/" + kind.symbol, signed_on=date(2026, 1, 5), signer_titles=kind.signer_titles,
        signer_name="Nguyễn Thị Ánh", sha256="ab" * 32,
        sentences=[
            {"id": each, "section": each, "text": SENTENCE, "changed": False} for each in sections
        ],
        snapshot={
            "kind": kind.model_dump(mode="json"), "taken_at": "2026-01-05T08:00:00+07:00",
            "lists": [each.about() for each in lists.values()], "figures": [],
        },
    )  # fmt: skip


def own_layout(kind: KindBody, lines: int) -> bytes:
    lists = lists_of(kind, lines)
    report = report_of(kind, lists)
    tables = {code: table_of(each.about(), rows_of(each)) for code, each in lists.items()}
    form = form_of(report, report.snapshot, NOTICE)
    return write_official(form, blocks_of(report, report.snapshot, tables))


async def in_the_template(kind: KindBody, lines: int) -> bytes:
    lists = lists_of(kind, lines)
    report = report_of(kind, lists)
    rows = {code: rows_of(each) for code, each in lists.items()}
    drawn = {code: chart_of(each.about(), rows_of(each)) for code, each in lists.items()}
    charts = {code: asdict(chart) for code, chart in drawn.items() if chart}
    values = values_of(report, report.snapshot, NOTICE, rows)
    return await fill(shipped(kind), values, NEEDED, charts)


def keep(name: str, content: bytes) -> None:
    """Keep a paper to be looked at, in the folder PAPERS."""
    if folder := os.environ.get("PAPERS"):
        Path(folder, name).write_bytes(content)


def drawn_in(content: bytes) -> int:
    parts = Document(BytesIO(content)).part.package.iter_parts()
    return sum("/word/charts/" in str(part.partname) for part in parts)


async def test_the_shipped_template_of_a_kind_may_be_taken_back(kind):
    mentions = await check(shipped(kind), fields_of(kind), NEEDED)

    assert {f"lists.{code}" for code in kind.lists()} <= set(mentions)


async def test_both_layouts_keep_the_schemas_of_office_and_draw_the_same_charts(kind):
    own, template = own_layout(kind, SHORT), await in_the_template(kind, SHORT)
    asked = sum(each.chart for each in (*kind.outline, *kind.annexes))

    assert wrong_with(own, "docx") == []
    assert wrong_with(shipped(kind), "docx") == []
    assert wrong_with(template, "docx") == []
    assert drawn_in(own) == drawn_in(template) == asked


@needs_office
@pytest.mark.parametrize("code", KINDS)
def test_both_layouts_become_a_pdf_with_numbers_from_its_second_page(pdfs, code):
    pypdfium2 = pytest.importorskip("pypdfium2")
    for name in ("own", "template"):
        made = (pdfs / f"{code} {name}.pdf").read_bytes()
        pages = pypdfium2.PdfDocument(made)
        tops = [page.get_textpage().get_text_bounded(top=page.get_height(),
                bottom=page.get_height() - 45).split() for page in pages]  # fmt: skip
        keep(f"{code} {name}.pdf", made)
        assert NOTICE.split(maxsplit=1)[0] in " ".join(tops[0])
        assert [top[0] for top in tops[1:]] == [str(n) for n in range(2, len(pages) + 1)]
