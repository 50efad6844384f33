"""What the reporting service answers when it refuses exists in both languages."""

from pathlib import Path
from uuid import uuid4

import pytest
from tests.reporting.conftest import UNITS, envelope, unit_names
from tests.reporting.office import Office
from tests.sentences import english, placeholders, said_in

import reporting
from reporting.domain.inputs import KIND_NAMES, SOURCE_NAMES

FOLDER = Path(reporting.__file__).parent
# Explanations, their labels and the words tasks are compared by: data in the language of the set.
EXPLAINED = (
    "api/labels.py", "domain/completion.py", "domain/explanation.py", "domain/linking.py",
    "domain/par_index.py", "domain/points.py", "domain/satisfaction.py",
)  # fmt: skip
NOT_AN_ANSWER = ("app.py", "migrations/")
NAMES = {*KIND_NAMES.values(), *SOURCE_NAMES.values(), "Không rõ đơn vị"}


def test_every_refusal_has_its_english_with_the_same_facts():
    sentences = said_in(FOLDER, without=(*EXPLAINED, *NOT_AN_ANSWER)) - NAMES
    known = english(FOLDER)

    assert len(sentences) > 40
    assert sentences == set(known)
    for sentence, translated in known.items():
        assert placeholders(sentence) == placeholders(translated), sentence


@pytest.fixture
async def office(database, consumer, tmp_path):
    office = Office(database, tmp_path)
    people = office.people_changed(UNITS[0])
    await consumer.apply([envelope(event) for event in [*unit_names(), *people]])
    async with office.stack:
        yield office


async def test_a_refusal_comes_in_english_when_asked_and_names_each_place_in_it(
    office, demo_criteria
):
    client = await office.client("office")

    async def refused(language: str) -> dict:
        headers = {"Accept-Language": language, "Idempotency-Key": str(uuid4())}
        wrong = {**demo_criteria, "total_points": "101.5"}
        return (await client.post("/v1/criteria_sets", json=wrong, headers=headers)).json()

    answer, vietnamese = await refused("en"), await refused("vi")

    assert answer["title"] == "The data is not valid"
    assert answer["detail"].startswith("The criteria set is not right")
    assert [error["message"] for error in answer["errors"]] == [
        "Criteria set: the points of the parts add up to 100, not to the maximum of 101.5",
        "Criteria set: the total is 101.5 points and must be 100",
    ]
    assert [error["message"] for error in vietnamese["errors"]] == [
        "Bộ tiêu chí: điểm các phần cộng lại là 100, khác điểm tối đa 101,5",
        "Bộ tiêu chí: tổng điểm là 101,5, phải là 100",
    ]
