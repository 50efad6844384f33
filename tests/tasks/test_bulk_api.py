"""One act on many assignments: an outcome for each, and each as it would be alone."""

import pytest

from tasks.jobs import announce_overdue

UNKNOWN = "00000000-0000-7000-8000-000000000000"
REASON = "Theo ý kiến Giám đốc"


@pytest.fixture
async def some(busy) -> list[dict]:
    """Four assignments that CCHC leads, not begun, the first three with a result handed in."""
    found = (await busy.office.get("/v1/assignments", unit_id=(await busy.units())["CCHC"])).json()
    chosen = [each for each in found["data"] if each["overdue"]][:4]
    for each in chosen[:3]:
        path = f"/v1/assignments/{each['id']}/results"
        answer = await busy.unit_officer.post(path, {"note": "Đã xong"}, seen=each["version"])
        assert answer.status_code == 200, answer.text
    return [await shown(busy, each) for each in chosen]


async def shown(busy, assignment, by: str = "office") -> dict:
    return (await getattr(busy, by).get(f"/v1/assignments/{assignment['id']}")).json()


async def act(busy, name: str, assignments, by: str = "office", key=None, **body):
    ids = [each["id"] if isinstance(each, dict) else each for each in assignments]
    given = {"act": name, "ids": ids, **body}
    return await getattr(busy, by).post("/v1/assignments/bulk", given, key_=key)


def outcomes(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["outcome"] for each in answer.json()["outcomes"]]


def versions(assignments) -> dict[str, int]:
    return {each["id"]: each["version"] for each in assignments}


async def test_each_is_accepted_or_says_why_not_and_the_others_are_not_held_up(busy, some):
    before = (await busy.office.get("/v1/assignments/counts")).json()
    answer = await act(busy, "accept", [*some, UNKNOWN], note="Đạt")
    after = (await busy.office.get("/v1/assignments/counts")).json()
    now = [await shown(busy, each) for each in some]
    told = answer.json()["outcomes"]
    assert outcomes(answer) == ["done", "done", "done", "refused", "not_found"]
    assert answer.json()["done"] == 3
    assert [each["id"] for each in told] == [*(each["id"] for each in some), UNKNOWN]
    assert told[3]["message"].startswith("Đơn vị chưa gửi kết quả")
    assert (told[3]["code"], told[4]["code"]) == (
        "assignment_not_submitted", "assignment_not_found",
    )  # fmt: skip
    assert [each["version"] for each in now] == [each["version"] for each in told[:4]]
    assert [each["status"] for each in now] == ["done", "done", "done", "not_started"]
    assert {each["results"][0]["decision_note"] for each in now[:3]} == {"Đạt"}
    assert {each["results"][0]["status"] for each in now[:3]} == {"accepted"}
    assert (after["done"], after["waiting"]) == (before["done"] + 3, before["waiting"] - 3)


async def test_what_it_leaves_behind_is_what_one_by_one_leaves(busy, some):
    """Row, result, history, event and audit of an accepted one, but for ids and instants."""
    together, alone = some[0], some[1]
    await act(busy, "accept", [together], note="Đạt")
    path = f"/v1/assignments/{alone['id']}/results/{alone['results'][0]['id']}/accept"
    await busy.office.post(path, {"note": "Đạt"})
    own = {"id", "number", "task_id", "content", "product", "subject_matter", "task_number",
           "section", "deadline_text", "due_on", "last_working_day", "accepted_at", "results",
           "starts_on", "coordinating_unit_ids", "serves", "deadline_kind", "occurrence",
           "on_time", "on_time_first"}  # fmt: skip
    views = [await shown(busy, each) for each in (together, alone)]
    lines = [
        (await busy.office.get(f"/v1/assignments/{each['id']}/timeline")).json()["data"][0]
        for each in (together, alone)
    ]
    events = [
        next(e for e in await busy.events("result_accepted") if e["subject"] == each["id"])
        for each in (together, alone)
    ]
    traces = await busy.rows(
        "SELECT action, actor_id, reason, before - 'due_on' AS before, after->>'status' AS after "
        "FROM audit_entry WHERE action = 'assignment.result_accepted' ORDER BY id"
    )
    for one in views:
        assert one["results"][0]["decided_by_name"]
    assert _but(views[0], own) == _but(views[1], own)
    assert _but(lines[0], {"id", "at", "on_time"}) == _but(lines[1], {"id", "at", "on_time"})
    assert [sorted(e["data"]) for e in events] == [["assignment", "on_time", "result_id"]] * 2
    assert events[0]["actorid"] == events[1]["actorid"]
    assert [tuple(each) for each in traces[:1]] == [tuple(each) for each in traces[1:]]


