"""The year's score sheet: what units enter for themselves and what the appraiser decides."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import local_date
from chassis.errors import NotAllowed, NotFound
from chassis.web import check_version
from reporting.access import check_columns
from reporting.bodies.models import OWN_BODY
from reporting.criteria.sets import published_set
from reporting.marks import ParOf, mark_acted
from reporting.score_sheets.domain import BALLOTS, check_values, without_counts
from reporting.score_sheets.models import ScoreRow, Sheet, SheetRound
from reporting.score_sheets.rows import row_id
from reporting.score_sheets.seen import WHOSE, judges_own, last_day, state_of
from reporting.score_sheets.sheets import is_fed
from reporting.score_sheets.steps import (
    OF_THE_APPRAISER,
    OF_THE_BODY,
    check_columns_open,
    check_day,
)

_TOGETHER = ("not_applicable_reason", "ballots", "ballots_evidence")


async def change(
    session: AsyncSession,
    actor: Actor,
    year: int,
    code: str,
    values: Mapping[str, Any],
    expected_version: int,
    now: datetime,
) -> ScoreRow:
    """Change columns of one row; return the row. Author and appraiser have different columns.

    A row nobody has touched has version 1. Whoever changes counted ballots takes the appraiser's
    word on them back. Raises NotFound, NotAllowed, StaleVersion, InputRefused, RuleBroken.
    """
    published = await published_set(session, year)
    sub = published.body.by_code().get(code) if published else None
    if sub is None:
        raise NotFound("Không có tiêu chí này trong bộ tiêu chí của năm")
    check_columns(actor, values)
    await _check_steps(session, actor, year, values, local_date(now))
    row = await _locked(session, year, code)
    check_version(row.version, expected_version)
    after = {name: values.get(name, getattr(row, name)) for name in _TOGETHER}
    reason, ballots, evidence = after.values()
    fed = await is_fed(session, year, sub)
    check_values(sub, values, reason=reason, ballots=ballots, evidence=evidence, fed=fed)
    if any(name in values for name in BALLOTS):
        values = {**values, "ballots_accepted": False}
    values = {**values, **without_counts(values)}
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    await traces.leave(
        session, actor, "score_row.change", row_id(year, code), now=now,
        before=before, after=values,
    )  # fmt: skip
    await mark_acted(session, [ParOf(year)], now)
    await session.refresh(row)  # points as they are stored, to their last place
    return row


async def _check_steps(
    session: AsyncSession, actor: Actor, year: int, columns: Collection[str], today: date
) -> None:
    """Raise RuleBroken for a column that has passed, where our own body's sheet is in a round.

    There its block's appraisers alone decide, as on every sheet. Raises NotAllowed.
    """
    sheet = await session.get(
        Sheet, {"year": year, "body_id": OWN_BODY}, with_for_update={"read": True}
    )
    if sheet is not None:
        if OF_THE_APPRAISER & set(columns) and not await judges_own(session, actor, year):
            raise NotAllowed(WHOSE["appraiser"])
        check_columns_open(columns, state_of(sheet))
        round_ = await session.get_one(SheetRound, (year, sheet.block_id))
        if OF_THE_BODY & set(columns):
            check_day("self_score", last_day(sheet, round_), today)


async def _locked(session: AsyncSession, year: int, code: str) -> ScoreRow:
    """Return a row, made when it is missing, locked."""
    key = {"year": year, "body_id": OWN_BODY, "code": code}
    await session.execute(insert(ScoreRow).values(**key).on_conflict_do_nothing())
    return await session.get_one(ScoreRow, key, with_for_update=True)
