"""One table says who may do what: the API and `allowed` follow it."""

import pytest
from tests.surveys.world import questionnaire

from chassis.access import Right
from surveys.access import RIGHTS


@pytest.mark.parametrize("code", ["director", "appraiser", "auditor", "unit_head", "unit_officer"])
async def test_only_the_office_and_the_administrator_write(world, code):
    round_ = await world.open_round()
    path = f"/v1/rounds/{round_['id']}"
    attempts = [
        ("/v1/questionnaires", questionnaire()),
        (f"/v1/questionnaires/{round_['questionnaire_id']}/publish", {}),
        ("/v1/rounds", {}),
        (f"{path}/open", {}),
        (f"{path}/close", {}),
        (f"{path}/tickets", {"count": 1}),
        (f"{path}/links", {"label": "x"}),
    ]
    for attempt, body in attempts:
        answer = await world.post(attempt, body, code)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), attempt


async def view(world, path: str, code: str) -> list[str]:
    return (await world.get(path, code)).json()["allowed"]


async def test_views_say_what_role_and_status_allow_now(world):
    written = await world.made("/v1/questionnaires", questionnaire())
    asked = f"/v1/questionnaires/{written['id']}"
    assert written["allowed"] == await view(world, asked, "admin") == ["change", "publish"]
    assert (await world.made(f"{asked}/publish"))["allowed"] == ["change"]
    assert await view(world, asked, "unit_head") == []

    drafted = await world.draft_round()
    path = f"/v1/rounds/{drafted['id']}"
    codes = ["change", "cancel", "issue_tickets", "void_tickets", "create_link", "read_links"]
    assert drafted["allowed"] == ["open", *codes]
    assert await view(world, path, "director") == []
    assert (await world.made(f"{path}/open"))["allowed"] == [
        "close", *codes, "enter_ballot", "review",
    ]  # fmt: skip
    assert await view(world, path, "admin") == ["close", *codes]
    assert await view(world, path, "unit_officer") == ["read_links", "enter_ballot"]
    assert (await world.made(f"{path}/close"))["allowed"] == ["read_links", "review"]

    for path in ("/v1/rounds", "/v1/questionnaires"):
        assert await view(world, path, "office") == ["create"]
        assert await view(world, path, "auditor") == []


@pytest.mark.parametrize(
    ("act", "path"),
    [
        ("round.create", "/v1/rounds"),
        ("round.open", "/v1/rounds/{draft}/open"),
        ("round.close", "/v1/rounds/{open}/close"),
        ("round.cancel", "/v1/rounds/{open}/cancel"),
        ("round.issue_tickets", "/v1/rounds/{open}/tickets"),
        ("round.create_link", "/v1/rounds/{open}/links"),
        ("round.enter_ballot", "/v1/rounds/{open}/ballots"),
        ("round.review", "/v1/rounds/{open}/exclusions"),
        ("round.review", "/v1/rounds/{open}/restorations"),
        ("questionnaire.create", "/v1/questionnaires"),
        ("questionnaire.publish", "/v1/questionnaires/{asked}/publish"),
    ],
)
async def test_a_changed_row_of_the_table_changes_both_the_api_and_what_views_allow(
    world, monkeypatch, act, path
):
    opened, drafted = await world.open_round(), await world.draft_round()
    draft = await world.made("/v1/questionnaires", questionnaire())
    path = path.format(draft=drafted["id"], open=opened["id"], asked=draft["id"])
    shown = path if path.count("/") == 2 else path.rpartition("/")[0]

    async def seen(code: str) -> tuple[bool, bool]:
        allowed = act.partition(".")[2] in await view(world, shown, code)
        return allowed, (await world.post(path, {"surprise": 1}, code)).status_code != 403

    assert await seen("office") == (True, True)
    assert await seen("auditor") == (False, False)
    monkeypatch.setitem(RIGHTS._table, act, Right(frozenset({"auditor"})))
    assert await seen("office") == (False, False)
    assert await seen("auditor") == (True, True)


async def test_a_questionnaire_that_exists_is_changed_by_those_who_may_change_it(
    world, monkeypatch
):
    written = await world.made("/v1/questionnaires", questionnaire())
    path = f"/v1/questionnaires/{written['id']}"
    monkeypatch.setitem(RIGHTS._table, "questionnaire.change", Right())

    assert await view(world, path, "office") == ["publish"]
    refused = await world.post("/v1/questionnaires", questionnaire())
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    other = {**questionnaire(), "code": "another"}
    assert (await world.post("/v1/questionnaires", other)).status_code == 201


async def test_a_unit_that_a_round_is_not_about_is_not_offered_to_enter_its_ballots(world):
    drafted = await world.draft_round(unit_ids=[str(world.unit_b)])
    path = f"/v1/rounds/{drafted['id']}"
    await world.made(f"{path}/open")

    assert await view(world, path, "unit_officer") == ["read_links"]


def test_who_may_change_a_questionnaire_comes_in_by_the_door_of_creating_one():
    assert RIGHTS["questionnaire.change"] <= RIGHTS["questionnaire.create"]
