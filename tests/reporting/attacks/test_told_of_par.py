"""What PAR figures, events and streams tell of answers: nothing between two releases."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from starlette.responses import JSONResponse
from tests.reporting.attacks.attackers import by_events, truth
from tests.reporting.attacks.old_rule import OldRule
from tests.reporting.attacks.outputs import STEERING, differences, found, without_counts
from tests.reporting.attacks.worlds import citizens
from tests.reporting.office import ROLES

from reporting.indices import live

PAR = "/v1/indices/par/2025"


async def test_under_the_old_rule_the_counts_of_an_event_tell_each_ballots_satisfied_answers():
    right = 0
    for seed in range(25):
        id_, department = uuid4(), OldRule()
        await department.send(*citizens(id_, 35, 0, seed))
        before = await department.look()
        (victim,) = citizens(id_, 1, 1, seed)
        await department.send(victim)
        reading = by_events(before, await department.look(), [])
        right += reading == {"satisfied": truth(victim)["satisfied"]}
    assert right == 25


async def _released(world):
    for unit in range(3):
        await world.send(*citizens(world.round_id, 20, unit, 1))


async def test_par_and_everything_but_counts_stand_still_between_two_releases(world):
    await _released(world)
    before = await world.reader.look_closely()
    for unit in range(3):
        await world.send(*citizens(world.round_id, 3, unit, 2))
        (victim,) = citizens(world.round_id, 1, unit, 3)
        await world.send(victim)
    after = await world.reader.look_closely()

    steering = {name for name in before if name.startswith("office") and "par" not in name}
    assert set(differences(without_counts(before), without_counts(after))) <= steering
    assert before["log"] == after["log"]
    for name in (PAR, f"{PAR}/explain?figure=projected", f"{PAR}/sub_criteria/8.1.1/explain"):
        assert before[f"auditor {name}"] == after[f"auditor {name}"]
    assert by_events(before, after, []) == {}


async def test_points_of_a_survey_are_shown_with_two_places_of_what_was_released(world):
    await _released(world)
    page = await world.reader.look_closely()
    answer = page[f"auditor /v1/indices/satisfaction/{world.round_id}"]
    row = next(each for each in page[f"auditor {PAR}"]["rows"] if each["code"] == "8.1.1")
    (f1, _) = answer["factors"]

    assert Decimal(row["projected"]) == (Decimal(f1["share"]) * 3 / 200).quantize(
        Decimal("0.01"), "ROUND_HALF_UP"
    )
    for each in found(page, "numerator", "denominator", "kind"):
        assert len(each["numerator"].partition(".")[2]) <= 2
    told = page[f"auditor {PAR}/sub_criteria/8.1.1/explain"]
    assert not {"n1", "n5", "valid", "satisfied"} & set(told["children"][0]["evaluation"]["facts"])
    survey_options = next(
        each for each in page[f"auditor {PAR}"]["rows"] if each["code"] == "8.2.1"
    )
    assert (survey_options["projected"], survey_options["official"]) == (None, None)


async def test_a_change_of_the_index_tells_its_value_of_100_and_the_hour(world):
    for batch in range(4):
        for unit in range(3):
            await world.send(*citizens(world.round_id, 10 + batch, unit, batch))
    log = await world.rows("SELECT CAST(envelope AS jsonb) AS said FROM event_log ORDER BY seq")
    about = [row.said for row in log if row.said["data"]["index"]["kind"] == "satisfaction"]

    assert about
    for said in about:
        index = said["data"]["index"]
        assert (index["numerator"], index["denominator"]) == (index["value"], "100")
        at = datetime.fromisoformat(said["time"])
        assert (at.minute, at.second, at.microsecond) == (0, 0, 0)
        assert UUID(said["id"]).version == 5
        assert "actorid" not in said
    assert not [row for row in log if "steering" in str(row.said)]


async def test_history_tells_the_hour_of_a_release_and_its_step(world):
    await _released(world)
    client = await world.reader._office.client("auditor")
    answer = (await client.get("/v1/overview?year=2025")).json()
    points = [each for each in answer["history"] if each["satisfaction"] is not None]

    assert len(points) == 1
    assert datetime.fromisoformat(points[0]["at"]).strftime("%M:%S.%f") == "00:00.000000"
    assert Decimal(points[0]["satisfaction"]) % 5 == 0
    assert datetime.fromisoformat(answer["satisfaction"]["released"]["at"]).minute == 0


@pytest.mark.parametrize("role", [*ROLES, "external_system"])
async def test_steerings_stream_is_for_director_and_office_only(department, monkeypatch, role):
    monkeypatch.setattr(live, "stream", lambda _, topics: JSONResponse(sorted(topics)))
    answer = await department.office.get(role, "/v1/live")
    if role == "external_system":
        assert answer.status_code == 403
    else:
        follows = ["indices", "steering"] if role in STEERING else ["indices"]
        assert answer.json() == follows


async def test_no_stream_and_no_answer_of_others_says_what_steering_sees(world):
    await _released(world)
    page = await world.reader.look_at_all()
    for role in ROLES:
        rows = page[f"{role} live"]
        assert {row[1] for row in rows} >= {"index_changed", "answers_counted"}
        assert any(row[1] == "steering_moved" for row in rows) == (role in STEERING)
        for path in ("/v1/overview?year=2025", f"/v1/indices/satisfaction/{world.round_id}"):
            answer = page[f"{role} {path}"]
            answer = answer["satisfaction"] if "overview" in path else answer
            assert (answer["steering"] is not None) == (role in STEERING)
    for row in page["director live"]:
        if row[1] == "answers_counted":
            assert row[2].keys() == {"round_id", "n"}
    topics = await world.rows("SELECT DISTINCT topic FROM live_event ORDER BY 1")
    assert [row.topic for row in topics] == ["indices", "steering"]
