"""A year's round of a block: its sheets are opened, with what last year's came to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import local_date
from chassis.ids import new_id
from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from contracts.events import Event
from contracts.reporting import ScoreSheetMoved
from reporting.bodies.actions import found
from reporting.bodies.models import Block, Body
from reporting.bodies.people import people_of
from reporting.criteria.sets import PublishedSet, body_of, published_set
from reporting.score_sheets.domain import LastYear
from reporting.score_sheets.models import ScoreRow, Sheet, SheetRound
from reporting.score_sheets.outcome import NOTHING, Outcome
from reporting.score_sheets.passing import announced
from reporting.score_sheets.rows import note
from reporting.score_sheets.seen import SeenSheet, last_day, step
from reporting.score_sheets.standing import IS_PUBLISHED, published
from reporting.score_sheets.steps import check_explained_after, check_new_day

_NO_SET = N_("Năm {year} chưa có bộ tiêu chí nào được ban hành cho khối {block}")
_EMPTY = N_("Khối {block} chưa có cơ quan, đơn vị nào: hãy thêm vào khối trước khi mở đợt chấm")
_OPENED = N_("Đợt chấm năm {year} của khối {block} đã mở cho mọi cơ quan, đơn vị trong khối")
_NO_CODE = N_("Không có tiêu chí {code} trong bộ tiêu chí của phiếu")
_TOO_MUCH = N_("{code}: điểm năm trước ({points}) lớn hơn điểm tối đa năm trước ({most})")


async def open_round(
    session: AsyncSession,
    actor: Actor,
    year: int,
    block_id: UUID,
    days: tuple[date, date | None],
    now: datetime,
) -> SheetRound:
    """Open the sheets of a block's bodies; of one that is open already, those that are missing.

    `days`: the last ones to score and to explain. Those of a round that is open hold for whoever
    joins, or are moved for them alone. Raises NotFound, RuleBroken, InputRefused.
    """
    closes_on, explain_by = days
    check_new_day(closes_on, None, local_date(now), needed=True)
    block = await found(session, Block, block_id, lock=True)
    round_ = await session.get(SheetRound, (year, block_id))
    check_explained_after(explain_by or (round_.explain_by if round_ else None), closes_on)
    bodies = await _without_sheet(session, year, block, opened=round_ is not None)
    if round_ is None:
        criteria = await _criteria(session, year, block)
        round_ = SheetRound(
            year=year, block_id=block_id, criteria_set_id=criteria.id, closes_on=closes_on,
            explain_by=explain_by, opened_by=actor.person_id, opened_at=now,
        )  # fmt: skip
        session.add(round_)
    own_day = closes_on if closes_on != round_.closes_on else None
    own_explain_by = explain_by if explain_by != round_.explain_by else None
    opened = {
        body: Sheet(
            id=new_id(), year=year, body_id=body.id, block_id=block_id,
            criteria_set_id=round_.criteria_set_id, state="opened", closes_on=own_day,
            explain_by=own_explain_by, announced=0, steps=[step("opened", now, actor)],
        )
        for body in bodies
    }  # fmt: skip
    session.add_all(opened.values())
    await session.flush()
    known = (await body_of(session, round_.criteria_set_id)).by_code()
    await _carry_over(session, year, [body.id for body in bodies], known)
    after = {"year": year, "closes_on": f"{closes_on}", "bodies": [body.code for body in bodies]}
    told = await _told(session, block, round_, opened)
    await traces.leave(session, actor, "block.open", block_id, *told, now=now, after=after)
    return round_


async def _told(
    session: AsyncSession, block: Block, round_: SheetRound, opened: Mapping[Body, Sheet]
) -> list[Event]:
    """Return what is said of each sheet that was opened: that it is, and until when."""
    people = await people_of(session, list(opened))
    return [
        ScoreSheetMoved(
            sheet=announced(sheet, body, block, people[body.id]),
            closes_on=last_day(sheet, round_),
        )
        for body, sheet in opened.items()
    ]


async def import_last_year(seen: SeenSheet, rows: Sequence[LastYear]) -> None:
    """Enter what last year's sheet came to, where this system does not hold it.

    Raises InputRefused naming every row that cannot be.
    """
    known = seen.criteria.by_code()
    problems = [
        Problem(f"/rows/{i}", why)
        for i, row in enumerate(rows)
        if (why := _problem(row, known=row.code in known)) is not None
    ]
    if problems:
        raise InputRefused("last_year_invalid", problems[0].sentence, problems)
    await _store(seen.session, seen.sheet.year, seen.body.id, rows)
    for row in rows:
        after = {"last_year_score": str(row.points), "last_year_max": str(row.max_points)}
        await note(seen, row.code, "import_last_year", after=after)


def _problem(row: LastYear, *, known: bool) -> Sentence | None:
    if not known:
        return Sentence(_NO_CODE, {"code": row.code})
    if row.points > row.max_points:
        facts = {"code": row.code, "points": row.points, "most": row.max_points}
        return Sentence(_TOO_MUCH, facts)
    return None


async def _without_sheet(
    session: AsyncSession, year: int, block: Block, *, opened: bool
) -> Sequence[Body]:
    has_one = select(Sheet.body_id).where(Sheet.year == year)
    of_block = select(Body).where(Body.block_id == block.id, Body.active.is_(True))
    bodies = (await session.scalars(of_block.where(Body.id.not_in(has_one)))).all()
    if not bodies:
        facts = {"year": year, "block": block.name}
        code, said = ("score_round_exists", _OPENED) if opened else ("block_empty", _EMPTY)
        raise RuleBroken(code, Sentence(said, facts))
    return bodies


async def _criteria(session: AsyncSession, year: int, block: Block) -> PublishedSet:
    criteria = await published_set(session, year, block.criteria_set_code)
    if criteria is None:
        facts = {"year": year, "block": block.name}
        raise RuleBroken("criteria_set_missing", Sentence(_NO_SET, facts))
    return criteria


async def _carry_over(
    session: AsyncSession, year: int, bodies: Sequence[UUID], known: Collection[str]
) -> None:
    """Bring along what the published sheets of the year before came to, by codes that are left."""
    earlier = select(Sheet).where(Sheet.year == year - 1, IS_PUBLISHED, Sheet.body_id.in_(bodies))
    for sheet in await session.scalars(earlier):
        rows = [row for row in _rows_of(published(sheet) or NOTHING) if row.code in known]
        await _store(session, year, sheet.body_id, rows)


def _rows_of(final: Outcome) -> list[LastYear]:
    return [
        LastYear(row.code, row.points, row.max_points)
        for row in final.rows
        if row.points is not None
    ]


async def _store(session: AsyncSession, year: int, body_id: UUID, rows: Iterable[LastYear]) -> None:
    values = [
        {"year": year, "body_id": body_id, "code": row.code, "last_year_score": row.points,
         "last_year_max": row.max_points}
        for row in sorted(rows, key=lambda row: row.code)
    ]  # fmt: skip
    if not values:
        return
    statement = insert(ScoreRow)
    given = {name: statement.excluded[name] for name in ("last_year_score", "last_year_max")}
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["year", "body_id", "code"],
            set_={**given, "version": ScoreRow.version + 1},
        ).values(values)
    )  # fmt: skip
