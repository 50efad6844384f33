"""What the cells of a row say once they reach the service."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import FormData
from starlette.requests import Request

import portal
from portal.problems import AmbiguousNumber, Problem
from portal.rendering import Renderer
from portal.row_entry import read_entry
from portal.sheet_cells import Meeting


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
        ("appraisals", {"round": "2", "points": "1"}, {"round": 2, "points": "1", "note": None}),
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


@pytest.mark.parametrize(
    ("entry", "typed", "grouped", "fraction"),
    [
        ("self_scores", {"points": "1.000"}, "1000", "1,000"),
        ("self_scores", {"done": "12.500", "due": "20000"}, "12500", "12,500"),
        ("survey_figures", {"index": "89.080"}, "89080", "89,080"),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_asked_about(
    entry, typed, grouped, fraction
) -> None:
    with pytest.raises(AmbiguousNumber) as refused:
        read_entry(entry, FormData(typed))
    request = Request({"type": "http", "query_string": b"", "headers": []})
    view = {"problem": refused.value, "row": None, "page": "/", "code": "1", "request": request}
    said = Renderer("1").render("score_sheets/saved.html", "vi", view)
    assert f"hãy viết {grouped} nếu dấu chấm ngăn hàng nghìn, hoặc {fraction}" in said


@pytest.mark.parametrize(
    ("typed", "sent"), [("1,000", "1.000"), ("0.125", "0.125"), ("1.234,5", "1234.5"), ("7", "7")]
)
def test_a_number_that_can_be_read_in_one_way_is_taken(typed, sent) -> None:
    assert read_entry("self_scores", FormData({"points": typed}))["points"] == sent


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


def drawn(template: str = "body_sheet.html", **changes: Any) -> str:
    """Return a sheet's page in words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", markup(template, **changes)))


def markup(
    template: str = "body_sheet.html", view: dict[str, Any] | None = None, **changes: Any
) -> str:
    """Return a sheet's page."""
    sheet = {
        "sheet_id": "s", "year": 2025, "body_id": "b", "body_code": "A", "body_name": "Sở A",
        "block_id": "k", "block_name": "Các sở", "eligible": True, "ineligible_reason": None,
        "state": "locked", "version": 3, "closes_on": "2025-11-30", "acts_for": False,
        "entered_until": None, "day_passed": False, "explain_by": None,
        "composed": False, "notice": "",
        "total_points": "18", "self_points": "14", "points": "14", "applicable_points": "18",
        "bonus": "0", "penalty": "0", "index": "77.78", "result": "14.00", "result_in": "points",
        "scale": "18", "self_bonus": "0", "self_penalty": "0",
        "corrected": False, "steps": [STEP], "weak": [], "rows": [ROW], "allowed": [], **changes,
    }  # fmt: skip
    request = Request({"type": "http", "query_string": b"", "headers": []})
    shown = {
        "sheet": sheet, "areas": [{"code": "1", "name": "Một", "rows": sheet["rows"]}], "form": {},
        "step": "lock", "problem": None, "csrf_token": "t", "me": None, "path": "/",
        "request": request, **(view or {}),
    }  # fmt: skip
    return Renderer("1").render(template, "vi", shown).partition('id="content"')[2]


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


@pytest.mark.parametrize(
    ("state", "allowed", "asked"),
    [("self_scoring", ["extend"], True), ("locked", ["reopen"], True),
     ("explaining", ["extend"], False), ("explained", ["reopen"], False)],
)  # fmt: skip
def test_the_day_to_explain_is_asked_for_with_that_to_score_alone(state, allowed, asked) -> None:
    page = drawn(state=state, allowed=allowed, explain_by="2025-12-10")
    assert ("Hạn giải trình mới" in page) is asked
    assert ("Hiện nay là 10/12/2025" in page) is asked


def test_a_last_day_that_is_over_is_said_with_what_to_do() -> None:
    page = drawn(state="opened", entered_until="2025-11-30", day_passed=True)
    assert "Hạn 30/11/2025 đã qua: không nhập thêm được" in page
    assert "đề nghị Văn phòng Sở gia hạn" in page


