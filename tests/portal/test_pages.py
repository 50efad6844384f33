"""What the pages make of answers and forms, without a server."""

import re
from datetime import date
from typing import Any

import pytest
from starlette.datastructures import FormData, QueryParams
from tests.portal.test_rights import ASSIGNMENT, drawn

from portal.client import is_so
from portal.fields import OF_CHANGE, placed
from portal.forms import text, whole
from portal.listing import read
from portal.pages.assignment_calendar import chosen, weeks_of
from portal.pages.assignment_list import more_query
from portal.pages.assignments import read_change
from portal.pages.dashboard import chosen_plan
from portal.pages.indices import by_area
from portal.pages.links import TASK, by_one, read_links
from portal.pages.notifications import with_page
from portal.pages.score_sheets import sheet_page
from portal.parts import Unavailable
from portal.plan_forms import MOST_BASES, lines_of, read_plan, read_targets
from portal.problems import Problem
from portal.rendering import Renderer


def plan(year: int, status: str) -> dict[str, Any]:
    return {"year": year, "status": status}


@pytest.mark.parametrize(
    ("plans", "shown"),
    [
        ([(2025, "active"), (2026, "active"), (2027, "active")], (2026, "active")),
        ([(2024, "active"), (2025, "active"), (2028, "active")], (2025, "active")),
        ([(2027, "active"), (2028, "active"), (2026, "draft")], (2027, "active")),
        ([(2026, "draft"), (2025, "active")], (2025, "active")),
        ([(2026, "draft"), (2027, "draft")], (2026, "draft")),
        ([(2026, "cancelled"), (2025, "active")], (2025, "active")),
        ([(2026, "cancelled")], None),
    ],
)
def test_the_dashboard_opens_with_the_plan_that_runs_now(plans: Any, shown: Any) -> None:
    found = chosen_plan({"data": [plan(*each) for each in plans]}, None, 2026)
    assert found == (plan(*shown) if shown else None)


def test_the_dashboard_shows_the_plan_of_the_year_that_was_asked_for() -> None:
    plans = {"data": [plan(2027, "draft"), plan(2025, "active"), plan(2026, "active")]}
    assert chosen_plan(plans, 2027, 2026) == plan(2027, "draft")
    assert chosen_plan(plans, 2031, 2026) is None
    assert chosen_plan(Unavailable("tasks"), None, 2026) is None


def test_a_change_that_was_sent_twice_finds_what_it_wants_to_be_so() -> None:
    now = {"title": "Kế hoạch", "closes_on": "2026-11-29", "version": 4,
           "targets": [{"index": "par", "value": "88.500000"}]}  # fmt: skip
    assert is_so(now, {"title": "Kế hoạch", "targets": [{"index": "par", "value": "88.5"}]})
    assert not is_so(now, {"title": "Kế hoạch khác"})
    assert not is_so(now, {"targets": []})


def test_a_filter_that_was_taken_away_is_not_so_while_it_is_still_there() -> None:
    now = {"name": "Kho", "fields": {"data.plan.status": ["active"], "data.plan.year": [2025]}}
    assert is_so(now, {"fields": now["fields"]})
    assert not is_so(now, {"fields": {"data.plan.status": ["active"]}})
    assert not is_so(now, {"fields": {}})


@pytest.mark.parametrize(
    ("there", "wanted"), [("1.1", "1.10"), ("7", "007"), ("4", "4.0"), ("100", "1e2"), (7, "7")]
)
def test_words_that_look_like_figures_are_the_same_only_letter_by_letter(
    there: Any, wanted: str
) -> None:
    assert not is_so({"stt": there}, {"stt": wanted})
    assert not is_so({"ids": [there]}, {"ids": [wanted]})
    assert is_so({"stt": wanted, "ids": [wanted]}, {"stt": wanted, "ids": [wanted]})


def targets_form(value: str, typed: FormData | dict[str, str]) -> str:
    """Return the targets' part of a plan's form; `value`: what is stored of the PAR index."""
    target = {"index": "par", "comparison": "at_least", "value": value, "source": "QĐ 12"}
    view = {"plan": {"targets": [target]}, "form": typed, "problem": None}
    return Renderer("1").render("plans/target_fields.html", "vi", view)


@pytest.mark.parametrize(
    ("stored", "sent"), [("86.875000", "86.875"), ("90.000000", "90"), ("87.123456", "87.123456")]
)
def test_a_target_is_sent_back_as_exact_as_it_is_stored(stored: str, sent: str) -> None:
    shown = re.search(r'name="target_par"\s+value="([^"]*)"', targets_form(stored, {}))
    assert shown
    assert shown[1] == sent.replace(".", ",")
    assert read_targets(FormData([("target_par", shown[1])]))[1]["value"] == sent


def test_a_cleared_target_stays_cleared_while_another_field_is_corrected() -> None:
    html = targets_form("86.5", FormData([("target_par", ""), ("target_par_source", "")]))
    assert "86,5" not in html
    assert "QĐ 12" not in html


