"""A round takes answers between its dates while it is open, and never opens again."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from chassis.rules import InputRefused, RuleBroken
from surveys.codes.domain import check_takes_codes
from surveys.rounds.domain import ACTS, Round, Status, Why

FIRST, LAST = date(2025, 9, 1), date(2025, 11, 28)
DAY = timedelta(days=1)


def a_round(status: str = "draft") -> Round:
    return Round.model_validate({"status": status, "opens_on": FIRST, "closes_on": LAST})


def problem(act: object) -> str:
    with pytest.raises(RuleBroken) as refused:
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
         ("Đợt khảo sát đã đóng. Phiếu nhận trả lời đến hết ngày 28/11/2025; "
          "gửi sau đó không được ghi nhận.")),
        ("closed", FIRST, Why.CLOSED,
         "Đợt khảo sát đã đóng. Phiếu gửi sau khi đóng không được ghi nhận."),
    ],
)  # fmt: skip
def test_an_answer_at_another_time_is_refused_with_the_reason(
    status: str, today: date, why: Why, message: str
) -> None:
    refusal = a_round(status).accepts(today)

    assert refusal is not None
    assert (refusal.why, str(refusal.sentence)) == (why, message)


def test_a_round_may_not_end_before_it_begins() -> None:
    with pytest.raises(InputRefused, match="từ ngày bắt đầu trở đi") as refused:
        Round(opens_on=LAST, closes_on=FIRST)
    assert [problem.pointer for problem in refused.value.problems] == ["/closes_on"]


@pytest.mark.parametrize("status", ACTS)
def test_what_a_round_offers_is_what_its_rules_let_happen(status: Status) -> None:
    rules: dict[str, Callable[[], object]] = {
        "open": lambda: a_round(status).opened(FIRST, questionnaire_published=True),
        "close": a_round(status).closed,
        "issue_tickets": lambda: check_takes_codes(status, [], None),
        "create_link": lambda: check_takes_codes(status, [], None),
    }

    for act, rule in rules.items():
        if act in ACTS[status]:
            rule()
        else:
            with pytest.raises(RuleBroken):
                rule()