def test_a_result_in_points_and_a_published_figure_are_said_as_they_are() -> None:
    page = drawn()
    assert "14,00 / 18" in page
    assert "77,78" not in page
    assert "Do nơi khác công bố: 89,08%, QĐ 12 ngày 30/12/2025" in page


def test_bonus_and_penalty_are_said_alike_of_both_scores_with_the_formula_of_the_index() -> None:
    page = drawn(
        result_in="percent", self_points="57.5", self_bonus="1", points="57.5", bonus="1",
        applicable_points="80", index="73.13", total_points="100",
    )  # fmt: skip
    assert page.count("· thưởng 1") == 2
    assert "(57,5 + 1) / 80" in page


def test_the_second_appraisal_says_what_comes_next_and_begins_with_no_reason() -> None:
    row = {**ROW, "survey": False, "allowed": ["appraise"], "appraised_1": "1.00", "steps": None,
           "appraisal_note": "Lần 1: thiếu sổ", "appraisal_note_2": None}  # fmt: skip
    html = markup(rows=[row], state="explained", allowed=["appraise"])
    assert "Thẩm định lần 2 không cần chốt" in html
    assert "Giám đốc duyệt phiếu" in html
    assert 'name="note" autocomplete="off" value=""' in html
    assert "Lần 1: thiếu sổ" in html, "the first round's reason stays with its round"


def test_a_file_of_last_year_that_was_read_is_not_said_to_be_unsent() -> None:
    wrong = Problem(422, {"code": "last_year_invalid", "detail": "Dòng 8: 1.1.3 sai",
                          "errors": [{"pointer": "", "message": "Dòng 8: 1.1.3 sai"}]})  # fmt: skip
    tried = {"tried": "last_year", "lost_files": {"file": ["phieu.xlsx"]}}
    shown = {"state": "opened", "allowed": ["import_last_year"]}
    page = markup(view={**tried, "problem": wrong}, **shown)
    assert "Đã đọc tệp “phieu.xlsx”" in page
    assert "hãy chọn lại: phieu.xlsx" not in page
    unread = Problem(413, {"code": "form_too_large"})
    page = markup(view={**tried, "problem": unread}, **shown)
    assert "hãy chọn lại: phieu.xlsx" in page


def test_what_was_typed_into_a_refused_row_comes_back_beside_what_somebody_else_stored() -> None:
    row = {**ROW, "survey": False, "allowed": ["appraise"], "appraisal_note": "Của người khác",
           "appraisal_note_2": None}  # fmt: skip
    met = Meeting({"note": "Của người khác"}, frozenset({"note"}), frozenset({"note"}), "Bà B")
    view = {
        "tried": "1.1.1", "form": FormData({"note": "Của tôi", "points": "1"}), "met": met,
        "problem": Problem(412, {"code": "version_stale"}),
    }  # fmt: skip
    page = markup(view=view, rows=[row], state="locked", allowed=["appraise"])
    assert 'name="note" autocomplete="off" value="Của tôi"' in page
    assert "Bà B đã lưu: <q>Của người khác</q>" in page
    assert 'name="round" value="1"' in page


def test_the_director_takes_a_decided_sheet_back_and_others_read_that_it_is() -> None:
    page = drawn(state="published", allowed=["reopen"])
    assert "Đưa về thẩm định lần 2" in page
    assert "Hạn mới" not in page
    assert "Phiếu đang được thẩm định lại" in drawn(state="published", corrected=True)


