"""What moves the figures beside progress and results: an extension, a pause, another unit."""

from datetime import date
from uuid import uuid4

from tests.reporting.ballots import drift
from tests.reporting.conftest import UNITS, accepted, assignment, created, envelope, plan

from chassis.i18n import say
from contracts.tasks import AssignmentHandedOver, AssignmentPaused, DeadlineExtended
from reporting.completion.views import completion, completion_view
from reporting.indices.nodes import assignment_facts

PLAN = uuid4()
FIRST, LATER = date(2025, 6, 30), date(2025, 7, 15)
ON = date(2025, 7, 10)


async def figures(database, scope="plan"):
    async with database.sessions() as session:
        found = await completion(session, PLAN, date(2025, 8, 1), scope)
    return completion_view(PLAN, found)


def extended(state):
    later = {"version": 2, "due_on": LATER, "first_due_on": FIRST, "extended_times": 1}
    return DeadlineExtended(
        assignment=state.model_copy(update=later), extension_id=uuid4(), previous_due_on=FIRST
    )


async def test_a_result_after_the_first_deadline_is_on_time_by_the_extended_one_only(
    consumer, database
):
    state, other = assignment(PLAN, 1), assignment(PLAN, 2)
    await consumer.apply([envelope(e) for e in (plan(PLAN), created(state), created(other))])
    event = extended(state)
    await consumer.apply([envelope(event)])
    await consumer.apply([envelope(accepted(event.assignment, 3, ON))])
    await consumer.apply([envelope(accepted(other, 2, FIRST))])

    found = await figures(database)
    assert (found.done, found.done_on_time, found.done_on_time_first) == (2, 2, 1)
    assert found.extended == 1
    assert await drift(database) == 0


async def test_what_is_paused_is_neither_due_nor_overdue_and_whoever_reads_sees_how_many(
    consumer, database
):
    state, other = assignment(PLAN, 1), assignment(PLAN, 2)
    await consumer.apply([envelope(e) for e in (plan(PLAN), created(state), created(other))])
    before = await figures(database)
    held = state.model_copy(update={"version": 2, "paused_on": FIRST})
    await consumer.apply([envelope(AssignmentPaused(assignment=held))])

    after = await figures(database)
    assert (before.all, before.due, before.overdue, before.paused) == (2, 2, 2, 0)
    assert (after.all, after.due, after.overdue, after.paused) == (2, 1, 1, 1)
    assert await drift(database) == 0


async def test_what_is_handed_over_counts_with_the_new_unit_alone(consumer, database):
    state = assignment(PLAN, 1, unit=0)
    await consumer.apply([envelope(e) for e in (plan(PLAN), created(state))])
    moved = {"version": 2, "unit_id": UNITS[1], "former_unit_ids": [UNITS[0]]}
    event = AssignmentHandedOver(
        assignment=state.model_copy(update=moved), previous_unit_id=UNITS[0]
    )
    await consumer.apply([envelope(event)])

    old, new = [await figures(database, f"unit:{UNITS[unit]}") for unit in (0, 1)]
    assert (old.all, new.all) == (0, 1)
    assert await drift(database) == 0


def test_an_explanation_names_the_extension_and_the_pause():
    state = extended(assignment(PLAN, 1)).assignment
    done = accepted(state, 3, ON).assignment
    late = accepted(assignment(PLAN, 2), 2, ON).assignment
    held = assignment(PLAN, 3).model_copy(update={"paused_on": FIRST})
    ended = assignment(PLAN, 4).model_copy(
        update={"status": "cancelled", "no_longer_applicable": True}
    )
    said = [fact.value for fact in assignment_facts([done, late, held, ended], "vi")]
    assert said == [
        "Hoàn thành đúng hạn, gia hạn từ 30/06/2025 đến 15/07/2025",
        "Hoàn thành quá hạn",
        "Chưa thực hiện, đang tạm dừng",
        "Không còn phù hợp",
    ]
    assert say("Hoàn thành quá hạn", "en") == "Done late"
