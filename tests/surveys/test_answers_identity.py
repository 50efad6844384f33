"""The ids of an answer tell no time, and its hour is all that is kept of when it came."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid1, uuid4

import pytest

from chassis.rules import InputRefused
from surveys.answers.identity import event_id, event_time, response_id


def test_a_response_id_must_be_random_so_that_it_tells_no_time() -> None:
    made = uuid4()

    assert response_id(str(made)) == made
    for wrong in (str(uuid1()), "0194c0de-0000-7000-8000-00000000000a", "", "x", "{}"):
        with pytest.raises(InputRefused) as refused:
            response_id(wrong)
        assert refused.value.code == "response_id_invalid"


def test_the_event_id_repeats_for_a_response_and_differs_by_version() -> None:
    response = UUID("8a0f4c52-8c43-4e5b-9a3e-3f0f5d2b7c11")

    assert event_id(response, 1) == UUID("1ecb2ddb-f5d1-5005-a56d-953afdd3beda")
    assert event_id(response, 1).version == 5
    assert event_id(response, 2) != event_id(response, 1)


def test_an_answer_keeps_the_hour_only_and_in_utc() -> None:
    here = timezone(timedelta(hours=7))
    now = datetime(2025, 11, 23, 8, 59, 59, 999_999, tzinfo=here)

    assert event_time(now) == datetime(2025, 11, 23, 1, tzinfo=UTC)
    assert event_time(now).tzinfo is UTC
