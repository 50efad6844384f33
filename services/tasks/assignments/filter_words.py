"""The filters of a list in words, for those who read the file and do not see the page."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.i18n import Language, say
from chassis.words import N_, Sentence
from tasks.assignments.columns import KIND_WORDS, STATUS_WORDS
from tasks.assignments.filters import Filters
from tasks.directory.models import Person
from tasks.plans.models import Plan
from tasks.plans.scope import visible

NOTHING = N_("Không lọc: tất cả nhiệm vụ được xem")
FILTERED = N_("Lọc theo: {parts}")
_PARTS = {
    "plan": N_("kế hoạch {names}"),
    "unit": N_("đơn vị chủ trì {names}"),
    "section": N_("mục “{section}”"),
    "source": N_("văn bản giao có “{words}”"),
    "person": N_("người chịu trách nhiệm {name}"),
    "status": N_("tình trạng {names}"),
    "kind": N_("loại thời hạn {names}"),
    "between": N_("hạn từ {first} đến {last}"),
    "from": N_("hạn từ {first}"),
    "to": N_("hạn đến {last}"),
    "overdue": N_("quá hạn"),
    "late": N_("chậm (quá hạn hoặc gửi sau hạn)"),
    "no_evidence": N_("đã gửi mà không có minh chứng"),
    "needs_person": N_("cần người xác định thời hạn"),
    "accountable_lost": N_("cần phân công lại người chịu trách nhiệm"),
    "in_force": N_("kế hoạch đã ban hành, việc chưa chuyển sang kế hoạch khác"),
    "extension_requested": N_("đang đề nghị gia hạn"),
    "extension_to_decide": N_("đề nghị gia hạn chờ người lập danh sách quyết định"),
    "extended": N_("đã được gia hạn"),
    "paused": N_("đang tạm dừng"),
    "not_paused": N_("không tạm dừng"),
    "contribution_of": N_("chờ đóng góp phối hợp của {name}"),
    "contribution_given": N_("có đóng góp phối hợp chờ xem"),
    "unanswered": N_("có câu hỏi chưa trả lời"),
    "update_owed": N_("thường xuyên, quý trước chưa cập nhật"),
    "words": N_("có các từ “{words}”"),
    "ids": N_("{count} nhiệm vụ được chọn"),
}
_MARKS = (
    "overdue", "late", "no_evidence", "needs_person", "accountable_lost", "in_force",
    "extension_requested", "extension_to_decide", "extended", "paused", "not_paused",
    "contribution_given", "unanswered", "update_owed",
)  # fmt: skip
_UNKNOWN = "?"


async def in_words(
    session: AsyncSession,
    actor: Actor,
    filters: Filters,
    units: Mapping[UUID, str],
    language: Language,
) -> str:
    """Say what a list is narrowed to."""
    plans = await _plans(session, actor, filters)
    person = await _person(session, filters)
    parts = [*_named(filters, plans, units, person, language), *_days(filters), *_marks(filters)]
    said = "; ".join(say(part, language) for part in parts)
    return say(Sentence(FILTERED, {"parts": said}), language) if parts else say(NOTHING, language)


async def _plans(session: AsyncSession, actor: Actor, filters: Filters) -> list[str]:
    if not filters.plan_ids:
        return []
    statement = select(Plan.number, Plan.title).where(Plan.id.in_(filters.plan_ids), visible(actor))
    return [number or title for number, title in (await session.execute(statement)).all()]


async def _person(session: AsyncSession, filters: Filters) -> str:
    if filters.person_id is None:
        return ""
    name = await session.scalar(select(Person.name).where(Person.id == filters.person_id))
    return name or _UNKNOWN


def _named(
    filters: Filters,
    plans: list[str],
    units: Mapping[UUID, str],
    person: str,
    language: Language,
) -> Iterable[Sentence]:
    statuses = [say(STATUS_WORDS[status], language) for status in filters.statuses]
    kinds = [say(KIND_WORDS[kind], language) for kind in filters.deadline_kinds]
    led_by = [units.get(id_, _UNKNOWN) for id_ in filters.unit_ids]
    if filters.plan_ids:
        yield Sentence(_PARTS["plan"], {"names": ", ".join(plans) or _UNKNOWN})
    for part, names in (("unit", led_by), ("status", statuses), ("kind", kinds)):
        if names:
            yield Sentence(_PARTS[part], {"names": ", ".join(names)})
    if filters.section:
        yield Sentence(_PARTS["section"], {"section": filters.section})
    if filters.source:
        yield Sentence(_PARTS["source"], {"words": filters.source})
    if person:
        yield Sentence(_PARTS["person"], {"name": person})
    if filters.contribution_of:
        helping = units.get(filters.contribution_of, _UNKNOWN)
        yield Sentence(_PARTS["contribution_of"], {"name": helping})
    if filters.words:
        yield Sentence(_PARTS["words"], {"words": filters.words})
    if filters.ids:
        yield Sentence(_PARTS["ids"], {"count": len(filters.ids)})


def _days(filters: Filters) -> Iterable[Sentence]:
    first, last = filters.due_from, filters.due_to
    part = "between" if first and last else "from" if first else "to" if last else None
    if part:
        yield Sentence(_PARTS[part], {"first": _day(first), "last": _day(last)})


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _marks(filters: Filters) -> Iterable[Sentence]:
    for name in _MARKS:
        if getattr(filters, name):
            yield Sentence(_PARTS[name])
