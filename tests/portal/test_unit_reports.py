"""Pages of units' reports: what a form becomes, and buttons only where the view allows the act."""

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.datastructures import FormData
from tests.portal.test_rights import ID, drawn

from portal.client import Api
from portal.fields import placed
from portal.pages.unit_report_settings import NAMES, read_settings
from portal.pages.unit_reports import _lines, read_report
from portal.problems import Problem
from portal.sessions import Tokens
from portal.visit import Visit, portal_of, signed_in

COUNTS = (
    "all", "done", "due", "done_due", "overdue", "waiting", "paused", "undated",
    "contributions_asked", "contributions_given", "contributions_on_time",
)  # fmt: skip
ROW = {
    "number": "NV-2025-0001", "content": "Rà soát", "product": "", "due_on": "2025-06-30",
    "day": None, "on_time": None, "days": 5, "late_days": 3, "text": "Thiếu số liệu",
}  # fmt: skip
LINE = {
    "id": ID, "version": 3, "plan_id": ID, "plan_title": "Kế hoạch CCHC 2025", "unit_id": ID,
    "unit_name": "Phòng CCHC", "status": "draft", "due_on": "2025-11-29",
    "last_working_day": "2025-11-28", "handed_in_on": None, "on_time": None, "late_days": 0,
    "allowed": [],
}  # fmt: skip
REPORT = {
    **LINE, "results": "Đã xong.\nCòn hai việc.", "measures": "", "proposals": "Thêm máy",
    "difficulties": [{"theme": "staff", "text": "Thiếu người", "number": None}],
    "figures": {"as_of": "2025-11-20T02:00:00Z", **dict.fromkeys(COUNTS, 7), "late": [ROW],
                "difficulties": [], "accepted": [], "measures": []},
    "author_name": "Nguyễn Văn A", "submitted_at": None, "submitted_by_name": None,
    "approved_at": None, "approved_by_name": None, "returned_at": None, "returned_by": None,
    "return_reason": None, "accepted_at": None, "accepted_by_name": None,
    "steps": [],
}  # fmt: skip
THEMES = [
    {"code": "staff", "name": "Nhân lực", "active": True},
    {"code": "old", "name": "Nhóm cũ", "active": False},
]
KPI = {"version": 0, "closing_day": 24, "composed": True, "allowed": []}
SETTINGS = {
    "version": 0, "composed": True, "themes": THEMES, "reminder_steps": [0, 1, 3, 7],
    "form": dict.fromkeys(NAMES, "x") | {"addressed_to": ["Giám đốc"], "copies_to": ["Lưu: VT"],
                                         "signature_titles": ["CHÁNH VĂN PHÒNG"]},
}  # fmt: skip


def shown(**changed: Any) -> str:
    report = {**REPORT, **changed}
    view = {
        "report": report, "lines": _lines(report, None), "themes": THEMES,
        "theme_names": {each["code"]: each["name"] for each in THEMES}, "composed_themes": True,
    }  # fmt: skip
    return drawn("unit_report.html", view)


def test_what_ended_units_wrote_is_a_link_away() -> None:
    wrote = [{"id": "e", "unit_name": "Phòng Văn thư"}]
    assert '<a href="/unit_reports/e">Phòng Văn thư</a>' in shown(earlier=wrote)
    assert "chuyển về đơn vị này" not in shown(earlier=[])


def listed(lines: list[dict[str, Any]], *, allowed: list[str], kpi: list[str]) -> str:
    found = {
        "data": lines, "units": len(lines), "handed_in": 0, "accepted": 0, "missing": len(lines),
        "late": 0, "allowed": allowed,
    }  # fmt: skip
    view = {"found": found, "plans": [lines] if lines else [], "kpi": {**KPI, "allowed": kpi}}
    return drawn("unit_reports.html", view)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("change", 'name="results"'),
        ("refill", 'name="then" value="refill"'),
        ("submit", 'name="then" value="submit"'),
        ("approve", "/steps/approve"),
        ("accept", "/steps/accept"),
        ("return", f"/unit_reports/{ID}/return"),
        ("create", 'action="/unit_reports"'),
    ],
)
def test_an_act_is_offered_exactly_where_the_view_allows_it(act: str, said: str) -> None:
    every = ["change", "refill", "submit", "approve", "accept", "return", "create"]
    of_the_form = ["change"] if act in ("refill", "submit") else []
    assert said in shown(allowed=[act, *of_the_form])
    assert said not in shown(allowed=[each for each in every if each != act])


