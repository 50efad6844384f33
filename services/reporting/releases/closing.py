"""The release that ends a round, and what may be published of it later.

Made when reporting holds as many ballots as the round's end says there are. Later changes are
recorded with their ballots and alter nothing that is shown; from 10 in one unit on, the director
may publish a new edition with them.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.surveys import Lane, LaneCount, QuestionnaireState, RoundState
from reporting.disclosure.closing import Joining, Split, may_change, new_edition, split
from reporting.disclosure.published import Published
from reporting.disclosure.thresholds import department_threshold
from reporting.releases import publications
from reporting.releases.drawing import lock, to_the_hour
from reporting.releases.publishing import Stamp, at_closing
from reporting.satisfaction.ballots import LANES, Tally, lanes_of
from reporting.satisfaction.domain import LEVELS
from reporting.satisfaction.models import AnswerCell
from reporting.satisfaction.tallies import released_options, released_tally

PATIENCE = "10min"  # for a round of millions; every other statement has 30 s

_STANDS_AS_SHOWN = ("beside", "factors", "options", "questions", "unit_questions")

_HELD = text("""
    SELECT lane, count(*) AS ballots, sum(revision) AS revisions
    FROM response_fact WHERE round_id = :round GROUP BY lane
""")
# Once the round is closed a ballot changes at most once: what joined or left since then stays.
_JOINS = "NOT excluded AND released_in IS NULL"
_LEAVES = "excluded AND left_in IS NULL AND released_in <= :closed_in"
_STANDS = text(f"""
    SELECT unit_id, CAST(count(*) FILTER (WHERE released_in IS NOT NULL AND left_in IS NULL) AS int)
        AS before, CAST(count(*) FILTER (WHERE {_JOINS}) AS int) AS joining,
      CAST(count(*) FILTER (WHERE {_LEAVES}) AS int) AS leaving
    FROM response_fact WHERE round_id = :round AND lane = ANY(CAST(:lanes AS text[]))
    GROUP BY unit_id
""")  # noqa: S608 - ours
_OF_UNITS = """
    round_id = :round AND unit_id = ANY(CAST(:units AS uuid[]))
    AND lane = ANY(CAST(:lanes AS text[]))
"""
_JOIN = text(f"""
    UPDATE response_fact SET released_in = :release WHERE {_OF_UNITS} AND {_JOINS}
""")  # noqa: S608 - ours
_LEAVE = text(f"""
    UPDATE response_fact SET left_in = :release WHERE {_OF_UNITS} AND {_LEAVES}
""")  # noqa: S608 - ours
_SHOWN = text(f"""
    WITH shown AS (
      SELECT unit_id, lane, answers, released_in IS NULL AS waits,
        released_in IS NOT NULL AND left_in IS NULL AS stands
      FROM response_fact WHERE {_OF_UNITS}
    ), numbers AS (
      SELECT unit_id, lane, count(*) FILTER (WHERE waits) AS waiting,
        count(*) FILTER (WHERE stands) AS n
      FROM shown GROUP BY 1, 2
    ), counts AS (
      SELECT unit_id, lane, {LEVELS} * (a.question - 1) + a.answer AS place, count(*) AS n
      FROM shown, unnest(answers) WITH ORDINALITY AS a(answer, question)
      WHERE stands AND a.answer IS NOT NULL GROUP BY 1, 2, 3
    ), released AS (
      SELECT cell.unit_id, cell.lane,
        array_agg(CAST(coalesce(counts.n, 0) AS int) ORDER BY place) AS released
      FROM answer_cell AS cell CROSS JOIN generate_series(1, cardinality(cell.counts)) AS place
      LEFT JOIN counts USING (unit_id, lane, place) WHERE {_OF_UNITS} GROUP BY 1, 2
    )
    UPDATE answer_cell AS cell SET waiting = numbers.waiting, released_n = numbers.n,
      released = released.released
    FROM numbers JOIN released USING (unit_id, lane)
    WHERE cell.round_id = :round AND (cell.unit_id, cell.lane) = (numbers.unit_id, numbers.lane)
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
    stamp = Stamp(before.release + 1 if before else 1, to_the_hour(now))
    units = await stands(session, round_, stamp.release)
    every = await _every_unit(session, round_.round_id)
    tally = await _settled(session, round_, questionnaire, every, LANES, stamp, stamp.release)
    publications.store(session, at_closing(tally, stamp, split(units), before))
    return True


async def publish_edition(
    session: AsyncSession, round_: RoundState, questionnaire: QuestionnaireState, now: datetime
) -> Published | None:
    """Publish what changed since a round was closed, in units of at least 10 changed ballots.

    Only overall figures: lanes beside the index, factors and questions stand as they were, since
    ten ballots may hold one answer to a question. Returns None, and does nothing, while no unit has
    as many, the round is not released yet, or too few ballots would be left to show anything.
    """
    before = await publications.newest(session, round_.round_id)
    if before is None or before.closed_in is None:
        return None
    units = await stands(session, round_, before.closed_in)
    changed = {unit for unit, each in units.items() if may_change(each)}
    n = sum(each.total if unit in changed else each.before for unit, each in units.items())
    if not changed or n < department_threshold(round_.min_n):
        return None
    stamp = Stamp(before.release + 1, to_the_hour(now))
    lanes = lanes_of(round_)
    tally = await _settled(session, round_, questionnaire, changed, lanes, stamp, before.closed_in)
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


async def stands(session: AsyncSession, round_: RoundState, closed_in: int) -> dict[UUID, Joining]:
    """Return each unit's ballots of the index: shown, joining, leaving."""
    about = {"round": round_.round_id, "lanes": lanes_of(round_), "closed_in": closed_in}
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
    stamp: Stamp,
    closed_in: int,
) -> Tally:
    """Let everything of some units into what is shown, the excluded out; return what is shown."""
    await session.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE}'"))
    await lock(session, round_.round_id, units)
    about = {"round": round_.round_id, "units": sorted(units), "lanes": list(lanes)}
    release = {"release": stamp.release}
    await session.execute(_JOIN, {**about, **release})
    await session.execute(_LEAVE, {**about, **release, "closed_in": closed_in})
    await session.execute(_SHOWN, about)
    options = await released_options(session, round_, questionnaire)
    await session.execute(text("SET LOCAL statement_timeout = '30s'"))
    return replace(await released_tally(session, round_, questionnaire), options=options)


async def _every_unit(session: AsyncSession, round_id: UUID) -> set[UUID]:
    units = select(AnswerCell.unit_id).where(AnswerCell.round_id == round_id).distinct()
    return set(await session.scalars(units))
