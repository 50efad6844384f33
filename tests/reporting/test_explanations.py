"""An explanation is enough to get the figure: by machine here, by hand for whoever reads it."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from reporting.completion.domain import TaskCounts
from reporting.criteria.checker import read
from reporting.explanations.evaluation import Explanation, evaluate, evaluate_exactly, in_words
from reporting.par import points
from reporting.par.scoring import Cases, Ratio, score

ROOT = Path(__file__).parents[2]
CRITERIA = read(yaml.safe_load((ROOT / "demo" / "criteria_set.yaml").read_text(encoding="utf-8")))
SUBS = CRITERIA.by_code()


def test_a_rate_is_told_with_its_counts_its_floor_and_its_points():
    told = points.explain(SUBS["1.1.3"], TaskCounts(total=50, done=47, on_time=40, overdue=3))

    assert told.text == (
        "1.1.3 Mức độ hoàn thành kế hoạch CCHC: hoàn thành 47/50 nhiệm vụ, 40 đúng hạn, 3 quá hạn: "
        "1,41 điểm, tối đa 1,50"
    )
    assert told.numbers == {"max_points": "1.5", "full_at": "1", "floor": "0.8"}
    assert told.facts == {"total": 50, "done": 47, "on_time": 40, "overdue": 3}
    assert (told.value, told.shown) == ("1.41", Decimal("1.41"))


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("7.4.1", Ratio(7, 10)),  # exactly where all points begin: 2, not 0.7 × 2
        ("7.4.1", Ratio(3, 10)),  # exactly the floor
        ("7.4.1", Ratio(29, 100)),
        ("3.3.4", Ratio(8, 10)),
        ("5.4.1", Cases((1, 2))),
        ("5.4.1", Cases((3, 0))),
    ],
)
def test_at_the_edges_of_a_rule_reader_and_scoring_agree(code, facts):
    assert evaluate_exactly(points.explain(SUBS[code], facts)) == score(SUBS[code], facts)


def test_the_stated_value_is_not_believed_but_recomputed():
    told = points.explain(SUBS["1.1.3"], Ratio(9, 10))

    assert evaluate(told.model_copy(update={"value": "99"})) == Decimal("1.35")


def test_every_number_in_its_json_is_text_and_comes_back_exactly():
    told = points.explain(SUBS["3.4.1"], Ratio(299, 301))
    data = told.model_dump(mode="json")

    assert data["value"] == "897/301"
    assert all(isinstance(number, str) for number in data["numbers"].values())
    assert Explanation.model_validate(data) == told
    assert evaluate(told) == Decimal("2.980066445183")


def test_an_unknown_rule_is_not_guessed():
    with pytest.raises(KeyError, match="magic"):
        evaluate(Explanation(rule="magic", text="?", value="1"))


def test_numbers_stand_in_sentences_the_vietnamese_way():
    assert in_words(Fraction(2, 3)) == "0,67"
    assert in_words(None) == "chưa có"
