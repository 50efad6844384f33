"""The three PAR figures, and an example computed by hand."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from tests.reporting.reader import as_answered

from chassis.i18n import say
from reporting.completion.domain import Cell, Completion, Counts, summarise
from reporting.criteria.checker import read
from reporting.explanations.evaluation import evaluate
from reporting.par.index import ScoreSheet
from reporting.par.inputs import KINDS, Inputs, Live, Surveyed
from reporting.satisfaction.domain import AnswerCounts, Measure, SurveyFigure
from reporting.score_sheets.domain import problem_with_not_applicable, problem_with_score
from reporting.score_sheets.models import ScoreRow
from reporting.score_sheets.sheets import inputs_of
from reporting.shown import shown

ROOT = Path(__file__).parents[2]
CRITERIA = read(yaml.safe_load((ROOT / "demo" / "criteria_set.yaml").read_text(encoding="utf-8")))
SUBS = CRITERIA.by_code()
TODAY = date(2025, 11, 23)
D = Decimal


def words_of(sentence):
    return say(sentence)


def plan(done, total=10, *, open_later=0):
    """Tasks due in June, and some that are only due in December."""
    cells = [
        Cell(date(2025, 6, 30), Counts(total, done, done)),
        Cell(date(2025, 12, 31), Counts(open_later)),
    ]
    return Live.from_tasks(summarise(cells, TODAY))


def shown_factor(index, n=40):
    """A factor of an open round: a value rounded to its step, and nothing behind it."""
    return SurveyFigure("F1", Fraction(index), n, release=1)


def exact_factor(satisfied, n):
    counts = (("F1.1", AnswerCounts(n1=n - satisfied, n5=satisfied)),)
    measured = Measure("F1", "share", "pooled", counts, n)
    return SurveyFigure("F1", measured.value, n, release=2, exact=measured)


def figures(sheet):
    return {kind: shown(sheet.figure(kind).value) for kind in KINDS}


def test_completing_one_assignment_moves_its_sub_criterion_and_the_total_by_what_we_computed():
    """By hand, for 1.1.3 (1.5 points, floor 80 %) and 5 points not applicable of 100, so of 95.

    7 of 10 done: 70 %, below the floor: 0 points;            100 × 0.00 / 95 = 0.00
    8 of 10 done: 80 %, the floor counts: 1.5 × 0.8 = 1.20;   100 × 1.20 / 95 = 1.2631… = 1.26
    9 of 10 done: 90 %: 1.5 × 0.9 = 1.35;                     100 × 1.35 / 95 = 1.4210… = 1.42
    Not applicable: 1.6.1 (2.0), 2.1.1 (1.5), 2.1.2 (1.0), 2.1.3 (0.5).
    """
    absent = dict.fromkeys(("1.6.1", "2.1.1", "2.1.2", "2.1.3"), Inputs(not_applicable=True))
    seen = []
    for done in (7, 8, 9):
        sheet = ScoreSheet(CRITERIA, {**absent, "1.1.3": Inputs(live=plan(done))})
        row = sheet.row("1.1.3").secured
        seen.append((shown(row.points), shown(sheet.figure("secured").value)))

    assert seen == [(D("0.00"), D("0.00")), (D("1.20"), D("1.26")), (D("1.35"), D("1.42"))]
    assert sheet.figure("secured").applicable == 95


def test_secured_counts_all_that_must_be_done_and_projected_what_is_due_so_far():
    """9 of 10 due tasks are done, 5 more are due later: 9/15 = 60 % earns nothing, 9/10 does."""
    sheet = ScoreSheet(CRITERIA, {"1.1.3": Inputs(live=plan(9, open_later=5))})

    assert figures(sheet) == {"secured": D("0.00"), "projected": D("1.35"), "official": None}


def small_set(*max_points):
    names = [f"1.{i}" for i in range(1, len(max_points) + 1)]
    rule = {"method": "boolean", "condition": "đạt", "false_points": "0"}
    return read({
        "code": "thu", "title": "Thử", "year": 2025, "composed": True, "notice": "thử",
        "total_points": "100", "bonus_max": "2", "penalty_max": "3", "grade_bands": [],
        "areas": [{"code": "1", "name": "A", "max_points": "100", "criteria": [
            {"code": code, "name": "B", "max_points": points, "sub_criteria": [{
                "code": f"{code}.1", "name": "C", "max_points": points, "source": "thử",
                "na_allowed": True, "na_when": "không có", "rule": {**rule, "true_points": points},
            }]} for code, points in zip(names, max_points, strict=True)
        ]}],
    })  # fmt: skip


def test_not_applicable_points_leave_the_denominator_as_in_the_published_example():
    inputs = {"1.1.1": Inputs(appraised_1=D("68.32")), "1.2.1": Inputs(not_applicable=True)}

    figure = ScoreSheet(small_set("84", "16"), inputs).figure("official")

    assert (shown(figure.value), figure.applicable) == (D("81.33"), 84)


def test_each_figure_takes_the_first_value_of_its_own_order_and_marks_it():
    every = Inputs(
        self_score=D(5),
        expected_score=D(4),
        last_year_score=D(3),
        appraised_1=D(2),
        appraised_2=D(1),
    )
    cases = {
        "1.1.1": every,
        "1.2.1": Inputs(expected_score=D(4), last_year_score=D(3), appraised_1=D(2)),
        "1.3.1": Inputs(last_year_score=D(3)),
        "1.4.1": Inputs(self_score=D(5)),
    }
    sheet = ScoreSheet(small_set("20", "20", "20", "20", "20"), cases)

    rows = {row.sub.code: row for row in sheet.rows()}

    assert {k: [getattr(r, k).source for r in rows.values()] for k in KINDS} == {
        "secured": ["appraised_2", "appraised_1", "none", "none", "none"],
        "projected": ["self_score", "expected", "last_year", "self_score", "none"],
        "official": ["appraised_2", "appraised_1", "none", "none", "none"],
    }
    assert figures(sheet) == {"secured": D(3), "projected": D(17), "official": D(3)}
    assert [sheet.figure(k).valued for k in KINDS] == [40, 80, 40]
    assert sheet.figure("projected").by_source == {
        "self_score": 40, "expected": 20, "last_year": 20, "none": 20,
    }  # fmt: skip


def test_live_tasks_go_before_a_self_score_and_an_appraisal_before_live_tasks():
    inputs = Inputs(live=plan(9), self_score=D("1.5"), appraised_1=D("1"))
    row = ScoreSheet(CRITERIA, {"1.1.3": inputs}).row("1.1.3")

    sources = (row.secured.source, row.projected.source, row.official.source)
    assert sources == ("appraised_1", "live", "appraised_1")


def test_with_nothing_due_the_owner_is_asked_instead_of_guessing():
    live = Live.from_tasks(summarise([Cell(date(2025, 12, 31), Counts(3))], TODAY))
    row = ScoreSheet(CRITERIA, {"1.1.3": Inputs(live=live, expected_score=D(1))}).row("1.1.3")

    assert (row.secured.points, row.projected.source) == (0, "expected")


@pytest.mark.parametrize(
    ("code", "inputs", "said"),
    [
        ("1.1.3", Inputs(live=plan(9)), "chỉ lấy từ thẩm định"),
        ("1.6.1", Inputs(self_score=D("1")), "chỉ lấy từ thẩm định"),
        ("1.1.1", Inputs(self_score=D("1")), "chỉ lấy từ thẩm định"),
        ("8.1.1", Inputs(survey=Surveyed(under_way=shown_factor(80))), "Cần kết thúc một đợt"),
    ],
)
def test_a_row_without_official_points_is_told_what_gives_it_these(code, inputs, said):
    sheet = ScoreSheet(CRITERIA, {code: inputs})

    assert sheet.row(code).projected.points is not None
    assert said in words_of(sheet.explain_row(code, "official").text)


def test_a_survey_is_never_self_scored_and_official_only_when_closed():
    entered = Inputs(self_score=D("1.5"), appraised_1=D("1.5"))
    answered = shown_factor(80)

    def sources(inputs):
        row = ScoreSheet(CRITERIA, {"8.1.1": inputs}).row("8.1.1")
        return [getattr(row, kind).source for kind in KINDS]

    assert sources(entered) == ["none", "none", "none"]
    opened, closed = Surveyed(under_way=answered), Surveyed(result=answered)
    assert sources(Inputs(survey=opened)) == ["open_round", "open_round", "none"]
    assert sources(Inputs(survey=closed)) == ["closed_round", "closed_round", "closed_round"]


def test_a_row_the_total_and_its_explanation_stand_on_the_same_shown_survey_figure():
    """8.1.1 has 1.5 points, 8.1.2 has 2: 80 % and 75 %, as shown, are 1.20 + 1.50 = 2.70 of 100.

    So nobody learns from the total, or from the parts of its explanation, more than the index says.
    """
    shown_now = {
        "8.1.1": Inputs(survey=Surveyed(under_way=shown_factor(80))),
        "8.1.2": Inputs(survey=Surveyed(under_way=shown_factor(75))),
    }
    sheet = ScoreSheet(CRITERIA, shown_now)
    rows = [sheet.row(code) for code in shown_now]
    told = sheet.explain("secured")

    assert [row.secured.points for row in rows] == [row.projected.points for row in rows]
    assert [shown(row.secured.points) for row in rows] == [D("1.20"), D("1.50")]
    assert shown(sheet.figure("secured").value) == evaluate(told) == D("2.70")
    [area] = [part for part in told.parts if part.value == "2.7"]
    assert [part.code for part in area.parts if part.value not in (None, "0")] == list(shown_now)


def test_a_survey_explains_itself_by_its_release_and_by_its_answers_only_once_it_is_closed():
    def written(survey):
        inputs = {"8.1.1": Inputs(survey=survey)}
        return json.dumps(as_answered(ScoreSheet(CRITERIA, inputs).explain("secured")))

    opened = written(Surveyed(under_way=shown_factor(80)))
    closed = written(Surveyed(result=exact_factor(32, 40)))

    assert '"n5"' not in opened
    assert all(word in opened for word in ('"index_released"', '"release": 1', '"ballots": 40'))
    assert '"n5": 32' in closed


def test_a_survey_of_which_too_few_are_released_earns_nothing_and_is_not_zero_points():
    """Its owner's expectation stands for it in the projection."""
    inputs = Inputs(survey=Surveyed(), expected_score=D(1))
    row = ScoreSheet(CRITERIA, {"8.1.1": inputs}).row("8.1.1")

    assert (row.secured.source, row.secured.points) == ("none", None)
    assert (row.projected.source, row.projected.points) == ("expected", 1)


