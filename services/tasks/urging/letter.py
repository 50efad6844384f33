"""The official letter of an urging (công văn đôn đốc), in the form of Nghị định 30."""

import asyncio
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import local_date
from chassis.documents.official import (
    Annex,
    Block,
    OfficialForm,
    Paragraph,
    Signature,
    Table,
    write_official,
)
from tasks.assignments.urged import Urging, UrgingRecipient, UrgingRow
from tasks.directory.models import Person, Unit
from tasks.ladder.actions import ladder
from tasks.ladder.domain import filled_in
from tasks.ladder.models import UrgingLadder

SUBJECT = "đôn đốc thực hiện nhiệm vụ cải cách hành chính"
HEADINGS = ("STT", "Số", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn", "Tình trạng")
WIDTHS = (12, 32, 95, 55, 28, 30)
URGED = {"lead": "các đơn vị chủ trì", "coordinating": "các đơn vị phối hợp"}
BY = "trước ngày …/…/20…"  # the clerk enters it: nobody has said by when
COMPOSED = "Bản dựng theo thể thức Nghị định 30/2020/NĐ-CP, không phải văn bản chính thức"


async def letter_of(session: AsyncSession, urging: Urging) -> bytes:
    """Return the letter as .docx: its annex has what was urged, as it was on that day."""
    rows, on = await _urged(session, urging), local_date(urging.made_at)
    form = await _form(session, urging)
    blocks: list[Block] = [*_body(rows, urging, on), _annex(rows, on)]
    return await asyncio.to_thread(write_official, form, blocks)


async def _urged(session: AsyncSession, urging: Urging) -> Sequence[UrgingRow]:
    statement = (
        select(UrgingRow)
        .outerjoin(Unit, Unit.id == UrgingRow.unit_id)
        .where(UrgingRow.urging_id == urging.id)
        .order_by(Unit.sort_order, UrgingRow.unit_id, UrgingRow.due_on, UrgingRow.number)
    )
    return (await session.scalars(statement)).all()


async def _addressed_to(session: AsyncSession, urging: Urging) -> tuple[str, ...]:
    """Return the units of those who were urged, as they were called, whoever leads the rows."""
    units = (
        select(func.coalesce(UrgingRecipient.unit_name, Unit.name))
        .join(Unit, Unit.id == UrgingRecipient.unit_id)
        .where(UrgingRecipient.urging_id == urging.id)
        .order_by(Unit.sort_order, Unit.id)
    )
    return tuple(dict.fromkeys(await session.scalars(units)))


async def _form(session: AsyncSession, urging: Urging) -> OfficialForm:
    data: UrgingLadder = await ladder(session)
    issuer = await session.scalar(select(Unit.name).where(Unit.kind == "department").limit(1))
    signer = await session.scalar(
        select(Person.name).where(Person.active, Person.role == "director").limit(1)
    )
    return OfficialForm(
        parent=data.letter_parent, issuer=(issuer or "").upper(), number=_number(urging),
        symbol=_symbol(urging) or data.letter_symbol, place=data.letter_place,
        day=urging.letter_issued_on, kind="", subject=SUBJECT,
        addressed_to=await _addressed_to(session, urging), copies_to=("Lãnh đạo Sở (để báo cáo)",),
        signature=Signature(("GIÁM ĐỐC",), signer or ""), notice=COMPOSED,
    )  # fmt: skip


def _number(urging: Urging) -> str | None:
    return urging.letter_number.partition("/")[0] if urging.letter_number else None


def _symbol(urging: Urging) -> str:
    """Return what was typed behind the slash; "": the form's own symbol."""
    return (urging.letter_number or "").partition("/")[2]


def _body(rows: Sequence[UrgingRow], urging: Urging, on: date) -> list[Paragraph]:
    late = sum(_late(row, on) for row in rows)
    units = len({row.unit_id for row in rows})
    return [
        Paragraph(
            f"Qua theo dõi việc thực hiện nhiệm vụ cải cách hành chính, tính đến ngày "
            f"{_day(on)}, còn {len(rows)} nhiệm vụ của {units} đơn vị chưa hoàn thành, trong "
            f"đó {late} nhiệm vụ đã quá hạn (danh mục tại Phụ lục kèm theo)."
        ),
        Paragraph(
            f"Đề nghị Thủ trưởng {URGED.get(urging.reason, 'các đơn vị')} khẩn trương chỉ đạo thực "
            f"hiện, cập nhật tiến độ và gửi kết quả kèm minh chứng {BY}; trường hợp có khó khăn, "
            "vướng mắc, báo cáo Văn phòng Sở để tổng hợp, trình Giám đốc xem xét, chỉ đạo."
        ),
        *(Paragraph(line) for line in _said(rows, urging, late).split("\n") if line.strip()),
    ]


def _said(rows: Sequence[UrgingRow], urging: Urging, late: int) -> str:
    """Return the words of who urged, as they are to all units at once."""
    facts = {
        "don_vi": URGED.get(urging.reason, "các đơn vị"),
        "so_nhiem_vu": str(len(rows)),
        "so_qua_han": str(late),
        "danh_sach": "danh mục tại Phụ lục kèm theo",
    }
    return filled_in(urging.words, facts)


def _annex(rows: Sequence[UrgingRow], on: date) -> Annex:
    table = [
        (
            str(place), row.number or "—", row.content or "—", row.unit_name or "—",
            _day(row.due_on) if row.due_on else "—", _standing(row, on),
        )
        for place, row in enumerate(rows, 1)
    ]  # fmt: skip
    title = f"Danh mục nhiệm vụ chưa hoàn thành tính đến ngày {_day(on)}"
    return Annex(title, (Table(HEADINGS, table, WIDTHS),), landscape=True)


def _standing(row: UrgingRow, on: date) -> str:
    if row.days_late:
        return f"Quá hạn {row.days_late} ngày làm việc"
    return "Quá hạn" if _late(row, on) else "Chưa hoàn thành"


def _late(row: UrgingRow, on: date) -> bool:
    return row.due_on is not None and row.due_on < on


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
