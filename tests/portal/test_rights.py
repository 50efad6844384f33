"""The pages keep no rule: a button is there exactly when the service's view allows its act."""

import re
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx
import pytest
from fastapi import FastAPI, Request
from tests.portal.conftest import routes

from portal import visit as visits
from portal.client import Api
from portal.rendering import Renderer
from portal.sessions import Tokens
from portal.visit import Visit, portal_of, signed_in

TEMPLATES = Path(visits.__file__).parent / "templates"
ID = str(uuid5(NAMESPACE_URL, "plan"))  # the same in every worker of pytest-xdist
ASSIGNMENT = {
    "id": ID, "number": "NV-2025-0001", "content": "Rà soát", "subject_matter": "", "product": "",
    "status": "submitted", "progress_percent": 50, "version": 3, "needs_person": True,
    "deadline_kind": "needs_person", "deadline_text": "cuối quý", "coordinating_unit_ids": [],
    "results": [{"id": ID, "status": "submitted", "submitted_at": "2025-03-01T00:00:00Z"}],
    "extensions": [{"id": ID, "status": "open", "reason": "Chờ ý kiến", "due_on": "2025-11-28",
                    "requested_due_on": "2025-12-15", "unit_id": ID, "warnings": []}],
    "due_on": "2025-11-28", "unit_id": ID, "origin": None, "accountable_person_id": None,
}  # fmt: skip
PLAN = {
    "id": ID, "year": 2025, "title": "Kế hoạch", "status": "draft", "version": 1,
    "closes_on": "2025-11-29", "targets": [], "legal_bases": [], "warnings": [],
    "number": None, "issued_on": None,
}  # fmt: skip
IMPORT = {
    "id": ID, "state": "ready", "file_name": "phu_luc.docx", "mapping": [], "rows": [],
    "counts": {"rows": 1, "assignments": 1, "complete": 1, "open": 0, "incomplete": 0},
    "tables": [{"id": "1", "place": "Bảng 1", "taken": True, "columns": [], "rows": 1}],
}  # fmt: skip
ROW = {
    "row_number": 1, "content": "Rà soát", "lead_unit_ids": [], "coordinating_unit_ids": [],
    "deadline": {"kind": "fixed", "occurrences": []}, "warnings": [], "raw": [{}],
    "standing": "complete", "version": 1,
}  # fmt: skip
REVIEW = {"found": IMPORT, "plan": PLAN, "rows": [ROW], "left_out": [], "pages": 1}
ROUND = {
    "id": ID, "title": "Đợt 1", "status": "open", "opens_on": "2025-10-01", "unit_ids": [],
    "closes_on": "2025-10-31", "method": "share",
}  # fmt: skip
LINK = {"task_id": ID, "task_number": "10", "content": "Rà soát", "codes": [
    {"sub_criterion": "1.1.3", "sub_criterion_name": "Mức độ hoàn thành", "confidence": "high",
     "basis": "wording", "likeness": "0.87", "words": ["kế hoạch"]},
]}  # fmt: skip
SUB = {
    "code": "1.1.1",
    "name": "Kế hoạch",
    "max_points": "1",
    "rule": {"method": "tiered"},
    "feeds_from": "tasks",
    "na_allowed": True,
    "na_when": "không có",
    "evidence": ["Báo cáo"],
}
SET = {
    "id": ID, "code": "bo", "set_version": 2, "version": 3, "year": 2025, "title": "Bộ tiêu chí",
    "composed": True, "serves": "par_index", "status": "draft", "problems": [],
    "created_at": "2025-03-01T00:00:00Z", "published_at": None,
    "body": {
        "notice": "Bản dựng", "total_points": "1", "bonus_max": "2", "penalty_max": "3",
        "grade_bands": [{"name": "Tốt", "at_least": "80"}],
        "areas": [{"code": "1", "name": "A", "max_points": "1", "criteria": [
            {"code": "1.1", "name": "B", "max_points": "1", "sub_criteria": [SUB]}]}],
    },
}  # fmt: skip
CHANGED = {"heading": "Điểm tối đa", "before": "1", "after": "2"}
TOLD = {"since": {**SET, "set_version": 1}, "links_left": 2, "differences": [
    {"kind": "changed", "code": "1.1.1", "level": "Tiêu chí", "name": "A", "changes": [CHANGED]},
]}  # fmt: skip
NOTIFICATION = {
    "id": ID, "severity": "info", "title": "Nhiệm vụ mới", "page": "/", "moot": False,
    "created_at": "2025-03-01T00:00:00Z", "read_at": None,
}  # fmt: skip

