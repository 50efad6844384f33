"""Deadline wordings: each line of the table is one way an appendix says when."""

import time
from dataclasses import replace
from datetime import date

import pytest

from tasks.calendar.domain import WorkingCalendar
from tasks.deadlines.domain import DaysAfter, Frame
from tasks.deadlines.wordings import read_deadline, words_above

MONTH_ENDS = [
    date(2025, month, day)
    for month, day in enumerate([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], start=1)
]
QUARTER_ENDS = [date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)]
CLOSES = date(2025, 11, 29)


def due(read):
    return [one.due_on for one in read.occurrences]


@pytest.mark.parametrize(
    ("text", "last_allowed"),
    [
        ("Trước ngày 30/11/2025", date(2025, 11, 29)),
        ("Trước 30/4/2025", date(2025, 4, 29)),
        ("Hoàn thành trước ngày 01/01/2026", date(2025, 12, 31)),
        ("Trước Quý II/2025", date(2025, 3, 31)),
        ("Trước tháng 9/2025", date(2025, 8, 31)),
    ],
)
def test_before_a_day_excludes_that_day(demo_frame, text, last_allowed):
    read = read_deadline(text, demo_frame)
    assert (read.kind, due(read)) == ("fixed", [last_allowed])


@pytest.mark.parametrize(
    "text",
    [
        "30/6/2025", "30/06/2025", "30.6.2025", "30-6-2025", "30/6/25", "30/6", "30.6",
        "30 / 6 / 2025", "ngày 30 tháng 6 năm 2025", "Ngày 30 tháng 6", "ngày 30/6 năm 2025",
        "Chậm nhất ngày 30/6/2025", "Chậm nhất là ngày 30/6", "Không quá ngày 30/6/2025",
        "Đến hết ngày 30/6/2025",
        "Đến ngày 30/6/2025", "Hoàn thành trong ngày 30/6/2025.", "CHẬM NHẤT NGÀY 30/6/2025",
    ],
)  # fmt: skip
def test_every_way_to_write_a_day_means_that_day_included(demo_frame, text):
    read = read_deadline(text, demo_frame)
    assert (read.kind, due(read)) == ("fixed", [date(2025, 6, 30)])
    assert read.occurrences[0].starts_on is None


def test_a_blank_cell_is_asked_about_without_quoting_nothing(demo_frame):
    [warning] = read_deadline(" \n", demo_frame).warnings
    assert str(warning.sentence).startswith("ô thời hạn để trống. Ghi ngày")


def test_a_cell_too_long_to_be_a_deadline_is_left_to_a_person_at_once(demo_frame):
    endless = "Quý I-II/2025, " * 600
    began = time.monotonic()

    read = read_deadline(endless, demo_frame)

    assert time.monotonic() - began < 1
    assert (read.kind, read.text) == ("needs_person", endless.strip())
    assert "500" in str(read.reading)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Quý II/2025", date(2025, 4, 1), date(2025, 6, 30)),
        ("Quý IV năm 2025", date(2025, 10, 1), date(2025, 12, 31)),
        ("Q2/2025", date(2025, 4, 1), date(2025, 6, 30)),
        ("quý 2", date(2025, 4, 1), date(2025, 6, 30)),
        ("Quí Ⅱ, năm 2025", date(2025, 4, 1), date(2025, 6, 30)),
        ("Trong quý III", date(2025, 7, 1), date(2025, 9, 30)),
        ("Quý I-II/2025", date(2025, 1, 1), date(2025, 6, 30)),
        ("6 tháng đầu năm 2025", date(2025, 1, 1), date(2025, 6, 30)),
        ("6 tháng cuối năm", date(2025, 7, 1), date(2025, 12, 31)),
        ("Tháng 9/2025", date(2025, 9, 1), date(2025, 9, 30)),
        ("9/2025", date(2025, 9, 1), date(2025, 9, 30)),
        ("Tháng 10 - tháng 11/2025", date(2025, 10, 1), date(2025, 11, 30)),
        ("Tháng 10–11/2025", date(2025, 10, 1), date(2025, 11, 30)),
        ("Từ tháng 9 đến tháng 11/2025", date(2025, 9, 1), date(2025, 11, 30)),
        ("Từ 15/9 đến hết ngày 15/11/2025", date(2025, 9, 15), date(2025, 11, 15)),
        ("Tháng 12/2025 - tháng 02/2026", date(2025, 12, 1), date(2026, 2, 28)),
        ("Năm 2025", date(2025, 1, 1), CLOSES),
        ("Cả năm", date(2025, 1, 1), CLOSES),
        ("Trong năm", date(2025, 1, 1), CLOSES),
        ("Hằng năm", date(2025, 1, 1), CLOSES),
    ],
)
def test_a_period_is_due_on_its_last_day_and_keeps_its_first(demo_frame, text, start, end):
    read = read_deadline(text, demo_frame)
    assert read.kind == "fixed"
    assert [(one.starts_on, one.due_on) for one in read.occurrences] == [(start, end)]


