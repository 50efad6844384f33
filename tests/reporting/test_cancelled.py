"""What was cancelled counts no more: neither a plan nor a survey round."""

from uuid import uuid4

from tests.reporting.ballots import begin, closed, count, drift, look, published, some
from tests.reporting.conftest import accepted, assignment, created, envelope, plan

from contracts.tasks import AssignmentCancelled, PlanChanged
from reporting.completion import actions as completion
from reporting.releases.year import rounds_of_year
from reporting.sources.views import plans_of

PLAN = uuid4()


async def test_a_cancelled_plan_is_none_of_its_years(consumer, database):
    done, open_ = assignment(PLAN, 1), assignment(PLAN, 2)
    active = plan(PLAN)
    await consumer.apply([envelope(e) for e in (active, created(done), created(open_))])
    await consumer.apply([envelope(accepted(done))])
    over = {"status": "closed", "cancelled": True, "version": 2}
    ended = open_.model_copy(update={"status": "cancelled", "version": 2})

    await consumer.apply([
        envelope(PlanChanged(plan=active.plan.model_copy(update=over))),
        envelope(AssignmentCancelled(assignment=ended)),
    ])  # fmt: skip

    async with database.sessions() as session:
        assert await plans_of(session, 2025) == []
        kept = {s.assignment_id: s.status for s in await completion.states_of(session, PLAN)}
    assert kept == {done.assignment_id: "done", open_.assignment_id: "cancelled"}
    assert await drift(database) == 0


async def test_a_cancelled_round_shows_no_more_and_the_year_stands_on_another(
    consumer, database, survey
):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 12, 12, 12, level=5))
    before = await published(database, round_)
    end = closed(round_, ticket=36)

    await consumer.apply([
        envelope(end.model_copy(update={"round": end.round.model_copy(update={"cancelled": True})}))
    ])  # fmt: skip
    await look(database)

    assert await published(database, round_) == before, "its end releases nothing"
    async with database.sessions() as session:
        assert (await rounds_of_year(session, round_.year)).rounds == []
    assert await drift(database) == 0