SUBSCRIPTION = {
    "id": ID, "version": 1, "partner_id": ID, "name": "Kho dữ liệu", "transport": "webhook",
    "types": ["tasks.*"], "unit_ids": None, "fields": {}, "state": "active", "state_reason": None,
    "url": "https://nhan.so.example/in", "rate_per_second": None, "cursor": "abc",
    "lag": {"events": 3, "seconds": 65.0, "more": False}, "created_at": "2025-03-01T00:00:00Z",
    "last_sent_at": None, "last_error": None, "last_error_at": None, "failures_in_row": 0,
}  # fmt: skip
SECRETS = [{"created_at": "2025-03-01T00:00:00Z", "ends_at": None}]
WEBHOOK = {
    "subscription": SUBSCRIPTION, "partner": {"id": ID, "name": "Trục"}, "secrets": SECRETS,
    "latest": [], "types": [], "queue": None, "fields": "",
}  # fmt: skip
DELIVERY = {
    "id": ID, "event_id": ID, "event_type": "tasks.plan_activated.v1", "state": "failed",
    "occurred_at": "2025-03-01T00:00:00Z", "created_at": "2025-03-01T00:00:00Z", "attempts": 1,
    "status": 500, "error": "HTTP 500", "milliseconds": 12, "next_attempt_at": None,
    "delivered_at": None, "is_example": False,
}  # fmt: skip

UNIT = {
    "id": ID, "version": 1, "code": "VP", "name": "Văn phòng", "kind": "office", "parent_id": None,
    "aliases": [], "former_names": [], "sort_order": 1, "active": True,
}  # fmt: skip
PERSON = {
    "id": ID, "version": 1, "employee_code": "a", "name": "Lê Thị An", "post": "Chuyên viên",
    "email": "a@so.example", "unit_id": ID, "active": True, "substitute_id": None,
    "substitute_name": None, "absent_from": None, "absent_until": None, "role": "unit_officer",
}  # fmt: skip
GROUP = {"id": ID, "version": 1, "name": "Các phòng", "aliases": [], "unit_ids": [], "active": True}
DIRECTORY = {"unit": UNIT, "people": {"data": []}, "counts": None, "parents": {}, "below": [],
             "groups": [], "owed": ()}  # fmt: skip
READ = {
    "found": {"id": ID, "state": "ready", "file_name": "a.xlsx", "absent": [], "digest": "d",
              "counts": {"new": 1, "changed": 0, "unchanged": 0, "wrong": 0},
              "unknown_columns": [], "needs_reason": False},
    "rows": [], "pages": 1, "show": "",
}  # fmt: skip
YEAR = {"id": ID, "year": 2025, "version": 1, "days": []}

