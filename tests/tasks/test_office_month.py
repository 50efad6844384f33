"""The Office's month: its counts against a count by hand, its reasons, and who may read it."""

from collections import Counter
from datetime import date
from urllib.parse import parse_qs

import pytest
from tests.tasks.sheets import published, tell

MONTH = "2025-06"
FIRST, LAST = date(2025, 6, 1), date(2025, 6, 30)
OPEN = ("not_started", "in_progress", "returned")
STATES = ("not_started", "submitted", "returned", "done", "in_progress", "cancelled", "paused")


@pytest.fixture
async def mixed(busy):
    """Assignments in every state; every fifth was urged lately, every seventh long ago."""
    rows = await busy.rows("SELECT id FROM assignment ORDER BY sequence")
    for place, row in enumerate(rows):
        state = STATES[place % len(STATES)]
        status = "in_progress" if state == "paused" else state
        await busy.execute(
            "UPDATE assignment SET status = :status, paused_on = CASE WHEN :paused THEN "
            "date '2025-05-05' END WHERE id = :id",
            status=status, paused=state == "paused", id=row.id,
        )  # fmt: skip
    for every, days in ((5, 1), (7, 90)):
        await busy.execute(
            "WITH made AS (INSERT INTO urging (id, origin, reason, words, made_at, row_count) "
            "VALUES (gen_random_uuid(), 'office', 'lead', 'x', now() - :days * interval '1 day', 1)"
            " RETURNING id) INSERT INTO urging_row (urging_id, assignment_id, told) "
            "SELECT made.id, a.id, '{lead}' FROM made, assignment a WHERE a.sequence % :every = 0",
            every=every, days=days,
        )  # fmt: skip
    return busy


async def month(department, who="office", **query):
    found = await getattr(department, who).get("/v1/office/month", **query)
    assert found.status_code == 200, found.text
    return found.json()


async def by_hand(department) -> tuple[dict[str, Counter], Counter]:
    """Count each unit's assignments one by one, in the words of the page."""
    today = await department.today()
    rows = await department.rows(
        "SELECT unit_id, status, due_on, paused_on, deadline_kind, sequence FROM assignment"
    )
    units: dict[str, Counter] = {}
    for row in rows:
        count = units.setdefault(str(row.unit_id), Counter())
        owed = row.status in OPEN and row.paused_on is None
        handed_in = row.status in ("submitted", "done")
        within = row.due_on is not None and FIRST <= row.due_on <= LAST
        late = owed and row.due_on is not None and row.due_on < today and row.due_on <= LAST
        count["open"] += owed
        count["due"] += within and (owed or handed_in)
        count["handed_in"] += within and handed_in
        count["overdue"] += late
        count["not_urged"] += late and row.sequence % 5 != 0
        count["returned"] += owed and row.status == "returned"
        count["needs_person"] += owed and row.deadline_kind == "needs_person"
        count["results"] += row.status == "submitted"
    return units, sum(units.values(), Counter())


async def test_its_counts_are_those_of_a_count_by_hand(mixed):
    found = await month(mixed, month=MONTH)
    units, totals = await by_hand(mixed)
    assert found["totals"] == {
        name: totals[name] for name in ("open", "due", "handed_in", "overdue", "not_urged")
    }
    assert found["to_decide"]["results"] == totals["results"]
    assert totals["overdue"] > totals["not_urged"] > 0
    for unit in found["units"]:
        count = units[unit["unit_id"]]
        said = {reason["what"]: reason["count"] for reason in unit["reasons"]}
        needed = {
            name: count[name] for name in ("overdue", "not_urged", "returned", "needs_person")
        }
        needed["due"] = count["due"] - count["handed_in"]
        said.pop("report_late", None)
        assert said == {name: many for name, many in needed.items() if many}


async def test_the_unit_with_most_overdue_stands_first_and_each_reason_leads_to_its_list(mixed):
    units = (await month(mixed, month=MONTH))["units"]
    late = [unit["overdue"] for unit in units]
    assert late == sorted(late, reverse=True)
    for reason in units[0]["reasons"]:
        listed = await mixed.office.get("/v1/assignments/counts", **parse_qs(reason["query"]))
        shown = listed.json()["listed"]
        assert shown >= reason["count"] > 0, "what is paused, or urged, is in the list, too"
        assert shown == reason["count"] or reason["what"] != "overdue"


