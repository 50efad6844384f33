"""The compiled report as a .docx in the form of Nghị định 30/2020/NĐ-CP."""

import asyncio
from collections.abc import Iterator, Sequence

from chassis.clock import TIME_ZONE
from chassis.documents.official import (
    Annex,
    Block,
    Heading,
    OfficialForm,
    Paragraph,
    Points,
    Signature,
    Table,
    write_official,
)
from tasks.deadlines.days import day_text
from tasks.unit_reports.compiled import COUNTED, Compiled, MissingUnit, UnitFigures
from tasks.unit_reports.defaults import Setting
from tasks.unit_reports.drafting import share

NOTICE = (
    "Bản dựng từ hệ thống, chưa phải văn bản chính thức: số liệu theo báo cáo của đơn vị đã gửi "
    "tính đến {time} ngày {day}."
)
SUBJECT = "Tổng hợp kết quả thực hiện và khó khăn, vướng mắc của các đơn vị theo {plan}"
HEADINGS = (
    "STT", "Đơn vị", "Nhiệm vụ có thời hạn", "Hoàn thành", "Đến hạn", "Hoàn thành đến hạn",
    "Quá hạn", "Chờ duyệt", "Thường xuyên, chưa có hạn", "Đóng góp được đề nghị", "Đóng góp đã gửi",
    "Đóng góp đúng hạn", "Ngày gửi", "Đúng hạn gửi báo cáo",
)  # fmt: skip
WIDTHS = (13, 34, 16, 16, 13, 16, 13, 15, 19, 16, 16, 16, 24, 21)  # no word of a heading breaks
SAID = ("STT", "Đơn vị", "Kết quả", "Giải pháp khắc phục", "Đề xuất, kiến nghị")
SAID_WIDTHS = (12, 38, 100, 50, 47)
NOBODY = "Không có."


async def document_of(compiled: Compiled, setting: Setting) -> bytes:
    """Write the document; a thread does the work."""
    blocks = list(_blocks(compiled))
    return await asyncio.to_thread(write_official, _form(compiled, setting), blocks)


def figures_row(number: int, unit: UnitFigures) -> list[str]:
    """Return the line of a unit in the table of figures, as the document and the API have it."""
    counts = [str(unit.figures[name]) for name in COUNTED]
    how = "Đúng hạn" if unit.on_time else f"Chậm {unit.late_days} ngày làm việc"
    return [str(number), unit.unit_name, *counts, day_text(unit.handed_in_on), how]


def _form(compiled: Compiled, setting: Setting) -> OfficialForm:
    form, local = setting.form, compiled.as_of.astimezone(TIME_ZONE)
    facts = {"time": f"{local:%H:%M}", "day": day_text(local.date())}
    return OfficialForm(
        parent=form["parent"], issuer=form["issuer"], number=None, symbol=form["symbol"],
        place=form["place"], day=None, kind="BÁO CÁO",
        subject=SUBJECT.format(plan=compiled.plan_title),
        addressed_to=tuple(form["addressed_to"]), copies_to=tuple(form["copies_to"]),
        signature=Signature(tuple(form["signature_titles"]), form["signature_name"]),
        notice=NOTICE.format(**facts),
    )  # fmt: skip


def _blocks(compiled: Compiled) -> Iterator[Block]:
    yield Paragraph(_opening(compiled))
    yield Heading("Tình hình báo cáo")
    yield Paragraph(_who_reported(compiled))
    yield from _named("Đơn vị chưa gửi báo cáo", [_not_yet(each) for each in compiled.missing])
    yield from _named("Đơn vị gửi báo cáo chậm", [_late(each) for each in compiled.late])
    yield Heading("Kết quả thực hiện")
    yield Paragraph(_done(compiled))
    if compiled.ended:
        title = "Kết quả của đơn vị đã kết thúc hoạt động, chưa nằm trong báo cáo nào"
        yield from _named(title, [f"{each.unit_name}: {each.done}" for each in compiled.ended])
    yield Heading("Khó khăn, vướng mắc theo nhóm, nguyên nhân")
    yield from _themes(compiled)
    yield Heading("Giải pháp khắc phục; đề xuất, kiến nghị")
    yield Paragraph(_how_many_said(compiled))
    yield Paragraph(f"Trên đây là báo cáo tổng hợp theo {compiled.plan_title}")
    yield Annex("Bảng số liệu của các đơn vị", (_table(compiled),), landscape=True)
    yield Annex("Nội dung báo cáo của các đơn vị", (_words(compiled),), landscape=True)