def test_the_whole_year_ends_with_december_when_the_plan_has_no_closing_day(demo_calendar):
    frame = Frame(2025, None, demo_calendar)
    assert due(read_deadline("Cả năm", frame)) == [date(2025, 12, 31)]


@pytest.mark.parametrize(
    ("text", "labels", "days"),
    [
        (
            "Quý II, Quý III/2025",
            ["Quý II/2025", "Quý III/2025"],
            [date(2025, 6, 30), date(2025, 9, 30)],
        ),
        (
            "Tháng 3 và tháng 10/2025",
            ["Tháng 3/2025", "Tháng 10/2025"],
            [date(2025, 3, 31), date(2025, 10, 31)],
        ),
        ("Tháng 6\nTháng 12", ["Tháng 6/2025", "Tháng 12/2025"], [MONTH_ENDS[5], MONTH_ENDS[11]]),
        (
            "Quý 1, 2 và 4/2025",
            ["Quý I/2025", "Quý II/2025", "Quý IV/2025"],
            [QUARTER_ENDS[0], QUARTER_ENDS[1], QUARTER_ENDS[3]],
        ),
        (
            "Trước ngày 15/6 và ngày 15/12/2025",
            ["15/6/2025", "15/12/2025"],
            [date(2025, 6, 14), date(2025, 12, 14)],
        ),
    ],
)
def test_a_list_is_several_occurrences_and_one_year_holds_for_all(demo_frame, text, labels, days):
    read = read_deadline(text, demo_frame)
    assert read.kind == "fixed"
    assert [one.label for one in read.occurrences] == labels
    assert due(read) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Hàng tháng", MONTH_ENDS),
        ("Hằng tháng", MONTH_ENDS),
        ("Định kỳ hàng tháng", MONTH_ENDS),
        ("Hàng quý", QUARTER_ENDS),
        ("Định kỳ 6 tháng", [date(2025, 6, 30), date(2025, 12, 31)]),
        (
            "Hằng tháng, chậm nhất ngày 05 tháng sau",
            [*(date(2025, month, 5) for month in range(2, 13)), date(2026, 1, 5)],
        ),
        ("Trước ngày 15 hằng tháng", [date(2025, month, 14) for month in range(1, 13)]),
        ("Hàng tháng, ngày 25", [date(2025, month, 25) for month in range(1, 13)]),
        ("Ngày 15 của tháng cuối quý", [date(2025, month, 15) for month in (3, 6, 9, 12)]),
        (
            "Hằng quý, trước ngày 10 tháng đầu quý sau",
            [*(date(2025, month, 9) for month in (4, 7, 10)), date(2026, 1, 9)],
        ),
    ],
)
def test_what_comes_back_falls_due_once_in_each_period_of_the_plan_year(demo_frame, text, days):
    read = read_deadline(text, demo_frame)
    assert (read.kind, due(read)) == ("recurring", days)
    assert len({one.label for one in read.occurrences}) == len(days)


def test_a_day_some_months_lack_is_their_last_day_and_said_so(demo_frame):
    read = read_deadline("Ngày 31 hàng tháng", demo_frame)
    assert due(read) == MONTH_ENDS
    assert [str(w.sentence) for w in read.warnings] == [
        "Có tháng không có ngày này: lấy ngày cuối của tháng đó."
    ]


@pytest.mark.parametrize(
    "text",
    ["Thường xuyên", "Hàng ngày", "Thường xuyên, liên tục", "Thường xuyên trong năm 2025"],
)
def test_what_goes_on_all_the_time_is_never_due(demo_frame, text):
    read = read_deadline(text, demo_frame)
    assert (read.kind, due(read)) == ("continuous", [None])


def test_an_open_start_is_continuous_from_that_day(demo_frame):
    read = read_deadline("Từ 01/4/2025", demo_frame)
    assert read.kind == "continuous"
    assert (read.occurrences[0].starts_on, due(read)) == (date(2025, 4, 1), [None])


