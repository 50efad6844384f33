"""The conclusion notice (thông báo kết luận), in the form of Nghị định 30."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from chassis.access import Actor
from chassis.documents import official
from chassis.documents.official import (
    Block,
    Heading,
    OfficialForm,
    Paragraph,
    Points,
    Signature,
    Table,
    write_official,
)
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from tasks.calendar.moment import Moment
from tasks.deadlines.days import day_text
from tasks.directory.models import Unit
from tasks.inspections import views
from tasks.inspections.views import InspectionDetail

NOT_CONCLUDED = N_("Cuộc kiểm tra này chưa có kết luận")
PARENT, PLACE = "UBND TỈNH KHÁNH HÒA", "Khánh Hòa"
COMPOSED = (
    "Mẫu do hệ thống dựng theo thể thức Nghị định 30/2020/NĐ-CP, cần rà soát trước khi ban hành"
)
KINDS = {"shortcoming": "Tồn tại", "limitation": "Hạn chế"}
METHODS = {
    "planned": "kiểm tra theo kế hoạch",
    "unannounced": "kiểm tra đột xuất",
    "documents": "kiểm tra trên hồ sơ",
    "system_data": "kiểm tra trên dữ liệu của hệ thống",
    "citizen_feedback": "kiểm tra từ phản ánh của người dân",
}
DUTIES = {"head": "Trưởng đoàn", "member": "Thành viên"}
HEADINGS = ("STT", "Tồn tại, hạn chế", "Đơn vị khắc phục", "Nhiệm vụ", "Thời hạn")
WIDTHS = (12, 62, 38, 27, 26)


async def conclusion(session: AsyncSession, actor: Actor, id_: UUID, at: Moment) -> Response:
    """Return the notice as .docx. Raises NotFound, RuleBroken `inspection_not_concluded`."""
    found = await views.one(session, actor, id_, at, "vi")
    if found.state != "concluded":
        raise RuleBroken("inspection_not_concluded", Sentence(NOT_CONCLUDED))
    rows = await session.execute(select(Unit.id, Unit.name, Unit.kind, Unit.parent_id))
    units = {row.id: row for row in rows}
    names = {id_: row.name for id_, row in units.items()}
    departments = [row.name for row in units.values() if row.kind == "department"]
    form = _form(found, names, min(departments, default="Sở Nội vụ", key=len))
    content = await asyncio.to_thread(write_official, form, _blocks(found, names))
    name = f"thong_bao_ket_luan_{found.concluded_on}.docx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=official.MEDIA_TYPE, headers=headers)


def _form(found: InspectionDetail, names: dict[UUID, str], issuer: str) -> OfficialForm:
    number, _, symbol = (found.conclusion_number or "").partition("/")
    titles = (found.signer_authority, found.signer_post or "GIÁM ĐỐC")
    return OfficialForm(
        parent=PARENT,
        issuer=issuer.upper(),
        number=number or None,
        symbol=symbol or "TB-SNV",
        place=PLACE,
        day=found.concluded_on,
        kind="THÔNG BÁO",
        subject=f"Kết luận kiểm tra tại {names[found.unit_id]}",
        addressed_to=(),
        copies_to=(names[found.unit_id], "Lãnh đạo Sở", "Các thành viên đoàn kiểm tra"),
        signature=Signature(tuple(each for each in titles if each), found.signer_name or ""),
        notice=COMPOSED,
    )


def _blocks(found: InspectionDetail, names: dict[UUID, str]) -> Sequence[Block]:
    days = f"từ ngày {day_text(found.starts_on)} đến ngày {day_text(found.ends_on)}"
    served = [each for each in found.team if each.duty in DUTIES]
    team = tuple(
        f"{each.replaced_by_name or each.name}, {DUTIES[each.duty].lower()}"
        + (f" (thay {each.name})" if each.replaced_by_name else "")
        for each in served
    )
    blocks: list[Block] = [
        Paragraph(
            f"Đoàn kiểm tra đã {METHODS[found.method]} tại {names[found.unit_id]} {days}, về: "
            f"{found.subject}. Thành phần đoàn:"
        ),
        Points(team),
        Heading("Kết luận"),
        *(Paragraph(line) for line in (found.conclusion or "").split("\n") if line.strip()),
    ]
    return [*blocks, *_remedies(found, names)]


def _remedies(found: InspectionDetail, names: dict[UUID, str]) -> list[Block]:
    heading = Heading("Tồn tại, hạn chế và việc khắc phục")
    if not found.findings:
        return [heading, Paragraph("Đoàn không ghi nhận tồn tại, hạn chế.")]
    rows = [
        (
            str(place),
            f"{KINDS[each.kind]}: {each.words}",
            names.get(each.lead_unit_id, "") if each.lead_unit_id else "",
            each.assignment_number or "",
            day_text(each.due_on) if each.due_on else "",
        )
        for place, each in enumerate(found.findings, 1)
    ]
    return [heading, Table(HEADINGS, rows, WIDTHS)]
