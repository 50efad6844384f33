"""The end of a round and new editions, on a real database: exact, but nobody's few ballots."""

from uuid import uuid4

from tests.reporting.ballots import (
    ballot,
    begin,
    by_place,
    close,
    closed,
    count,
    drift,
    excluded,
    look,
    published,
    rows,
    seen,
    some,
)
from tests.reporting.conftest import UNITS, envelope

from reporting.satisfaction.ballots import NO_UNIT

RELEASES = "SELECT release FROM publication ORDER BY release"
PLACES = "SELECT response_id, released_in, left_in FROM response_fact ORDER BY 1"


def units_with(shown, *, exact: bool = True) -> set:
    """Return the units with an exact figure; else those with none."""
    if exact:
        return {*shown.unit_questions}
    return {unit for unit, figure in shown.units.items() if figure.n == 0}


async def test_a_closed_round_shows_everything_exactly_in_both_formulas(consumer, database, survey):
    """36 of 48 say 5, 12 say 2: 75 % satisfied, mean (36x5 + 12x2) / 48 / 5 = 85 %."""
    round_ = await begin(consumer, survey)
    answers = [*some(round_, 12, 12, 12, level=5), *some(round_, 4, 4, 4, level=2)]
    await count(consumer, answers)
    await look(database)
    await close(consumer, database, round_, ticket=48)

    told = await seen(database, round_)
    brief = told.brief()
    assert (brief.share, brief.mean5, brief.n, brief.released.n) == (75, 85, 48, 48)
    assert [(f.share, f.mean5) for f in told.factors()] == [(75, 85)] * 2
    assert {tuple(q.distribution) for q in told.questions()} == {(0, 12, 0, 0, 36)}
    assert [(u.share, u.mean5, u.released.n) for u in told.units({})] == [(75, 85, 10)] * 3
    assert await rows(database, "SELECT DISTINCT waiting FROM answer_cell") == [0]
    assert await drift(database) == 0


async def test_a_round_that_nobody_answered_is_closed_and_shows_nothing(consumer, database, survey):
    round_ = await begin(consumer, survey)
    await close(consumer, database, round_)

    told = await seen(database, round_)
    assert (told.results.final, told.brief().share, told.brief().n) == (True, None, 0)
    assert {(q.share, q.suppressed) for q in told.questions()} == {(None, True)}


async def test_closing_waits_until_all_ballots_are_here(consumer, database, survey):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20, 20)
    await count(consumer, ballots[:59])
    await close(consumer, database, round_, ticket=60)
    assert await published(database, round_) is None
    assert (await seen(database, round_)).brief().n == 59, "how many are here is told"

    await count(consumer, ballots[59:])
    await look(database)

    shown = await published(database, round_)
    assert (shown.closed, shown.department.n) == (True, 60)


async def test_closing_waits_for_every_lane_and_every_exclusion(consumer, database, survey):
    round_ = await begin(consumer, survey)
    ballots = [*some(round_, 20, 20, 20), ballot(round_.round_id, 0, lane="open")]
    await count(consumer, ballots[:60])
    await close(consumer, database, round_, ticket=59, excluded=1, open=1)
    assert await rows(database, RELEASES) == []
    await count(consumer, ballots[60:])
    await look(database)
    assert await rows(database, RELEASES) == []
    await count(consumer, [excluded(ballots[0])])
    await look(database)

    assert (await published(database, round_)).department.n == 60
    assert await drift(database) == 0


async def test_a_round_that_ended_before_its_ballots_were_told_is_closed_at_once(
    consumer, database, survey
):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 20))
    end = closed(round_).model_copy(update={"ballots": None})
    await consumer.apply([envelope(end)])
    await look(database)

    assert (await published(database, round_)).closed


async def test_an_end_delivered_again_makes_no_second_release(consumer, database, survey):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 20))
    for _ in range(2):
        await close(consumer, database, round_, ticket=60)

    assert await rows(database, RELEASES) == [1]