SENTENCE = {
    "id": "progress.all", "section": "progress", "text": "Đã hoàn thành 3.", "no_data": False,
    "drafted": "Đã hoàn thành 3.", "figures": ["work.done"], "changed": False,
}  # fmt: skip
REPORT = {
    "id": ID, "version": 2, "kind": "periodic", "kind_name": "Định kỳ", "title": "Kết quả CCHC",
    "starts_on": "2024-12-15", "ends_on": "2025-12-14", "plan_id": None, "state": "draft",
    "number": None, "signed_on": None, "sha256": "ab" * 32, "signed_sha256": None,
    "created_by_name": "An", "created_at": "2025-12-15T00:00:00Z", "period_name": "năm 2025",
    "taken_at": "2025-12-15T00:00:00Z", "opening": None, "closing": None, "annexes": [],
    "lists": [], "composed": [], "notice": None, "checked_at": None, "signer_titles": [],
    "signer_name": None, "signed_copy_file_id": None, "sendings": [], "signatures": None,
    "template_number": 0, "document_sha256": None, "signed_copies": [], "remarks": [],
    "checked_by_name": None, "signed_by_name": None, "signed_at": None,
    "sections": [{"id": "progress", "heading": "Kết quả", "level": 1, "table": None,
                  "sentences": [SENTENCE]}],
}  # fmt: skip
FIGURES = {"work.done": {"id": "work.done", "label": "Hoàn thành", "shown": "3", "unit": "việc"}}
SHOWN_REPORT = {"report": REPORT, "figures": FIGURES, "tables": {}, "at": "", "confirms": False}
KIND = {
    "id": ID, "code": "periodic", "version": 1, "name": "Định kỳ", "active": True, "windows": [],
    "composed": None, "body": {
        "name": "Định kỳ", "subject": "Kết quả", "parent": "UBND", "issuer": "SỞ", "symbol": "BC",
        "place": "Khánh Hòa", "addressed_to": [], "copies_to": [], "signer_titles": ["GIÁM ĐỐC"],
        "signer_name": "", "opening": "Mở", "closing": "Kết", "source": "Bản dựng",
        "windows": [{"code": "q1", "name": "quý I", "starts": "12-15", "starts_year": -1,
                     "ends": "03-14", "ends_year": 0}],
        "outline": [{
            "id": "a", "heading": "Kết quả", "level": 1, "table": None, "words": [], "sentences": [
                {"id": "b", "running": "Đang {work.done}", "ended": None, "zero": None}],
        }],
        "annexes": [],
    },
}  # fmt: skip
TEMPLATE = {
    "id": ID, "kind": "periodic", "kind_name": "Định kỳ", "number": 1, "name": "mau.docx",
    "in_force": False, "own_layout": False, "behind": False, "taken_from": None,
    "uploaded_by_name": "An", "uploaded_at": "2025-12-15T00:00:00Z",
}  # fmt: skip