def _but(view: dict, names: set[str]) -> dict:
    return {name: value for name, value in view.items() if name not in names}


async def test_whose_it_is_not_is_told_so_for_each_and_what_is_hidden_is_not_there(busy, some):
    units = await busy.units()
    elsewhere = await busy.one(unit_id=units["VP"])
    await busy.execute(
        "UPDATE assignment SET coordinating_unit_ids = '{}' WHERE id = :id", id=elsewhere["id"]
    )
    by_unit = await act(busy, "accept", [some[0], elsewhere], by="unit_officer")
    by_auditor = await act(busy, "accept", some, by="auditor")
    assert outcomes(by_unit) == ["not_allowed", "not_found"]
    assert by_unit.json()["outcomes"][1]["number"] is None
    assert by_auditor.status_code == 403
    assert (await shown(busy, some[0]))["status"] == "submitted"


async def test_what_somebody_changed_since_is_left_alone_and_what_the_clock_said_is_not(busy, some):
    seen = versions(some[:3])
    await act(busy, "return", [some[1]], reason="Thiếu số liệu")
    await busy.run_clock(announce_overdue)
    announced = await act(busy, "pause", some[3:], reason=REASON, versions=versions(some[3:]))
    answer = await act(busy, "accept", some[:3], versions=seen)
    assert (await shown(busy, some[3]))["version"] == some[3]["version"] + 2
    assert outcomes(announced) == ["done"]
    assert outcomes(answer) == ["done", "stale", "done"]
    assert answer.json()["outcomes"][1]["code"] == "version_stale"
    assert (await shown(busy, some[1]))["status"] == "returned"


async def test_disjoint_changes_are_merged_as_one_by_one(busy, some):
    people = (await busy.office.get("/v1/people", unit_id=some[0]["unit_id"])).json()["data"]
    seen = versions(some)
    await busy.unit_officer.post(
        f"/v1/assignments/{some[3]['id']}/progress", {"percent": 10}, seen=some[3]["version"]
    )
    answer = await act(
        busy, "set_person", some, accountable_person_id=people[0]["id"], versions=seen
    )
    now = [await shown(busy, each) for each in some]
    again = await act(busy, "set_person", some, accountable_person_id=people[0]["id"])
    nobody = await act(busy, "set_person", some[:1], accountable_person_id=None)
    assert outcomes(answer) == ["done"] * 4
    assert {each["accountable_person_name"] for each in now} == {people[0]["name"]}
    assert outcomes(again) == ["unchanged"] * 4
    assert (await shown(busy, some[3]))["version"] == now[3]["version"]
    assert outcomes(nobody) == ["done"]
    assert (await shown(busy, some[0]))["accountable_person_id"] is None


async def test_a_person_of_another_unit_is_refused_for_each_that_is_not_theirs(busy, some):
    units = await busy.units()
    other = await busy.one(unit_id=units["VP"])
    person = (await busy.office.get("/v1/people", unit_id=units["VP"])).json()["data"][0]["id"]
    answer = await act(busy, "set_person", [some[3], other], accountable_person_id=person)
    assert outcomes(answer) == ["refused", "done"]
    assert "đơn vị chủ trì" in answer.json()["outcomes"][0]["message"]


