"""What a plan's facts name: a file, units, other plans, its own tasks; all must be there."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.rules import InputRefused, Problem
from chassis.tables import stored_file
from chassis.words import N_, Sentence
from tasks.deadlines.days import of_no_year
from tasks.directory.models import Unit
from tasks.files.models import SealedFile
from tasks.plans.domain import check_authority
from tasks.plans.models import Plan, Task

COPIES = ("pdf", "jpg", "png")
DAYS = ("issued_on", "closes_on")
COPY_UNKNOWN = N_("Không tìm thấy tệp này: hãy tải bản đã ký lên trước")
COPY_KIND = N_(
    "Bản đã ký là tệp PDF hoặc ảnh (jpg, png) của văn bản đã ký, không phải bản soạn thảo"
)
UNIT_UNKNOWN = N_("Không có đơn vị này: hãy chọn một đơn vị trong danh bạ")
PLAN_UNKNOWN = N_("Không có kế hoạch này: mục tiêu lấy kết quả của một kế hoạch khác đã có")
TASK_UNKNOWN = N_("Kế hoạch không có nhiệm vụ này")


async def check_facts(
    session: AsyncSession, actor: Actor, plan: Plan, facts: Mapping[str, Any]
) -> None:
    """Raise InputRefused for what is named and cannot be. `facts`: as they shall be."""
    check_authority(facts.get("signer_authority"))
    problems = [
        *(each for name in DAYS if facts.get(name) for each in of_no_year(f"/{name}", facts[name])),
        *await _copy(session, actor, facts.get("signed_copy_id")),
        *await _units(session, facts.get("recipient_unit_ids", ()), plan.recipient_unit_ids or ()),
        *await _plans(session, plan, facts.get("objectives", ())),
    ]
    if problems:
        raise InputRefused("input_invalid", problems[0].sentence, problems)


async def check_tasks(session: AsyncSession, plan: Plan, ids: Sequence[UUID]) -> None:
    """Raise InputRefused for a task that the plan does not have."""
    of_plan = select(Task.id).where(Task.plan_id == plan.id, Task.id.in_(ids))
    known = set(await session.scalars(of_plan))
    problems = list(_unknown("/task_ids/{}", TASK_UNKNOWN, ids, known))
    if problems:
        raise InputRefused("input_invalid", problems[0].sentence, problems)


async def _copy(session: AsyncSession, actor: Actor, id_: UUID | None) -> list[Problem]:
    """Take a picture of the signed document that the actor has uploaded, for all to read."""
    if id_ is None:
        return []
    file = stored_file.c
    sealed = select(SealedFile.file_id)
    own = select(file.kind).where(
        file.id == id_, file.uploaded_by == actor.person_id, file.id.not_in(sealed)
    )
    kind = await session.scalar(own)
    if kind in COPIES:
        return []
    sentence = Sentence(COPY_KIND if kind else COPY_UNKNOWN)
    return [Problem("/signed_copy_id", sentence)]


async def _units(
    session: AsyncSession, ids: Sequence[UUID], before: Collection[UUID]
) -> list[Problem]:
    """Take units that are at work, and those that were named before."""
    if not ids:
        return []
    known = set(await session.scalars(select(Unit.id).where(Unit.id.in_(ids), Unit.active)))
    return list(_unknown("/recipient_unit_ids/{}", UNIT_UNKNOWN, ids, known | set(before)))


async def _plans(
    session: AsyncSession, plan: Plan, objectives: Sequence[Mapping[str, Any]]
) -> list[Problem]:
    ids = [each["other_plan_id"] and UUID(each["other_plan_id"]) for each in objectives]
    if not any(ids):
        return []
    others = select(Plan.id).where(
        Plan.id.in_([id_ for id_ in ids if id_]), Plan.id != plan.id, ~Plan.cancelled_draft
    )
    known = {None, *await session.scalars(others)}
    return list(_unknown("/objectives/{}/other_plan_id", PLAN_UNKNOWN, ids, known))


def _unknown(
    pointer: str, template: str, ids: Sequence[UUID | None], known: Collection[UUID | None]
) -> Iterator[Problem]:
    for place, id_ in enumerate(ids):
        if id_ not in known:
            yield Problem(pointer.format(place), Sentence(template))
