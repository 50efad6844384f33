"""The table of rights decides, for the API and for what the pages offer; nothing else does."""

import pytest
from tests.reporting.office import ROLES

from chassis.access import Right
from reporting.access import RIGHTS

COLUMNS = [act.removeprefix("score_row.") for act in RIGHTS if act.startswith("score_row.")][1:]


@pytest.fixture
async def draft(office, demo_criteria):
    return (await office.post("office", "/v1/criteria_sets", demo_criteria)).json()


async def allowed(office, who: str, path: str) -> list[str]:
    return (await office.get(who, path)).json()["allowed"]


async def test_a_draft_offers_to_be_published_and_what_is_published_no_more(office, draft):
    path = f"/v1/criteria_sets/{draft['id']}"
    offered = {role: await allowed(office, role, path) for role in ROLES}
    published = (await office.post("admin", f"{path}/publish")).json()

    assert offered == {role: [] for role in ROLES} | {
        "office": ["change", "publish", "link", "revise"],
        "admin": ["change", "publish", "revise"],
    }
    assert published["allowed"] == ["revise"]
    assert await allowed(office, "office", path) == ["link", "revise"]


async def test_the_list_offers_to_create_a_set_to_those_who_may(office):
    offered = {role: await allowed(office, role, "/v1/criteria_sets") for role in ROLES}

    assert {role for role, acts in offered.items() if acts == ["create"]} == {"office", "admin"}


async def test_a_row_offers_each_role_its_own_columns_where_there_is_room(office, draft):
    await office.post("office", f"/v1/criteria_sets/{draft['id']}/publish")

    async def row(role: str, code: str) -> list[str]:
        sheet = (await office.get(role, "/v1/score_sheets/2025")).json()
        return next(each["allowed"] for each in sheet["rows"] if each["code"] == code)

    assert await row("unit_head", "1.1.1") == ["self_score", "expected_score"]
    assert await row("appraiser", "1.1.1") == ["appraised_1", "appraised_2"]
    assert await row("appraiser", "8.1.1") == [], "what a survey scores is not appraised"
    assert "not_applicable_reason" in await row("unit_head", "1.3.2")
    assert "not_applicable_accepted" not in await row("appraiser", "1.3.2"), "nobody gave a reason"
    assert await row("auditor", "1.1.1") == []


async def test_the_overview_offers_links_to_who_may_confirm_them(office, draft):
    await office.post("office", f"/v1/criteria_sets/{draft['id']}/publish")

    assert (await office.get("office", "/v1/overview", year=2025)).json()["allowed"] == ["link"]
    assert (await office.get("director", "/v1/overview", year=2025)).json()["allowed"] == []


async def test_a_changed_row_of_the_table_changes_the_api_and_what_is_offered(
    office, draft, monkeypatch
):
    path = f"/v1/criteria_sets/{draft['id']}"
    monkeypatch.setitem(RIGHTS._table, "criteria_set.publish", Right(frozenset({"auditor"})))

    assert await allowed(office, "auditor", path) == ["publish"]
    assert await allowed(office, "admin", path) == ["change", "revise"]
    assert (await office.post("admin", f"{path}/publish")).status_code == 403
    assert (await office.post("auditor", f"{path}/publish")).status_code == 200


async def test_a_changed_owner_of_a_column_changes_who_may_enter_it(office, draft, monkeypatch):
    await office.post("office", f"/v1/criteria_sets/{draft['id']}/publish")
    client = await office.client("unit_head")
    path, match = "/v1/score_sheets/2025/rows/1.1.1", {"If-Match": '"1"'}
    body = {"appraised_1": "0.5"}

    refused = await client.patch(path, json=body, headers=match)
    monkeypatch.setitem(RIGHTS._table, "score_row.appraised_1", Right(frozenset({"unit_head"})))
    done = await client.patch(path, json=body, headers=match)

    assert (refused.status_code, done.status_code) == (403, 200)
    assert "appraised_1" in done.json()["allowed"]


def test_every_column_has_its_row_in_the_table_and_its_roles_pass_the_door():
    assert COLUMNS
    assert all(RIGHTS[f"score_row.{column}"] <= RIGHTS["score_row.change"] for column in COLUMNS)
