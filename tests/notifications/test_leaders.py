"""Measures and instructions: who waits for whom, and where what they were told leads."""

from tests.notifications import leaders
from tests.notifications.test_requests import waiting
from tests.notifications.world import id_of


async def test_the_office_is_waited_for_until_it_decides_on_a_measure(world):
    await world.happen(leaders.proposed())
    before = await waiting(world)
    await world.happen(leaders.accepted())
    assert before == {(code, "measure_proposed") for code in ("office", "office_2")}
    assert await waiting(world) == set()


async def test_a_proposal_whose_decision_came_first_asks_nobody(world):
    await world.happen(leaders.returned())
    await world.happen(leaders.proposed())
    assert await waiting(world) == set()


async def test_what_people_are_told_leads_to_the_measure_and_to_the_instruction(world):
    await world.happen(leaders.accepted())
    await world.happen(leaders.instructed())
    rows = await world.rows("SELECT DISTINCT subject_type, subject_id FROM notification")
    assert {(row.subject_type, row.subject_id) for row in rows} == {
        ("measure", id_of("measure")), ("instruction", id_of("instruction")),
    }  # fmt: skip


async def test_what_the_unit_reads_of_an_instruction_names_its_assignment_and_deadline(world):
    await world.happen(leaders.instructed())
    rows = await world.rows("SELECT title, body, facts FROM notification")
    [said] = {(row.title.format(**row.facts), row.body.format(**row.facts)) for row in rows}
    assert said[0] == "Ý kiến chỉ đạo giao Phòng CCHC, thành nhiệm vụ NV-2025-0001"
    assert said[1].startswith("Thời hạn: Trước ngày 15/7.")


async def test_of_an_instruction_of_several_days_people_read_how_many_assignments_it_became(world):
    await world.happen(leaders.instructed("assignment 2", "assignment 3"))
    rows = await world.rows("SELECT title, facts FROM notification")
    assert {row.title.format(**row.facts) for row in rows} == {
        "Ý kiến chỉ đạo giao Phòng CCHC, thành nhiệm vụ NV-2025-0001 (+2)"
    }