async def test_a_deadline_is_set_where_the_appendix_left_it_open_and_nowhere_else(busy):
    open_one, fixed = await busy.one(needs_person=True), await busy.one(deadline_kind="fixed")
    answer = await act(busy, "set_deadline", [open_one, fixed], due_on="2027-06-30")
    now = await shown(busy, open_one)
    assert outcomes(answer) == ["done", "refused"]
    assert answer.json()["outcomes"][1]["code"] == "deadline_fixed"
    assert (now["due_on"], now["needs_person"]) == ("2027-06-30", False)


async def test_a_status_comes_of_the_act_that_leads_to_it(busy, some):
    begun = await act(busy, "set_status", some, by="unit_officer", status="in_progress")
    again = await act(busy, "set_status", some[3:], by="unit_officer", status="in_progress")
    returned = await act(busy, "set_status", some, status="returned", reason="Thiếu số liệu")
    begun_again = await act(busy, "set_status", some[:1], by="unit_officer", status="in_progress")
    handed_in = await act(
        busy, "set_status", some, by="unit_officer", status="submitted", note="Đã bổ sung"
    )
    done = await act(busy, "set_status", some, status="done")
    late = await act(busy, "set_status", some, status="cancelled", reason=REASON)
    assert outcomes(begun) == ["refused", "refused", "refused", "done"]
    assert outcomes(again) == ["unchanged"]
    assert outcomes(returned) == ["done", "done", "done", "refused"]
    assert begun_again.json()["outcomes"][0]["code"] == "assignment_returned"
    assert outcomes(handed_in) == ["done"] * 4
    assert outcomes(done) == ["done"] * 4
    assert {each["code"] for each in late.json()["outcomes"]} == {"assignment_done"}
    assert {(await shown(busy, each))["progress_percent"] for each in some} == {100}


async def test_what_is_paused_goes_on_and_what_ends_withdraws_its_request(busy, some):
    open_one = some[3]
    await busy.execute(
        "UPDATE assignment SET due_on = '2027-06-30' WHERE id = :id", id=open_one["id"]
    )
    asked = await busy.unit_officer.post(
        f"/v1/assignments/{open_one['id']}/extensions",
        {"due_on": "2027-07-30", "reason": REASON}, seen=open_one["version"],
    )  # fmt: skip
    assert asked.status_code == 201, asked.text
    paused = await act(busy, "pause", some, reason=REASON)
    resumed = await act(busy, "resume", some, reason=REASON)
    ended = await act(busy, "cancel", some, reason=REASON, because="no_longer_applicable")
    now = await shown(busy, open_one)
    assert outcomes(paused) == outcomes(resumed) == ["refused"] * 3 + ["done"]
    assert outcomes(ended) == ["done"] * 4
    assert (now["status"], now["no_longer_applicable"]) == ("cancelled", True)
    assert (now["requested_due_on"], now["extensions"][0]["status"]) == (None, "withdrawn")


async def test_a_preview_says_what_would_happen_and_changes_nothing(busy, some):
    before = await busy.rows("SELECT * FROM assignment ORDER BY id")
    told = await busy.rows("SELECT count(*) FROM event_log")
    preview = await act(busy, "cancel", [*some, UNKNOWN], reason=REASON, preview=True)
    after = await busy.rows("SELECT * FROM assignment ORDER BY id")
    assert outcomes(preview) == ["done"] * 4 + ["not_found"]
    assert preview.json()["preview"] is True
    assert {each["status"] for each in preview.json()["outcomes"][:4]} == {"cancelled"}
    assert after == before
    assert await busy.rows("SELECT count(*) FROM event_log") == told
    assert outcomes(await act(busy, "cancel", some, reason=REASON)) == ["done"] * 4