RULES = [
    ({"method": "tiered", "measure": "count", "tiers": [
        {"when": "từ 3 hình thức", "points": "20"}, {"when": "dưới 2", "points": "0"}]},
     ["20 : từ 3 hình thức", "0 : dưới 2"]),
    ({"method": "boolean", "condition": "ban hành đúng hạn", "true_points": "20",
      "false_points": "0"}, ["20 : ban hành đúng hạn", "0 : không đạt điều kiện trên"]),
    ({"method": "deduction", "deducts": [{"per": "một vi phạm", "minus": "2.5"}]},
     ["−2,5 : cho mỗi trường hợp: một vi phạm", "không dưới 0"]),
    ({"method": "proportional", "numerator": "đã xử lý", "denominator": "phát hiện",
      "full_at": "1", "floor": "0.5"},
     ["đã xử lý / phát hiện", "Từ 100%: đủ 2 điểm", "Thấp hơn: tỷ lệ nhân với 2 điểm",
      "Dưới 50%: 0 điểm"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "said"), RULES)
@pytest.mark.parametrize("allowed", [["self_score"], ["appraise"]])
def test_a_row_says_what_earns_its_points_and_what_is_to_prove_it(rule, said, allowed) -> None:
    row = ROW | {"survey": False, "method": rule["method"], "rule": rule, "allowed": allowed,
                 "evidence_asked": ["Báo cáo năm"], "self_score": "1"}  # fmt: skip
    page = drawn(rows=[row])
    assert all(words in page for words in [*said, "Minh chứng phải có: Báo cáo năm"])


def test_a_rate_says_the_points_it_gives_and_a_closed_row_what_could_prove_it() -> None:
    row = ROW | {"survey": False, "numerator": "đã xử lý", "denominator": "phát hiện",
                 "self_done": 3, "self_due": 4, "self_score": "15", "offers": 1,
                 "allowed": ["self_score", "prove"]}  # fmt: skip
    page = drawn(rows=[row])
    assert "được 15,00 điểm" in page
    assert "Minh chứng (0) · 1 gợi ý" in page


@pytest.mark.parametrize(
    ("state", "allowed", "said", "unsaid"),
    [
        ("locked", [], "1 dòng chờ người thẩm định", "còn thiếu"),
        ("locked", ["appraise", "lock"], "Đến dòng đầu tiên còn thiếu", "chờ người"),
        ("self_scoring", [], "1 dòng chờ đơn vị được chấm", "còn thiếu"),
    ],
)
def test_what_is_missing_is_the_work_of_who_can_do_it(state, allowed, said, unsaid) -> None:
    page = drawn(state=state, allowed=allowed, rows=[ROW | {"lacks": ["appraisal"]}])
    assert said in page
    assert unsaid not in page


def test_a_step_shows_what_is_stored_and_is_taken_by_its_button_alone() -> None:
    row = ROW | {"survey": False, "self_score": "10"}
    asked = drawn("score_sheets/step.html", state="self_scoring", allowed=["lock"], rows=[row])
    assert "Chốt điểm tự chấm?" in asked
    assert "1.1.1 Có kế hoạch 10,00 – –" in asked
    assert "Về phiếu" in asked

    lacks = drawn(
        "score_sheets/step.html", state="self_scoring", allowed=["lock"],
        rows=[row | {"lacks": ["score"]}],
    )  # fmt: skip
    assert "Đến dòng đầu tiên còn thiếu" in lacks
    assert "Về phiếu" not in lacks


@pytest.mark.parametrize(
    ("state", "said"), [("locked", "lấy số của đơn vị"), ("explained", "lấy điểm thẩm định lần 1")]
)
def test_the_hint_says_what_enter_takes_over(state: str, said: str) -> None:
    assert said in drawn(state=state, allowed=["appraise"])


def test_a_dot_between_two_facts_stands_apart_from_both() -> None:
    templates = (Path(portal.__file__).parent / "templates").rglob("*.html")
    glued = [str(each) for each in templates if re.search(r"%}·", each.read_text())]
    assert glued == []


@pytest.mark.parametrize(
    ("allowed", "typed"),
    [
        ("enter_survey", {"index": "89.080", "source": "QĐ 99", "dated_on": "31/02/2026"}),
        ("count_ballots", {"option_A": "1.000", "evidence": "Biên bản 9"}),
    ],
)
def test_a_figure_that_is_refused_is_still_there(allowed: str, typed: dict[str, str]) -> None:
    row = ROW | {"allowed": [allowed], "option_weights": {"A": "1"}}
    refused = {"form": FormData(typed), "tried": ROW["code"]}
    html = markup(rows=[row], view=refused)
    assert all(f'value="{words}"' in html for words in typed.values())
    assert not any(f'value="{words}"' in markup(rows=[row]) for words in typed.values())