def test_what_was_cleared_in_a_refused_form_is_not_filled_in_again() -> None:
    officer = {"id": "p1", "name": "Nguyễn Thị Hòa"}
    stored = {**ASSIGNMENT, "progress_percent": 35, "accountable_person_id": officer["id"]}
    acts = {
        "a": {**stored, "allowed": ["report_progress", "change"]},
        "people": {"data": [officer]},
    }
    number, chosen = 'name="percent" min="0" max="100" required\n', 'value="p1" selected'

    def page(**view: Any) -> str:
        return drawn("assignments/actions.html", {**acts, **view})

    assert f'{number}                  value="35"' in page()
    assert f'{number}                  value=""' in page(
        open_form="progress", form={"percent": "", "note": "x"}
    )
    assert chosen in page()
    assert chosen not in page(open_form="change", form={"accountable_person_id": ""})


def test_a_field_of_lines_keeps_them_and_ends_them_as_they_are_stored() -> None:
    form = FormData([("deadline_text", " Tháng 1\r\n2 ")])
    assert text(form, "deadline_text") == "Tháng 1\n2"


def test_the_next_rows_keep_the_filters_and_there_are_none_after_the_last() -> None:
    asked = read(QueryParams("q=báo cáo"))
    assert more_query(asked, {"next_cursor": "a=b"}) == "q=b%C3%A1o+c%C3%A1o&cursor=a%3Db"
    assert more_query(asked, {"next_cursor": None}) == ""
    assert more_query(asked, Unavailable("tasks")) == ""


def test_a_plan_form_becomes_dates_targets_and_only_the_bases_that_are_filled_in() -> None:
    body = read_plan(FormData([
        ("title", " Kế hoạch "), ("year", "2025"), ("closes_on", "29/11/2025"),
        ("target_satisfaction", "90,5"), ("basis_title_1", "Quyết định"),
        ("basis_issued_on_1", "10/01/2025"),
    ]))  # fmt: skip
    assert body["year"] == 2025
    assert body["title"] == "Kế hoạch"
    assert body["closes_on"] == "2025-11-29"
    assert body["issued_on"] is None
    basis = {"title": "Quyết định", "number": None, "issued_on": "2025-01-10"}
    assert body["legal_bases"] == [basis]
    assert [(t["index"], t["comparison"], t["value"]) for t in body["targets"]] == [
        ("satisfaction", "over", "90.5"),
        ("par", "at_least", None),
    ]


@pytest.mark.parametrize("line", ["999999999", "50", "x", "-1", "٣", "01", "9" * 5000])
def test_a_line_of_legal_bases_that_no_form_of_ours_has_is_not_read(line: str) -> None:
    sent = FormData([("basis_title_2", "Luật"), (f"basis_title_{line}", "Nghị định")])
    assert [basis["title"] for basis in read_plan(sent)["legal_bases"]] == ["Luật"]
    assert lines_of(sent)["basis_rows"] == 8


def test_a_plan_with_all_its_legal_bases_is_shown_again_with_every_line() -> None:
    sent = FormData([(f"basis_title_{line}", f"Luật {line}") for line in range(MOST_BASES)])
    assert [b["title"] for b in read_plan(sent)["legal_bases"]] == list(sent.values())
    assert lines_of(sent)["basis_rows"] == MOST_BASES


@pytest.mark.parametrize(
    ("written", "read"), [("2026", 2026), ("³", "³"), ("12,5", "12,5"), ("9" * 5000, "9" * 5000)]
)
def test_what_is_no_number_or_an_endless_one_stays_text_to_be_refused(
    written: str, read: int | str
) -> None:
    assert whole(FormData([("count", written)]), "count") == read


@pytest.mark.parametrize(
    ("written", "wrong"), [("cuối tháng 9", "unreadable"), ("31/02/2025", "no_such_day")]
)
def test_a_day_that_is_none_is_refused_with_everything_else_and_named_by_its_field(
    written: str, wrong: str
) -> None:
    form = FormData([("due_on", written), ("reason", "")])
    assert read_change(form)["due_on"] == f"“{written}”", "for the service to refuse"

    said = {"pointer": "/due_on", "message": "không phải ngày"}
    missing = {"pointer": "/reason", "message": "hãy ghi lý do"}
    found = placed(Problem(422, {"errors": [missing, said]}), form, OF_CHANGE)

    assert [(each.field and each.field.name, each.day) for each in found.wrong] == [
        ("due_on", wrong), ("reason", None),
    ]  # fmt: skip


def test_a_change_sends_only_what_was_filled_in() -> None:
    form = FormData([("due_on", ""), ("triggered_on", "5/9/2025"), ("reason", "kết luận")])
    assert read_change(form) == {"triggered_on": "2025-09-05", "reason": "kết luận"}


