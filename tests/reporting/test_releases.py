"""Releases on a real database: what is due, what joins and leaves, what everybody then sees."""

from decimal import Decimal

from tests.reporting.ballots import ballot, count, drift, look
from tests.reporting.conftest import envelope

from reporting.releases import publications


async def published(database, survey):
    async with database.sessions() as session:
        return await publications.newest(session, survey.round.round_id)


async def test_three_units_with_twenty_waiting_release_half_of_them_together(
    consumer, database, survey
):
    await consumer.apply([envelope(e) for e in survey.events])
    id_ = survey.round.round_id
    await count(consumer, [ballot(id_, unit, 4) for unit in (0, 1) for _ in range(20)])
    await count(consumer, [ballot(id_, 2, 4) for _ in range(19)])
    await look(database)
    assert await published(database, survey) is None

    await count(consumer, [ballot(id_, 2, 2)])
    await look(database)

    shown = await published(database, survey)
    assert (shown.release, shown.department.n) == (1, 30)
    assert {figure.n for figure in shown.units.values()} == {10}
    assert shown.department.mean5 is None
    assert Decimal(str(shown.department.share)) in (95, 100)
    assert await drift(database) == 0