@pytest.fixture
def asked(app: FastAPI) -> list[tuple[str, str, Any, str]]:
    """Let tasks answer; return what it was asked to do, each with the version it was said of."""
    calls: list[tuple[str, str, Any, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            held = SETTINGS if "settings" in request.url.path else {**REPORT, "allowed": ["return"]}
            return httpx.Response(200, json=held)
        path = request.url.path.rpartition("/")[2]
        said, seen = json.loads(request.content), request.headers["if-match"].strip('"')
        calls.append((request.method, path, said, seen))
        return httpx.Response(200, json={**REPORT, "version": 4})

    async def visit(request: Request) -> Visit:
        portal = portal_of(request)
        client = httpx.AsyncClient(
            transport=httpx.MockTransport(answer), base_url="http://tasks.test"
        )
        portal.services._clients["tasks"] = client
        me = {"name": "Cán bộ", "role": "unit_officer", "unit_name": "Phòng"}
        api = Api(portal.services, "token", "vi")
        request.state.visit = Visit(request, api, me, "t", Tokens("", "", "", None))  # type: ignore[arg-type]
        return request.state.visit  # type: ignore[no-any-return]

    app.dependency_overrides[signed_in] = visit
    return calls


async def sent(app: FastAPI, path: str, **typed: str) -> httpx.Response:
    data = {"csrf_token": "t", "key": "k", "version": "3", **typed}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        return await client.post(f"/unit_reports/{ID}{path}", data=data)


@pytest.mark.parametrize("then", ["submit", "refill"])
async def test_what_is_typed_is_saved_in_the_step_that_submits_it(
    app: FastAPI, asked: list[Any], then: str
) -> None:
    answer = await sent(app, "", results="Đã gõ, chưa lưu", then=then)
    assert answer.status_code == 303, answer.text
    [saved, taken] = asked
    assert (saved[0], saved[2]["results"], saved[3]) == ("PATCH", "Đã gõ, chưa lưu", "3")
    assert taken == ("POST", then, {}, "4"), "of the version that was just saved"


async def test_saving_alone_submits_nothing(app: FastAPI, asked: list[Any]) -> None:
    await sent(app, "", results="Đã gõ")
    assert [each[0] for each in asked] == ["PATCH"]


@pytest.mark.parametrize("step", ["approve", "accept"])
async def test_a_reason_to_return_is_not_lost_by_the_button_above_it(
    app: FastAPI, asked: list[Any], step: str
) -> None:
    answer = await sent(app, f"/steps/{step}", reason="Thiếu số liệu quý IV")
    assert (answer.status_code, asked) == (422, [])
    assert "Thiếu số liệu quý IV</textarea>" in answer.text
    assert "Đã ghi lý do trả lại" in answer.text


def test_who_may_not_write_reads_the_words_with_the_names_of_the_themes() -> None:
    html = shown(status="approved", handed_in_on="2025-11-28", on_time=True)
    assert "Nhân lực" in html
    assert "Thiếu người" in html
    assert "<textarea" not in html
    assert "28/11/2025" in html


def test_assignments_that_a_report_names_are_late_by_working_days() -> None:
    html = shown()
    before = {**REPORT["figures"], "late": [{**ROW, "late_days": None}]}
    older = shown(figures=before)
    assert "Quá hạn 3 ngày làm việc" in html
    assert "Quá hạn 3" not in older, "how many it was then, in working days, nobody kept"


def test_late_is_said_in_working_days_and_why_it_was_returned() -> None:
    html = shown(
        status="returned", late_days=3, return_reason="Thiếu minh chứng", returned_by="office",
        returned_at="2025-12-03T02:00:00Z",
    )  # fmt: skip
    assert "Thiếu minh chứng" in html
    assert "Văn phòng Sở trả lại" in html
    assert "chậm 3 ngày làm việc" in html or "3 ngày làm việc" in html


def test_every_round_stands_on_the_page_with_why_it_was_returned() -> None:
    step = {"by_name": "Lê Thị An", "at": "2025-12-03T02:00:00Z", "reason": None,
            "returned_by": None}  # fmt: skip
    back = {**step, "act": "return", "returned_by": "office", "reason": "Thiếu minh chứng"}
    html = shown(steps=[{**step, "act": "submit"}, back, {**step, "act": "submit"}])
    assert html.count("<strong>Đã trình") + html.count("<strong>Trình") == 2
    assert "<strong>Văn phòng Sở trả lại</strong>" in html
    assert "Thiếu minh chứng" in html


def test_what_was_done_late_is_not_listed_among_what_is_overdue() -> None:
    done = {**ROW, "days": 0, "late_days": 0, "on_time": False}
    html = shown(figures={**REPORT["figures"], "overdue": 0, "late": [done]})
    assert 'Hoàn thành quá hạn <span class="num">(1)</span>' in html
    assert 'Quá hạn <span class="num">(' not in html.replace("Hoàn thành quá hạn", "")


def test_a_theme_out_of_use_is_offered_only_where_it_was_said() -> None:
    html = shown(allowed=["change"])
    old = [{"theme": "old", "text": "Như trước", "number": None}]
    kept = shown(allowed=["change"], difficulties=old)
    assert "Nhóm cũ" not in html
    assert kept.count("Nhóm cũ") == 1


def test_the_office_sees_who_is_missing_and_takes_the_files_and_a_unit_does_not() -> None:
    missing = {**LINE, "id": None, "status": "owed", "late_days": 2}
    office = listed([missing], allowed=["compile"], kpi=["export", "change"])
    unit = listed([{**LINE, "allowed": ["create"]}], allowed=[], kpi=[])
    for said in ("compiled.docx", "compiled.xlsx", "/unit_report_settings", "kpi.xlsx"):
        assert said in office, said
        assert said not in unit, said
    assert f"/assignments?plan_id={ID}" in office
    assert 'action="/unit_reports"' in unit
    assert "Không có báo cáo nào" in listed([], allowed=[], kpi=[])


def test_a_form_becomes_words_and_the_difficulties_that_say_something() -> None:
    form = FormData([
        ("results", "Đã xong.\r\nCòn hai việc."), ("measures", ""), ("proposals", "Thêm máy"),
        ("difficulty_0_theme", ""), ("difficulty_0_text", ""), ("difficulty_0_number", ""),
        ("difficulty_1_theme", "staff"), ("difficulty_1_text", "Thiếu người"),
        ("difficulty_1_number", "NV-2025-0001"),
    ])  # fmt: skip
    body, fields = read_report(form)
    assert body == {
        "results": "Đã xong.\nCòn hai việc.", "measures": "", "proposals": "Thêm máy",
        "difficulties": [{"theme": "staff", "text": "Thiếu người", "number": "NV-2025-0001"}],
    }  # fmt: skip
    assert fields["/difficulties/0/text"].name == "difficulty_1_text", "at the line it stands in"
    typed = _lines(REPORT, form)
    assert [line["text"] for line in typed] == ["", "Thiếu người", "", ""]


def test_the_cause_of_a_difficulty_is_sent_where_it_is_said_and_read_with_it() -> None:
    line = {"difficulty_0_theme": "staff", "difficulty_0_text": "Thiếu người",
            "difficulty_0_number": "", "difficulty_0_cause": "Chưa tuyển dụng"}  # fmt: skip
    body, _ = read_report(FormData([("results", ""), *line.items()]))
    [said] = body["difficulties"]
    assert said["cause"] == "Chưa tuyển dụng"
    read = shown(difficulties=[said])
    written = shown(allowed=["change"], difficulties=[said])
    assert "Nguyên nhân: Chưa tuyển dụng" in read
    assert 'name="difficulty_0_cause"' in written
    assert "Chưa tuyển dụng</textarea>" in written


def test_what_was_typed_stays_beside_the_message_about_it() -> None:
    form = FormData([("results", "Lời đã gõ"), ("difficulty_0_text", ""),
                     ("difficulty_0_theme", "staff"), ("difficulty_0_number", "")])  # fmt: skip
    _, fields = read_report(form)
    refusal = Problem(422, {"code": "input_invalid", "detail": "Có ô chưa đúng", "errors": [
        {"pointer": "/difficulties/0/text", "message": "Khó khăn ở dòng 1 chưa có nội dung"},
    ]})  # fmt: skip
    report = {**REPORT, "allowed": ["change"]}
    html = drawn("unit_report.html", {
        "report": report, "lines": _lines(report, form), "themes": THEMES, "theme_names": {},
        "composed_themes": False, "form": form, "problem": placed(refusal, form, fields),
    })  # fmt: skip
    assert "Lời đã gõ" in html
    assert 'id="difficulty_0_text-error"' in html


def test_settings_are_read_whole_and_a_theme_without_a_name_goes() -> None:
    form = FormData([
        ("theme_0_code", "own_1"), ("theme_0_name", "Nhân lực"), ("theme_0_active", "yes"),
        ("theme_1_code", ""), ("theme_1_name", ""),
        ("theme_2_code", ""), ("theme_2_name", "Nhóm mới"),
        ("reminder_steps", "7, 3, 1, 0"), ("parent", "SỞ NỘI VỤ"), ("issuer", "VĂN PHÒNG SỞ"),
        ("addressed_to", "Giám đốc Sở\r\n\r\nPhó Giám đốc Sở"), ("copies_to", "Lưu: VT"),
        ("signature_titles", "CHÁNH VĂN PHÒNG"), ("symbol", "BC-VP"), ("place", "Khánh Hòa"),
    ])  # fmt: skip
    body, fields = read_settings(form)
    assert body["themes"] == [
        {"code": "own_1", "name": "Nhân lực", "active": True},
        {"code": "own_2", "name": "Nhóm mới", "active": False},
    ]
    assert body["reminder_steps"] == [7, 3, 1, 0]
    assert body["form"]["addressed_to"] == ["Giám đốc Sở", "Phó Giám đốc Sở"]
    assert fields["/themes/1/name"].name == "theme_2_name"


def test_the_settings_say_that_they_are_composed() -> None:
    html = drawn("unit_reports/settings.html", {
        "held": SETTINGS, "shown": SETTINGS, "themes": THEMES, "kpi": KPI,
        "lines": ("addressed_to", "copies_to", "signature_titles"), "field_names": NAMES,
    })  # fmt: skip
    assert "không phải văn bản chính thức" in html
    assert 'value="24"' in html
