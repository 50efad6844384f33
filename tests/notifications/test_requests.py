"""Contributions and questions: who waits for whom, and what nobody needs to hear any more."""

import pytest
from tests.notifications import requests as r
from tests.notifications import world as w
from tests.notifications.test_acts import moot

from contracts.tasks import ProgressReported

WAITING = """SELECT p.employee_code AS code, n.event_type FROM notification n
    JOIN person p ON p.id = n.person_id WHERE n.moot_at IS NULL AND n.asks"""


async def waiting(world) -> set[tuple[str, str]]:
    return {(row.code, row.event_type.split(".")[1]) for row in await world.rows(WAITING)}


async def test_the_unit_asked_is_waited_for_until_it_gives_then_who_asked(world):
    await world.happen(r.asked())
    await world.happen(r.contribution_due())
    before = await waiting(world)
    await world.happen(r.given())
    after = await waiting(world)
    await world.happen(r.taken())
    assert before == {
        ("head_ldvl", "contribution_asked"), ("head_ldvl", "contribution_due_soon"),
    }  # fmt: skip
    assert after == {
        (code, "contribution_given") for code in ("colleague_cchc", "officer_cchc", "head_cchc")
    }
    assert await waiting(world) == set()


async def test_what_is_returned_waits_for_the_unit_again(world):
    await world.happen(r.asked())
    await world.happen(r.given())
    await world.happen(r.given_back())
    assert await waiting(world) == {
        (code, "contribution_returned") for code in ("head_ldvl", "officer_ldvl")
    }


@pytest.mark.parametrize("over", [r.withdrawn(), w.ended("cancelled")])
async def test_what_nobody_needs_any_more_waits_for_nobody(world, over):
    await world.happen(r.asked())
    await world.happen(over)
    assert ("head_ldvl", "contribution_asked") in await moot(world)


async def test_a_contribution_that_came_before_the_news_that_it_is_asked_for_asks_nobody(world):
    await world.happen(r.given())
    await world.happen(r.asked())
    assert ("head_ldvl", "contribution_asked") not in await waiting(world)


async def test_a_unit_without_a_head_is_told_whole(world):
    await world.happen(w.person_changed("head_ldvl", version=2, active=False))
    await world.happen(r.asked())
    assert await waiting(world) == {("officer_ldvl", "contribution_asked")}


async def test_the_office_is_waited_for_until_it_answers(world):
    await world.happen(r.question_asked())
    before = await waiting(world)
    await world.happen(r.question_answered())
    assert before == {(code, "question_asked") for code in ("office", "office_2")}
    assert await waiting(world) == set()


async def test_what_a_unit_was_told_of_a_question_leads_to_the_question(world):
    await world.happen(r.question_answered())
    rows = await world.rows("SELECT DISTINCT subject_type, subject_id FROM notification")
    assert [(row.subject_type, row.subject_id) for row in rows] == [
        ("question", w.id_of("question"))
    ]


async def test_a_unit_is_reminded_of_its_report_until_it_is_with_the_office(world):
    await world.happen(r.report_due(3))
    await world.happen(r.report_waiting())
    before = await waiting(world)
    await world.happen(r.report_handed_in())
    after = await waiting(world)
    await world.happen(r.report_accepted())
    assert before == {("head_ldvl", "unit_report_due"), ("head_ldvl", "unit_report_waiting")}
    assert after == {(code, "unit_report_submitted") for code in ("office", "office_2")}
    assert await waiting(world) == set()


async def test_a_report_that_was_returned_waits_for_its_writer_and_no_longer_for_the_office(world):
    await world.happen(r.report_handed_in())
    await world.happen(r.report_returned("office"))
    assert await waiting(world) == {
        (code, "unit_report_returned") for code in ("head_ldvl", "officer_ldvl")
    }


async def test_the_same_reminder_of_a_report_is_told_once_and_the_next_step_anew(world):
    for left, step, version in ((6, 7, 1), (5, 7, 2), (3, 3, 3)):
        await world.happen(r.report_due(left, version, step))
    told = await world.rows("SELECT step FROM notification ORDER BY step")
    assert [row.step for row in told] == ["due 2025-11-29 3", "due 2025-11-29 7"]


async def test_a_missed_update_waits_until_somebody_reports(world):
    await world.happen(r.update_missed())
    before = await waiting(world)
    state = w.assignment(version=3, status="in_progress", deadline_kind="continuous", due_on=None)
    await world.happen(ProgressReported(assignment=state, has_difficulty=False))
    assert {code for code, _ in before} == {"officer_cchc", "head_cchc", "office", "office_2"}
    assert await waiting(world) == set()