async def test_it_says_which_units_report_by_a_day_of_the_month(busy):
    found = await month(busy, month="2025-11")
    [plan] = found["reports"]
    units = await busy.rows(
        "SELECT a.unit_id, count(*) AS n FROM assignment a JOIN unit u ON u.id = a.unit_id"
        " WHERE u.kind <> 'department' GROUP BY a.unit_id"
    )
    assert (plan["closes_on"], plan["working_days_left"]) == ("2025-11-29", None)
    assert {each["unit_id"]: each["all"] for each in plan["units"]} == {
        str(row.unit_id): row.n for row in units
    }
    assert (plan["handed_in"], plan["missing"]) == (0, len(units))
    late = [u for u in found["units"] if "report_late" in {r["what"] for r in u["reasons"]}]
    assert {each["unit_id"] for each in late} == {str(row.unit_id) for row in units}
    assert (await month(busy, month="2025-10"))["reports"] == []
    [owed] = (await month(busy, month="2026-01"))["reports"]
    assert (owed["closes_on"], owed["missing"]) == (plan["closes_on"], plan["missing"])


async def test_it_shows_letters_and_inspections_of_the_month_and_findings_that_are_open(busy):
    await busy.execute(
        "INSERT INTO urging (id, origin, reason, words, made_at, row_count, letter_number,"
        " letter_issued_on) SELECT gen_random_uuid(), 'office', 'lead', 'x', now(), 3, '15/SNV-VP',"
        " day FROM unnest(ARRAY[date '2025-06-10', date '2025-07-01']) AS day"
    )
    await busy.execute(
        "INSERT INTO inspection (id, version, year, body, method, unit_id, starts_on, ends_on,"
        " subject, state, created_at) SELECT gen_random_uuid(), 1, 2025, 'government', 'planned',"
        " (SELECT id FROM unit WHERE code = 'CCHC'), day, day + 2, 'Kiểm tra', state, now()"
        " FROM (VALUES (date '2025-05-31', 'visited'), (date '2025-06-29', 'planned'),"
        " (date '2025-06-10', 'cancelled'), (date '2025-07-01', 'planned')) AS each (day, state)"
    )
    await busy.execute(
        "INSERT INTO inspection_finding (id, inspection_id, kind, words, evidence, recorded_at,"
        " assignment_id) SELECT gen_random_uuid(), i.id, 'shortcoming', 'Chậm', '', now(), a.id"
        " FROM inspection i, (SELECT id FROM assignment WHERE due_on < now() ORDER BY sequence"
        " LIMIT 2) a WHERE i.state = 'visited'"
    )
    found = await month(busy, month=MONTH)
    inspections = found["inspections"]
    assert [each["number"] for each in found["letters"]] == ["15/SNV-VP"]
    assert [each["starts_on"] for each in inspections["data"]] == ["2025-05-31", "2025-06-29"]
    assert (inspections["without_conclusion"], inspections["open_findings"]) == (1, 2)
    assert inspections["overdue_findings"] == 2
    await busy.execute("UPDATE assignment SET status = 'cancelled'")
    inspections = (await month(busy, month=MONTH))["inspections"]
    assert (inspections["open_findings"], inspections["overdue_findings"]) == (2, 0)


async def test_it_says_which_measures_are_missing_and_which_wait(busy):
    none = (await month(busy))["measures"]
    await tell(busy, published())
    body = {"year": 2024, "code": "2.1.1", "words": "Nhắc hằng tuần", "deadline_text": "Quý III"}
    made = await busy.unit_officer.post("/v1/measures", body)
    found = await month(busy)
    assert none == {"year": None, "missing": 0}
    assert made.status_code == 201
    assert found["measures"] == {"year": 2024, "missing": 1}
    assert found["to_decide"]["measures"] == 1


async def test_a_draft_and_what_was_carried_over_concern_nobody(mixed):
    before = await month(mixed, month=MONTH)
    await mixed.execute("UPDATE plan SET status = 'draft'")
    after = await month(mixed, month=MONTH)
    assert before["units"]
    assert (after["units"], after["totals"]["open"], after["reports"]) == ([], 0, [])


async def test_only_the_office_and_the_director_read_it(looked_at):
    for who in ("office", "director"):
        assert (await getattr(looked_at, who).get("/v1/office/month")).status_code == 200
    for who in ("unit_head", "unit_officer", "auditor", "admin", "appraiser"):
        assert (await getattr(looked_at, who).get("/v1/office/month")).status_code == 403


@pytest.mark.parametrize("wrong", ["2025-13", "2025-1", "1999-01", "x", "2025-11-01"])
async def test_a_month_that_is_none_is_refused(looked_at, wrong):
    assert (await looked_at.office.get("/v1/office/month", month=wrong)).status_code in (400, 422)
