"""What the Office sets where the appendix left something open."""

import pytest


async def find(busy, words: str) -> dict:
    return await busy.one(q=words)


def path(assignment) -> str:
    return f"/v1/assignments/{assignment['id']}"


async def test_a_deadline_that_needed_a_person_is_entered_and_counts(busy):
    assignment = await find(busy, "nhiem vu ubnd tinh giao")
    before = (await busy.office.get("/v1/assignments/counts")).json()

    answer = await busy.office.patch(path(assignment), {"due_on": "2025-11-30"}, seen=1)

    after = (await busy.office.get("/v1/assignments/counts")).json()
    [event] = await busy.events("assignment_changed")
    newest = (await busy.office.get(f"{path(assignment)}/timeline")).json()["data"][0]
    changed = answer.json()
    assert (changed["deadline_kind"], changed["needs_person"]) == ("fixed", False)
    assert (changed["due_on"], changed["last_working_day"]) == ("2025-11-30", "2025-11-28")
    assert (after["all"], after["needs_person"]) == (before["all"] + 1, before["needs_person"] - 1)
    assert event["data"]["assignment"]["due_on"] == "2025-11-30"
    assert {"field": "due_on", "before": None, "after": "2025-11-30"} in newest["changes"]


async def test_correcting_an_entered_day_takes_a_reason(busy):
    assignment = await find(busy, "nhiem vu ubnd tinh giao")
    await busy.office.patch(path(assignment), {"due_on": "2025-11-20"}, seen=1)
    silent = await busy.office.patch(path(assignment), {"due_on": "2025-11-21"}, seen=2)
    told = await busy.office.patch(
        path(assignment), {"due_on": "2025-11-21", "reason": "Nhầm ngày"}, seen=2
    )
    assert (silent.status_code, silent.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert told.json()["due_on"] == "2025-11-21"


async def test_the_day_of_an_event_starts_the_count_in_the_words_of_the_appendix(busy):
    calendar_days = await find(busy, "xu ly sau kiem tra")
    working_days = await find(busy, "phan anh kien nghi")

    thirty = await busy.office.patch(path(calendar_days), {"triggered_on": "2025-04-01"}, seen=1)
    five = await busy.office.patch(path(working_days), {"triggered_on": "2025-04-25"}, seen=1)

    assert (thirty.json()["due_on"], thirty.json()["deadline_kind"]) == ("2025-05-01", "triggered")
    assert thirty.json()["last_working_day"] == "2025-04-29"
    assert five.json()["due_on"] == "2025-05-06"  # 26/4 is worked, 30/4 to 02/5 are not


async def test_an_event_without_a_rule_gets_the_day_the_office_enters(busy):
    assignment = await find(busy, "cong bo tthc")
    both = {"triggered_on": "2025-06-02", "due_on": "2025-06-20"}
    answer = await busy.office.patch(path(assignment), both, seen=1)
    future = await busy.office.patch(
        path(assignment), {"triggered_on": "2099-01-01", "reason": "x"}, seen=2
    )
    assert (answer.json()["due_on"], answer.json()["triggered_on"]) == ("2025-06-20", "2025-06-02")
    assert (future.status_code, future.json()["errors"][0]["pointer"]) == (422, "/triggered_on")


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("khac phuc tieu chi mat diem", {"due_on": "2025-12-31"}),
        ("tuyen truyen", {"due_on": "2025-12-31"}),
        ("nhiem vu ubnd tinh giao", {"triggered_on": "2025-01-01"}),
    ],
)
async def test_what_the_appendix_fixes_is_not_changed_here(busy, words, body):
    answer = await busy.office.patch(path(await find(busy, words)), body, seen=1)
    assert (answer.status_code, answer.json()["code"]) == (409, "deadline_fixed")


async def test_the_accountable_person_belongs_to_the_lead_unit(busy):
    assignment = await busy.one(unit_id=(await busy.units())["CCHC"])
    people = (await busy.office.get("/v1/people", limit=200)).json()["data"]
    ids = {person["employee_code"]: person for person in people}

    own = await busy.office.patch(
        path(assignment), {"accountable_person_id": ids["unit_officer"]["id"]}, seen=1
    )
    foreign = await busy.office.patch(
        path(assignment), {"accountable_person_id": ids["unit_officer_ldvl"]["id"]}, seen=2
    )
    nobody = await busy.office.patch(path(assignment), {"accountable_person_id": None}, seen=2)
    same = await busy.office.patch(path(assignment), {"accountable_person_id": None}, seen=3)

    assert own.json()["accountable_person_name"] == ids["unit_officer"]["name"]
    assert foreign.status_code == 422
    assert (nobody.json()["accountable_person_id"], nobody.json()["version"]) == (None, 3)
    assert same.json()["version"] == 3


@pytest.mark.parametrize(
    ("moved", "lost"), [("unit_id", "moved"), ("active", "left"), ("role", "role")]
)
async def test_the_office_sees_which_assignments_have_lost_their_person(busy, moved, lost):
    units = await busy.units()
    assignment = await busy.one(unit_id=units["CCHC"])
    people = (await busy.office.get("/v1/people", limit=200)).json()["data"]
    [officer] = [each for each in people if each["employee_code"] == "unit_officer"]
    [head] = [each for each in people if each["employee_code"] == "unit_head"]
    named = await busy.office.patch(
        path(assignment), {"accountable_person_id": officer["id"]}, seen=1
    )
    other = next(id_ for code, id_ in units.items() if code != "CCHC")
    facts = {"unit_id": other, "active": False, "role": "auditor"}
    version = officer["version"]
    change = {moved: facts[moved], "reason": "Theo quyết định"}
    await busy.admin.patch(f"/v1/people/{officer['id']}", change, seen=version)

    listed = (await busy.office.get("/v1/assignments", accountable_lost=True)).json()["data"]
    shown = (await busy.office.get(path(assignment))).json()
    mended = await busy.office.patch(
        path(assignment), {"accountable_person_id": head["id"]}, seen=2
    )
    left = (await busy.office.get("/v1/assignments", accountable_lost=True)).json()["data"]

    assert named.json()["accountable_lost"] is None
    assert [each["id"] for each in listed] == [assignment["id"]]
    assert shown["accountable_lost"] == listed[0]["accountable_lost"] == lost
    assert (mended.json()["accountable_lost"], left) == (None, [])


