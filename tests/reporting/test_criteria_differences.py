"""What differs between two versions, and which links can be carried between them."""

import copy
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from hypothesis import given
from tests.reporting.criteria_sets import criteria_sets

from chassis.rules import InputRefused
from reporting.criteria import checker
from reporting.criteria.carrying import carry, chosen, digest_of
from reporting.criteria.differences import Change, differences

DATA = yaml.safe_load((Path(__file__).parents[2] / "demo" / "criteria_set.yaml").read_text())
DEMO = checker.read(DATA)
A, B, C, D = (UUID(int=n) for n in (1, 2, 3, 4))


@pytest.fixture
def data():
    return copy.deepcopy(DATA)


def subs(data, i, j):
    return data["areas"][i]["criteria"][j]["sub_criteria"]


@given(criteria_sets())
def test_a_version_does_not_differ_from_itself(whole):
    assert differences(whole, whole) == []


def test_a_change_is_said_in_the_words_of_the_form(data):
    first, second = subs(data, 0, 0)[:2]
    first["max_points"], second["max_points"] = "0.75", "0.25"
    first["rule"]["tiers"][0]["points"] = "0.75"
    second["rule"]["true_points"] = "0.25"
    second["evidence"] = []

    found = {each.code: each for each in differences(DEMO, checker.read(data))}

    assert set(found) == {"1.1.1", "1.1.2"}
    assert found["1.1.1"].changes[0] == Change("Điểm tối đa", "0,5", "0,75")
    line = "ban hành trong thời hạn quy định · {}"
    assert found["1.1.1"].changes[1] == Change(
        "Bậc và mức", line.format("0,5"), line.format("0,75")
    )
    assert found["1.1.2"].changes == (
        Change("Điểm tối đa", "0,5", "0,25"),
        Change("Điểm khi đạt", "0,5", "0,25"),
        Change("Minh chứng phải có", "Phụ lục kế hoạch", ""),
    )


def test_of_a_list_in_another_order_all_is_said(data):
    subs(data, 0, 0)[2]["evidence"].reverse()

    (found,) = differences(DEMO, checker.read(data))

    (change,) = found.changes
    assert change.before.split("\n") == change.after.split("\n")[::-1]


def test_what_is_new_and_what_is_gone_is_named_with_all_it_says(data):
    subs(data, 0, 0)[1]["code"] = "1.1.9"

    found = differences(DEMO, checker.read(data))

    assert [(each.kind, each.code) for each in found] == [("added", "1.1.9"), ("removed", "1.1.2")]
    assert all(change.before == "" for change in found[0].changes)
    assert all(change.after == "" for change in found[1].changes)


def test_what_the_set_itself_says_stands_first_without_a_code(data):
    data["title"], data["grade_bands"][0]["at_least"] = "Bộ khác", "85"

    (found,) = differences(DEMO, checker.read(data))

    assert (found.kind, found.code) == ("changed", "")
    assert [change.heading for change in found.changes] == ["Tên bộ tiêu chí", "Xếp loại"]


def test_links_are_carried_by_code_and_another_name_or_none_is_said(data):
    subs(data, 0, 0)[0]["name"] = "Một tiêu chí khác"
    subs(data, 0, 0)[1]["code"] = "1.1.9"
    new = checker.read(data)

    found = carry(
        DEMO, new, ({"1.1.1": [A], "1.1.2": [B], "1.1.3": [A, B, C]}, {"1.1.3": [B]}),
        ({"1.1.3": [A, D]}, {"1.1.3": [A]}),
    )  # fmt: skip

    assert [(each.code, each.standing, each.tasks) for each in found] == [
        ("1.1.1", "renamed", (A,)), ("1.1.2", "gone", (B,)), ("1.1.3", "same", (A, C)),
    ]  # fmt: skip
    assert found[0].now == "Kế hoạch CCHC năm: Một tiêu chí khác"
    assert [each.documents for each in found] == [(), (), (D,)]
    assert chosen(found, ["1.1.3"]) == [found[2]]
    with pytest.raises(InputRefused):
        chosen(found, ["1.1.2"])


def test_what_was_shown_has_another_name_once_a_link_is_added():
    before = carry(DEMO, DEMO, ({"1.1.1": [A]}, {}))

    assert digest_of(before) == digest_of(carry(DEMO, DEMO, ({"1.1.1": [A]}, {})))
    assert digest_of(before) != digest_of(carry(DEMO, DEMO, ({"1.1.1": [A, B]}, {})))


def test_nothing_is_offered_that_is_there_already():
    assert carry(DEMO, DEMO, ({"1.1.1": [A]}, {"1.1.1": [A]})) == []
