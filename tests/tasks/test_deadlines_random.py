"""The reader never raises and never guesses, whatever is in the cell."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.calendar.domain import WorkingCalendar
from tasks.deadlines.domain import Frame
from tasks.deadlines.wordings import read_deadline
from tasks.words import fold, tidy

FRAME = Frame(2025, date(2025, 11, 29), WorkingCalendar({}))
DAYS_OF_2025 = st.dates(date(2025, 1, 1), date(2025, 12, 31))
WORDINGS = [
    "Trước ngày 30/11/2025", "Quý II, Quý III/2025", "Quý I-II/2025", "6 tháng đầu năm 2025",
    "Tháng 3 và tháng 10/2025", "Từ tháng 9 đến tháng 11/2025", "Cả năm", "Từ 01/4/2025",
    "Thường xuyên", "Hàng ngày", "Hằng tháng", "Hàng quý",
    "Hằng tháng, chậm nhất ngày 05 tháng sau", "Ngày 15 của tháng cuối quý", "Đột xuất",
    "Chậm nhất ngày 20/8/2025", "30/6",
]  # fmt: skip
PIECES = [
    *WORDINGS, "ngày", "tháng", "quý", "năm", "từ", "đến", "trước", "và", ",", ";", "-", "/", ".",
    "\n", "00", "1", "12", "31", "99", "2025", "0/0", "1/1", "II", "V", "kể từ", "làm việc",
]  # fmt: skip
FORMATS = [
    "{0}/{1}/2025", "{0}.{1}.2025", "{0}-{1}-2025", "{0}/{1}", "{0:02}/{1:02}/25",
    "ngày {0} tháng {1} năm 2025",
]  # fmt: skip


@given(st.text())
def test_any_text_is_answered_and_kept(text):
    read = read_deadline(text, FRAME)
    assert read.occurrences
    assert read.text == tidy(text).replace("\n", " ")


@given(st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_any_heap_of_the_right_words_is_answered_with_days_near_the_plan(text):
    for one in read_deadline(text, FRAME).occurrences:
        assert one.due_on is None or 2023 <= one.due_on.year <= 2027
        assert not (one.due_on and one.starts_on) or one.starts_on <= one.due_on


@given(st.text(alphabet=st.characters(exclude_categories=("Nd",)), max_size=40))
def test_text_without_a_number_or_a_known_word_is_never_given_a_day(text):
    known = ("thang", "quy", "nam", "q")
    if not any(word in fold(tidy(text)) for word in known):
        assert all(one.due_on is None for one in read_deadline(text, FRAME).occurrences)


@given(
    st.sampled_from(WORDINGS),
    st.sampled_from(
        ["nếu được", "hoặc muộn hơn", "(dự kiến)", "trừ quý I", "?", "w", "2", "31/12"]
    ),
    st.booleans(),
)
def test_a_known_wording_with_something_more_is_left_to_a_person(wording, more, in_front):
    text = f"{more} {wording}" if in_front else f"{wording} {more}"
    assert read_deadline(text, FRAME).kind == "needs_person"


@given(st.sampled_from(WORDINGS), st.integers(0, 40), st.sampled_from("wfjz#%☂"))
def test_one_foreign_character_anywhere_is_never_overlooked(wording, at, character):
    text = wording[:at] + character + wording[at:]
    assert read_deadline(text, FRAME).kind == "needs_person"


@given(DAYS_OF_2025, st.sampled_from(FORMATS))
def test_every_day_of_the_year_is_read_back_in_every_format(day, form):
    text = form.format(day.day, day.month)
    assert [one.due_on for one in read_deadline(text, FRAME).occurrences] == [day]
    before = read_deadline(f"Trước {text}", FRAME)
    assert [one.due_on for one in before.occurrences] == [day - timedelta(days=1)]


@given(DAYS_OF_2025.filter(lambda day: day.day > 12))
def test_a_month_written_first_is_refused(day):
    text = f"{day.month}/{day.day}/2025"
    assert read_deadline(text, FRAME).kind == "needs_person"


@pytest.mark.parametrize("wording", WORDINGS)
def test_the_wordings_these_properties_start_from_are_understood(wording):
    assert read_deadline(wording, FRAME).kind != "needs_person"
