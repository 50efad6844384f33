"""A round takes answers between its dates while it is open, and never opens again."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from surveys.rounds.domain import Round, RoundProblem, Why, sample_size

FIRST, LAST = date(2025, 9, 1), date(2025, 11, 28)
DAY = timedelta(days=1)


def a_round(status: str = "draft") -> Round:
    return Round.model_validate({"status": status, "opens_on": FIRST, "closes_on": LAST})


def problem(act: object) -> str:
    with pytest.raises(RoundProblem) as refused:
        act()  # type: ignore[operator]
    return refused.value.code


def test_a_round_goes_from_draft_to_open_to_closed() -> None:
    opened = a_round().opened(FIRST, questionnaire_published=True)

    assert opened.status == "open"
    assert opened.closed().status == "closed"
    assert (opened.min_n, opened.method, opened.aggregator) == (30, "share", "pooled")


def test_closed_is_final() -> None:
    closed = a_round("closed")

    assert problem(lambda: closed.opened(FIRST, questionnaire_published=True)) == (
        "round_already_closed"
    )
    assert problem(closed.closed) == "round_already_closed"


def test_a_round_is_not_opened_twice_nor_without_a_published_questionnaire_nor_too_late() -> None:
    draft = a_round()

    assert problem(lambda: a_round("open").opened(FIRST, questionnaire_published=True)) == (
        "round_already_open"
    )
    assert problem(lambda: draft.opened(FIRST, questionnaire_published=False)) == (
        "questionnaire_not_published"
    )
    assert problem(lambda: draft.opened(LAST + DAY, questionnaire_published=True)) == (
        "round_dates_past"
    )
    assert draft.opened(LAST, questionnaire_published=True).status == "open"
    assert problem(draft.closed) == "round_not_open"


@pytest.mark.parametrize("today", [FIRST, LAST])
def test_answers_are_taken_on_the_first_and_on_the_last_day(today: date) -> None:
    assert a_round("open").accepts(today) is None


@pytest.mark.parametrize(
    ("status", "today", "why", "message"),
    [
        ("draft", FIRST, Why.NOT_OPEN_YET, "Đợt khảo sát chưa mở."),
        ("open", FIRST - DAY, Why.NOT_OPEN_YET,
         "Đợt khảo sát chưa mở. Phiếu nhận trả lời từ ngày 01/09/2025."),
        ("open", LAST + DAY, Why.CLOSED,
         "Đợt khảo sát đã đóng. Phiếu nhận trả lời đến hết ngày 28/11/2025."),
        ("closed", FIRST, Why.CLOSED, "Đợt khảo sát đã đóng."),
    ],
)  # fmt: skip
def test_an_answer_at_another_time_is_refused_with_the_reason(
    status: str, today: date, why: Why, message: str
) -> None:
    refusal = a_round(status).accepts(today)

    assert refusal is not None
    assert (refusal.why, refusal.message) == (why, message)


def test_a_round_may_not_end_before_it_begins() -> None:
    with pytest.raises(ValidationError, match="từ ngày bắt đầu trở đi"):
        Round(opens_on=LAST, closes_on=FIRST)


@pytest.mark.parametrize(
    ("population", "needed"),
    [(0, 0), (1, 1), (50, 45), (100, 80), (200, 134), (300, 172), (500, 223), (1000, 286),
     (2000, 334), (5000, 371), (10000, 385)],
)  # fmt: skip
def test_the_sample_grows_as_the_published_table_says(population: int, needed: int) -> None:
    assert sample_size(population) == needed