@pytest.mark.parametrize(
    "text",
    ["Khi có yêu cầu", "Khi có phát sinh", "Khi phát sinh", "Đột xuất", "Khi có hồ sơ trễ hạn",
     "Đột xuất, khi có yêu cầu", "Theo yêu cầu"],
)  # fmt: skip
def test_what_waits_for_an_event_has_no_day_until_it_happens(demo_frame, text):
    read = read_deadline(text, demo_frame)
    assert (read.kind, due(read), read.rule) == ("triggered", [None], None)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "Trong vòng 30 ngày kể từ ngày có kết luận",
            DaysAfter(30, working=False, event="có kết luận"),
        ),
        (
            "Chậm nhất 05 ngày làm việc kể từ ngày tiếp nhận",
            DaysAfter(5, working=True, event="tiếp nhận"),
        ),
        ("05 (năm) ngày làm việc kể từ ngày nhận đủ hồ sơ", DaysAfter(5, True, "nhận đủ hồ sơ")),
        ("Sau 3 ngày", None),
    ],
)
def test_days_after_an_event_keep_the_rule_and_the_event(demo_frame, text, rule):
    read = read_deadline(text, demo_frame)
    assert read.rule == rule
    assert read.kind == ("triggered" if rule else "needs_person")


def test_the_count_after_an_event_starts_the_day_after_it(demo_calendar):
    assert DaysAfter(30, False, "").due_on(date(2025, 6, 1), demo_calendar) == date(2025, 7, 1)
    assert DaysAfter(5, True, "").due_on(date(2025, 4, 25), demo_calendar) == date(2025, 5, 6)


@pytest.mark.parametrize(
    "text",
    [
        "Theo thời hạn tại văn bản giao", "Theo Chương trình của UBND tỉnh",
        "Sau khi có kết quả khảo sát", "Định kỳ", "Sau ngày 30/6/2025", "Hàng tuần", "Cuối năm",
        "Sớm nhất có thể",
        "Trong vòng 30 ngày kể từ ngày 01/4/2025", "Khi có yêu cầu, chậm nhất ngày 30/6/2025",
        "Tháng 3 - tháng 6, tháng 9", "", " . ", "10-11", "10-11/2025",
        "Trước 10-14/11", "14-10/11/2025",
    ],
)  # fmt: skip
def test_what_has_no_sure_reading_needs_a_person(demo_frame, text):
    read = read_deadline(text, demo_frame)
    assert (read.kind, due(read)) == ("needs_person", [None])
    assert read.warnings


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("06/30/2025", "không có ngày 6 tháng 30 năm 2025"),
        ("31/02/2025", "không có ngày 31 tháng 2 năm 2025"),
        ("Trước ngày 31/11/2025", "không có ngày 31 tháng 11 năm 2025"),
        ("Tháng 13/2025", "không có tháng 13"),
        ("Quý V, quý 5", "không có cách đọc chắc chắn"),
        ("Quý 5/2025", "không có quý 5"),
        ("30/6/2052", "năm 2052 cách xa năm kế hoạch 2025"),
        ("Tháng 11 - tháng 02/2026", "không sau"),
        ("Tháng 12/2024, tháng 3", "không rõ năm nào"),
    ],
)
def test_an_impossible_day_is_refused_with_the_reason_and_the_words_kept(demo_frame, text, why):
    read = read_deadline(text, demo_frame)
    assert (read.kind, read.text) == ("needs_person", text)
    assert why in str(read.reading)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        (
            "trước ngày 30/11/2025",
            "Trước ngày 30/11/2025: hạn cuối 29/11/2025 (thứ Bảy), ngày làm việc cuối 28/11/2025.",
        ),
        ("Quý II/2025", "Quý II/2025: từ 01/4/2025, hạn cuối 30/6/2025 (thứ Hai)."),
        (
            "Tháng 4/2025",
            (
                "Tháng 4/2025: từ 01/4/2025, hạn cuối 30/4/2025 (thứ Tư, ngày nghỉ), "
                "ngày làm việc cuối 29/4/2025."
            ),
        ),
        (
            "Cả năm",
            (
                "Cả năm: từ 01/01/2025, hạn cuối 29/11/2025 (thứ Bảy), ngày làm việc cuối "
                "28/11/2025 (ngày kết thúc kế hoạch, năm 2025 theo kế hoạch)."
            ),
        ),
        (
            "Hàng quý",
            "Hàng quý: 4 kỳ trong năm 2025, hạn đầu tiên 31/3/2025, hạn sau cùng 31/12/2025.",
        ),
        (
            "05 ngày làm việc kể từ ngày tiếp nhận",
            "5 ngày làm việc sau ngày tiếp nhận, tính từ ngày kế tiếp; cần nhập ngày tiếp nhận.",
        ),
    ],
)
def test_the_reading_tells_the_officer_how_the_words_were_understood(demo_frame, text, reading):
    assert str(read_deadline(text, demo_frame).reading) == reading


