"""A partner reads figures: the department's, and those of its own units."""

from uuid import UUID

import pytest
from tests.partner_tokens import partner_at
from tests.reporting.conftest import UNITS, accepted, assignment, created, envelope, plan

PLAN = UUID(int=7)


@pytest.fixture
async def running(office, consumer, survey):
    """A plan of ten assignments of three units, and an open round."""
    states = [assignment(PLAN, i, unit=i % 3) for i in range(10)]
    await consumer.apply([envelope(plan(PLAN)), *(envelope(created(s)) for s in states)])
    await consumer.apply([envelope(accepted(s)) for s in states[:8]])
    await consumer.apply([envelope(event) for event in survey.events])
    office.round_id = survey.round.round_id
    return office


async def test_the_departments_figures_and_only_its_own_units_lines(running):
    client = partner_at(running.app, "figures", units=[UNITS[0]])
    everybody = (await running.get("director", "/v1/overview", year=2025)).json()
    paths = {"/v1/overview?year=2025", "/v1/indices/completion_of_year/2025",
             f"/v1/indices/completion/{PLAN}", "/v1/indices/completion?year=2025"}  # fmt: skip
    for path in paths:
        seen = (await client.get(path)).json()
        assert [line["unit_id"] for line in seen["units"]] == [str(UNITS[0])]
    seen = (await client.get("/v1/overview?year=2025")).json()
    assert seen["completion"] == everybody["completion"]
    assert len(everybody["units"]) == 3
    whole = (await partner_at(running.app, "figures").get("/v1/overview?year=2025")).json()
    assert facts_of(whole["units"]) == facts_of(everybody["units"])
    assert [line["allowed"] for line in whole["units"]] == [[], [], []]


def facts_of(lines: list[dict]) -> list[dict]:
    """Return what lines say, without what the reader may do."""
    return [{name: line[name] for name in line if name != "allowed"} for line in lines]


async def test_another_units_figures_are_not_there(running):
    client = partner_at(running.app, "figures", units=[UNITS[0]])
    base = f"/v1/indices/satisfaction/{running.round_id}"
    assert (await client.get(f"{base}/units/{UNITS[0]}")).status_code == 200
    hidden = await client.get(f"{base}/units/{UNITS[1]}")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "unit_not_in_round")
    seen = (await client.get(base)).json()
    assert {line["unit_id"] for line in seen["units"]} <= {str(UNITS[0])}
    assert seen["steering"] is None


async def test_without_the_scope_and_behind_the_figures_nothing_is_told(running):
    refused = await partner_at(running.app, "assignments").get("/v1/overview?year=2025")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    explained = await partner_at(running.app, "figures").get(
        f"/v1/indices/completion/{PLAN}/explain"
    )
    assert explained.status_code == 403
    path = "/v1/indices/completion?year=2025"
    outside = (await partner_at(running.app, "figures").get(path)).json()
    inside = (await running.get("director", "/v1/indices/completion", year=2025)).json()
    assert (outside["explained"], bool(inside["explained"])) == ([], True)
