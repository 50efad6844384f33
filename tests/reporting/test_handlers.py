"""What events do to the figures, on a real database: every figure here was worked out by hand."""

import random
from decimal import Decimal
from uuid import uuid4

import pytest
from tests.reporting.ballots import close, drift, look, published, seen
from tests.reporting.conftest import (
    UNITS,
    accepted,
    assignment,
    created,
    envelope,
    plan,
    response,
)

from chassis.clock import database_now, local_date
from reporting.completion.views import completion
from reporting.criteria import actions as criteria
from reporting.criteria.linking import link_tasks
from reporting.criteria.sets import set_in_force
from reporting.proof.drift import figures_against_facts
from reporting.score_sheets.sheets import year_sheet

PLAN = uuid4()


async def completion_of(database, scope="plan"):
    async with database.sessions() as session:
        today = local_date(await database_now(session))
        return await completion(session, PLAN, today, scope)


async def test_completing_one_of_four_assignments_moves_done_of_all_to_a_quarter(
    consumer, database
):
    states = [assignment(PLAN, i) for i in range(4)]
    await consumer.apply([envelope(plan(PLAN)), *(envelope(created(s)) for s in states)])
    await consumer.apply([envelope(accepted(states[0]))])

    found = await completion_of(database)
    assert (found.counts.done, found.counts.total, found.rate_all) == (1, 4, 25)
    assert await drift(database) == 0


@pytest.mark.parametrize("seed", range(5))
async def test_duplicates_and_any_order_leave_the_same_figures(consumer, database, seed):
    states = [assignment(PLAN, i, unit=i % 3) for i in range(12)]
    messages = [envelope(created(s)) for s in states]
    messages += [envelope(accepted(s)) for s in states[:7]]
    messages = messages * 3
    random.Random(seed).shuffle(messages)
    for start in range(0, len(messages), 5):
        await consumer.apply(messages[start : start + 5])

    found = await completion_of(database)
    assert (found.counts.done, found.counts.total) == (7, 12)
    assert await drift(database) == 0


async def test_the_department_pools_all_answers_and_never_averages_units(
    consumer, database, survey
):
    # unit 0: 180 of 200 satisfied (90 %), unit 1: 30 of 50 (60 %): pooled 84 %, not 75 %
    await consumer.apply([envelope(e) for e in survey.events])
    good, bad = {"F1.1": 4}, {"F1.1": 2}
    answers = [(good, 0)] * 180 + [(bad, 0)] * 20 + [(good, 1)] * 30 + [(bad, 1)] * 20
    await consumer.apply([response(survey.round.round_id, a, unit=u) for a, u in answers])
    await close(consumer, database, survey.round, ticket=250)

    shown = await published(database, survey.round)
    assert (shown.department.share, shown.department.n) == (84, 250)
    assert [shown.units[unit].share for unit in UNITS[:2]] == [90, 60]
    assert await drift(database) == 0


async def test_both_formulas_stand_side_by_side_and_missing_answers_are_in_neither(
    consumer, database, survey
):
    await consumer.apply([envelope(e) for e in survey.events])
    # 27 of 30 say 4 (satisfied), 3 say 3; F1.2 unanswered: 90 % satisfied, mean 3.9 of 5 = 78 %
    answers = [{"F1.1": 4}] * 27 + [{"F1.1": 3}] * 3
    await consumer.apply([response(survey.round.round_id, a) for a in answers])
    await close(consumer, database, survey.round, ticket=30)

    brief = (await seen(database, survey.round)).brief()
    assert (brief.share, brief.mean5) == (Decimal(90), Decimal(78))


@pytest.mark.parametrize("status", ["open", "closed"])
async def test_below_thirty_answers_nothing_is_shown_but_how_many_there_are(
    consumer, database, survey, status
):
    await consumer.apply([envelope(e) for e in survey.events])
    await consumer.apply([response(survey.round.round_id, {"F1.1": 5}) for _ in range(29)])
    await look(database)
    if status == "closed":
        await close(consumer, database, survey.round, ticket=29)

    told = await seen(database, survey.round)
    assert (told.brief().share, told.brief().mean5, told.brief().n) == (None, None, 29)
    assert told.results.value() is None
    assert all(view.suppressed for view in [*told.factors(), *told.questions(), *told.units({})])


