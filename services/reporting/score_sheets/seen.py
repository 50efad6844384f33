"""A body's sheet as somebody stands before it: found if they see it, open to what is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from fastapi import Depends
from sqlalchemy import ColumnElement, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import database_now, local_date
from chassis.errors import NotAllowed, NotFound
from chassis.web import CurrentActor, Transaction
from chassis.words import N_, Sentence
from reporting.access import RIGHTS
from reporting.bodies.models import OWN_BODY, Block, Body
from reporting.bodies.scope import acts_for, appraises, keeps, sees
from reporting.criteria.domain import CriteriaSet, SubCriterion
from reporting.criteria.sets import body_of
from reporting.score_sheets.entries import rows_of_sheet
from reporting.score_sheets.models import Sheet, SheetRound
from reporting.score_sheets.standing import is_corrected, was_published
from reporting.score_sheets.steps import (
    BEGINS,
    OPEN,
    Act,
    Party,
    State,
    check_day,
    check_state,
    has_passed,
    open_acts,
)

_UNSEEN = "Không có phiếu chấm điểm này, hoặc phiếu chưa công bố"
WHOSE = {
    "body": Sentence(N_("Việc này do cơ quan, đơn vị được chấm thực hiện trên phiếu của mình")),
    "appraiser": Sentence(N_("Việc này do người thẩm định của khối thực hiện")),
    "director": Sentence(N_("Việc này do Giám đốc thực hiện")),
    "office": Sentence(N_("Việc này do Văn phòng Sở thực hiện")),
    "keeper": Sentence(
        N_("Việc này do Văn phòng Sở thực hiện; với phiếu mà Văn phòng tự chấm thì do Giám đốc")
    ),
}


@dataclass(frozen=True)
class SeenSheet:
    """A sheet with what it belongs to. `parties`: as whom the actor stands before it."""

    session: AsyncSession
    actor: Actor
    now: datetime
    sheet: Sheet
    body: Body
    block: Block
    round: SheetRound
    criteria: CriteriaSet
    parties: frozenset[Party]

    @property
    def state(self) -> State:
        """Return how far the sheet has come."""
        return state_of(self.sheet)

    @property
    def corrected(self) -> bool:
        """Tell whether it was decided, and is appraised anew."""
        return is_corrected(self.sheet)

    @property
    def as_published(self) -> bool:
        """Tell whether the actor reads what was published, while something else is under way."""
        return self.state != "published" and not sees(self.actor, self.block, self.body)

    @property
    def today(self) -> date:
        """Return the day it is, by the database's clock."""
        return local_date(self.now)

    @property
    def closes_on(self) -> date | None:
        """Return the last day of what the body is to enter now; None: there is none."""
        return last_day(self.sheet, self.round)

    @property
    def explain_by(self) -> date | None:
        """Return the last day to explain what is asked, its own or the round's; None: no day."""
        return self.sheet.explain_by or self.round.explain_by

    @property
    def allowed(self) -> list[str]:
        """Return what the actor may do with it now."""
        passed = has_passed(self.closes_on, self.today)
        acts = open_acts(self.state, self.parties, day_passed=passed, corrected=self.corrected)
        return RIGHTS.allowed(self.actor, "sheet", acts)

    def sub(self, code: str) -> SubCriterion:
        """Return a row's sub-criterion. Raises NotFound."""
        found = rows_of_sheet(self.criteria).get(code)
        if found is None:
            raise NotFound("Không có tiêu chí này trong bộ tiêu chí của phiếu")
        return found

    def check(self, act: Act) -> None:
        """Raise NotAllowed unless the act is the actor's, RuleBroken unless it is open now."""
        wanted = OPEN[act].get(self.state)
        parties = {wanted} if wanted else set(OPEN[act].values())
        RIGHTS.check(self.actor, f"sheet.{act}")
        if not parties & self.parties:
            raise NotAllowed(WHOSE[min(parties)])
        self.check_open(act)

    def check_open(self, act: Act) -> None:
        """Raise RuleBroken for what is not open now: of its state, or past its last day."""
        check_state(act, self.state)
        check_day(act, self.closes_on, self.today)

    async def hold(self, act: Act, *, moves: bool = False) -> None:
        """Keep the sheet from moving on meanwhile. Raises RuleBroken where it has before.

        `moves`: the act may bring it to another state itself, so that nobody else acts.
        """
        await self.session.refresh(self.sheet, with_for_update={"read": not moves})
        if moves:
            await self.session.refresh(self.round)  # its days may have been moved on for all
        self.check_open(act)

    def move(self, state: State, **more: str) -> None:
        """Bring the sheet to a state, and note when, by whom, and what else there is to say."""
        self.sheet.state, self.sheet.version = state, self.sheet.version + 1
        self.sheet.steps = [*self.sheet.steps, {**step(state, self.now, self.actor), **more}]


