"""What the cells of a row say once they reach the service."""

import pytest
from starlette.datastructures import FormData

from portal.pages.body_sheet import read_entry


@pytest.mark.parametrize(
    ("entry", "typed", "sent"),
    [
        ("self_scores", {"points": "0,25", "note": "Sổ"}, {"points": "0.25", "note": "Sổ"}),
        ("self_scores", {"points": "", "note": ""}, {"points": None, "note": None}),
        (
            "self_scores",
            {"done": "9", "due": "10", "note": "", "not_applicable_reason": ""},
            {"done": 9, "due": 10, "note": None, "not_applicable_reason": None},
        ),
        ("self_scores", {"done": "9", "due": "", "note": ""}, {"note": None}),
        ("self_scores", {"done": "chín", "due": "10"}, {"done": "chín", "due": 10, "note": None}),
        (
            "appraisals",
            {"done": "", "due": "", "note": "", "decides": "1", "not_applicable_accepted": "1"},
            {"done": None, "due": None, "note": None, "not_applicable_accepted": True},
        ),
        ("appraisals", {"ballots_accepted": "1"}, {"ballots_accepted": True}),
        ("questions", {"question": ""}, {"question": None}),
        ("explanations", {"answer": "Có"}, {"answer": "Có"}),
        (
            "ballots",
            {"option_A": "40", "option_B": "3", "evidence": "Biên bản"},
            {"ballots": {"A": 40, "B": 3}, "evidence": "Biên bản"},
        ),
    ],
)
def test_a_rows_cells_are_sent_as_the_service_takes_them(entry, typed, sent):
    assert read_entry(entry, FormData(typed)) == sent
