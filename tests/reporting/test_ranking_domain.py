"""Ranks on exact indices, grades without a gap, and a document that anyone can hash again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chassis.rules import InputRefused, RuleBroken
from reporting.criteria.checker import read
from reporting.criteria.domain import GradeBand
from reporting.ranking.documents import (
    as_json,
    canonical,
    differences,
    from_json,
    places,
    sha256,
)
from reporting.ranking.domain import Before, Body, next_version
from reporting.ranking.domain import rank as rank_bodies
from reporting.score_sheets.outcome import AreaPoints
from reporting.shown import shown

DEMO = Path(__file__).parents[2] / "demo" / "criteria_set.yaml"
CRITERIA = read(yaml.safe_load(DEMO.read_text(encoding="utf-8")))  # Tốt 80, Khá 65, Trung bình 50
INDICES = st.fractions(0, 100, max_denominator=997)


def grade(index: Fraction, bands: Sequence[GradeBand] | None = None) -> str | None:
    criteria = CRITERIA
    if bands is not None:
        criteria = CRITERIA.model_copy(update={"grade_bands": tuple(bands)})
    found = criteria.grade(index)
    return found.name if found else None


def rank(bodies, last_year=None):
    return rank_bodies(bodies, grade, last_year)


def body(number: int, index: str | Fraction | None, **more) -> Body:
    exact = None if index is None else Fraction(index)
    more.setdefault("approved", exact is not None)
    return Body(UUID(int=number), f"S{number:02}", f"Sở {number}", exact, **more)


def ranks(*bodies: Body) -> list[tuple[str, int | None]]:
    return [(line.body.code, line.rank) for line in rank(bodies).lines]


def test_two_bodies_shown_as_90_02_are_ranked_2_and_3_by_what_is_not_shown():
    """As published by a province in 2023: the table shows 90.02 twice, on places 2 and 3."""
    second, third = Fraction("90.0249"), Fraction("90.0151")
    found = ranks(body(1, third), body(2, "91.3"), body(3, second))

    assert (shown(second), shown(third)) == (Decimal("90.02"), Decimal("90.02"))
    assert found == [("S02", 1), ("S03", 2), ("S01", 3)]


def test_equal_indices_share_a_rank_and_the_next_one_is_skipped():
    third = Fraction(271, 3)
    bodies = body(1, "95"), body(2, third), body(3, Fraction(542, 6)), body(4, "90")

    assert [place for _, place in ranks(*bodies)] == [1, 2, 2, 4]


def test_a_body_that_is_not_eligible_is_listed_last_without_rank_index_or_grade():
    lines = rank([body(1, None, eligible=False, reason="Mới thành lập"), body(2, "70")])

    assert [(line.body.code, line.rank, line.grade) for line in lines.lines] == [
        ("S02", 1, "Khá"), ("S01", None, None),
    ]  # fmt: skip
    assert lines.lines[1].body.state == "ineligible"
    assert lines.average == 70


def waiting(number: int, so_far: str | None, **more) -> Body:
    provisional = None if so_far is None else Fraction(so_far)
    return body(number, None, provisional=provisional, **more)


def test_while_an_appraisal_goes_on_everybody_has_a_provisional_rank_beside_the_true_one():
    found = rank([
        body(1, "80"), waiting(2, "85"), waiting(3, None), body(4, "90"),
        waiting(5, "99", eligible=False, reason="Mới thành lập"), waiting(6, "80"),
    ])  # fmt: skip

    assert [(line.body.code, line.rank, line.provisional_rank) for line in found.lines] == [
        ("S04", 1, 1), ("S01", 2, 3), ("S02", None, 2), ("S06", None, 3), ("S03", None, None),
        ("S05", None, None),
    ]  # fmt: skip
    assert found.average == 85, "what is provisional is in no average"
    assert all(line.grade is None for line in found.lines if line.rank is None)


def test_once_every_sheet_is_approved_nothing_is_provisional_any_more():
    found = rank([body(1, "80"), body(2, "90", provisional=Fraction(10))])
    assert [line.provisional_rank for line in found.lines] == [None, None]


def test_what_is_provisional_stands_in_no_document():
    with_it = rank([body(1, "80"), waiting(2, "85")])
    without = rank([body(1, "80"), waiting(2, None)])
    assert with_it.lines[1].provisional_rank == 1
    assert as_json(with_it) == as_json(without)


def test_the_average_is_of_exact_indices_of_those_ranked():
    """89.08 was the block's average of the departments in 2025: no mean of rounded figures."""
    found = rank([body(1, Fraction(271, 3)), body(2, "80"), body(3, None)])

    assert found.average == (Fraction(271, 3) + 80) / 2


def test_a_published_index_of_84_applicable_points_is_ranked_by_its_fraction():
    """Thanh Hóa 2023: 68.32 points of 84 applicable ones stand as 81.33 %."""
    index = 100 * Fraction("68.32") / 84

    assert shown(index) == Decimal("81.33")
    assert ranks(body(1, index), body(2, "81.335")) == [("S02", 1), ("S01", 2)]


