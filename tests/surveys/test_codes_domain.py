"""Codes that are signed, typable and lead to nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.codes.domain import (
    Kind,
    MalformedCode,
    WrongSignature,
    code_for,
    issue,
    parse,
)

SECRET = b"a secret of the tests, 32 bytes."
CHANCE = bytes(range(5))


def test_a_code_is_sixteen_typable_characters_in_groups_of_four() -> None:
    code = issue("ticket", CHANCE, SECRET)

    assert [len(group) for group in code.text.split("-")] == [4, 4, 4, 4]
    assert code.text.startswith("t")
    assert set(code.text) <= set("0123456789abcdefghjkmnpqrstvwxyz-")
    assert issue("link", CHANCE, SECRET).text.startswith("q")


@given(st.binary(min_size=5, max_size=5), st.sampled_from(["ticket", "link"]))
def test_a_code_is_read_back_as_it_was_issued(chance: bytes, kind: Kind) -> None:
    code = issue(kind, chance, SECRET)

    assert parse(code.text, SECRET) == code
    assert code_for(kind, code.key, SECRET) == code


@given(st.binary(min_size=5, max_size=5))
def test_a_code_may_be_typed_in_capitals_without_dashes_and_with_look_alikes(chance: bytes) -> None:
    code = issue("ticket", chance, SECRET)
    typed = code.text.upper().replace("-", "").replace("0", "O").replace("1", "I")

    assert parse(f" {typed} ", SECRET) == code


@pytest.mark.parametrize(
    "text", ["", "t", "abc", "x7f3-k2m9-q4xw-8d2n", "t7f3-k2m9-q4xw-8d2nn", "tuuu-uuuu-uuuu-uuuu",
             "t7f3-k2m9-q4xw-8d2é", "../../etc", "t" * 100_000],
)  # fmt: skip
def test_what_is_no_code_is_malformed(text: str) -> None:
    with pytest.raises(MalformedCode):
        parse(text, SECRET)


def test_a_code_with_any_one_character_changed_is_refused() -> None:
    text = issue("ticket", CHANCE, SECRET).text.replace("-", "")
    for at in range(1, 16):
        other = "z" if text[at] != "z" else "y"
        with pytest.raises(WrongSignature):
            parse(text[:at] + other + text[at + 1 :], SECRET)


def test_a_link_is_not_turned_into_a_ticket_by_its_first_letter() -> None:
    link = issue("link", CHANCE, SECRET).text
    with pytest.raises(WrongSignature):
        parse("t" + link[1:], SECRET)


def test_a_code_of_another_secret_is_refused() -> None:
    foreign = issue("ticket", CHANCE, b"another secret of 32 bytes......")
    with pytest.raises(WrongSignature):
        parse(foreign.text, SECRET)


def test_a_short_secret_and_too_little_chance_are_mistakes_of_ours() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        issue("ticket", CHANCE, b"short")
    with pytest.raises(ValueError, match="random bytes"):
        issue("ticket", b"1234", SECRET)