# Template, what it is drawn from, the view that grants, the act, and what only the button has.
BUTTONS = [
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "report_progress", "/progress"),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "submit_result", '/results"'),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "accept_result", "/accept"),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "return_result", "/return"),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "change", "/change"),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "request_extension", '/extensions"'),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "decide_extension", "/approve"),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "decide_extension", "/refuse"),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "commit", "/commitments"),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "pause", '/pause"'),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "resume", '/resume"'),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "hand_over", "/hand_over"),
    ("assignments/actions.html", {"a": ASSIGNMENT}, "a", "cancel", '/end"'),
    ("plans.html", {"plans": {"data": []}}, "plans", "create", "/plans/new"),
    ("plan.html", {"plan": PLAN, "counts": {}}, "plan", "import", "/imports/new"),
    ("plan.html", {"plan": PLAN, "counts": {}}, "plan", "activate", "/activate"),
    ("plan.html", {"plan": PLAN, "counts": {}}, "plan", "change", '/targets"'),
    ("plan.html", {"plan": PLAN, "counts": {}}, "plan", "cancel", '/cancel"'),
    ("plan.html", {"plan": PLAN, "counts": {}}, "plan", "close", '/close"'),
    ("plan.html", {"plan": PLAN, "counts": {}}, "plan", "replace", '/replace"'),
    ("plan.html", {"plan": PLAN, "counts": {}}, "plan", "roll_over", '/roll_over"'),
    ("import.html", REVIEW, "found", "change", "/rows/1"),
    ("import.html", REVIEW, "found", "confirm", "/confirm"),
    ("import.html", REVIEW, "found", "read_again", "/choices"),
    ("import.html", REVIEW, "found", "discard", "/discard"),
    ("import.html", {**REVIEW, "found": {**IMPORT, "state": "confirmed"}}, "plan", "activate",
     "Ban hành kế hoạch"),
    ("surveys.html", {"rounds": {"data": []}}, "rounds", "create", "/surveys/new"),
    ("survey.html", {"round": ROUND, "results": None}, "round", "open", '/open"'),
    ("survey.html", {"round": ROUND, "results": None}, "round", "change", '/edit"'),
    ("survey.html", {"round": ROUND, "results": None}, "round", "close", '/close"'),
    ("survey.html", {"round": ROUND, "results": None}, "round", "cancel", '/cancel"'),
    ("survey.html", {"round": ROUND, "results": None}, "round", "issue_tickets", '/tickets"'),
    ("survey.html", {"round": ROUND, "results": None}, "round", "create_link", '/links"'),
    ("indices/links.html", {"criteria_set": {"id": ID, "year": 2025, "title": "Bộ"}, "names": [],
                            "tasks": {"proposals": [LINK], "confirmed": [], "unmapped": []}},
     "criteria_set", "link", 'type="submit"'),
    ("criteria_sets.html", {"first": {}, "codes": [[SET]]}, "first", "create", "/upload"),
    ("criteria_set.html", {"found": SET}, "found", "publish", "/publish"),
    ("criteria_set.html", {"found": SET}, "found", "change", "/parts/1.1.1"),
    ("criteria/publish.html", {"found": SET, "told": TOLD}, "found", "publish", 'type="submit"'),
    ("criteria/publish.html", {"found": SET, "told": TOLD}, "found", "link", "/carry"),
    ("notifications/item.html", {"n": NOTIFICATION}, "n", "mark", "/read"),
    ("trusted_roots.html", {"roots": {"data": []}}, "roots", "create", 'action="/trusted_roots"'),
    ("subscriptions.html", {"partner": {"id": ID}, "subscriptions": {"data": []}}, "subscriptions",
     "create", "/subscriptions/new"),
    ("subscription.html", WEBHOOK, "subscription", "change", '/edit"'),
    ("subscription.html", WEBHOOK, "subscription", "pause", '/pause"'),
    ("subscription.html", WEBHOOK, "subscription", "resume", '/resume"'),
    ("subscription.html", WEBHOOK, "subscription", "recover", '/recover"'),
    ("subscription.html", WEBHOOK, "subscription", "delete", '/delete"'),
    ("subscription.html", WEBHOOK, "subscription", "rotate_secret", '/rotate_secret"'),
    ("subscription.html", WEBHOOK, "subscription", "test", '/test"'),
    ("directory.html", {"first": {}, "below": {}, "found": None, "count": 1}, "first", "create",
     "/directory/units/new"),
    ("directory/unit.html", DIRECTORY, "unit", "change", "/edit"),
    ("directory/unit.html", DIRECTORY, "unit", "reorganise", '/reorganise"'),
    ("directory/unit.html", DIRECTORY, "people", "create", "/directory/people/new"),
    ("directory/people.html", {"people": {"data": [], "next_cursor": None}}, "people", "create",
     "/directory/people/new"),
    ("directory/person.html", {"person": PERSON, "others": []}, "person", "change", "/absence"),
    ("directory/groups.html", {"first": {}, "groups": []}, "first", "create",
     "/directory/groups/new"),
    ("directory/import.html", READ, "found", "import", "/confirm"),
    ("calendar.html", {"calendar": YEAR, "listed": {"data": [], "known_years": []}, "year": 2025},
     "calendar", "change", "/calendar/2025/edit"),
    ("reports.html", {"reports": {"data": []}, "asked": {}, "kinds": [], "states": []}, "reports",
     "create", "/reports/new"),
    ("reports/report.html", SHOWN_REPORT, "report", "change", '/sentences"'),
    ("reports/report.html", SHOWN_REPORT, "report", "change", '/title"'),
    ("reports/report.html", SHOWN_REPORT, "report", "check", '/check"'),
    ("reports/report.html", SHOWN_REPORT, "report", "sign", '/sign"'),
    ("reports/report.html", SHOWN_REPORT, "report", "send", '/send"'),
    ("reports/report.html", SHOWN_REPORT, "report", "add_signed_copy", '/signed_copy"'),
    ("reports/preparing.html", {"report": {**REPORT, "state": "failed", "job_error": ""}}, "report",
     "retry", '/retry"'),
    ("reports/kind_form.html",
     {"kind": KIND, "known": [], "lists": {}, "versions": [], "new_windows": 0, "new_sections": 1,
      "figure_choices": []},
     "kind", "restructure", '-removed"'),
    ("subscriptions/queue.html", {"s": SUBSCRIPTION, "queue": None}, "s", "credentials",
     "/password"),
    ("subscriptions/outcome.html", {"d": DELIVERY, "subscription": {"id": ID}}, "d", "retry",
     '/retry"'),
]  # fmt: skip


