"""An explanation is enough to get the figure: by machine here, by hand for whoever reads it."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from tests.reporting.reader import as_answered, as_read

from chassis.i18n import say
from chassis.words import Sentence
from reporting.completion.domain import TaskCounts
from reporting.criteria.checker import read
from reporting.explanations.domain import Explanation, percent
from reporting.explanations.evaluation import evaluate, evaluate_exactly
from reporting.par import points
from reporting.par.scoring import Cases, Ratio, score

ROOT = Path(__file__).parents[2]
CRITERIA = read(yaml.safe_load((ROOT / "demo" / "criteria_set.yaml").read_text(encoding="utf-8")))
SUBS = CRITERIA.by_code()


def test_a_rate_is_told_with_its_counts_its_floor_and_its_points():
    told = points.explain(SUBS["1.1.3"], TaskCounts(total=50, done=47, on_time=40, overdue=3))

    assert say(told.text) == (
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


def test_a_step_is_said_in_english_with_the_same_facts_and_the_other_decimal_sign():
    told = points.explain(SUBS["1.1.3"], TaskCounts(total=50, done=47, on_time=40, overdue=3))

    assert say(told.text, "en") == (
        "1.1.3 Mức độ hoàn thành kế hoạch CCHC: 47 of 50 tasks done, 40 on time, 3 overdue: "
        "1.41 points, maximum 1.50"
    )


def test_the_stated_value_is_not_believed_but_recomputed():
    told = points.explain(SUBS["1.1.3"], Ratio(9, 10))

    assert evaluate(replace(told, value="99")) == Decimal("1.35")


def test_every_number_that_leaves_is_text_and_comes_back_exactly():
    told = points.explain(SUBS["3.4.1"], Ratio(299, 301))
    answer = as_answered(told)["evaluation"]

    assert answer["value"] == "897/301"
    assert all(isinstance(number, str) for number in answer["numbers"].values())
    assert evaluate_exactly(as_read(as_answered(told))) == Fraction(897, 301)
    assert evaluate(told) == Decimal("2.980066445183")


def test_an_unknown_rule_is_not_guessed():
    with pytest.raises(KeyError, match="magic"):
        evaluate(Explanation(rule="magic", step="magic", text=Sentence("?"), value="1"))


def test_numbers_stand_in_sentences_in_the_way_of_the_language():
    assert say(percent(Fraction(2, 3))) == "0,67 %"
    assert say(percent(Fraction(2, 3)), "en") == "0.67 %"
    assert say(percent(None)) == "chưa có"