async def test_a_response_delivered_twice_is_counted_once(consumer, database, survey):
    await consumer.apply([envelope(e) for e in survey.events])
    once = response(survey.round.round_id, {"F1.1": 5})
    await consumer.apply([once, once])
    await consumer.apply([once])

    assert (await seen(database, survey.round)).counts.department == 1
    assert await drift(database) == 0


async def test_a_response_that_comes_before_its_round_waits_and_is_counted_later(
    consumer, database, survey
):
    await consumer.apply([response(survey.round.round_id, {"F1.1": 5})])
    await consumer.apply([envelope(e) for e in survey.events])
    async with database.sessions.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("UPDATE inbox SET next_attempt_at = now()")
    assert await consumer.retry_due()

    assert (await seen(database, survey.round)).counts.department == 1


async def test_points_of_sub_criterion_1_1_3_and_the_total_are_what_a_hand_computes(
    consumer, database, demo_criteria, actor
):
    """10 assignments, 8 done: rate 0.8 = floor, so 0.8 x 1.5 = 1.2 points; total 1.2 / 100 = 1.2 %.

    The ninth: 0.9 x 1.5 = 1.35; total 1.35 %. Seven done is below the floor: 0.
    """
    states = [assignment(PLAN, i) for i in range(10)]
    await consumer.apply([envelope(plan(PLAN)), *(envelope(created(s)) for s in states)])
    async with database.sessions.begin() as session:
        now = await database_now(session)
        stored = await criteria.create(session, actor, demo_criteria, now)
        await criteria.publish(session, actor, stored.id, now)

    expected = {7: Decimal(0), 8: Decimal("1.2"), 9: Decimal("1.35")}
    await consumer.apply([envelope(accepted(s)) for s in states[:7]])
    for done, points in expected.items():
        sheet = await sheet_of(database)
        assert sheet.row("1.1.3").secured.points == points
        assert sheet.figure("secured").value == points
        await consumer.apply([envelope(accepted(states[done]))])


async def test_a_linked_task_counts_only_once_it_is_confirmed(
    consumer, database, demo_criteria, actor
):
    state = assignment(PLAN, 1)
    await consumer.apply(
        [envelope(plan(PLAN)), envelope(created(state)), envelope(accepted(state))]
    )
    async with database.sessions.begin() as session:
        now = await database_now(session)
        stored = await criteria.create(session, actor, demo_criteria, now)
        await criteria.publish(session, actor, stored.id, now)
    before = (await sheet_of(database)).row("1.4.1").secured.points
    async with database.sessions.begin() as session:
        links = {state.task_id: ["1.4.1"]}
        await link_tasks(session, actor, stored.id, links, await database_now(session))

    assert before is None, "nothing linked: a person decides, never 0 or full marks"
    assert (await sheet_of(database)).row("1.4.1").secured.points == Decimal("0.5")
    assert await drift(database) == 0


async def test_a_task_linked_to_a_draft_counts_once_the_set_is_published(
    consumer, database, demo_criteria, actor
):
    state = assignment(PLAN, 1)
    await consumer.apply(
        [envelope(plan(PLAN)), envelope(created(state)), envelope(accepted(state))]
    )
    async with database.sessions.begin() as session:
        now = await database_now(session)
        stored = await criteria.create(session, actor, demo_criteria, now)
        await link_tasks(session, actor, stored.id, {state.task_id: ["1.4.1"]}, now)
    assert await drift(database) == 0
    async with database.sessions.begin() as session:
        await criteria.publish(session, actor, stored.id, await database_now(session))

    assert (await sheet_of(database)).row("1.4.1").secured.points == Decimal("0.5")
    assert await drift(database) == 0


async def test_verify_finds_a_cell_that_somebody_changed(consumer, database):
    await consumer.apply([envelope(created(assignment(PLAN, 1)))])
    async with database.sessions.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("UPDATE completion_cell SET done = 1 WHERE scope = 'plan'")
    async with database.sessions() as session:
        assert (await figures_against_facts(session)).count == 1


async def sheet_of(database):
    async with database.sessions() as session:
        today = local_date(await database_now(session))
        return (await year_sheet(session, await set_in_force(session, 2025), today)).sheet