def drawn(template: str, view: dict[str, Any]) -> str:
    """Return a page's own part in Vietnamese, without the frame around it."""
    shared = {"form": {}, "problem": None, "csrf_token": "t", "unit_names": {}, "units": [],
              "request": Request({"type": "http", "query_string": b""})}  # fmt: skip
    html = Renderer("1").render(template, "vi", {**shared, "path": "/", "me": None, **view})
    return html.partition('id="content"')[2] or html


@pytest.mark.parametrize("days", [[], ["due_on"], ["triggered_on"], ["triggered_on", "due_on"]])
def test_the_days_that_are_open_can_be_entered_and_corrected(days):
    one = {**ASSIGNMENT, "needs_person": False, "deadline_kind": "triggered", "days_open": days}
    page = drawn("assignments/actions.html", {"a": {**one, "allowed": ["change"]}})
    entered = [name for name in ("triggered_on", "due_on") if f'name="{name}"' in page]
    assert entered == days
    assert ("Hiện là 28/11/2025; để trống thì giữ nguyên." in page) == ("due_on" in days)


def test_who_asks_for_a_later_day_reads_that_nobody_decides_for_their_own_unit():
    view = {"a": {**ASSIGNMENT, "allowed": ["request_extension"]}}
    assert "không ai tự quyết định việc của đơn vị mình" in drawn("assignments/actions.html", view)


@pytest.mark.parametrize(
    ("template", "view", "granting", "act", "button"),
    BUTTONS,
    ids=[f"{button[0]} {button[3]}" for button in BUTTONS],
)
def test_a_button_is_there_exactly_when_the_view_allows_its_act(
    template: str, view: dict[str, Any], granting: str, act: str, button: str
) -> None:
    others = [other for name, *_, other, _ in BUTTONS if name == template and other != act]
    for allowed, there in (([act], True), ([], False), (others, False)):
        html = drawn(template, {**view, granting: {**view[granting], "allowed": allowed}})
        assert (button in html) is there, allowed
    assert button not in drawn(template, view), "a view that grants nothing grants nothing"


@pytest.mark.parametrize("path", [*TEMPLATES.rglob("*.html"), *TEMPLATES.parent.glob("pages/*.py")])
def test_no_page_asks_for_a_role(path: Path) -> None:
    shown = str(path.relative_to(TEMPLATES.parent))
    if "directory" in shown or shown == "pages/bodies.py":
        return  # there a role is what somebody enters about a person, or whom one may choose
    text = path.read_text(encoding="utf-8").replace('label("role", me.role)', "")
    assert re.findall(r"""\.role\b|["']role["']""", text) == []


KEY = {"id": ID, "client_id": ID, "created_at": "2025-03-01T00:00:00Z", "last_used_at": None,
       "revoked_at": None, "allowed": ["revoke_credential"]}  # fmt: skip
PARTNER = {
    "id": ID, "version": 1, "name": "Trục liên thông", "organisation": "Sở khác",
    "contact_email": "a@so.example", "event_types": ["tasks.*"], "read_apis": ["figures"],
    "unit_ids": None, "origins": [], "subject": None, "expires_on": "2026-12-31",
    "state": "active", "credentials": [KEY],
}  # fmt: skip
LISTED = {"listed": 1, "all": 0, "by_status": {}, "allowed": ["create"]}
BLOCK = {
    "id": ID, "version": 1, "code": "PHONG", "name": "Các phòng", "kind": "internal_units",
    "criteria_set_code": None, "without_survey": "left_out", "appraisers": [], "active": True,
}  # fmt: skip
BODY = {
    "id": ID, "version": 1, "code": "NV", "name": "Sở Nội vụ", "block_id": None, "unit_id": None,
    "own": False, "people": [], "eligible": True, "ineligible_reason": None, "active": True,
}  # fmt: skip
INSPECTION = {
    "id": ID, "version": 1, "body": "joint", "method": "planned", "unit_id": ID,
    "starts_on": "2025-05-12", "ends_on": "2025-05-13", "subject": "Kỷ cương", "state": "planned",
    "team": [{"person_id": ID, "duty": "head", "name": "Lê Thị An"}], "records": [],
}  # fmt: skip

