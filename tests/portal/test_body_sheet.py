"""What the cells of a row say once they reach the service."""

import re
from typing import Any

import pytest
from starlette.datastructures import FormData
from starlette.requests import Request

from portal.pages.body_sheet import read_entry
from portal.rendering import Renderer


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
            "survey_figures",
            {"index": "89,08", "source": "QĐ 12", "dated_on": "30/12/2025"},
            {"index": "89.08", "source": "QĐ 12", "dated_on": "2025-12-30"},
        ),
        (
            "ballots",
            {"option_A": "40", "option_B": "3", "evidence": "Biên bản"},
            {"ballots": {"A": 40, "B": 3}, "evidence": "Biên bản"},
        ),
    ],
)
def test_a_rows_cells_are_sent_as_the_service_takes_them(entry, typed, sent):
    assert read_entry(entry, FormData(typed)) == sent


ROW = {
    "code": "1.1.1", "name": "Có kế hoạch", "max_points": "2", "method": "survey_index",
    "survey": True, "steps": None, "numerator": None, "denominator": None, "na_allowed": False,
    "na_when": None, "evidence_asked": [], "version": 1, "self_score": None, "self_done": None,
    "self_due": None, "self_note": None, "not_applicable_reason": None,
    "not_applicable_accepted": False, "appraised_1": None, "appraised_2": None,
    "appraised_done": None, "appraised_due": None, "appraisal_note": None, "question": None,
    "answer": None, "last_year_score": None, "last_year_max": None, "weak": False, "points": None,
    "applicable": True, "evidence": [], "option_weights": None, "ballots": None,
    "ballots_evidence": None, "ballots_accepted": False, "lacks": [], "allowed": ["enter_survey"],
    "survey_index": "89.08", "survey_source": "QĐ 12", "survey_dated_on": "2025-12-30",
    "area_code": "1", "area_name": "Một",
}  # fmt: skip
STEP = {"state": "locked", "at": "2025-11-20T03:00:00Z", "by": "x", "name": "Chánh Văn phòng",
        "act": "reopen", "reason": "Thiếu minh chứng"}  # fmt: skip


def drawn(**changes: Any) -> str:
    """Return a sheet's page in words."""
    sheet = {
        "sheet_id": "s", "year": 2025, "body_id": "b", "body_code": "A", "body_name": "Sở A",
        "block_id": "k", "block_name": "Các sở", "eligible": True, "ineligible_reason": None,
        "state": "locked", "version": 3, "closes_on": "2025-11-30", "acts_for": False,
        "entered_until": None, "day_passed": False, "composed": False, "notice": "",
        "total_points": "18", "self_points": "14", "points": "14", "applicable_points": "18",
        "bonus": "0", "penalty": "0", "index": "77.78", "result": "14.00", "result_in": "points",
        "scale": "18", "steps": [STEP], "weak": [], "rows": [ROW], "allowed": [], **changes,
    }  # fmt: skip
    request = Request({"type": "http", "query_string": b"", "headers": []})
    view = {
        "sheet": sheet, "areas": [{"code": "1", "name": "Một", "rows": [ROW]}], "form": {},
        "problem": None, "csrf_token": "t", "me": None, "path": "/", "request": request,
    }  # fmt: skip
    html = Renderer("1").render("body_sheet.html", "vi", view).partition('id="content"')[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_what_was_undone_stands_among_the_steps_with_its_reason() -> None:
    assert "được mở lại Thiếu minh chứng" in drawn()


@pytest.mark.parametrize(
    ("state", "allowed", "said", "unsaid"),
    [
        ("locked", ["reopen"], ["Mở lại", "Hạn mới (nếu hạn cũ đã qua)"], ["Gia hạn"]),
        ("self_scoring", ["extend"], ["Gia hạn", "Hạn mới"], ["Mở lại"]),
        ("explaining", ["reopen", "extend"], ["Mở lại", "Gia hạn"], ["nếu hạn cũ"]),
        ("explained", [], [], ["Mở lại", "Gia hạn"]),
    ],
)
def test_a_sheet_is_reopened_and_extended_where_its_state_and_reader_allow(
    state, allowed, said, unsaid
) -> None:
    page = drawn(state=state, allowed=allowed)
    assert all(words in page for words in said)
    assert not any(words in page for words in unsaid)


def test_a_last_day_that_is_over_is_said_with_what_to_do() -> None:
    page = drawn(state="opened", entered_until="2025-11-30", day_passed=True)
    assert "Hạn 30/11/2025 đã qua: không nhập thêm được" in page
    assert "đề nghị Văn phòng Sở gia hạn" in page


def test_a_result_in_points_and_a_published_figure_are_said_as_they_are() -> None:
    page = drawn()
    assert "14,00 / 18" in page
    assert "77,78" not in page
    assert "Do nơi khác công bố: 89,08%, QĐ 12 ngày 30/12/2025" in page
