"""Templates are taken in as new versions; an older one is taken again as a new one, too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.errors import NotFound
from chassis.files import FileStore
from chassis.files import Kind as FileKind
from chassis.files.kinds import kind_of
from chassis.ids import new_id
from chassis.rules import InputRefused, RuleBroken
from chassis.words import N_, Sentence
from reporting.report_templates import uploads
from reporting.report_templates.domain import Fields
from reporting.report_templates.models import ReportTemplate

_MEASURED = ("figures", "lists", "charts")
_WORD = frozenset[FileKind]({"docx"})
_NOT_FOUND = N_("Không có mẫu báo cáo này")
_NO_LONGER = N_(
    "Mẫu phiên bản {number} không còn khớp với loại báo cáo: {problem}. Hãy tải mẫu gốc về sửa "
    "rồi tải lên, hoặc dùng lại mẫu gốc"
)


@dataclass(frozen=True)
class Kind:
    """What a template is for: a kind as it is now, and the fields it gives."""

    code: str
    version: int
    fields: Fields
    needed: Sequence[str] = ()


async def named_in(kind: Kind, name: str, content: bytes) -> list[str]:
    """Check a template: return the fields it names. It takes seconds, so hold no row meanwhile.

    Raises InputRefused `template_invalid` with every problem at its place; TooLarge,
    UnsupportedMedia.
    """
    kind_of(name, content, _WORD)
    return await uploads.check(content, kind.fields, kind.needed)


async def take_in(
    session: AsyncSession,
    files: FileStore,
    actor: Actor,
    kind: Kind,
    name: str,
    content: bytes,
    named: Sequence[str],
    now: datetime,
) -> ReportTemplate:
    """Put a template in force that is right for the kind, whose row the caller holds."""
    kept = await files.save(
        session, name=name, content=content, uploaded_by=actor.person_id, allowed=_WORD
    )
    facts = {"name": kept.name, "file_id": kept.id, "mentions": _measured(named)}
    made = await _next(session, actor, kind, now, **facts)
    await _leave(session, actor, made, now, {"sha256": kept.sha256})
    return made


async def take_again(
    session: AsyncSession,
    actor: Actor,
    kind: Kind,
    old: ReportTemplate | None,
    name: str,
    now: datetime,
) -> ReportTemplate:
    """Put an older version in force as a new one; `old` None: the layout of the kind."""
    facts: dict[str, Any] = {"taken_from": 0, "mentions": []}
    if old:
        facts = {"taken_from": old.number, "file_id": old.file_id, "mentions": old.mentions}
    made = await _next(session, actor, kind, now, name=name, **facts)
    await _leave(session, actor, made, now, {"taken_from": made.taken_from})
    return made


def _measured(named: Sequence[str]) -> list[str]:
    """Return the figures and lists among the fields that a template names, as a kind names them."""
    split = (each.partition(".") for each in named)
    return sorted({name for above, _, name in split if above in _MEASURED and name})


async def find(session: AsyncSession, id_: UUID) -> ReportTemplate:
    """Return a version. Raises NotFound."""
    found = await session.get(ReportTemplate, id_)
    if found is None:
        raise NotFound(_NOT_FOUND, code="report_template_not_found")
    return found


async def in_force(session: AsyncSession, kind_code: str) -> ReportTemplate | None:
    """Return the newest version of a kind; None while nobody made one."""
    newest: ReportTemplate | None = await session.scalar(
        select(ReportTemplate)
        .where(ReportTemplate.kind_code == kind_code)
        .order_by(ReportTemplate.number.desc())
        .limit(1)
    )
    return newest


async def content_of(session: AsyncSession, files: FileStore, template: ReportTemplate) -> bytes:
    """Return a template's file."""
    if template.file_id is None:
        raise TypeError("the layout of the kind is no file")
    return await files.read(await files.find(session, template.file_id))


async def filled(
    template: ReportTemplate, content: bytes, values: dict[str, Any], needed: Sequence[str],
    charts: dict[str, Any],
) -> bytes:  # fmt: skip
    """Return a report in a template, without the database: it may take seconds.

    Raises RuleBroken `template_no_longer_fits`.
    """
    try:
        return await uploads.fill(content, values, needed, charts)
    except InputRefused as refused:
        facts = {"number": template.number, "problem": refused.problems[0].sentence}
        raise RuleBroken("template_no_longer_fits", Sentence(_NO_LONGER, facts)) from refused


async def _next(
    session: AsyncSession, actor: Actor, kind: Kind, now: datetime, **facts: Any
) -> ReportTemplate:
    last = await session.scalar(
        select(func.max(ReportTemplate.number)).where(ReportTemplate.kind_code == kind.code)
    )
    made = ReportTemplate(
        id=new_id(), kind_code=kind.code, number=(last or 0) + 1, kind_version=kind.version,
        uploaded_by=actor.person_id, uploaded_at=now, **facts,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    return made


async def _leave(
    session: AsyncSession,
    actor: Actor,
    made: ReportTemplate,
    now: datetime,
    facts: dict[str, Any],
) -> None:
    after = {"kind": made.kind_code, "number": made.number, "name": made.name, **facts}
    await traces.leave(session, actor, "report_template.create", made.id, now=now, after=after)
