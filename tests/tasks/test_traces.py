"""Every write leaves its traces: gapless versions in the log, and a line in the audit."""

from tests.tasks.test_assignments_api import path, submitted

from tasks.jobs import announce_overdue


async def test_versions_of_every_aggregate_are_gapless_in_the_log(busy):
    await submitted(busy, await busy.one(unit_id=(await busy.units())["CCHC"]))
    gaps = await busy.rows("""
        SELECT subject FROM (SELECT subject, version,
            lag(version) OVER (PARTITION BY subject ORDER BY seq) AS before FROM event_log) AS v
        WHERE version <> before + 1
    """)
    assert gaps == []


async def test_whoever_writes_a_version_leaves_one_line_and_one_event_of_it(busy):
    """Import, unit, Office, clock and calendar: the five who change assignments."""
    assignment = await busy.one(unit_id=(await busy.units())["CCHC"])
    await submitted(busy, assignment)
    office = {"accountable_person_id": None, "reason": "thử"}
    await busy.office.patch(path(assignment), office, seen=2)
    await busy.run_clock(announce_overdue)
    days = [{"day": "2025-11-28", "working": False, "name": "Nghỉ bù"}]
    await busy.put_calendar(2025, days)

    rows = await busy.rows("SELECT id, version FROM assignment")
    lines = await busy.rows("SELECT assignment_id, version, kind FROM assignment_entry")
    events = await busy.rows(
        "SELECT subject, version FROM event_log WHERE type LIKE 'tasks.%' AND subject IN "
        "(SELECT id FROM assignment)"
    )

    expected = {(row.id, n) for row in rows for n in range(1, row.version + 1)}
    assert {line.kind for line in lines} == {"created", "result_submitted", "overdue", "changed"}
    assert sorted((line.assignment_id, line.version) for line in lines) == sorted(expected)
    assert sorted((event.subject, event.version) for event in events) == sorted(expected)


async def test_each_state_that_was_announced_last_is_the_row(busy):
    await busy.run_clock(announce_overdue)
    days = [{"day": "2025-11-28", "working": False, "name": "Nghỉ bù"}]
    await busy.put_calendar(2025, days)

    newest = {event["subject"]: event["data"]["assignment"] for event in await busy.events()
              if "assignment" in event["data"]}  # fmt: skip
    rows = await busy.rows(
        "SELECT id, version, status, due_on::text, last_working_day::text, progress_percent "
        "FROM assignment"
    )

    assert len(newest) == len(rows) > 100
    for row in rows:
        state = newest[str(row.id)]
        assert {name: state[name] for name in row._mapping if name != "id"} == {
            name: value for name, value in row._mapping.items() if name != "id"
        }


async def test_a_day_off_is_audited_for_each_deadline_it_moves(busy):
    days = [{"day": "2025-11-28", "working": False, "name": "Nghỉ bù"}]
    await busy.put_calendar(2025, days)

    moved = await busy.events("assignment_changed")
    audited = await busy.rows(
        "SELECT subject_id, before, after FROM audit_entry WHERE action = 'assignment.changed'"
    )

    assert len(moved) > 1
    assert {str(line.subject_id) for line in audited} == {event["subject"] for event in moved}
    assert all(set(line.after) == {"version", "last_working_day"} for line in audited)


async def test_the_state_of_the_newest_event_is_the_row(busy):
    assignment = await busy.one(unit_id=(await busy.units())["CCHC"])
    await submitted(busy, assignment)
    state = (await busy.events("result_submitted"))[0]["data"]["assignment"]
    shown = (await busy.office.get(path(assignment))).json()
    same = set(state) & set(shown)
    assert len(same) > 20
    assert {name: state[name] for name in same} == {name: shown[name] for name in same}
    assert state["plan_year"] == 2025


async def test_every_write_is_in_the_audit_with_who_and_what(busy):
    assignment = await busy.one(unit_id=(await busy.units())["CCHC"])
    await submitted(busy, assignment)
    await busy.office.patch(
        path(assignment), {"accountable_person_id": None, "reason": "thử"}, seen=2
    )

    entries = await busy.rows("SELECT action, actor_id, before, after FROM audit_entry ORDER BY id")
    actions = [entry.action for entry in entries]
    newest = next(e for e in reversed(entries) if e.action == "assignment.result_submitted")
    assert {
        "unit.create", "person.create", "calendar.put", "plan.create", "plan.activate",
        "import.start", "import.confirm", "file.upload", "assignment.result_submitted",
    } <= set(actions)  # fmt: skip
    assert all(entry.actor_id for entry in entries)
    assert (newest.before["status"], newest.after["status"]) == ("not_started", "submitted")
    assert "content" not in newest.after


async def test_what_fails_halfway_leaves_nothing(busy, monkeypatch):
    assignment = await busy.one(unit_id=(await busy.units())["CCHC"])
    before = await busy.rows("SELECT count(*) FROM event_log")

    def broken(**_facts):
        raise RuntimeError("audit away")

    monkeypatch.setattr("chassis.audit.entry", broken)
    answer = await busy.unit_officer.post(path(assignment, "progress"), {"percent": 5}, seen=1)

    assert answer.status_code == 500
    assert await busy.rows("SELECT count(*) FROM event_log") == before
    assert (await busy.office.get(path(assignment))).json()["version"] == 1