def state_of(sheet: Sheet) -> State:
    """Return how far a sheet has come."""
    return next(state for state in get_args(State) if state == sheet.state)


def last_day(sheet: Sheet, round_: SheetRound) -> date | None:
    """Return the last day of what a body is to enter in its sheet's state: its own, or the round's.

    None: it is not its turn, or explanations have no day.
    """
    if sheet.state in ("opened", "self_scoring"):
        return sheet.closes_on or round_.closes_on
    if sheet.state == "explaining":
        return sheet.explain_by or round_.explain_by
    return None


def step(state: State, now: datetime, actor: Actor) -> dict[str, Any]:
    """Return what is noted of a step."""
    return {"state": state, "at": now.isoformat(), "by": str(actor.person_id)}


def sheet_for(act: Act, *, moves: bool = False) -> Any:
    """Find the sheet of the path for an act, before anything of the body is read.

    `moves`: the act may bring the sheet to another state, so that nobody else acts meanwhile; else
    others enter other rows at the same time.
    """

    async def begin(
        year: int, body_id: UUID, session: Transaction, actor: CurrentActor
    ) -> SeenSheet:
        seen = await look(session, actor, year, body_id)
        seen.check(act)
        if act in BEGINS and seen.state == "opened":
            await _begin(seen)
        await seen.hold(act, moves=moves)
        return seen

    return Depends(begin)


async def _seen(year: int, body_id: UUID, session: Transaction, actor: CurrentActor) -> SeenSheet:
    return await look(session, actor, year, body_id)


Seen = Depends(_seen)


async def look(session: AsyncSession, actor: Actor, year: int, body_id: UUID) -> SeenSheet:
    """Return a sheet that somebody sees. Raises NotFound: for others there is none."""
    found = (
        await session.execute(
            select(Sheet, Body, Block, SheetRound)
            .join(Body, Body.id == Sheet.body_id)
            .join(Block, Block.id == Sheet.block_id)
            .join(SheetRound, of_round())
            .where(Sheet.year == year, Sheet.body_id == body_id)
        )
    ).first()
    if found is None:
        raise NotFound(_UNSEEN)
    sheet, body, block, round_ = found
    if not was_published(sheet) and not sees(actor, block, body):
        raise NotFound(_UNSEEN)
    now = await database_now(session)
    return await standing(session, actor, now, (sheet, body, block, round_))


async def standing(
    session: AsyncSession, actor: Actor, now: datetime, of: tuple[Sheet, Body, Block, SheetRound]
) -> SeenSheet:
    """Return a sheet as somebody stands before it, whether or not they see it."""
    sheet, body, block, round_ = of
    criteria = await body_of(session, sheet.criteria_set_id)
    parties = _parties(actor, block, body)
    return SeenSheet(session, actor, now, sheet, body, block, round_, criteria, parties)


async def judges_own(session: AsyncSession, actor: Actor, year: int) -> bool:
    """Tell whether somebody may appraise our own department: in a round its block's appraisers."""
    found = (
        await session.execute(
            select(Block, Body)
            .join(Sheet, Sheet.block_id == Block.id)
            .join(Body, Body.id == Sheet.body_id)
            .where(Sheet.year == year, Sheet.body_id == OWN_BODY)
        )
    ).first()
    return found is None or appraises(actor, *found)


def of_round() -> ColumnElement[bool]:
    """Return which round a sheet belongs to, as a condition on both."""
    return (SheetRound.year == Sheet.year) & (SheetRound.block_id == Sheet.block_id)


def _parties(actor: Actor, block: Block, body: Body) -> frozenset[Party]:
    standing: Sequence[tuple[Party, bool]] = (
        ("body", acts_for(actor, body)),
        ("appraiser", appraises(actor, block, body)),
        ("office", actor.role == "office"),
        ("director", actor.role == "director"),
        ("keeper", keeps(actor, body)),
    )
    return frozenset(party for party, stands in standing if stands)


async def _begin(seen: SeenSheet) -> None:
    """Let the first entry begin the self-scoring; of two at once one does.

    The version stays: whoever opened the sheet before may still lock it.
    """
    first = literal([step("self_scoring", seen.now, seen.actor)], JSONB)
    await seen.session.execute(
        update(Sheet)
        .where(Sheet.id == seen.sheet.id, Sheet.state == "opened")
        .values(state="self_scoring", steps=Sheet.steps.op("||")(first))
        .execution_options(synchronize_session=False)
    )  # fmt: skip