def test_bonus_and_penalty_are_capped_and_the_index_stays_within_its_scale():
    criteria = small_set("50", "50")
    full = {code: Inputs(appraised_1=D(50)) for code in ("1.1.1", "1.2.1")}
    half = {"1.1.1": Inputs(appraised_1=D(50))}

    assert ScoreSheet(criteria, full, bonus=D(2)).figure("official").value == 100
    assert ScoreSheet(criteria, half, bonus=D(9)).figure("official").value == 52
    assert ScoreSheet(criteria, half, penalty=D(9)).figure("official").value == 47
    none_left = {"1.1.1": Inputs(appraised_1=D(1))}
    assert ScoreSheet(criteria, none_left, penalty=D(9)).figure("secured").value == 0


def test_a_sheet_where_nothing_applies_has_no_index():
    sheet = ScoreSheet(small_set("100"), {"1.1.1": Inputs(not_applicable=True)})

    assert figures(sheet) == {"secured": None, "projected": None, "official": None}
    assert evaluate(sheet.explain("projected")) is None


@pytest.mark.parametrize(
    ("code", "column", "points", "said"),
    [
        ("1.1.3", "self_score", "1.51", "1.1.3: điểm phải từ 0 đến 1,50"),
        ("1.1.3", "appraised_1", "-0.1", "1.1.3: điểm phải từ 0 đến 1,50"),
        ("1.1.3", "expected_score", "0.1234567", "nhiều nhất 6 chữ số"),
        ("8.1.1", "self_score", "1", "chỉ lấy từ khảo sát"),
        ("8.1.1", "appraised_2", "1", "chỉ lấy từ khảo sát"),
    ],
)
def test_points_that_cannot_be_entered_are_refused_with_the_reason(code, column, points, said):
    assert said in words_of(problem_with_score(SUBS[code], column, D(points)))