def test_what_moved_since_last_year_is_told_in_ranks_and_in_exact_points():
    before = {UUID(int=1): Before(4, Fraction("80.5")), UUID(int=2): Before(None, None)}
    found = rank([body(1, "90"), body(2, "85"), body(3, "70")], before).lines

    assert [(line.places_won, line.points_won) for line in found] == [
        (3, Fraction("9.5")), (None, None), (None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("index", "expected"),
    [("100", "Tốt"), ("80", "Tốt"), ("79.996", "Khá"), ("65", "Khá"), ("49.99", "Yếu"),
     ("0", "Yếu")],
)  # fmt: skip
def test_a_band_begins_at_its_threshold_whatever_is_shown(index, expected):
    assert grade(Fraction(index)) == expected


@given(st.sets(st.decimals(0, 100, places=2), max_size=6), INDICES)
def test_bands_have_no_gap_and_every_index_has_exactly_one_grade(thresholds, index):
    floors = sorted({*thresholds, Decimal(0)}, reverse=True)
    bands = [GradeBand(name=f"G{i}", at_least=floor) for i, floor in enumerate(floors)]
    ends = [None, *floors[:-1]]

    holding = [
        band.name
        for band, end in zip(bands, ends, strict=True)
        if band.at_least <= index and (end is None or index < end)
    ]
    assert holding == [grade(index, bands)]


@given(st.lists(INDICES, max_size=8), st.randoms())
def test_the_order_in_which_bodies_come_changes_nothing(indices, random):
    bodies = [body(i, index) for i, index in enumerate(indices)]
    shuffled = random.sample(bodies, len(bodies))

    assert rank(bodies) == rank(shuffled)
    for line in rank(bodies).lines:
        better = [each for each in indices if each > line.body.index]
        assert line.rank == len(better) + 1


@given(st.lists(INDICES, max_size=5))
def test_a_document_says_all_that_is_needed_to_rank_again(indices):
    areas = (AreaPoints("1", Fraction(11, 3), Fraction(12)), AreaPoints("2", None, Fraction(0)))
    bodies = [body(i, index, areas=areas) for i, index in enumerate(indices)]
    found = rank([*bodies, body(99, None, eligible=False, reason="x")])

    again = from_json(json.loads(canonical(as_json(found))))
    assert as_json(again) == as_json(found)
    assert again.average == found.average
    assert places(again) == places(found)


def test_a_hash_is_that_of_the_sorted_json_in_utf_8_and_moves_with_any_digit():
    document = {"b": [1, None], "a": "Sở"}

    assert canonical(document) == '{"a":"Sở","b":[1,null]}'.encode()
    assert sha256(document) == hashlib.sha256(canonical(document)).hexdigest()
    assert sha256(document) == sha256({"a": "Sở", "b": [1, None]})
    assert sha256(document) != sha256({**document, "b": [2, None]})


def test_two_versions_differ_in_what_a_correction_moved_and_in_nothing_else():
    area = AreaPoints("1", Fraction(10), Fraction(12))
    old = rank([body(1, "90", areas=(area,)), body(2, "89"), body(3, "70")])
    fixed = replace(area, points=Fraction("8.5"))
    new = rank([body(1, "88.5", areas=(fixed,)), body(2, "89"), body(3, "70")])

    told = [(d.body_name, d.field, d.area, d.before, d.after) for d in differences(old, new)]
    assert told == [
        ("Sở 2", "rank", None, "2", "1"),
        ("Sở 1", "rank", None, "1", "2"),
        ("Sở 1", "index", None, "90", "88.5"),
        ("Sở 1", "points", "1", "10", "8.5"),
    ]
    assert differences(new, new) == []


def test_a_body_that_left_the_block_is_named_among_the_differences():
    old, new = rank([body(1, "90"), body(2, "89")]), rank([body(1, "90")])

    assert [(d.body_name, d.field, d.after) for d in differences(old, new)] == [
        ("Sở 2", "state", None), ("Sở 2", "rank", None), ("Sở 2", "index", None),
        ("Sở 2", "grade", None),
    ]  # fmt: skip


def test_a_ranking_waits_for_the_sheet_of_every_eligible_body_and_names_it():
    found = rank([body(1, "90"), body(2, None), body(3, None, eligible=False)])

    with pytest.raises(RuleBroken, match="Sở 2 chưa được phê duyệt") as refused:
        next_version(found, 0, "", unchanged=False)
    assert refused.value.code == "ranking_sheet_not_approved"
    assert "Sở 3" not in str(refused.value)


def test_the_first_version_needs_no_reason_and_every_later_one_does():
    found = rank([body(1, "90")])

    assert next_version(found, 0, "", unchanged=False) == 1
    assert next_version(found, 1, "Sửa điểm 2.1.1", unchanged=False) == 2
    with pytest.raises(InputRefused) as refused:
        next_version(found, 1, "  ", unchanged=False)
    assert refused.value.problems[0].pointer == "/reason"


def test_what_says_nothing_new_is_not_published_again_and_nothing_is_not_published():
    with pytest.raises(RuleBroken) as refused:
        next_version(rank([body(1, "90")]), 1, "lần nữa", unchanged=True)
    assert refused.value.code == "ranking_unchanged"
    with pytest.raises(RuleBroken) as refused:
        next_version(rank([body(1, None, approved=True)]), 0, "", unchanged=False)
    assert refused.value.code == "ranking_empty"
