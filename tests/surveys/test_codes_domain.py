"""Codes that are signed, typable and lead to nobody; ids of an answer that tell no time."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid1, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.codes import domain as tickets
from surveys.codes.domain import MalformedCode, WrongSignature

SECRET = b"a secret of the tests, 32 bytes."
CHANCE = bytes(range(5))


def test_a_code_is_sixteen_typable_characters_in_groups_of_four() -> None:
    code = tickets.issue("ticket", CHANCE, SECRET)

    assert [len(group) for group in code.text.split("-")] == [4, 4, 4, 4]
    assert code.text.startswith("t")
    assert set(code.text) <= set("0123456789abcdefghjkmnpqrstvwxyz-")
    assert tickets.issue("link", CHANCE, SECRET).text.startswith("q")


@given(st.binary(min_size=5, max_size=5), st.sampled_from(["ticket", "link"]))
def test_a_code_is_read_back_as_it_was_issued(chance: bytes, kind: tickets.Kind) -> None:
    code = tickets.issue(kind, chance, SECRET)

    assert tickets.parse(code.text, SECRET) == code
    assert tickets.code_for(kind, code.key, SECRET) == code


@given(st.binary(min_size=5, max_size=5))
def test_a_code_may_be_typed_in_capitals_without_dashes_and_with_look_alikes(chance: bytes) -> None:
    code = tickets.issue("ticket", chance, SECRET)
    typed = code.text.upper().replace("-", "").replace("0", "O").replace("1", "I")

    assert tickets.parse(f" {typed} ", SECRET) == code


@pytest.mark.parametrize(
    "text", ["", "t", "abc", "x7f3-k2m9-q4xw-8d2n", "t7f3-k2m9-q4xw-8d2nn", "tuuu-uuuu-uuuu-uuuu",
             "t7f3-k2m9-q4xw-8d2é", "../../etc", "t" * 100_000],
)  # fmt: skip
def test_what_is_no_code_is_malformed(text: str) -> None:
    with pytest.raises(MalformedCode):
        tickets.parse(text, SECRET)


def test_a_code_with_any_one_character_changed_is_refused() -> None:
    text = tickets.issue("ticket", CHANCE, SECRET).text.replace("-", "")
    for at in range(1, 16):
        other = "z" if text[at] != "z" else "y"
        with pytest.raises(WrongSignature):
            tickets.parse(text[:at] + other + text[at + 1 :], SECRET)


def test_a_link_is_not_turned_into_a_ticket_by_its_first_letter() -> None:
    link = tickets.issue("link", CHANCE, SECRET).text
    with pytest.raises(WrongSignature):
        tickets.parse("t" + link[1:], SECRET)


def test_a_code_of_another_secret_is_refused() -> None:
    foreign = tickets.issue("ticket", CHANCE, b"another secret of 32 bytes......")
    with pytest.raises(WrongSignature):
        tickets.parse(foreign.text, SECRET)


def test_a_short_secret_and_too_little_chance_are_mistakes_of_ours() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        tickets.issue("ticket", CHANCE, b"short")
    with pytest.raises(ValueError, match="random bytes"):
        tickets.issue("ticket", b"1234", SECRET)


def test_a_response_id_must_be_random_so_that_it_tells_no_time() -> None:
    made = uuid4()

    assert tickets.response_id(str(made)) == made
    for wrong in (str(uuid1()), "0194c0de-0000-7000-8000-00000000000a", "", "x", "{}"):
        with pytest.raises(ValueError, match="response_id"):
            tickets.response_id(wrong)


def test_the_event_id_repeats_for_a_response_and_differs_by_version() -> None:
    response = UUID("8a0f4c52-8c43-4e5b-9a3e-3f0f5d2b7c11")

    assert tickets.event_id(response, 1) == UUID("1ecb2ddb-f5d1-5005-a56d-953afdd3beda")
    assert tickets.event_id(response, 1).version == 5
    assert tickets.event_id(response, 2) != tickets.event_id(response, 1)


def test_an_answer_keeps_the_hour_only_and_in_utc() -> None:
    here = timezone(timedelta(hours=7))
    now = datetime(2025, 11, 23, 8, 59, 59, 999_999, tzinfo=here)

    assert tickets.event_time(now) == datetime(2025, 11, 23, 1, tzinfo=UTC)
    assert tickets.event_time(now).tzinfo is UTC