def test_points_within_the_maximum_may_be_entered():
    assert problem_with_score(SUBS["1.1.3"], "self_score", D("1.5")) is None
    assert problem_with_score(SUBS["8.1.1"], "expected_score", D("1.5")) is None


def test_not_applicable_needs_a_sub_criterion_that_allows_it_and_a_reason():
    assert "luôn phải chấm" in words_of(problem_with_not_applicable(SUBS["1.1.3"], "lý do"))
    assert "phải nêu lý do" in words_of(problem_with_not_applicable(SUBS["1.6.1"], "  "))
    assert problem_with_not_applicable(SUBS["1.6.1"], "không được giao") is None


def test_a_completion_of_nothing_feeds_no_points():
    nothing = Live.from_tasks(Completion(Counts(), Counts(), 0))

    assert (
        ScoreSheet(CRITERIA, {"1.1.3": Inputs(live=nothing)}).row("1.1.3").secured.source == "none"
    )


def test_points_entered_while_more_were_at_stake_count_no_more_than_the_maximum():
    cases = {"1.1.1": Inputs(appraised_1=D(20)), "1.2.1": Inputs(last_year_score=D(90))}
    sheet = ScoreSheet(small_set("14", "86"), cases)
    assert figures(sheet) == {"secured": D(14), "projected": D(86), "official": D(14)}


@pytest.mark.parametrize(
    ("points", "most", "counts"),
    [(3, 3, 2), (2, 4, 1), (1, 3, "0.666667"), (1, None, 1), (2, 2, 2)],
)
def test_last_years_points_count_for_their_share_of_last_years_maximum(points, most, counts):
    sub = small_set("2", "98").by_code()["1.1.1"]
    row = ScoreRow(last_year_score=D(points), last_year_max=most and D(most))
    assert inputs_of(sub, row).last_year_score == D(counts)