async def test_what_comes_after_the_end_is_recorded_and_alters_nothing_that_is_shown(
    consumer, database, survey
):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20, 20)
    await count(consumer, ballots)
    await close(consumer, database, round_, ticket=60)
    shown, before = await published(database, round_), await rows(database, PLACES)
    late = some(round_, 1, 0, 3)
    await count(consumer, [*late, excluded(ballots[0])])
    await look(database)

    assert await published(database, round_) == shown
    assert (await seen(database, round_)).brief().n == 63
    news = {each.response_id for each in late}
    assert [row for row in await rows(database, PLACES) if row[0] not in news] == before
    cells = "SELECT sum(n), sum(waiting), sum(released_n) FROM answer_cell"
    assert await rows(database, cells) == [(63, 4, 60)]
    assert await drift(database) == 0


async def test_a_unit_below_ten_is_hidden_and_the_smallest_other_one_with_it(
    consumer, database, survey
):
    """40 + 25 + 8: department minus the first would be 33, minus both it would be the eight."""
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 40, 25, 8))
    await close(consumer, database, round_, ticket=73)

    shown = await published(database, round_)
    assert units_with(shown) == {UNITS[0]}
    assert units_with(shown, exact=False) == {UNITS[1], UNITS[2]}
    assert shown.department.n == 73


async def test_a_unit_with_few_new_ballots_keeps_its_figure(consumer, database, survey):
    """Of the second unit 10 are shown and 5 more are new; with 6 of no unit that is 11 unseen."""
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20, 20)
    await count(consumer, ballots)
    await look(database)
    was = (await published(database, round_)).units[UNITS[1]]
    waiting = await by_place(database, ballots, f"unit_id = '{UNITS[1]}' AND released_in IS NULL")
    await count(consumer, [excluded(each) for each in waiting[:5]])
    await count(consumer, [ballot(round_.round_id, None) for _ in range(6)])
    await close(consumer, database, round_, ticket=61, excluded=5)

    shown = await published(database, round_)
    assert units_with(shown) == {UNITS[0], UNITS[2]}
    assert units_with(shown, exact=False) == {NO_UNIT}
    assert shown.units[UNITS[1]] == was
    assert (was.n, was.release, was.mean5) == (10, 1, None)
    assert shown.department.n == 61


async def test_a_lone_unit_that_keeps_its_figure_hides_the_smallest_exact_one(
    consumer, database, survey
):
    """The five new ones alone would be what subtraction tells: the first unit, of 20, goes."""
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20, 35)
    await count(consumer, ballots)
    await look(database)
    waiting = await by_place(database, ballots, f"unit_id = '{UNITS[1]}' AND released_in IS NULL")
    await count(consumer, [excluded(each) for each in waiting[:5]])
    await close(consumer, database, round_, ticket=70, excluded=5)

    shown = await published(database, round_)
    assert units_with(shown) == {UNITS[2]}
    assert units_with(shown, exact=False) == {UNITS[0]}


async def test_a_unit_is_told_question_by_question_only_once_the_round_is_closed(
    office, consumer, database, survey
):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 20, level=4))
    await look(database)
    path = f"/v1/indices/satisfaction/{round_.round_id}/units/{UNITS[0]}"
    opened = (await office.get("director", path)).json()["questions"]
    assert {(q["suppressed"], q["share"], q["distribution"]) for q in opened} == {
        (True, None, None)
    }
    await close(consumer, database, round_, ticket=60)

    questions = (await office.get("unit_head", path)).json()["questions"]
    assert [q["distribution"] for q in questions] == [[0, 0, 0, 20, 0]] * 4
    assert {(q["share"], q["mean5"]) for q in questions} == {("100.00", "80.00")}


async def test_a_hidden_unit_is_not_told_question_by_question(office, consumer, database, survey):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 40, 25, 8))
    await close(consumer, database, round_, ticket=73)
    path = f"/v1/indices/satisfaction/{round_.round_id}/units/"

    answers = [(await office.get("office", f"{path}{unit}")).json() for unit in UNITS]
    hidden = [all(q["suppressed"] for q in answer["questions"]) for answer in answers]
    assert hidden == [False, True, True]
    unknown = await office.get("office", f"{path}{uuid4()}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unit_not_in_round")
