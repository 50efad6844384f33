"""Whatever is known about a year, each explanation gives exactly its figure."""

from fractions import Fraction
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reporting.reader import as_answered, as_read

from chassis.i18n import say
from reporting.completion.domain import TaskCounts
from reporting.criteria.checker import read
from reporting.explanations.evaluation import evaluate, evaluate_exactly
from reporting.par.index import ScoreSheet
from reporting.par.inputs import KINDS, Inputs, Live, Surveyed
from reporting.par.scoring import Cases, Chosen, Holds, Number, Options, Ratio
from reporting.satisfaction.domain import AnswerCounts, Measure, SurveyFigure
from reporting.score_sheets.domain import SCORES
from reporting.shown import decimal, shown

ROOT = Path(__file__).parents[2]
CRITERIA = read(yaml.safe_load((ROOT / "demo" / "criteria_set.yaml").read_text(encoding="utf-8")))
SUBS = CRITERIA.by_code()

TASKS = st.integers(1, 30).flatmap(
    lambda total: st.integers(0, total).flatmap(
        lambda done: st.builds(
            TaskCounts,
            st.just(total),
            st.just(done),
            st.integers(0, done),
            st.integers(0, total - done),
        )
    )
)
RATIOS = st.integers(0, 30).flatmap(lambda due: st.builds(Ratio, st.integers(0, due), st.just(due)))
ANSWERS = st.builds(AnswerCounts, *[st.integers(0, 20)] * 6)
MEASURES = st.builds(
    Measure,
    st.just("F"),
    st.sampled_from(["share", "mean5"]),
    st.sampled_from(["mean_of_items", "pooled"]),
    st.tuples(st.tuples(st.just("F.1"), ANSWERS), st.tuples(st.just("F.2"), ANSWERS)),
    st.integers(30, 90),
)
CLOSED = MEASURES.map(lambda m: SurveyFigure(m.name, m.value, m.n, release=3, exact=m))
OPEN = st.builds(
    SurveyFigure,
    st.just("F"),
    st.none() | st.integers(0, 1000).map(lambda tenths: Fraction(tenths, 10)),
    st.integers(30, 900),
    st.integers(1, 9),
)
FACTS = {  # one sub-criterion of every rule, and of every measure of a tiered one
    "1.1.3": TASKS | RATIOS,
    "1.6.1": TASKS,
    "1.1.2": st.builds(Holds, st.booleans()),
    "1.1.1": st.builds(Chosen, st.integers(0, 3)),
    "1.2.1": st.builds(Number, st.integers(0, 5)),
    "3.3.4": RATIOS,
    "5.4.1": st.builds(Cases, st.tuples(st.integers(0, 3), st.integers(0, 3))),
    "1.8.1": st.builds(Options, st.fixed_dictionaries(dict.fromkeys("ABCD", st.integers(0, 50)))),
    "8.1.1": OPEN | CLOSED,
    "8.1.2": OPEN | CLOSED,
}


def some_points(code):
    return st.none() | st.decimals(0, SUBS[code].max_points, places=3)


@st.composite
def sheets(draw):
    inputs = {}
    for code, facts in FACTS.items():
        known = [draw(st.none() | facts) for _ in range(2)]
        absent = st.booleans() if SUBS[code].na_allowed else st.just(False)
        counted = draw(st.none() | facts) if code == "1.8.1" else None
        scores = {name: draw(some_points(code)) for name in SCORES}
        inputs[code] = Inputs(
            Live(*known), Surveyed(*known), counted, draw(st.booleans()), **scores
        )
        if draw(absent):
            inputs[code] = Inputs(not_applicable=True)
    extra = st.decimals(0, 5, places=2)
    return ScoreSheet(CRITERIA, inputs, draw(extra), draw(extra))


@settings(max_examples=60, deadline=None)
@given(sheets(), st.sampled_from(KINDS))
def test_whoever_evaluates_an_explanation_gets_the_figure(sheet, kind):
    figure = sheet.figure(kind)
    told = sheet.explain(kind)
    read_back = as_read(as_answered(told))

    assert evaluate_exactly(read_back) == figure.value
    assert evaluate(told) == (None if figure.value is None else decimal(figure.value))
    assert told.shown == shown(figure.value)
    for code in FACTS:
        entry = getattr(sheet.row(code), kind)
        assert evaluate_exactly(sheet.explain_row(code, kind)) == entry.points


@settings(max_examples=30, deadline=None)
@given(sheets())
def test_every_step_of_an_explanation_states_what_its_own_parts_give(sheet):
    def check(step):
        value = evaluate_exactly(step)
        assert step.value == (None if value is None else step.value)
        assert value is None or Fraction(step.value) == value
        assert say(step.text, "en")
        for part in step.parts:
            check(part)

    check(sheet.explain("projected"))
