"""Which later day may be asked for and granted, and what is said about it: the calendar's edges."""

from datetime import date

import pytest

from chassis.i18n import say
from chassis.rules import InputRefused, RuleBroken
from tasks.assignments.later_day import check_asking, check_later, remarks

TODAY = date(2025, 11, 26)  # a Wednesday
CLOSES = date(2025, 12, 15)


@pytest.mark.parametrize(
    ("due_on", "day", "message"),
    [
        (date(2025, 11, 28), date(2025, 12, 5), None),
        (date(2025, 11, 28), date(2025, 11, 29), None),  # a Saturday is allowed, and said
        (date(2025, 11, 28), date(2025, 11, 28), "Ngày mới phải sau thời hạn hiện nay, 28/11/2025"),
        (date(2025, 11, 28), date(2025, 11, 27), "Ngày mới phải sau thời hạn hiện nay, 28/11/2025"),
        (date(2025, 11, 20), TODAY, None),  # overdue, to be done today
        (
            date(2025, 11, 20),
            date(2025, 11, 25),
            "Ngày 25/11/2025 đã qua: hãy chọn từ hôm nay trở đi",
        ),
        (
            date(2025, 11, 28),
            date(2205, 12, 5),
            "Ngày 05/12/2205 không trong các năm từ 2000 đến 2100: kiểm tra lại năm đã ghi",
        ),
    ],
)
def test_the_new_day_is_after_the_deadline_and_not_before_today(due_on, day, message):
    if message is None:
        return check_later(due_on, day, TODAY)
    with pytest.raises(InputRefused) as refused:
        check_later(due_on, day, TODAY)
    [problem] = refused.value.problems
    assert (problem.pointer, say(problem.sentence)) == ("/due_on", message)
    return None


@pytest.mark.parametrize(
    ("due_on", "day", "said"),
    [
        (date(2025, 11, 28), date(2025, 12, 5), {}),
        (
            date(2025, 11, 28),
            date(2025, 11, 30),
            {
                "day_off": "30/11/2025 (Chủ nhật) là ngày nghỉ; ngày làm việc cuối cùng trước đó"
                " là 28/11/2025.",
                "no_working_day": "Từ thời hạn 28/11/2025 đến 30/11/2025 không có thêm ngày làm"
                " việc nào.",
            },
        ),
        # Holidays of 2025: 1/9 and 2/9; 30/8 and 31/8 are a weekend.
        (date(2025, 8, 29), date(2025, 9, 2), {"day_off": None, "no_working_day": None}),
        (date(2025, 8, 29), date(2025, 9, 3), {}),
        (date(2025, 4, 25), date(2025, 4, 26), {}),  # a Saturday that is worked, for 02/5
        (date(2025, 4, 29), date(2025, 5, 2), {"day_off": None, "no_working_day": None}),
        (
            date(2025, 11, 28),
            date(2025, 12, 16),
            {"after_plan": "16/12/2025 sau ngày kế hoạch kết thúc, 15/12/2025."},
        ),
        (date(2025, 11, 28), CLOSES, {}),
        (date(2025, 11, 28), date(2031, 1, 2), {"after_plan": None, "calendar_missing": None}),
    ],
)
def test_a_day_off_a_day_after_the_plan_and_an_unknown_year_are_said(
    demo_calendar, due_on, day, said
):
    found = {each.code: say(each.sentence) for each in remarks(due_on, day, CLOSES, demo_calendar)}
    assert set(found) == set(said)
    assert {code: found[code] for code, words in said.items() if words} == {
        code: words for code, words in said.items() if words
    }


def test_nothing_is_extended_without_a_deadline_nor_asked_for_twice():
    due_on = date(2025, 11, 28)
    assert check_asking(due_on, None) == due_on
    with pytest.raises(RuleBroken) as missing:
        check_asking(None, None)
    with pytest.raises(RuleBroken) as open_:
        check_asking(due_on, date(2025, 12, 5))
    assert (missing.value.code, open_.value.code) == ("deadline_missing", "extension_open")
    assert "05/12/2025" in say(open_.value.sentence)