@pytest.mark.parametrize(
    ("shown", "ticked", "sent"),
    [((), (), None), ("ab", "ba", None), ("a", (), []), ((), "b", ["b"]), ("ab", "bc", ["b", "c"])],
)
def test_who_helps_is_sent_only_when_others_are_ticked_than_were_shown(
    shown: Any, ticked: Any, sent: Any
) -> None:
    form = FormData(
        [*(("helpers_shown", id_) for id_ in shown), *(("helper_ids", id_) for id_ in ticked)]
    )
    assert read_change(form).get("helper_ids") == sent


def test_links_are_sent_where_ticks_and_choices_differ_from_what_is_confirmed() -> None:
    form = FormData([
        ("was_a", ""), ("take_a", "1.1.1"), ("take_a", "1.2.1"), ("add_a", ""),
        ("was_b", ""), ("add_b", ""),
        ("was_c", "2.1.1"), ("take_c", "2.1.1"), ("add_c", ""),
        ("was_d", "2.1.1 3.1.1"), ("take_d", "3.1.1"), ("add_d", ""),
        ("was_e", ""), ("add_e", "Rà soát (một phần) (3.1.1)"),
        ("was_f", "3.1.1"), ("take_f", "3.1.1"), ("add_f", "3.1.1"),
        ("was_g", "3.1.1"), ("add_g", ""),
    ])  # fmt: skip
    assert read_links(form) == [
        {"task_id": "a", "sub_criteria": ["1.1.1", "1.2.1"]},
        {"task_id": "d", "sub_criteria": ["3.1.1"]},
        {"task_id": "e", "sub_criteria": ["3.1.1"]},
        {"task_id": "g", "sub_criteria": []},
    ]


def test_a_task_stands_once_with_all_its_sub_criteria() -> None:
    one = {"task_id": "a", "sub_criterion": "1.1.1"}
    found = by_one({"confirmed": [one, {**one, "sub_criterion": "1.1.2"}], "unmapped": [
        {"task_id": "b", "sub_criterion": None}]}, TASK)  # fmt: skip
    assert [
        (task["task_id"], [link["sub_criterion"] for link in task["codes"]])
        for task in (*found["confirmed"], *found["unmapped"])
    ] == [("a", ["1.1.1", "1.1.2"]), ("b", [])]


def test_rows_stand_under_their_areas_in_the_order_they_come() -> None:
    rows = [{"area_code": c, "area_name": c, "code": n} for c, n in ("1a", "1b", "2c")]
    assert [(area["code"], len(area["rows"])) for area in by_area(rows)] == [("1", 2), ("2", 1)]


def test_a_notification_leads_to_what_it_is_about_and_an_unknown_one_to_the_dashboard() -> None:
    assert with_page({"subject_type": "assignment", "subject_id": "7"})["page"] == "/assignments/7"
    assert with_page({"subject_type": "something", "subject_id": "7"})["page"] == "/"
    assert with_page({"subject_type": "sheet", "subject_id": "7"})["page"] == "/score_sheets?id=7"


def test_a_notice_of_a_sheet_leads_to_that_sheet() -> None:
    lines = [{"sheet_id": "6", "year": 2025, "body_id": "a"},
             {"sheet_id": "7", "year": 2024, "body_id": "b"}]  # fmt: skip
    assert sheet_page(lines, "7") == "/score_sheets/2024/bodies/b"
    assert sheet_page(lines, "8") is None


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("2025-02", date(2025, 2, 1)), ("2025-13", date(2026, 11, 1)), ("", date(2026, 11, 1)),
        ("1999-01", date(2026, 11, 1)), ("2100-12", date(2100, 12, 1)),
    ],
)  # fmt: skip
def test_a_month_is_that_which_is_asked_for_or_this_one(asked: str, first: date) -> None:
    found = chosen(asked, date(2026, 11, 29))
    weeks = weeks_of(found)

    assert found == first
    assert {len(week) for week in weeks} == {7}
    assert (weeks[0][0].isoweekday(), first in weeks[0]) == (1, True)


def test_what_has_its_form_elsewhere_makes_no_empty_box() -> None:
    def acts(*allowed: str) -> str:
        one = {**ASSIGNMENT, "allowed": list(allowed), "results": []}
        return drawn("assignments/actions.html", {"a": one})

    assert "card" not in acts("ask_question", "accept_result")
    assert "card" in acts("pause")


@pytest.mark.parametrize(("status", "earlier"), [("returned", False), ("in_progress", True)])
def test_a_returned_result_is_history_once_the_unit_works_on_it_again(
    status: str, earlier: bool
) -> None:
    result = {"status": "returned", "note": "Bản đầu", "submitted_at": "2025-03-01T00:00:00Z"}
    one = {**ASSIGNMENT, "status": status, "results": [result]}
    html = drawn("assignments/results.html", {"a": one, "timeline": {}})
    assert ("đã trả lại trước đó" in html) is earlier
