"""Two people in one row: whose cell is whose, and what is shown beside each other."""

import pytest
from starlette.datastructures import FormData
from starlette.requests import Request

from portal.problems import Problem
from portal.rendering import Renderer
from portal.sheet_cells import Meeting, meet, stored_cells

ROW = {
    "self_score": "0.500000", "self_done": None, "self_due": None, "self_note": "Sổ",
    "not_applicable_reason": None, "not_applicable_accepted": False, "appraised_1": "1.125000",
    "appraised_2": None, "appraised_done": 9, "appraised_due": 10, "appraisal_note": "Thiếu sổ",
    "appraisal_note_2": None, "question": "Vì sao?", "answer": None,
}  # fmt: skip


def met(typed: dict[str, str], was: dict[str, str], stored: dict[str, str]) -> Meeting:
    before = {f"was_{name}": value for name, value in was.items()}
    return meet(FormData({**typed, **before}), stored)


@pytest.mark.parametrize(
    ("typed", "was", "stored", "mine", "both"),
    [
        pytest.param({"points": "", "note": "Tôi"}, {"points": "", "note": ""},
                     {"points": "0,5", "note": ""}, {"note"}, set(), id="each another cell"),
        pytest.param({"points": "1", "note": ""}, {"points": "", "note": ""},
                     {"points": "0,5", "note": ""}, {"points"}, {"points"}, id="the same cell"),
        pytest.param({"points": "0,50", "note": ""}, {"points": "", "note": ""},
                     {"points": "0,5", "note": ""}, {"points"}, set(), id="the same, as 0,5"),
        pytest.param({"note": ""}, {"note": "Sổ"}, {"note": "Sổ mới"}, {"note"}, {"note"},
                     id="one takes away what the other mends"),
        pytest.param({"done": "9", "due": "10"}, {"done": "8", "due": "10"},
                     {"done": "8", "due": "12"}, {"done"}, {"done", "due"}, id="halves of a rate"),
        pytest.param({"points": "1"}, {}, {"points": "0,5"}, {"points"}, {"points"},
                     id="a form that does not say what stood there"),
        pytest.param({"points": "1.000"}, {"points": ""}, {"points": "1"}, {"points"}, {"points"},
                     id="what may be read in two ways is not the same"),
        pytest.param({"decides": "1"}, {"not_applicable_accepted": "1"},
                     {"not_applicable_accepted": "1"}, {"not_applicable_accepted"}, set(),
                     id="a tick taken away"),
    ],
)  # fmt: skip
def test_of_two_people_in_a_row_each_keeps_their_cells_and_one_of_both_waits(
    typed, was, stored, mine, both
):
    found = met(typed, was, stored)
    assert (found.mine, found.both) == (mine, both)


def test_only_ones_own_cells_are_stored_and_a_rate_whole():
    found = met({"done": "9", "due": "10", "note": ""}, {"done": "8", "due": "10", "note": ""},
                {"done": "8", "due": "10", "note": "Của người khác"})  # fmt: skip
    assert found.own({"done": 9, "due": 10, "note": None}) == {"done": 9, "due": 10}


@pytest.mark.parametrize(
    ("state", "cells"),
    [
        ("self_scoring", {"points": "0,5", "done": "", "due": "", "note": "Sổ",
                          "not_applicable_reason": ""}),
        ("locked", {"points": "1,125", "done": "9", "due": "10", "note": "Thiếu sổ",
                    "question": "Vì sao?", "not_applicable_accepted": ""}),
        ("explaining", {"answer": ""}),
        ("explained", {"points": "", "done": "", "due": "", "note": "",
                       "not_applicable_accepted": ""}),
        ("published", {}),
    ],
)  # fmt: skip
def test_a_row_reads_in_its_cells_as_the_sheet_has_come(state, cells):
    assert stored_cells(ROW, state, "vi") == cells


def test_two_texts_for_one_cell_stand_beside_each_other_and_nobodys_is_markup():
    stored, typed = "<b>Thiếu</b> & “sổ”", '"Đủ" <script>'
    found = Meeting({"note": stored}, frozenset({"note"}), frozenset({"note"}), "Bà A & ông B")
    view = {
        "problem": Problem(412, {"code": "version_stale"}), "row": None, "page": "/",
        "code": "1.1.1", "met": found, "fields": {"note": "appraisal_note"},
        "form": FormData({"note": typed}),
        "request": Request({"type": "http", "query_string": b"", "headers": []}),
    }  # fmt: skip
    said = Renderer("1").render("score_sheets/saved.html", "vi", view)
    assert "<q>&lt;b&gt;Thiếu&lt;/b&gt; &amp; “sổ”</q>" in said
    assert "&lt;script&gt;</q>" in said
    assert "Bà A &amp; ông B vừa sửa dòng này" in said
    assert said.count("data-take=") == 2