@pytest.mark.parametrize(
    "text",
    [
        "Tru\u031bo\u031b\u0301c nga\u0300y 30/11/2025",  # NFD
        "Trước\u00a0ngày\u00a030/11/2025",  # no-break spaces
        "Trước ngày 30/11/2025.",
        "  trước   NGÀY 30/11/2025 ",
        "Trước\nngày 30/11/2025",
        "truoc ngay 30/11/2025",
        "Trước ngày 30\u2011 11 \u2011 2025",
    ],
)
def test_keyboards_and_word_processors_make_no_difference(demo_frame, text):
    assert due(read_deadline(text, demo_frame)) == [date(2025, 11, 29)]


def test_the_eth_of_old_fonts_is_read_as_the_letter_it_looks_like(demo_frame):
    assert due(read_deadline("Ðến hết ngày 30/11/2025", demo_frame)) == [date(2025, 11, 30)]


def test_another_year_than_the_plans_is_read_and_warned_about(demo_frame):
    read = read_deadline("Quý I/2026", demo_frame)
    assert due(read) == [date(2026, 3, 31)]
    assert [str(w.sentence) for w in read.warnings] == ["Năm 2026 khác năm kế hoạch 2025."]


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("Trước ngày 15/12/2026", False), ("Trước ngày 15/12/2025", False),
        ("Trước ngày 15/02/2027", False), ("Trước ngày 15/12/2029", True),
        ("Trước ngày 15/12/2024", True),
    ],
)  # fmt: skip
def test_what_is_written_by_hand_is_doubted_only_far_from_the_plan_and_from_now(
    demo_frame, text, doubted
):
    read = read_deadline(text, replace(demo_frame, made_in=2026))
    assert [one.code for one in read.warnings] == ["deadline_other_year"] * doubted


def test_a_plan_of_another_year_moves_what_has_no_year():
    frame = Frame(2024, None, WorkingCalendar({}))
    assert due(read_deadline("Hàng tháng", frame))[1] == date(2024, 2, 29)
    assert due(read_deadline("30/6", frame)) == [date(2024, 6, 30)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Khi có yêu cầu và định kỳ hằng quý", ["triggered", *["recurring"] * 4]),
        ("Trước ngày 20/5/2025; duy trì thường xuyên", ["fixed", "continuous"]),
        ("Quý IV/2025 và những năm tiếp theo", ["fixed", "continuous"]),
        ("Hàng quý", [None] * 4),
    ],
)
def test_every_duty_of_a_cell_keeps_its_own_kind(demo_frame, text, kinds):
    assert [one.kind for one in read_deadline(text, demo_frame).occurrences] == kinds


def test_what_goes_on_in_later_years_begins_with_the_next_one(demo_frame):
    read = read_deadline("Hoàn thành trong quý III/2025 và những năm tiếp theo", demo_frame)
    assert [one.starts_on for one in read.occurrences] == [date(2025, 7, 1), date(2026, 1, 1)]
    assert "Từ 01/01/2026: thường xuyên" in str(read.reading)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Quý II", "trước ngày 15/8/2025"),
        ("Hàng tháng và hàng quý", "trước ngày 15 tháng cuối quý"),
        ("Khi có yêu cầu", "chậm nhất ngày 30/6/2025"),
        ("Từ tháng 3/2025", "hàng quý"),
    ],
)
def test_parts_that_may_belong_together_are_asked_about_by_name(demo_frame, first, second):
    read = read_deadline(f"{first}, {second}", demo_frame)
    assert read.kind == "needs_person"
    assert second in str(read.reading) or "không thuộc" in str(read.reading)


def test_days_counted_from_the_plans_own_issue_need_no_person_once_it_is_known(demo_calendar):
    text = "Chậm nhất 10 ngày làm việc kể từ ngày ban hành Kế hoạch này"
    drafted = Frame(2025, None, demo_calendar)
    issued = Frame(2025, None, demo_calendar, issued_on=date(2025, 4, 21))
    assert read_deadline(text, drafted).kind == "triggered"
    assert due(read_deadline(text, issued)) == [date(2025, 5, 7)]  # 26/4 is worked


def test_what_was_due_before_the_plan_was_issued_is_warned_about(demo_calendar):
    frame = Frame(2025, None, demo_calendar, issued_on=date(2025, 3, 19))
    [warning] = read_deadline("Hàng tháng", frame).warnings
    assert str(warning.sentence) == (
        "Có 2 hạn trước ngày ban hành kế hoạch (19/3/2025), sớm nhất 31/01/2025: kiểm tra lại."
    )


