"""What surveys of others show of bodies that are not our own department: entered with its source.

Our own department's figures come of our rounds alone. A body never enters its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotAllowed, NotFound
from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from reporting.access import RIGHTS
from reporting.bodies.models import OWN_BODY, Body
from reporting.bodies.scope import keeps
from reporting.criteria.sets import body_of
from reporting.score_sheets.domain import Figure, check_survey_figure
from reporting.score_sheets.models import ScoreRow, Sheet
from reporting.score_sheets.rows import change, locked
from reporting.score_sheets.seen import SeenSheet, look

_OWN = N_("Số liệu khảo sát của Sở lấy từ đợt khảo sát trong hệ thống, không nhập ở đây")
_NO_BODY = N_("Không có cơ quan, đơn vị mã {body} trong các phiếu năm {year}")
_AT_ROW = N_("Dòng {number}: {problem}")
_TWICE = N_("Dòng {number}: {body}, {code} đã có ở dòng {first}; mỗi chỉ số ghi một dòng")


@dataclass(frozen=True, slots=True)
class Line:
    """A row that a survey of others feeds, with what was entered. Body by its code and name."""

    body_code: str
    body_name: str
    code: str
    name: str
    index: Decimal | None
    source: str | None
    dated_on: date | None


async def enter(
    seen: SeenSheet, code: str, index: Decimal | None, source: str | None, day: date | None,
    expected: int | None = None,
) -> None:  # fmt: skip
    """Enter a row's figure with its source; None takes it back. Raises as `change`, RuleBroken."""
    sub = seen.sub(code)
    if seen.body.id == OWN_BODY:
        raise RuleBroken("score_row_own_survey", Sentence(_OWN))
    if index is None:
        source, day = None, None
    check_survey_figure(sub, index, source, day, seen.today)
    row = await locked(seen, code, expected)
    values = {"survey_index": index, "survey_source": source, "survey_dated_on": day}
    await change(seen, row, "enter_survey", values)


async def enter_all(
    session: AsyncSession, actor: Actor, year: int, figures: Sequence[Figure]
) -> None:
    """Enter many at once, all or none. Raises InputRefused naming each line, NotAllowed."""
    RIGHTS.check(actor, "sheet.enter_survey")
    bodies = await _bodies(session, year)
    sheets: dict[str, SeenSheet] = {}
    problems = _twice(figures)
    for each in sorted(figures, key=lambda one: (one.body_code, one.code)):
        try:
            if each.body_code not in sheets:
                sheets[each.body_code] = await _sheet(session, actor, year, bodies, each.body_code)
            await enter(sheets[each.body_code], each.code, each.index, each.source, each.dated_on)
        except (InputRefused, RuleBroken, NotAllowed, NotFound) as refused:
            said = {"number": each.line, "problem": _said(refused)}
            problems[each.line] = Problem(f"/rows/{each.line}", Sentence(_AT_ROW, said))
    if problems:
        found = [problems[line] for line in sorted(problems)]
        raise InputRefused("survey_figures_invalid", found[0].sentence, found)


def _twice(figures: Sequence[Figure]) -> dict[int, Problem]:
    """Return what is wrong with each line that says a figure again: which one would hold?"""
    first: dict[tuple[str, str], int] = {}
    problems = {}
    for each in figures:
        line = first.setdefault((each.body_code, each.code), each.line)
        if line != each.line:
            facts = {"number": each.line, "body": each.body_code, "code": each.code, "first": line}
            problems[each.line] = Problem(f"/rows/{each.line}", Sentence(_TWICE, facts))
    return problems


async def _sheet(
    session: AsyncSession, actor: Actor, year: int, bodies: Mapping[str, UUID], code: str
) -> SeenSheet:
    if code not in bodies:
        sentence = Sentence(_NO_BODY, {"body": code, "year": year})
        raise InputRefused("reference_unknown", sentence, [])
    seen = await look(session, actor, year, bodies[code])
    seen.check("enter_survey")
    await seen.hold("enter_survey")
    return seen


def _said(refused: InputRefused | RuleBroken | NotAllowed | NotFound) -> object:
    return getattr(refused, "sentence", None) or str(refused)


async def _bodies(session: AsyncSession, year: int) -> dict[str, UUID]:
    found = select(Body.code, Body.id).join(Sheet, Sheet.body_id == Body.id)
    rows = await session.execute(found.where(Sheet.year == year))
    return {row.code: row.id for row in rows}


async def lines(session: AsyncSession, year: int, actor: Actor) -> list[Line]:
    """Return every row that a survey of others feeds, of the bodies the actor enters it for.

    Raises NotAllowed.
    """
    RIGHTS.check(actor, "sheet.enter_survey")
    found = await session.execute(
        select(Sheet, Body)
        .join(Body, Body.id == Sheet.body_id)
        .where(Sheet.year == year, Body.id != OWN_BODY)
        .order_by(Body.code)
    )
    entered = await session.scalars(select(ScoreRow).where(ScoreRow.year == year))
    rows = {(row.body_id, row.code): row for row in entered}
    return [
        _line(body, sub.code, sub.name, rows.get((body.id, sub.code)))
        for sheet, body in found.all()
        if keeps(actor, body)
        for sub in (await body_of(session, sheet.criteria_set_id)).sub_criteria()
        if sub.rule.method == "survey_index"
    ]


def _line(body: Body, code: str, name: str, row: ScoreRow | None) -> Line:
    return Line(
        body.code, body.name, code, name, row.survey_index if row else None,
        row.survey_source if row else None, row.survey_dated_on if row else None,
    )  # fmt: skip