OPENED = [
    ("/assignments/new", "/v1/assignments/counts", LISTED, "create"),
    ("/plans/new", "/v1/plans", {"data": [], "next_cursor": None}, "create"),
    ("/instructions/new", "/v1/instructions", {"data": [], "next_cursor": None}, "issue"),
    ("/measures/criteria/new", "/v1/measures", {"data": []}, "name"),
    ("/surveys/new", "/v1/rounds", {"data": [], "next_cursor": None}, "create"),
    (f"/plans/{ID}/imports/new", f"/v1/plans/{ID}", PLAN, "import"),
    (f"/imports/{ID}/rows/new", f"/v1/imports/{ID}", IMPORT, "change"),
    (f"/plans/{ID}/edit", f"/v1/plans/{ID}", PLAN, "change"),
    (f"/plans/{ID}/activate", f"/v1/plans/{ID}", PLAN, "activate"),
    (f"/plans/{ID}/cancel", f"/v1/plans/{ID}", PLAN, "cancel"),
    (f"/plans/{ID}/close", f"/v1/plans/{ID}", PLAN, "close"),
    (f"/plans/{ID}/replace", f"/v1/plans/{ID}", PLAN, "replace"),
    (f"/plans/{ID}/roll_over", f"/v1/plans/{ID}", PLAN, "roll_over"),
    (f"/surveys/{ID}/edit", f"/v1/rounds/{ID}", ROUND, "change"),
    (f"/surveys/{ID}/open", f"/v1/rounds/{ID}", ROUND, "open"),
    (f"/surveys/{ID}/close", f"/v1/rounds/{ID}", ROUND, "close"),
    (f"/surveys/{ID}/cancel", f"/v1/rounds/{ID}", ROUND, "cancel"),
    (f"/surveys/{ID}/tickets", f"/v1/rounds/{ID}", ROUND, "issue_tickets"),
    (f"/surveys/{ID}/tickets/{ID}/void", f"/v1/rounds/{ID}", ROUND, "void_tickets"),
    ("/partners/new", "/v1/partners", {"data": [], "next_cursor": None}, "create"),
    (f"/partners/{ID}/edit", f"/v1/partners/{ID}", PARTNER, "change"),
    (f"/partners/{ID}/revoke", f"/v1/partners/{ID}", PARTNER, "revoke"),
    (f"/partners/{ID}/credentials/{ID}/revoke", f"/v1/partners/{ID}", PARTNER, "revoke_credential"),
    (
        f"/partners/{ID}/subscriptions/new",
        "/v1/subscriptions",
        {"data": [], "next_cursor": None},
        "create",
    ),
    (f"/subscriptions/{ID}/edit", f"/v1/subscriptions/{ID}", SUBSCRIPTION, "change"),
    (f"/subscriptions/{ID}/delete", f"/v1/subscriptions/{ID}", SUBSCRIPTION, "delete"),
    (
        f"/subscriptions/{ID}/rotate_secret",
        f"/v1/subscriptions/{ID}",
        SUBSCRIPTION,
        "rotate_secret",
    ),
    ("/directory/units/new", "/v1/units", {"data": [], "next_cursor": None}, "create"),
    ("/directory/files", "/v1/units", {"data": [], "next_cursor": None}, "create"),
    (f"/directory/units/{ID}/edit", f"/v1/units/{ID}", UNIT, "change"),
    (f"/directory/units/{ID}/reorganise", f"/v1/units/{ID}", UNIT, "reorganise"),
    ("/directory/people/new", "/v1/people", {"data": [], "next_cursor": None}, "create"),
    (f"/directory/people/{ID}/edit", f"/v1/people/{ID}", PERSON, "change"),
    ("/directory/groups/new", "/v1/unit_groups", {"data": [], "next_cursor": None}, "create"),
    (f"/directory/groups/{ID}/edit", f"/v1/unit_groups/{ID}", GROUP, "change"),
    ("/calendar/2025/edit", "/v1/calendar", {"data": [], "known_years": []}, "change"),
    (f"/subscriptions/{ID}/password", f"/v1/subscriptions/{ID}", SUBSCRIPTION, "credentials"),
    ("/bodies/blocks/new", "/v1/blocks", {"data": [], "next_cursor": None}, "create"),
    (f"/bodies/blocks/{ID}/edit", f"/v1/blocks/{ID}", BLOCK, "change"),
    ("/inspections/new", "/v1/inspections", {"data": [], "next_cursor": None}, "create"),
    (f"/inspections/{ID}/edit", f"/v1/inspections/{ID}", INSPECTION, "change"),
    (
        "/handling_proposals/new",
        "/v1/handling_proposals",
        {"data": [], "next_cursor": None},
        "create",
    ),
    ("/bodies/new", "/v1/bodies", {"data": [], "next_cursor": None}, "create"),
    (f"/bodies/{ID}/edit", f"/v1/bodies/{ID}", BODY, "change"),
    ("/report_kinds/periodic/edit", "/v1/report_kinds/periodic", KIND, "change"),
    ("/reports/new", "/v1/reports", {"data": [], "next_cursor": None}, "create"),
    ("/criteria_sets/upload", "/v1/criteria_sets", {"data": [], "next_cursor": None}, "create"),
    (f"/criteria_sets/{ID}/edit", f"/v1/criteria_sets/{ID}", SET, "change"),
]
TOUCHED = {
    "assignments": 3, "live": 3, "overdue": 1, "units": 2, "people": 9, "asked": 4,
    "needs_person": 1,
    "missing": [], "by_unit": [], "waiting": [], "objectives_without_task": [],
}  # fmt: skip
BATCH = {
    "id": ID, "unit_id": None, "count": 24, "issued_at": "2025-03-01T00:00:00Z",
    "voided_at": None, "void_reason": None, "allowed": ["void_tickets"],
}  # fmt: skip
EVENT_TYPE = {
    "type": "tasks.plan_activated.v1", "service": "tasks", "aggregate": "plan", "version": 1,
    "meaning": "A plan took effect.", "deprecated_on": None,
}  # fmt: skip
COUNTS = {"counted": 37, "tickets_issued": 50, "tickets_unused": 10}