async def test_a_preview_leaves_a_request_for_a_later_day_open(busy, some):
    await busy.execute(
        "UPDATE assignment SET due_on = '2027-06-30' WHERE id = :id", id=some[3]["id"]
    )
    await busy.unit_officer.post(
        f"/v1/assignments/{some[3]['id']}/extensions",
        {"due_on": "2027-07-30", "reason": REASON}, seen=some[3]["version"],
    )  # fmt: skip
    await act(busy, "cancel", some[3:], reason=REASON, preview=True)
    assert (await shown(busy, some[3]))["extensions"][0]["status"] == "open"


async def test_sent_twice_it_happens_once_and_answers_the_same(busy, some):
    first = await act(busy, "accept", some, key="bulk-1")
    second = await act(busy, "accept", some, key="bulk-1")
    assert second.json() == first.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert len(await busy.events("result_accepted")) == 3


async def test_killed_half_way_it_has_done_nothing_and_then_does_all_of_it_once(busy, some):
    """The connection dies at the last of the events: none of what was written before it stays."""
    last = max(each["id"] for each in some[:3])
    await busy.execute(
        "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$"
    )
    await busy.execute(
        "CREATE TRIGGER broken BEFORE INSERT ON event_log FOR EACH ROW "
        f"WHEN (NEW.subject = '{last}') EXECUTE FUNCTION broken()"
    )
    broken = await act(busy, "accept", some, key="bulk-2")
    statuses = [(await shown(busy, each))["status"] for each in some]
    await busy.execute("DROP TRIGGER broken ON event_log")
    again = await act(busy, "accept", some, key="bulk-2")
    assert broken.status_code == 503
    assert statuses == ["submitted", "submitted", "submitted", "not_started"]
    assert outcomes(again) == ["done", "done", "done", "refused"]
    assert len(await busy.events("result_accepted")) == 3


async def test_of_a_draft_nobody_hears(busy, some):
    await busy.execute("UPDATE plan SET status = 'draft'")
    told = len(await busy.events())
    answer = await act(busy, "cancel", some[:2], reason=REASON)
    assert outcomes(answer) == ["done", "done"]
    assert len(await busy.events()) == told


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"act": "return"}, "/reason"),
        ({"act": "return", "reason": ""}, "/reason"),
        ({"act": "pause"}, "/reason"),
        ({"act": "cancel", "reason": "x", "note": "y"}, "/note"),
        ({"act": "accept", "status": "done"}, "/status"),
        ({"act": "set_status"}, "/status"),
        ({"act": "set_status", "status": "not_started"}, "/status"),
        ({"act": "set_status", "status": "submitted"}, "/note"),
        ({"act": "set_status", "status": "returned"}, "/reason"),
        ({"act": "set_person"}, "/accountable_person_id"),
        ({"act": "set_deadline", "reason": "x"}, "/due_on"),
        ({"act": "burn"}, "/act"),
        ({"act": "accept", "ids": []}, "/ids"),
        ({"act": "accept", "ids": [UNKNOWN, UNKNOWN]}, "/ids"),
        ({"act": "accept", "ids": [f"{n:08x}-0000-7000-8000-000000000000" for n in range(501)]},
         "/ids"),
        ({"act": "accept", "versions": {"so": 1}}, "/versions"),
    ],
)  # fmt: skip
async def test_what_an_act_lacks_or_does_not_take_is_named(looked_at, body, pointer):
    answer = await looked_at.office.post("/v1/assignments/bulk", {"ids": [UNKNOWN], **body})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)


async def test_why_one_was_refused_is_said_in_the_language_asked_for(looked_at):
    one = await looked_at.one()
    answer = await looked_at.office.http.post(
        "/v1/assignments/bulk", json={"act": "accept", "ids": [one["id"]], "preview": True},
        headers={"Accept-Language": "en", "Idempotency-Key": "english"},
    )  # fmt: skip
    assert answer.json()["outcomes"][0]["message"].startswith("The unit has not submitted")
