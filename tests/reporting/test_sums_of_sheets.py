"""What sheets come to is kept while nothing of them moves, and is always what their rows say."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from reporting.criteria.checker import read
from reporting.score_sheets import sums
from reporting.score_sheets.finals import finals
from reporting.score_sheets.outcome import NOTHING, FinalRow

DEMO = Path(__file__).parents[2] / "demo" / "criteria_set.yaml"
CRITERIA = read(yaml.safe_load(DEMO.read_text(encoding="utf-8")))
SUBS = list(CRITERIA.sub_criteria())
POINTS = st.decimals(0, 100, places=12)
ROW = "UPDATE score_row SET {} WHERE body_id = :body AND code = '{}'"
SHEET = "UPDATE sheet SET {} WHERE body_id = :body"
CHANGES = [  # each moves what the sheet comes to
    ROW.format("appraised_1 = 3", "1.1.1"),
    ROW.format("appraised_2 = 2", "1.1.1"),
    ROW.format("appraised_1 = NULL, appraised_2 = NULL", "1.1.1"),
    ROW.format("self_score = 1", "1.1.1"),
    ROW.format("appraised_1 = 9, appraised_done = NULL, appraised_due = NULL", "1.1.2"),
    ROW.format("not_applicable_accepted = true", "1.1.2"),
    "INSERT INTO score_row (year, body_id, code, appraised_1) VALUES (2025, :body, 'penalty', 1)",
    SHEET.format("state = 'self_scoring'"),
    SHEET.format("""state = 'approved', final = '{"points": "5", "applicable_points": "44",
        "bonus": "0", "penalty": "0", "index": "125/11", "rows": [["1.1.1", "5", "44", true]]}'
    """),
    SHEET.format("final = jsonb_set(final, '{index}', '\"11.5\"')"),
    SHEET.format("""state = 'explained', final = NULL, standing = jsonb_build_object(
        'state', 'published', 'rows', '{}'::jsonb, 'final', jsonb_set(final, '{points}', '"6"'))
    """),
]  # fmt: skip


@pytest.fixture
def block(locked, database):
    return Block(locked, database)


class Block:
    """The opened block, whose body A is changed past the service."""

    def __init__(self, locked, database) -> None:
        self._block, self._body, self._database = locked.block, locked.bodies["A"], database

    async def change(self, statement: str) -> None:
        async with self._database.sessions.begin() as session:
            await session.execute(text(statement.replace(':"', '\\:"')), {"body": self._body})

    async def finals(self):
        async with self._database.sessions() as session:
            return await finals(session, 2025, UUID(self._block))


async def test_what_sheets_come_to_follows_whatever_of_them_moves(locked, block):
    await locked.appraise_all()
    before = await block.finals()
    for change in CHANGES:
        await block.change(change)
        seen = await block.finals()
        sums._KNOWN.clear()
        assert seen == await block.finals(), change
        assert seen[0] != before[0], change
        assert seen[1] == before[1], change
        before = seen


async def test_a_sheet_of_which_nothing_moved_is_not_worked_out_again(locked, block):
    first, other = await block.finals()
    await block.change(CHANGES[0])
    moved, same = await block.finals()
    again, _ = await block.finals()
    assert moved.sums is not first.sums
    assert moved.sums is again.sums
    assert other.sums is same.sums


@given(
    st.lists(st.tuples(st.none() | POINTS, st.booleans()), min_size=len(SUBS), max_size=len(SUBS))
)
def test_areas_are_the_exact_sums_of_their_rows_that_apply(values):
    rows = tuple(
        FinalRow(sub.code, points, sub.max_points, applies)
        for sub, (points, applies) in zip(SUBS, values, strict=True)
    )
    found = {area.code: area for area in replace(NOTHING, rows=rows).by_area(CRITERIA)}
    assert list(found) == [area.code for area in CRITERIA.areas]
    for area in CRITERIA.areas:
        codes = {sub.code for sub in area.sub_criteria()}
        own = [row for row in rows if row.code in codes and row.applicable]
        points = [Fraction(row.points) for row in own if row.points is not None]
        assert found[area.code].points == (sum(points) if points else None)
        assert found[area.code].of_points == sum(Fraction(row.max_points) for row in own)