@pytest.fixture
def answers(app: FastAPI) -> dict[str, Any]:
    """What the services answer by path; the portal's visitor is signed in as somebody."""
    known: dict[str, Any] = {
        "/v1/units": {"data": [], "next_cursor": None},
        "/v1/questionnaires": {"data": [], "next_cursor": None},
        "/v1/blocks": {"data": [], "next_cursor": None},
        "/v1/report_kinds": {"data": [], "figures": [], "lists": {}},
        "/v1/report_kinds/periodic/versions": {"data": []},
        "/v1/people": {"data": [], "next_cursor": None},
        "/v1/inspections": {"data": [], "next_cursor": None},
        "/v1/handling_kinds": {"kinds": [{"code": "late", "name": "Chậm", "in_use": True}]},
        f"/v1/plans/{ID}/imports": {"data": [], "next_cursor": None},
        f"/v1/plans/{ID}/carrying": {"rows": [], "replacing": [], "next_year": []},
        "/v1/plans": {"data": [], "next_cursor": None},
        "/v1/criteria_sets": {"data": [], "next_cursor": None},
        f"/v1/plans/{ID}/consequences": TOUCHED, f"/v1/rounds/{ID}/answers_count": COUNTS,
        f"/v1/rounds/{ID}/ticket_batches": {"data": [BATCH], "next_cursor": None},
        "/v1/event_types": {"data": [EVENT_TYPE]}, f"/v1/partners/{ID}": PARTNER,
        f"/v1/subscriptions/{ID}/secrets": {"data": SECRETS},
    }  # fmt: skip

    def answer(request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor")
        path = request.url.path
        return httpx.Response(200, json=known[f"{path}?cursor={cursor}" if cursor else path])

    async def visit(request: Request) -> Visit:
        portal = portal_of(request)
        for name in ("tasks", "surveys", "notifications", "reporting"):
            portal.services._clients[name] = httpx.AsyncClient(
                transport=httpx.MockTransport(answer), base_url=f"http://{name}.test"
            )
        api = Api(portal.services, "token", "vi")
        me = {"name": "Cán bộ", "role": "auditor", "unit_name": "Phòng"}
        request.state.visit = Visit(request, api, me, "t", Tokens("", "", "", None))  # type: ignore[arg-type]
        return request.state.visit  # type: ignore[no-any-return]

    app.dependency_overrides[signed_in] = visit
    return known


@pytest.mark.parametrize(("address", "path", "view", "act"), OPENED, ids=[o[0] for o in OPENED])
async def test_a_form_opened_by_its_address_is_refused_at_once_without_the_right(
    app: FastAPI, answers: dict[str, Any], address: str, path: str, view: dict[str, Any], act: str
) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        answers[path] = {**view, "allowed": ["other"]}
        refused = await client.get(address)
        answers[path] = {**view, "allowed": [act]}
        shown = await client.get(address)
    assert (refused.status_code, shown.status_code) == (403, 200)
    assert "Vai trò của bạn không bao gồm việc này." in refused.text
    assert "<form" not in refused.text.partition('id="content"')[2]


def test_every_page_with_a_form_of_its_own_is_among_those_above(app: FastAPI) -> None:
    """A page that only shows a form is nothing to open for who may not send it."""
    own = {
        "new", "edit", "activate", "cancel", "open", "close", "replace", "roll_over", "void",
        "tickets", "revoke", "delete", "rotate_secret", "password",
        "reorganise", "files", "upload",
    }  # fmt: skip
    pages = {
        route.path.replace("{id}", ID)
        .replace("{batch_id}", ID)
        .replace("{credential_id}", ID)
        .replace("{year}", "2025")
        .replace("{code}", "periodic")
        for route in routes(app)
        if "GET" in (route.methods or ()) and route.path.rpartition("/")[2] in own
    }
    assert pages == {address for address, *_ in OPENED}


def test_templates_are_uploaded_and_taken_again_where_the_view_allows_it() -> None:
    granting = {**TEMPLATE, "allowed": ["take_again"]}
    for version, allowed, there in ((granting, ["create"], True), (TEMPLATE, [], False)):
        html = drawn("reports/templates.html", {"kinds": [[version]], "allowed": allowed})
        assert ("/take_again" in html, 'action="/report_templates"' in html) == (there, there)


async def test_a_batch_is_offered_to_be_voided_when_its_view_allows_that(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    answers[f"/v1/rounds/{ID}"] = {**ROUND, "allowed": ["issue_tickets"]}
    path = f"/v1/rounds/{ID}/ticket_batches"
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        offered = await client.get(f"/surveys/{ID}/tickets")
        answers[path] = {"data": [{**BATCH, "allowed": []}], "next_cursor": None}
        gone = await client.get(f"/surveys/{ID}/tickets")
    assert f"/tickets/{ID}/void" in offered.text
    assert "/void" not in gone.text


async def test_a_batch_after_the_first_two_hundred_is_listed_and_can_be_voided(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    answers[f"/v1/rounds/{ID}"] = {**ROUND, "allowed": ["issue_tickets", "void_tickets"]}
    path = f"/v1/rounds/{ID}/ticket_batches"
    newer = [{**BATCH, "id": f"newer-{n}"} for n in range(200)]
    answers[path] = {"data": newer, "next_cursor": "200"}
    answers[f"{path}?cursor=200"] = {"data": [BATCH], "next_cursor": None}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        listed = await client.get(f"/surveys/{ID}/tickets")
        asked = await client.get(f"/surveys/{ID}/tickets/{ID}/void")
    assert f"/tickets/{ID}/void" in listed.text
    assert asked.status_code == 200


async def test_a_row_by_hand_is_asked_for_once_plan_and_units_are_chosen(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    unit = {"id": ID, "name": "Phòng NCC", "active": True, "sort_order": 1}
    officer = {"id": ID, "name": "Trần Văn B", "post": "Chuyên viên"}
    answers |= {
        "/v1/assignments/counts": {**LISTED, "allowed": ["create"]},
        "/v1/plans": {"data": [{**PLAN, "allowed": ["import"]}], "next_cursor": None},
        "/v1/units": {"data": [unit], "next_cursor": None},
        "/v1/people": {"data": [officer], "next_cursor": None},
    }
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        first = await client.get("/assignments/new")
        then = await client.get(f"/assignments/new?plan_id={ID}&lead_unit_ids={ID}")
    assert (first.status_code, then.status_code) == (200, 200)
    assert 'name="content"' not in first.text
    assert 'name="content"' in then.text
    assert "Trần Văn B" in then.text