def _opening(compiled: Compiled) -> str:
    number = f" số {compiled.plan_number}" if compiled.plan_number else ""
    due = day_text(compiled.due_on)
    last = day_text(compiled.last_working_day)
    said = f"Thực hiện {compiled.plan_title}{number}, các đơn vị báo cáo chậm nhất ngày {due}"
    if last != due:
        said += f" (ngày làm việc cuối {last})"
    return f"{said}. Văn phòng Sở tổng hợp như sau:"


def _who_reported(compiled: Compiled) -> str:
    sent, late = len(compiled.units), len(compiled.late)
    every = sent + len(compiled.missing)
    return f"Đã gửi báo cáo: {sent}/{every} đơn vị, trong đó gửi chậm: {late} đơn vị."


def _done(compiled: Compiled) -> str:
    total = compiled.total
    return (
        f"Các đơn vị đã gửi báo cáo hoàn thành {total['done']}/{total['all']} nhiệm vụ có thời hạn "
        f"({share(total['done'], total['all'])}); trong các nhiệm vụ đã đến hạn hoàn thành "
        f"{total['done_due']}/{total['due']} ({share(total['done_due'], total['due'])})."
    )


def _named(title: str, names: Sequence[str]) -> Iterator[Block]:
    yield Heading(title, level=2)
    yield Points(tuple(names)) if names else Paragraph(NOBODY)


def _not_yet(unit: MissingUnit) -> str:
    name, late = unit.unit_name, unit.late_days
    return f"{name}: quá hạn {late} ngày làm việc" if late else f"{name}: còn trong hạn"


def _late(unit: UnitFigures) -> str:
    day = day_text(unit.handed_in_on)
    return f"{unit.unit_name}: gửi ngày {day}, chậm {unit.late_days} ngày làm việc"


def _how_many_said(compiled: Compiled) -> str:
    measures = sum(bool(unit.measures.strip()) for unit in compiled.units)
    proposals = sum(bool(unit.proposals.strip()) for unit in compiled.units)
    return (
        f"Có {measures} đơn vị nêu giải pháp khắc phục, {proposals} đơn vị có đề xuất, kiến nghị; "
        "nội dung của từng đơn vị ở Phụ lục II."
    )


def _themes(compiled: Compiled) -> Iterator[Block]:
    for theme in compiled.themes:
        units = list(dict.fromkeys(each.unit_name for each in theme.difficulties))
        yield Heading(f"{theme.name} ({len(units)} đơn vị)", level=2)
        yield Points(tuple(f"{each.unit_name}: {each.in_words()}" for each in theme.difficulties))
    if not compiled.themes:
        yield Paragraph("Các đơn vị không nêu khó khăn, vướng mắc.")


def _table(compiled: Compiled) -> Table:
    rows = [figures_row(number, unit) for number, unit in enumerate(compiled.units, 1)]
    total = ["", "Tổng", *(str(compiled.total[name]) for name in COUNTED), "", ""]
    return Table(HEADINGS, [*rows, total], WIDTHS, total=True)


def _words(compiled: Compiled) -> Table:
    """Return what each unit says in its own words: a line of a table, however long."""
    rows = [
        (str(number), unit.unit_name, unit.results, unit.measures, unit.proposals)
        for number, unit in enumerate(compiled.units, 1)
    ]
    return Table(SAID, rows, SAID_WIDTHS)