async def test_changes_of_different_things_are_merged_and_of_the_same_refused(busy):
    assignment = await busy.one(unit_id=(await busy.units())["CCHC"])
    people = (await busy.office.get("/v1/people", limit=200)).json()["data"]
    codes = {person["employee_code"]: person["id"] for person in people}
    mine, head = codes["unit_officer"], codes["unit_head"]
    progress = await busy.unit_officer.post(f"{path(assignment)}/progress", {"percent": 5}, seen=1)

    merged = await busy.office.patch(path(assignment), {"accountable_person_id": mine}, seen=1)
    refused = await busy.office.patch(path(assignment), {"accountable_person_id": head}, seen=1)

    assert (progress.status_code, merged.status_code, refused.status_code) == (200, 200, 412)
    assert merged.json()["progress_percent"] == 5


async def test_a_new_day_off_moves_last_working_days_and_is_announced(busy):
    days = (await busy.office.get("/v1/calendar/2025")).json()["days"]
    off = {"day": "2025-09-30", "working": False, "name": "Bão"}
    due = [
        one
        for one in (await busy.office.get("/v1/assignments", limit=200)).json()["data"]
        if one["last_working_day"] == "2025-09-30"
    ]

    await busy.put_calendar(2025, [*days, off])

    events = await busy.events("assignment_changed")
    assert due
    assert {event["subject"] for event in events} == {one["id"] for one in due}
    assert {e["data"]["assignment"]["last_working_day"] for e in events} == {"2025-09-29"}


async def test_the_document_that_set_off_a_count_is_kept_and_corrected_in_the_history(busy):
    assignment = await find(busy, "cong bo tthc")
    document = "CV 215/UBND-NC ngày 14/03/2025"
    body = {"triggered_on": "2025-06-02", "due_on": "2025-06-20", "trigger_document": document}
    answer = await busy.office.patch(path(assignment), body, seen=1)
    fixed = await find(busy, "tieu chi mat diem nam 2024")
    refused = await busy.office.patch(path(fixed), {"trigger_document": document}, seen=1)
    lines = (await busy.office.get(f"{path(assignment)}/timeline")).json()["data"]
    assert (answer.status_code, answer.json()["trigger_document"]) == (200, document)
    changed = {"field": "trigger_document", "before": None, "after": document}
    assert changed in lines[0]["changes"]
    assert (refused.status_code, refused.json()["code"]) == (409, "deadline_fixed")


@pytest.mark.parametrize(
    ("words", "entered", "days"),
    [
        ("nhiem vu ubnd tinh giao", {"due_on": "2025-11-20"}, ["due_on"]),
        ("cong bo tthc", {"due_on": "2025-11-20"}, ["triggered_on", "due_on"]),
        ("xu ly sau kiem tra", {"triggered_on": "2025-04-01"}, ["triggered_on"]),
    ],
)
async def test_it_says_which_days_a_person_enters_and_corrects(busy, words, entered, days):
    assignment = await find(busy, words)
    before = (await busy.office.get(path(assignment))).json()["days_open"]
    answer = await busy.office.patch(path(assignment), entered, seen=1)
    after = (await busy.office.get(path(assignment))).json()["days_open"]
    await busy.execute("UPDATE assignment SET first_due_on = due_on")
    extended = (await busy.office.get(path(assignment))).json()["days_open"]
    assert answer.status_code == 200, answer.text
    assert (before, after, extended) == (days, days, [])


async def test_what_the_appendix_fixes_leaves_no_day_open(busy):
    fixed = await busy.one(deadline_kind="fixed")
    assert (await busy.office.get(path(fixed))).json()["days_open"] == []


@pytest.mark.parametrize("year", ["0025", "1025", "2205", "9999"])
async def test_a_day_of_a_mistyped_year_is_refused_at_its_field(busy, year):
    open_one = await find(busy, "nhiem vu ubnd tinh giao")
    event = await find(busy, "xu ly sau kiem tra")
    units = await busy.units()
    late = await busy.one(unit_id=units["CCHC"], overdue=True)
    day = f"{year}-06-30"
    commitment = {"document_number": "1/CK", "document_date": "2025-06-30", "promised_on": day}
    answers = {
        "/due_on": [
            await busy.office.patch(path(open_one), {"due_on": day}, seen=1),
            await busy.unit_officer.post(
                f"{path(late)}/extensions", {"due_on": day, "reason": "Nhầm năm"}, seen=1
            ),
        ],
        "/triggered_on": [await busy.office.patch(path(event), {"triggered_on": day}, seen=1)],
        "/promised_on": [await busy.unit_officer.post(f"{path(late)}/commitments", commitment)],
        "/closes_on": [
            await busy.office.post(
                "/v1/plans", {"year": 2027, "title": "Kế hoạch", "closes_on": day}
            )
        ],
    }
    for pointer, found in answers.items():
        for answer in found:
            assert answer.status_code == 422, answer.text
            assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
