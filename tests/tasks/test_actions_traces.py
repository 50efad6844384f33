"""Every write leaves its traces: gapless versions in the log, and a line in the audit."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from tests.tasks.test_api_assignments import path, submitted

from tasks.tables import Base


async def test_versions_of_every_aggregate_are_gapless_in_the_log(busy):
    await submitted(busy, await busy.one(unit_id=(await busy.units())["CCHC"]))
    gaps = await busy.rows("""
        SELECT subject FROM (SELECT subject, version,
            lag(version) OVER (PARTITION BY subject ORDER BY seq) AS before FROM event_log) AS v
        WHERE version <> before + 1
    """)
    assert gaps == []


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


async def test_the_models_are_what_the_migrations_make(department):
    ours = set(Base.metadata.tables)

    def differences(connection):
        options = {"include_name": lambda name, kind, _: kind != "table" or name in ours}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, Base.metadata)

    async with department.database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