def test_what_comes_back_begins_in_the_plans_year_and_says_what_it_leaves_out(demo_frame):
    read = read_deadline("Trước ngày 01 hàng tháng", demo_frame)
    assert due(read)[0] == date(2025, 1, 31)
    assert [str(one.sentence) for one in read.warnings] == [
        "Kỳ “Tháng 01/2025” có hạn 31/12/2024, trước năm kế hoạch 2025, nên không được tính."
    ]


def test_a_single_day_before_the_plans_year_is_warned_about(demo_frame):
    read = read_deadline("Trước ngày 01/01/2025", demo_frame)
    assert due(read) == [date(2024, 12, 31)]
    assert [one.code for one in read.warnings] == ["deadline_other_year"]


def test_a_cell_that_repeats_the_one_above_is_read_like_it(demo_frame):
    cells = ["Quý II/2025", "-nt-", "Như trên", "Hàng quý", "nt"]
    above = words_above(cells)
    assert above == [None, "Quý II/2025", "Quý II/2025", "Quý II/2025", "Hàng quý"]
    read = [read_deadline(*pair) for pair in zip(cells, [demo_frame] * 5, above, strict=True)]
    assert [due(one) for one in read[:3]] == [[date(2025, 6, 30)]] * 3
    assert due(read[4]) == QUARTER_ENDS
    assert read[1].text == "-nt-"


def test_a_cell_that_repeats_nothing_needs_a_person(demo_frame):
    read = read_deadline("-nt-", demo_frame)
    assert read.kind == "needs_person"
    assert "không có dòng nào ở trên" in str(read.reading)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Trước 25h00 ngày 28/11/2025", "không có 25h00"),
        ("Lúc 0h00 ngày 28/11/2025", "không rõ 0h00 là đầu hay cuối ngày"),
        ("Đột xuất, trước 15h00", "không có cách đọc chắc chắn"),
        ("Hàng tháng (thứ Sáu)", "không có cách đọc chắc chắn"),
        ("28/11/2025 (thứ Sáu) và 30/11/2025", "không rõ thứ trong tuần đi với ngày nào"),
        ("Hàng quý, trước ngày 15/3, 15/6 và 15/9", "có 3 ngày cho 4 kỳ"),
        ("Trước ngày 15/3 và quý III", "không rõ hạn của kỳ"),
        ("Ngày 15 tháng 3 - 6", "không rõ ngày 15 có áp dụng cho tháng 6"),
        ("Hàng tháng trong năm 2026", "nói năm 2026"),
    ],
)
def test_what_is_not_certain_is_asked_about_with_its_reason(demo_frame, text, why):
    read = read_deadline(text, demo_frame)
    assert read.kind == "needs_person"
    assert why in str(read.reading)


@pytest.mark.parametrize(
    "text",
    [
        "Trước 31/8/2025; chậm nhất 10/9/2025",
        "Chậm nhất 31/8/2025 và trước 10/9/2025",
        "Hoàn thành trong tháng 3, chậm nhất 05/4/2025",
        "Hoàn thành trước 31/3/2025; hoàn thành chậm nhất 05/4/2025",
        "Trình trước 31/3/2025; không quá 05/4/2025",
        "Trước 31/3/2025; thường xuyên; chậm nhất 05/4/2025",
        "Thực hiện quý II; hoàn thành quý III",
        "Triển khai từ quý II; hoàn thành quý III",
        "Ban hành tháng 2; hoàn thành trước 31/10",
        "Hàng tháng; hoàn thành trước 31/10/2025",
        "Thường xuyên; xong trước 31/10/2025",
    ],
)
def test_two_days_that_may_be_one_duty_are_asked_about(demo_frame, text):
    read = read_deadline(text, demo_frame)
    assert (read.kind, due(read)) == ("needs_person", [None])
    assert [warning.code for warning in read.warnings] == ["deadline_unclear"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Trước 20/5/2025 và trước 20/11/2025", [date(2025, 5, 19), date(2025, 11, 19)]),
        ("Trình trước 20/5/2025; ban hành chậm nhất 20/6/2025",
         [date(2025, 5, 19), date(2025, 6, 20)]),
        ("Hoàn thành quý II; báo cáo kết quả trước 15/7", [date(2025, 6, 30), date(2025, 7, 14)]),
    ],
)  # fmt: skip
def test_two_acts_with_days_of_their_own_are_two_duties(demo_frame, text, days):
    read = read_deadline(text, demo_frame)
    assert (read.kind, due(read)) == ("fixed", days)
