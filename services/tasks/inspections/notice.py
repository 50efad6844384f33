"""The conclusion notice (thông báo kết luận), in the form of Nghị định 30."""

import asyncio
from collections.abc import Mapping, Sequence
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
from tasks.inspections import views, wordings
from tasks.inspections.findings import FindingView
from tasks.inspections.views import InspectionDetail, MemberView

NOT_CONCLUDED = N_("Cuộc kiểm tra này chưa có kết luận")
WIDTHS = (11, 46, 52, 30, 26)
Names = Mapping[UUID, str]


async def conclusion(session: AsyncSession, actor: Actor, id_: UUID, at: Moment) -> Response:
    """Return the notice as .docx. Raises NotFound, RuleBroken `inspection_not_concluded`."""
    found = await views.one(session, actor, id_, at, "vi")
    if found.state != "concluded":
        raise RuleBroken("inspection_not_concluded", Sentence(NOT_CONCLUDED))
    rows = (await session.execute(select(Unit.id, Unit.name).order_by(Unit.sort_order))).all()
    names = {row.id: row.name for row in rows}
    content = await asyncio.to_thread(write_official, _form(found, names), _blocks(found, names))
    name = f"thong_bao_ket_luan_{found.concluded_on}.docx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=official.MEDIA_TYPE, headers=headers)


def _form(found: InspectionDetail, names: Names) -> OfficialForm:
    """Who issues it, and where, is composed: the clerk corrects it in Word."""
    number, _, symbol = (found.conclusion_number or "").partition("/")
    titles = (found.signer_authority, found.signer_post or wordings.DIRECTOR)
    unit = names[found.unit_id]
    return OfficialForm(
        parent=wordings.PARENT,
        issuer=wordings.ISSUER.upper(),
        number=number or None,
        symbol=symbol or wordings.SYMBOL,
        place=wordings.PLACE,
        day=found.concluded_on,
        kind=wordings.KIND,
        subject=wordings.SUBJECT.format(unit=unit),
        addressed_to=(),
        copies_to=(unit, *wordings.COPIES),
        signature=Signature(tuple(each for each in titles if each), found.signer_name or ""),
        notice=wordings.COMPOSED,
    )


def _blocks(found: InspectionDetail, names: Names) -> Sequence[Block]:
    opening = wordings.OPENING.format(
        method=wordings.METHODS[found.method],
        unit=names[found.unit_id],
        days=_days(found),
        subject=found.subject,
    )
    said = [line for line in (found.conclusion or "").split("\n") if line.strip()]
    return [
        Paragraph(opening),
        Points(tuple(_served(each) for each in found.team if each.duty in wordings.DUTIES)),
        Heading(wordings.CONCLUSION),
        *(Paragraph(line) for line in said),
        Heading(wordings.REMEDIES),
        _remedies(found.findings, names),
        Paragraph(wordings.CLOSING),
    ]


def _days(found: InspectionDetail) -> str:
    """Return when the team came: what was planned is no more said than the days that went by."""
    starts = found.visited_on or found.starts_on
    last = min(found.ends_on, found.concluded_on or found.ends_on)
    words = wordings.DAYS if last > starts else wordings.DAY
    return words.format(starts=day_text(starts), ends=day_text(last))


def _served(member: MemberView) -> str:
    duty = wordings.DUTIES[member.duty]
    if member.replaced_by_name is None:
        return wordings.MEMBER.format(name=member.name, duty=duty)
    came, absent = member.replaced_by_name, member.name
    return wordings.STOOD_IN.format(name=came, duty=duty, absent=absent)


def _remedies(findings: Sequence[FindingView], names: Names) -> Block:
    if not findings:
        return Paragraph(wordings.NO_FINDING)
    rows = [
        (
            str(place),
            wordings.FINDING.format(kind=wordings.KINDS[each.kind], words=each.words),
            _remedy(each),
            names.get(each.lead_unit_id, "") if each.lead_unit_id else "",
            day_text(each.due_on) if each.due_on else "",
        )
        for place, each in enumerate(findings, 1)
    ]
    return Table(wordings.HEADINGS, rows, WIDTHS)


def _remedy(finding: FindingView) -> str:
    if finding.assignment_id is None:
        return ""
    facts = {"what": finding.remedy or "", "number": finding.assignment_number}
    return wordings.REMEDY.format(**facts)
