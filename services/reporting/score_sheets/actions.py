"""The year's score sheet: what units enter for themselves and what the appraiser decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.access import Actor
from chassis.errors import Conflict, FieldError, InvalidInput, NotFound
from chassis.web import check_version
from reporting.access import check_fields
from reporting.criteria.domain import SubCriterion
from reporting.indices import announcing
from reporting.models import score_row
from reporting.par.inputs import Column, problem_with_not_applicable, problem_with_score
from reporting.score_sheets import sheets as figures

SCORES: Mapping[str, Column] = {
    "self_score": "self_score",
    "expected_score": "expected",
    "last_year_score": "last_year",
    "appraised_1": "appraised",
    "appraised_2": "appraised",
}


async def row_of(session: AsyncSession, year: int, code: str, *, lock: bool = False) -> Any:
    """Return the stored row of a sub-criterion; None while nothing was entered."""
    query = select(score_row).where(score_row.c.year == year, score_row.c.code == code)
    return (await session.execute(query.with_for_update() if lock else query)).first()


async def change(
    session: AsyncSession,
    actor: Actor,
    year: int,
    code: str,
    values: Mapping[str, Any],
    expected_version: int,
    now: datetime,
) -> Any:
    """Change columns of one row; return the row. Author and appraiser have different columns.

    A row nobody has touched has version 1. Raises NotFound, NotAllowed, StaleVersion, InvalidInput.
    """
    published = await figures.published_set(session, year)
    sub = published.body.by_code().get(code) if published else None
    if sub is None:
        raise NotFound("Không có tiêu chí này trong bộ tiêu chí của năm")
    check_fields(actor, set(values))
    await session.execute(insert(score_row).values(year=year, code=code).on_conflict_do_nothing())
    before = await row_of(session, year, code, lock=True)
    check_version(before.version, expected_version)
    check_values(
        sub, values, reason=values.get("not_applicable_reason", before.not_applicable_reason)
    )
    await session.execute(
        update(score_row)
        .where(score_row.c.year == year, score_row.c.code == code)
        .values(version=before.version + 1, **values)
    )
    await audit.record(
        session, actor_id=actor.person_id, action="score_row.change", subject_id=row_id(year, code),
        before={name: getattr(before, name) for name in values}, after=values, reason=None, now=now,
    )  # fmt: skip
    await announcing.touch(session, [("par", str(year))], now)
    return await row_of(session, year, code)


def row_id(year: int, code: str) -> UUID:
    """Return the id under which a row stands in the audit."""
    return uuid5(NAMESPACE_OID, f"score_row:{year}:{code}")


def check_values(sub: SubCriterion, values: Mapping[str, Any], *, reason: str | None) -> None:
    """Raise InvalidInput for points out of range or a sub-criterion that always applies."""
    problems = {
        name: problem_with_score(sub, column, Decimal(values[name]))
        for name, column in SCORES.items()
        if values.get(name) is not None
    }
    if values.get("not_applicable_reason"):
        problems["not_applicable_reason"] = problem_with_not_applicable(
            sub, values["not_applicable_reason"]
        )
    wrong = {f"/{name}": problem for name, problem in problems.items() if problem}
    if wrong:
        errors: list[FieldError] = [
            {"pointer": pointer, "message": said.template, "facts": said.facts}
            for pointer, said in wrong.items()
        ]
        first = next(iter(wrong.values()))
        raise InvalidInput(first, code="score_invalid", errors=errors)
    if values.get("not_applicable_accepted") and not reason:
        raise Conflict(
            "Đơn vị chưa nêu lý do không áp dụng, chưa thể chấp nhận",
            code="score_row_without_reason",
        )


async def rows_of(session: AsyncSession, year: int) -> Sequence[Any]:
    """Return what was entered in a year."""
    return (await session.execute(select(score_row).where(score_row.c.year == year))).all()
