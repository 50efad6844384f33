"""What the screen says is held against what was sent, request by request."""

import pytest
from benchmarks.figures import WrongFigures
from benchmarks.screen import late, number


def test_a_request_is_on_the_screen_when_it_first_says_as_many():
    said = [(0.0, 7), (10.4, 8), (11.0, 10)]
    assert late([10.0, 10.1, 10.5], 7, said) == pytest.approx([0.4, 0.9, 0.5])


def test_a_screen_that_says_too_little_is_no_measurement():
    with pytest.raises(StopIteration):
        late([10.0, 10.1], 7, [(10.4, 8)])


def test_a_figure_is_read_as_people_read_it():
    assert number("1.234/2.000") == 1234
    with pytest.raises(WrongFigures):
        number("chưa có")
