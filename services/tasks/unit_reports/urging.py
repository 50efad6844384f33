"""The heads of units that have not reported are urged to: previewed, sent once, with receipts."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.ids import new_id
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import UrgedAs, UrgedPerson
from tasks.assignments.urged import Urging, UrgingRecipient
from tasks.calendar.moment import Moment
from tasks.deadlines.days import day_text
from tasks.ladder.actions import ladder
from tasks.ladder.domain import check_words, filled_in
from tasks.plans.models import Plan
from tasks.unit_reports.domain import HANDED_IN, NOT_IN_FORCE, PLACEHOLDERS
from tasks.unit_reports.views import ReportLine, listing
from tasks.urging.actions import LATELY, OUTDATED, in_turn, moment_text
from tasks.urging.domain import NOBODY, People, Worker, heads_and_substitutes
from tasks.urging.matching import names_of_units, people_at_work
from tasks.urging.record import events

NOTHING_LEFT = N_("Không có đơn vị nào để đôn đốc nộp báo cáo: {why}")
REPORTS_NOTHING = N_("Đơn vị này không phải báo cáo theo kế hoạch này")
HANDED_IN_ALREADY = N_("Đơn vị đã gửi báo cáo")
ONLY_YOURSELF = N_("Chính bạn là phụ trách đơn vị này")
NO_UNIT = N_("mọi đơn vị đã gửi báo cáo")


@dataclass(frozen=True)
class Wish:
    """Which units shall be urged under a plan; None: all that have not reported. See `urging`."""

    plan: Plan
    unit_ids: Sequence[UUID] | None
    words: str
    digest: str | None = None


@dataclass(frozen=True)
class Told:
    """Somebody who is told to hand in the report of their unit."""

    person: Worker
    urged_as: UrgedAs
    line: ReportLine
    words: str


@dataclass(frozen=True)
class Left:
    """A unit that is not urged, and why."""

    unit_id: UUID
    unit_name: str
    code: str
    sentence: Sentence


@dataclass(frozen=True)
class Chosen:
    """Who is told, and which units are left out."""

    told: list[Told] = field(default_factory=list)
    left_out: list[Left] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What names exactly this: who is told, and in which words."""
        said = sorted([str(each.person.id), each.urged_as, each.words] for each in self.told)
        text = json.dumps(said, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


async def choose(session: AsyncSession, actor: Actor, wish: Wish, at: Moment) -> Chosen:
    """Return who would be told; units that have reported or were urged lately are left out.

    Raises InputRefused for a placeholder that is none, RuleBroken `plan_not_in_force`.
    """
    check_words(wish.words, "/text", PLACEHOLDERS)
    if wish.plan.status != "active":
        raise RuleBroken("plan_not_in_force", Sentence(NOT_IN_FORCE))
    lines = (await listing(session, actor, wish.plan.id, at)).data
    wanted = [each for each in lines if _is_wanted(each, wish)]
    hours = (await ladder(session)).repeat_hours
    lately = await _urged_lately(session, wish.plan.id, at.now, hours)
    people = await people_at_work(session, at.today)
    strangers = _strangers(wish, lines, await names_of_units(session))
    chosen = Chosen(left_out=strangers)
    for line in wanted:
        told = _told(wish, line, people, actor)
        if line.status in HANDED_IN:
            chosen.left_out.append(_left(line, "unit_report_handed_in", HANDED_IN_ALREADY))
        elif line.unit_id in lately:
            facts = {"at": moment_text(lately[line.unit_id]), "hours": hours}
            chosen.left_out.append(_left(line, "urging_repeated", LATELY, **facts))
        elif not told:
            why = _nobody(line, people)
            chosen.left_out.append(_left(line, *why))
        else:
            chosen.told.extend(told)
    return chosen


def _is_wanted(line: ReportLine, wish: Wish) -> bool:
    if wish.unit_ids is None:
        return line.status not in HANDED_IN
    return line.unit_id in wish.unit_ids


def _strangers(wish: Wish, lines: Sequence[ReportLine], names: Mapping[UUID, str]) -> list[Left]:
    """Return the units that were asked for and owe no report under the plan."""
    owing = {each.unit_id for each in lines}
    asked = dict.fromkeys(id_ for id_ in wish.unit_ids or () if id_ not in owing)
    why = "unit_report_not_owed", Sentence(REPORTS_NOTHING)
    return [Left(id_, names.get(id_, "—"), *why) for id_ in asked]


def _told(wish: Wish, line: ReportLine, people: People, actor: Actor) -> list[Told]:
    facts = {
        "don_vi": line.unit_name, "ke_hoach": wish.plan.title,
        "han_bao_cao": day_text(line.due_on), "so_ngay_cham": str(line.late_days),
    }  # fmt: skip
    words = filled_in(wish.words, facts)
    return [
        Told(person, as_, line, words)
        for person, as_ in heads_and_substitutes(line.unit_id, people)
        if person.id != actor.person_id
    ]


def _nobody(line: ReportLine, people: People) -> tuple[str, str]:
    own = ("urging_own", ONLY_YOURSELF)
    return own if people.heads(line.unit_id) else ("urging_nobody", NOBODY)


def _left(line: ReportLine, code: str, why: str, **facts: object) -> Left:
    return Left(line.unit_id, line.unit_name, code, Sentence(why, facts))


async def _urged_lately(
    session: AsyncSession, plan_id: UUID, now: datetime, hours: int
) -> dict[UUID, datetime]:
    statement = (
        select(UrgingRecipient.unit_id, func.max(Urging.made_at).label("at"))
        .join(Urging, Urging.id == UrgingRecipient.urging_id)
        .where(Urging.reason == "report", Urging.plan_id == plan_id)
        .where(Urging.made_at > now - timedelta(hours=hours))
        .group_by(UrgingRecipient.unit_id)
    )
    return {row.unit_id: row.at for row in await session.execute(statement)}


async def urge(
    session: AsyncSession, actor: Actor, wish: Wish, at: Moment
) -> tuple[Urging, Chosen]:
    """Urge, once: who gets it and their events in one transaction.

    Raises as `choose`, RuleBroken `urging_nothing` where nobody is left, `urging_outdated` for
    anything else than what was shown.
    """
    await in_turn(session)
    chosen = await choose(session, actor, wish, at)
    if not chosen.told:
        why = chosen.left_out[0].sentence if chosen.left_out else Sentence(NO_UNIT)
        raise RuleBroken("urging_nothing", Sentence(NOTHING_LEFT, {"why": why}))
    if wish.digest not in (None, chosen.digest):
        raise RuleBroken("urging_outdated", Sentence(OUTDATED))
    urging = Urging(
        id=new_id(), origin="office", reason="report", words=wish.words, made_at=at.now,
        made_by=actor.person_id, row_count=len({each.line.unit_id for each in chosen.told}),
        plan_id=wish.plan.id,
    )  # fmt: skip
    session.add(urging)
    await session.flush()
    await _keep(session, actor, urging, chosen.told, at)
    return urging, chosen


async def _keep(
    session: AsyncSession, actor: Actor, urging: Urging, told: Sequence[Told], at: Moment
) -> None:
    by_person: dict[UUID, list[Told]] = defaultdict(list)
    for each in told:
        by_person[each.person.id].append(each)
    rows = [_recipient(urging.id, of_one) for of_one in by_person.values()]
    await session.execute(insert(UrgingRecipient), rows)
    people = [(row["unit_id"], _named(row, by_person[row["person_id"]])) for row in rows]
    after = {"reason": "report", "plan_id": str(urging.plan_id), "people": len(rows)}
    await traces.leave(
        session, actor, "urging.create", urging.id, *events(urging, people, at.today),
        now=at.now, after=after,
    )  # fmt: skip


def _recipient(urging_id: UUID, of_one: Sequence[Told]) -> dict[str, Any]:
    """Return a person once, who may also stand in for the head of another unit."""
    own = (each for each in of_one if each.line.unit_id == each.person.unit_id)
    first = next(own, of_one[0])
    return {
        "urging_id": urging_id, "person_id": first.person.id, "unit_id": first.line.unit_id,
        "unit_name": first.line.unit_name, "urged_as": first.urged_as, "row_count": len(of_one),
        "assignment_ids": [], "words": "\n\n".join(each.words for each in of_one),
    }  # fmt: skip


def _named(row: dict[str, Any], of_one: Sequence[Told]) -> UrgedPerson:
    return UrgedPerson(
        person_id=row["person_id"], urged_as=row["urged_as"], count=row["row_count"], number="",
        days_late=max(each.line.late_days for each in of_one), words=row["words"],
    )  # fmt: skip
