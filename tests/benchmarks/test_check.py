"""A benchmark of something that does not count right must fail, whichever arm it is."""

import asyncio
import inspect
import re
from collections import Counter
from uuid import uuid4

import pytest
from benchmarks import parts
from benchmarks.ballots import codes, patterns
from benchmarks.claims import EMPTY, Claim
from benchmarks.figures import Figures, WrongFigures
from benchmarks.naive import tables
from benchmarks.naive.__main__ import ROUND, count
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from chassis.database import async_url

UNIT = uuid4()
BALLOTS = 12


def test_what_is_installed_here_is_enough_for_every_part():
    assert {"survey", "lists", "imports", "outsiders"} <= set(parts.PARTS)


def test_every_result_of_a_part_has_its_place_in_the_file_of_results():
    written = set(re.findall(r'result="([a-z0-9_.]+)"', inspect.getsource(parts)))
    places = {*EMPTY, *(f"{top}.{name}" for top, of in EMPTY.items() if of for name in of)}

    assert written
    assert written <= places


@pytest.fixture
async def url(new_database):
    return await new_database()


@pytest.fixture
async def sessions(url):
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(tables.Base.metadata.create_all)
    yield async_sessionmaker(engine)
    await engine.dispose()


@pytest.fixture
async def figures(sessions, url) -> Figures:
    """Twelve different ballots, counted by the naive arm's own consumer."""
    positions = {code: position for position, code in enumerate(codes(), 1)}
    made = patterns()[:BALLOTS]
    for pattern in made:
        answers = {c: n for c, n in zip(codes(), pattern.levels, strict=True) if n}
        event = {"id": str(uuid4()), "unit_id": str(UNIT), "answers": answers}
        async with sessions.begin() as session:
            await count(session, event, positions)
    found = Figures(url, ROUND, counted=tables.COUNTED, cells=tables.CELLS)
    found.sent = Counter({(str(UNIT), number): 1 for number in range(BALLOTS)})
    return found


async def checked(figures: Figures) -> None:
    await asyncio.to_thread(figures.wait_counted)
    await asyncio.to_thread(figures.check)


async def test_what_was_counted_right_passes(figures):
    await checked(figures)


async def test_one_answer_in_the_wrong_cell_is_found_though_all_totals_are_right(figures, sessions):
    cell = tables.AnswerCell
    async with sessions.begin() as session:
        moved = {"n4": cell.n4 - 1, "n5": cell.n5 + 1}
        await session.execute(update(cell).where(cell.question == 1).values(moved))

    with pytest.raises(WrongFigures, match=r"1, 4\): sent \d+, counted \d+"):
        await checked(figures)


async def test_a_ballot_sent_but_never_counted_is_found(figures):
    figures.sent[str(UNIT), BALLOTS] += 1

    with pytest.raises(WrongFigures, match="13 accepted, 12 counted"):
        await asyncio.to_thread(figures.wait_counted, patience=0.2)


async def test_ballots_of_one_unit_by_several_lanes_are_held_against_what_was_sent_together(
    migrated,
):
    """Two of the first pattern: one by ticket, one by open link, each lane in a cell of its own."""
    url = await migrated("reporting")
    levels = patterns()[0].levels
    cell = [int(level == n) for level in levels for n in range(1, 6)]
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        for lane in ("ticket", "open"):
            await connection.execute(
                text(
                    "INSERT INTO answer_cell (round_id, unit_id, lane, ballots, n, waiting,"
                    " released_n, counts, released) VALUES (:round, :unit, :lane, 1, 1, 1, 0,"
                    " :counts, :counts)"
                ),
                {"round": ROUND, "unit": UNIT, "lane": lane, "counts": cell},
            )
    await engine.dispose()
    figures = Figures(url, ROUND)
    figures.sent[str(UNIT), 0] = 2

    await checked(figures)


@pytest.mark.parametrize(
    ("floor", "at_most", "holds"),
    [(100, False, True), (101, False, False), (100, True, True), (99, True, False)],
)
def test_a_floor_is_held_by_the_median(floor, at_most, holds):
    assert Claim("x", (90, 100, 500), "/s", floor=floor, at_most=at_most).holds is holds
