"""Questionnaires at the Office's door."""

import pytest
from tests.surveys.world import questionnaire


async def test_a_questionnaire_is_written_listed_read_and_published_once(world):
    written = await world.made("/v1/questionnaires", questionnaire())
    path = f"/v1/questionnaires/{written['id']}"

    published = await world.made(f"{path}/publish")
    again = await world.post(f"{path}/publish")
    listed = (await world.get("/v1/questionnaires?limit=50", "director")).json()
    read = (await world.get(path, "unit_officer")).json()

    assert (written["status"], written["version"], written["composed"]) == ("draft", 1, True)
    assert (again.status_code, again.json()["code"]) == (409, "questionnaire_published")
    assert [one["status"] for one in listed["data"]] == ["published"]
    assert read["factors"]["F1"] == "Tiếp cận dịch vụ"
    assert read["questions"] == published["questions"]
    assert read["questions"][0]["factor"] == "F1"
    [event] = await world.events("surveys.questionnaire_published.v1")
    assert event["data"]["questionnaire"]["code"] == "sipas-so-composed-2025"
    assert event["aggregateversion"] == 1


async def test_a_correction_of_a_published_questionnaire_is_its_next_version(world):
    first = await world.made("/v1/questionnaires", questionnaire())
    await world.made(f"/v1/questionnaires/{first['id']}/publish")
    changed = {**questionnaire(), "title": "Phiếu mới", "english": {}}
    second = await world.made("/v1/questionnaires", changed)
    corrected = await world.made("/v1/questionnaires", questionnaire())

    assert (second["id"], second["version"]) == (first["id"], 2)
    assert (corrected["version"], corrected["title"]) == (2, first["title"])
    listed = (await world.get("/v1/questionnaires")).json()["data"]
    assert sorted((one["version"], one["status"]) for one in listed) == [
        (1, "published"), (2, "draft"),
    ]  # fmt: skip
    path = f"/v1/questionnaires/{first['id']}"
    assert (await world.get(path)).json()["version"] == 2
    assert (await world.get(f"{path}?version=1")).json()["version"] == 1


async def test_a_faulty_questionnaire_is_refused_with_a_sentence_per_fault(world):
    body = questionnaire()
    body["sections"][0]["questions"][0]["kind"] = "scale9"
    answer = await world.post("/v1/questionnaires", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "questionnaire_invalid")
    [error] = answer.json()["errors"]
    assert error["pointer"] == "/sections/0/questions/0/kind"
    assert error["message"].startswith("Câu F1.1: ")
    assert await world.count("questionnaire") == 0


@pytest.mark.parametrize(
    ("place", "wrong"), [("composed", "yes"), ("composed", 1), ("title", 7), ("max_choices", "2")]
)
async def test_a_questionnaire_takes_no_value_for_one_of_another_type(world, place, wrong):
    body = questionnaire()
    changed = body
    if place == "max_choices":
        asked = [q for part in body["sections"] for q in part["questions"]]
        changed = next(q for q in asked if q["kind"] == "multi")
    changed[place] = wrong

    answer = await world.post("/v1/questionnaires", body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].endswith(f"/{place}")
