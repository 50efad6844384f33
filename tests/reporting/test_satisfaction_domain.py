"""The satisfaction index: every worked example and edge of docs/indices.md 4."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.i18n import say
from reporting.explanations.evaluation import evaluate_exactly
from reporting.satisfaction.domain import (
    AnswerCounts,
    Question,
    SurveyFigure,
    mean5,
    measure,
    pooled,
    share,
)
from reporting.shown import shown
from reporting.sources.targets import meets_target

F1 = {
    "F1.1": AnswerCounts(1, 2, 7, 60, 30, 0),
    "F1.2": AnswerCounts(0, 5, 15, 50, 20, 10),
    "F1.3": AnswerCounts(2, 3, 10, 55, 25, 5),
    "F1.G": AnswerCounts(1, 3, 9, 58, 27, 2),
}
QUESTIONS = [
    *(Question(code, "F1", general=code == "F1.G") for code in F1),
    Question("F2.1", "F2", general=False),
    Question("O.1", None, general=True),
]
COUNTS = st.builds(AnswerCounts, *[st.integers(0, 40)] * 6)


@pytest.mark.parametrize(
    ("code", "by_share", "by_mean"),
    [
        ("F1.1", "90.00", "83.20"),
        ("F1.2", "77.78", "78.89"),
        ("F1.3", "84.21", "80.63"),
        ("F1.G", "86.73", "81.84"),
    ],
)
def test_the_two_formulas_differ_on_the_same_answers(code, by_share, by_mean):
    assert shown(share(F1[code])) == Decimal(by_share)
    assert shown(mean5(F1[code])) == Decimal(by_mean)


@pytest.mark.parametrize(
    ("method", "aggregator", "index"),
    [
        ("share", "mean_of_items", "84.00"),
        ("share", "pooled", "84.21"),
        ("share", "general_question", "86.73"),
        ("mean5", "mean_of_items", "80.91"),
        ("mean5", "pooled", "80.98"),
    ],
)
def test_a_factor_by_each_way_to_put_its_questions_together(method, aggregator, index):
    assert shown(measure(QUESTIONS, F1, method, aggregator, factor="F1").value) == Decimal(index)


def test_missing_answers_are_not_unsatisfied_ones():
    counts = pooled(F1[code] for code in ("F1.1", "F1.2", "F1.3"))

    assert shown(share(counts)) == Decimal("84.21")
    assert 100 * counts.satisfied == 80 * (counts.valid + counts.missing)  # the wrong figure


def test_a_mean_of_3_953_on_a_scale_of_five_is_an_index_of_79_06_percent():
    """As a province published for 2018: 3,95 beside 79,06 %. What is shown is never calculated on.

    From the mean as it is shown it would be 79,00 %; the answers themselves give 79,06 %.
    """
    answers = AnswerCounts(0, 47, 203, 500, 250, 0)
    mean = Fraction(answers.score, answers.valid)

    assert (mean, shown(mean)) == (Fraction("3.953"), Decimal("3.95"))
    assert shown(mean5(answers)) == Decimal("79.06")
    assert shown(shown(mean) * 100 / 5) == Decimal("79.00")


def test_a_department_pools_the_answers_of_its_units_and_is_not_the_mean_of_them():
    unit_a, unit_b = AnswerCounts(n3=20, n4=180), AnswerCounts(n3=20, n4=30)

    assert (share(unit_a), share(unit_b)) == (90, 60)
    assert share(pooled([unit_a, unit_b])) == 84  # the mean of units would be 75


def test_all_neutral_is_nothing_by_share_and_sixty_by_mean():
    neutral = AnswerCounts(n3=10)

    assert (share(neutral), mean5(neutral)) == (0, 60)


@pytest.mark.parametrize("aggregator", ["mean_of_items", "pooled", "general_question"])
def test_without_a_valid_answer_there_is_no_index(aggregator):
    silent = {"F1.1": AnswerCounts(missing=9)}

    assert share(silent["F1.1"]) is mean5(silent["F1.1"]) is None
    assert measure(QUESTIONS, silent, "share", aggregator, factor="F1").value is None


def test_a_question_nobody_answered_does_not_pull_the_mean_of_items_down():
    counts = {"F1.1": AnswerCounts(n5=4), "F1.2": AnswerCounts(missing=4)}

    assert measure(QUESTIONS, counts, "share", "mean_of_items", factor="F1").value == 100


def test_the_overall_index_uses_all_items_or_the_question_about_everything():
    counts = F1 | {"F2.1": AnswerCounts(n1=15), "O.1": AnswerCounts(n4=3, n1=1)}

    assert shown(measure(QUESTIONS, counts, "share", "pooled").value) == Decimal("80.00")
    assert measure(QUESTIONS, counts, "share", "general_question").value == 75


@pytest.mark.parametrize(
    ("satisfied", "valid", "over"), [(9, 10, False), (91, 100, True), (90004, 100_000, False)]
)
def test_over_ninety_is_strict_and_measured_on_the_published_figure(satisfied, valid, over):
    value = share(AnswerCounts(n1=valid - satisfied, n5=satisfied))

    assert meets_target(value, "over", Decimal(90)) is over


def test_at_least_is_reached_exactly_and_an_unknown_target_or_figure_says_nothing():
    assert meets_target(Fraction(90), "at_least", Decimal(90)) is True
    assert meets_target(Fraction(90), "over", None) is None
    assert meets_target(None, "over", Decimal(90)) is None


FACTORS = st.fixed_dictionaries(dict.fromkeys(("F1.1", "F1.2", "F1.3", "F1.G"), COUNTS))
AGGREGATORS = ("mean_of_items", "pooled", "general_question")


def test_what_one_ballot_weighs_is_held_against_the_answers_there_are_and_not_the_ballots():
    """40 ballots, of which 10 and 20 answered: 15 on average; a question nobody answered is out."""
    counts = {"F1.1": AnswerCounts(n4=10), "F1.2": AnswerCounts(n4=20)}

    found = measure(QUESTIONS, counts, "share", "pooled", factor="F1", n=40)

    assert (found.n, found.behind) == (40, 15)
    assert measure(QUESTIONS, {}, "share", "pooled", factor="F1", n=40).behind == 0


@given(FACTORS, st.integers(0, 200), st.sampled_from(AGGREGATORS))
def test_no_more_ballots_are_behind_a_figure_than_there_are(counts, n, aggregator):
    found = measure(QUESTIONS, counts, "share", aggregator, factor="F1", n=n)

    assert 0 <= found.behind <= n


@given(FACTORS, st.sampled_from(["share", "mean5"]), st.sampled_from(AGGREGATORS))
def test_the_explanation_of_a_closed_round_gives_the_index_from_the_answers(
    counts, method, aggregator
):
    figure = measure(QUESTIONS, counts, method, aggregator, factor="F1", n=30)

    told = SurveyFigure("F1", figure.value, 30, release=4, exact=figure).explain()

    assert evaluate_exactly(told) == figure.value
    assert len(told.parts) == (3 if aggregator == "mean_of_items" else 0)


def test_the_explanation_of_an_open_round_names_its_release_and_nothing_it_is_made_of():
    told = SurveyFigure("Tiếp cận", Fraction("84.5"), 240, release=3).explain()

    assert say(told.text) == "Tiếp cận: 84,50 % theo 240 phiếu đã công bố (lần công bố 3)"
    assert say(told.text, "en") == "Tiếp cận: 84.50 % over 240 released ballots (release 3)"
    assert (told.numbers, told.facts) == ({"index": "84.5"}, {"ballots": 240, "release": 3})
    assert told.parts == ()
    assert evaluate_exactly(told) == Fraction("84.5")


def test_a_figure_of_too_few_ballots_says_so_and_is_no_number():
    told = SurveyFigure("", None, 0, release=0).explain()

    assert say(told.text, "en") == "Overall satisfaction index: too few ballots have been released"
    assert evaluate_exactly(told) is told.value is None
