"""A unit's report by rules alone: late by the working calendar, reminded by steps, words kept."""

from datetime import date
from typing import get_args

import pytest

from chassis.rules import InputRefused, RuleBroken
from contracts.tasks import UnitReportStatus
from tasks.ladder.domain import days_late
from tasks.unit_reports.defaults import composed
from tasks.unit_reports.domain import (
    FROM,
    acts_open_in,
    check_beginning,
    check_difficulties,
    check_returner,
    check_standing,
    check_themes,
    step_of,
)
from tasks.unit_reports.drafting import drafted, kept_difficulties, kept_text, share

D = date
STEPS = (7, 3, 1, 0)


@pytest.mark.parametrize(
    ("due_on", "handed_in_on", "late", "why"),
    [
        (D(2025, 11, 29), D(2025, 11, 28), 0, "the last working day before a Saturday"),
        (D(2025, 11, 29), D(2025, 11, 29), 0, "the last allowed day itself, a Saturday"),
        (D(2025, 11, 29), D(2025, 11, 30), 0, "30/11/2025 is a Sunday: no working day has passed"),
        (D(2025, 11, 29), D(2025, 12, 1), 1, "the Monday after"),
        (D(2025, 11, 29), D(2025, 12, 5), 5, "the Friday of that week"),
        (D(2025, 4, 25), D(2025, 4, 26), 1, "Saturday 26/4/2025 is worked for 2/5"),
        (D(2025, 4, 29), D(2025, 5, 4), 0, "30/4 to 4/5/2025 are days off, 2/5 by the swap"),
        (D(2025, 4, 29), D(2025, 5, 5), 1, "the first day worked after them"),
        (D(2025, 1, 24), D(2025, 2, 3), 1, "Tết of 2025: a week and two weekends off"),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else str(value),
)
def test_late_is_late_by_the_working_calendar(demo_calendar, due_on, handed_in_on, late, why):
    assert days_late(due_on, handed_in_on, demo_calendar) == late, why


@pytest.mark.parametrize(
    ("left", "step"),
    [(9, None), (8, None), (7, 7), (5, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 0)],
)
def test_a_reminder_stays_in_force_until_the_next(left, step):
    assert step_of(left, STEPS) == step


def test_without_steps_nobody_is_reminded():
    assert step_of(0, ()) is None


@pytest.mark.parametrize("status", get_args(UnitReportStatus))
def test_what_a_status_does_not_allow_is_refused_by_its_name(status):
    for act in set(FROM) - set(acts_open_in(status)):
        with pytest.raises(RuleBroken) as refused:
            check_standing(act, status)
        assert refused.value.code.startswith("unit_report_")


@pytest.mark.parametrize(
    ("status", "plan", "led", "code"),
    [
        ("owed", "closed", 3, "plan_not_in_force"),
        ("owed", "active", 0, "unit_report_not_owed"),
        ("draft", "active", 3, "unit_report_exists"),
    ],
)
def test_a_report_is_begun_once_and_where_it_is_owed(status, plan, led, code):
    with pytest.raises(RuleBroken) as refused:
        check_beginning(status, plan, led)
    assert refused.value.code == code


def test_the_head_returns_before_it_is_handed_in_and_the_office_after():
    check_returner("head", as_office=False, own=True)
    check_returner("office", as_office=True, own=False)
    with pytest.raises(RuleBroken):
        check_returner("head", as_office=True, own=False)
    with pytest.raises(RuleBroken):
        check_returner("office", as_office=False, own=True)


def test_a_difficulty_needs_words_and_a_theme_in_use_or_one_it_had():
    themes = composed().in_use()
    check_difficulties([{"theme": "staff", "text": "Thiếu người"}], themes, ())
    check_difficulties([{"theme": "gone", "text": "Như trước"}], themes, ("gone",))
    with pytest.raises(InputRefused) as refused:
        check_difficulties(
            [{"theme": None, "text": ""}, {"theme": "gone", "text": "Khác"}], themes, ()
        )
    pointers = [each.pointer for each in refused.value.problems]
    assert pointers == ["/difficulties/0/text", "/difficulties/1/theme"]
    assert "Nhân lực" in str(refused.value.problems[1].sentence)


def test_a_theme_that_was_used_is_put_out_of_use_and_never_dropped():
    before = composed().themes
    check_themes(before, [{**each, "active": False} for each in before])
    with pytest.raises(InputRefused, match="Thể chế") as refused:
        check_themes(before, before[1:])
    assert refused.value.code == "theme_removed"


# ---------------------------------------------------------------- words

LINE = {
    "number": "NV-2025-0001", "content": "Rà soát thủ tục", "product": "Báo cáo",
    "due_on": "2025-06-30", "day": None, "on_time": None, "days": 5, "late_days": 3,
    "text": "Thiếu số liệu",
}  # fmt: skip
FIGURES = {
    "as_of": "2025-11-27T20:00:00+00:00", "all": 12, "done": 8, "due": 10, "done_due": 8,
    "overdue": 2, "waiting": 0, "paused": 0, "undated": 1, "contributions_asked": 3,
    "contributions_given": 2, "contributions_on_time": 1, "late": [LINE], "difficulties": [LINE],
    "accepted": [], "measures": [
        {"code": "1.1.3", "criterion": "Mức độ hoàn thành", "words": "Họp giao ban hằng tuần.",
         "status": "accepted", "number": "NV-2025-0150"},
    ],
}  # fmt: skip


def test_the_first_words_are_made_of_the_figures():
    made = drafted(FIGURES)
    assert "Tính đến ngày 28/11/2025" in made["results"], "the day is that of Viet Nam"
    assert "8/12 nhiệm vụ có thời hạn (66,67 %)" in made["results"]
    assert "8/10 (80,00 %)" in made["results"]
    assert "2/3 đóng góp phối hợp" in made["results"]
    assert (
        "- NV-2025-0001: Rà soát thủ tục, hạn 30/6/2025, quá hạn 3 ngày làm việc."
        in made["results"]
    )
    assert made["measures"] == (
        "- Tiêu chí 1.1.3: Họp giao ban hằng tuần (đã chấp nhận, nhiệm vụ NV-2025-0150)."
    )
    assert made["difficulties"] == [
        {"theme": None, "number": "NV-2025-0001", "text": "Thiếu số liệu"}
    ]


def test_a_share_of_nothing_is_no_zero():
    assert (share(0, 0), share(2, 3), share(12, 12)) == ("—", "66,67 %", "100,00 %")


def test_words_that_a_person_wrote_stay_and_drafted_ones_follow_the_figures():
    before, after = (drafted({**FIGURES, "done": done})["results"] for done in (8, 9))
    assert kept_text("Phòng đã làm xong.", before, after) == "Phòng đã làm xong."
    assert kept_text("", before, after) == "", "what a person cut out stays out"
    assert kept_text(before, before, after) == after


def test_difficulties_that_a_person_wrote_sorted_or_threw_out_stay_so():
    mine = {"theme": "staff", "number": None, "text": "Thiếu người"}
    old = {"theme": None, "number": "NV-2025-0001", "text": "Thiếu số liệu"}
    gone = {"theme": None, "number": "NV-2025-0002", "text": "Đã gỡ xong"}
    new = {"theme": None, "number": "NV-2025-0003", "text": "Chờ văn bản"}
    before = {"results": "", "measures": "", "difficulties": [old, gone]}
    after = {"results": "", "measures": "", "difficulties": [old, new]}
    sorted_ = {**old, "theme": "digital"}

    assert kept_difficulties([mine, old, gone], before, after) == [mine, old, new]
    assert kept_difficulties([mine, sorted_], before, after) == [mine, sorted_, new]
    assert kept_difficulties([mine], before, after) == [mine, new], "thrown out stays out"
