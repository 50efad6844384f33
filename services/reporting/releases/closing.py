"""The release that ends a round, and what may be published of it later.

Made when reporting holds as many ballots as the round's end says there are. Later changes are
recorded with their ballots and alter nothing that is shown; from 10 in one unit on, the director
may publish a new edition with them.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.surveys import Lane, LaneCount, QuestionnaireState, RoundState
from reporting.disclosure.closing import Joining, Split, may_change, new_edition, split
from reporting.disclosure.published import Published
from reporting.releases import publications
from reporting.releases.drawing import lock, of_row, to_the_hour
from reporting.releases.publishing import Stamp, at_closing
from reporting.satisfaction import cells
from reporting.satisfaction.ballots import LANES, Tally, lanes_of
from reporting.satisfaction.cells import Cell
from reporting.satisfaction.domain import scaled
from reporting.satisfaction.models import AnswerCell
from reporting.satisfaction.tallies import released_tally

PATIENCE = "10min"  # for a round of millions; every other statement has 30 s

_STANDS_AS_SHOWN = ("beside", "questions", "unit_questions")

_HELD = text("""
    SELECT lane, count(*) AS ballots, sum(revision) AS revisions
    FROM response_fact WHERE round_id = :round GROUP BY lane
""")
_STANDS = text("""
    SELECT unit_id, CAST(sum(released_n) AS int) AS before, CAST(sum(waiting) AS int) AS joining,
      (SELECT count(*) FROM response_fact AS f WHERE f.round_id = :round
        AND f.unit_id = cell.unit_id AND f.lane = ANY(CAST(:lanes AS text[])) AND f.excluded
        AND f.released_in IS NOT NULL AND f.left_in IS NULL) AS leaving
    FROM answer_cell AS cell WHERE round_id = :round AND lane = ANY(CAST(:lanes AS text[]))
    GROUP BY unit_id
""")
_OF_UNITS = """
    round_id = :round AND unit_id = ANY(CAST(:units AS uuid[]))
    AND lane = ANY(CAST(:lanes AS text[]))
"""
_STAND_DOWN = text(f"""
    UPDATE response_fact SET standing = false WHERE {_OF_UNITS} AND excluded AND standing
    RETURNING unit_id, lane, answers
""")  # noqa: S608 - ours
_JOIN = text(f"""
    UPDATE response_fact SET released_in = :release
    WHERE {_OF_UNITS} AND NOT excluded AND released_in IS NULL
""")  # noqa: S608 - ours
_LEAVE = text(f"""
    UPDATE response_fact SET left_in = :release
    WHERE {_OF_UNITS} AND excluded AND released_in IS NOT NULL AND left_in IS NULL
""")  # noqa: S608 - ours
_SHOWN = text(f"""
    UPDATE answer_cell SET waiting = 0, released_n = n, released = counts WHERE {_OF_UNITS}
""")  # noqa: S608 - ours


async def close(
    session: AsyncSession,
    round_: RoundState,
    ballots: Collection[LaneCount] | None,
    questionnaire: QuestionnaireState,
    now: datetime,
) -> bool:
    """Release everything of a closed round, once all of its ballots are here.

    `ballots`: what there is by the round's end; None in rounds that ended before that was said.
    Returns whether there was a release.
    """
    before = await publications.newest(session, round_.round_id)
    if (before and before.closed) or not await _complete(session, round_, ballots):
        return False
    units = await stands(session, round_)
    stamp = Stamp(before.release + 1 if before else 1, to_the_hour(now))
    every = await _every_unit(session, round_.round_id)
    tally = await _settled(session, round_, questionnaire, every, LANES, stamp.release)
    publications.store(session, at_closing(tally, stamp, split(units), before))
    return True


async def publish_edition(
    session: AsyncSession, round_: RoundState, questionnaire: QuestionnaireState, now: datetime
) -> Published | None:
    """Publish what changed since a round was closed, in units of at least 10 changed ballots.

    Lanes beside the index and all that is shown question by question stand as they were: ten
    ballots may hold one answer to a question. Returns None, and does nothing, while no unit has as
    many or the round is not released yet.
    """
    before = await publications.newest(session, round_.round_id)
    units = await stands(session, round_)
    changed = {unit for unit, each in units.items() if may_change(each)}
    if before is None or not before.closed or not changed:
        return None
    stamp = Stamp(before.release + 1, to_the_hour(now))
    lanes = lanes_of(round_)
    tally = await _settled(session, round_, questionnaire, changed, lanes, stamp.release)
    edition = at_closing(tally, stamp, new_edition(_split_of(before), units, changed), before)
    kept = {name: getattr(before, name) for name in _STANDS_AS_SHOWN}
    edition = edition.model_copy(update=kept)
    publications.store(session, edition)
    return edition


def _split_of(published: Published) -> Split:
    """Return whose figure was exact, kept or hidden in what was published at the end."""
    exact = {
        unit
        for unit, figure in published.units.items()
        if figure.share is not None and figure.mean5 is not None
    }
    hidden = {unit for unit, figure in published.units.items() if not figure.n}
    keeping = published.units.keys() - exact - hidden
    return Split(frozenset(exact), frozenset(keeping), frozenset(hidden))


async def stands(session: AsyncSession, round_: RoundState) -> dict[UUID, Joining]:
    """Return each unit's ballots of the index: shown, joining, leaving."""
    about = {"round": round_.round_id, "lanes": lanes_of(round_)}
    rows = (await session.execute(_STANDS, about)).all()
    return {row.unit_id: Joining(row.before, row.joining, row.leaving) for row in rows}


async def _complete(
    session: AsyncSession, round_: RoundState, ballots: Collection[LaneCount] | None
) -> bool:
    if ballots is None:
        return True
    rows = await session.execute(_HELD, {"round": round_.round_id})
    here = {row.lane: (row.ballots, row.revisions) for row in rows}
    return all(
        have >= there
        for each in ballots
        for have, there in zip(
            here.get(each.lane, (0, 0)), (each.counted + each.excluded, each.revisions), strict=True
        )
    )


async def _settled(
    session: AsyncSession,
    round_: RoundState,
    questionnaire: QuestionnaireState,
    units: Collection[UUID],
    lanes: Collection[Lane],
    release: int,
) -> Tally:
    """Let everything of some units into what is shown, the excluded out; return what is shown."""
    await session.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE}'"))
    questions = len(scaled(questionnaire))
    await lock(session, round_.round_id, units)
    about = {
        "round": round_.round_id, "units": sorted(units), "lanes": list(lanes), "release": release,
    }  # fmt: skip
    changes: dict[cells.Key, Cell] = {}
    for row in await session.execute(_STAND_DOWN, about):
        of_row(changes, round_.round_id, row, questions).stand(row.answers, -1)
    if changes:
        await cells.add(session, changes)
    for statement in (_JOIN, _LEAVE, _SHOWN):
        await session.execute(statement, about)
    await session.execute(text("SET LOCAL statement_timeout = '30s'"))
    return await released_tally(session, round_, questionnaire)


async def _every_unit(session: AsyncSession, round_id: UUID) -> set[UUID]:
    units = select(AnswerCell.unit_id).where(AnswerCell.round_id == round_id).distinct()
    return set(await session.scalars(units))
