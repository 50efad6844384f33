"""Pages of urging: what is previewed, what was sent, the ladder, and the block on every page."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.datastructures import FormData
from tests.portal.test_rights import drawn

from portal.client import Api, Services
from portal.pages.urging_ladder import body_of
from portal.pages.urgings import _ids, _owed
from portal.sessions import Tokens
from portal.urged import to_acknowledge
from portal.visit import Visit, portal_of, signed_in

AT = "2026-11-30T02:00:00Z"
ROW = {
    "id": "a", "number": "NV-2026-0007", "content": "Rà soát", "unit_id": "u",
    "unit_name": "Phòng CCHC", "status": "in_progress", "due_on": "2026-11-25", "days_late": 3,
}  # fmt: skip
PERSON = {
    "person_id": "p", "name": "Lê Thị An", "post": "Chuyên viên", "unit_id": "u",
    "unit_name": "Phòng CCHC", "urged_as": "lead", "assignment_ids": ["a"],
    "coordinating_ids": [], "words": "Làm ngay",
}  # fmt: skip
LEFT = {"id": "b", "number": "NV-2026-0008", "content": "Xong", "code": "assignment_done",
        "message": "Nhiệm vụ đã hoàn thành"}  # fmt: skip
LADDER = {
    "version": 3, "before": [0, 1, 3, 7], "work_from": 7, "work_until": 17, "repeat_hours": 24,
    "escalation": [{"working_days": 1, "told": "person"}], "words": "Đề nghị {don_vi}",
    "letter_parent": "UBND TỈNH", "letter_symbol": "SNV-VP", "letter_place": "Khánh Hòa",
    "composed": True, "allowed": ["change"],
}  # fmt: skip
URGING = {
    "id": "x", "origin": "office", "reason": "any", "made_at": AT, "made_by_name": "Văn phòng Sở",
    "row_count": 1, "people": 2, "sent": 2, "seen": 1, "acknowledged": 1, "letter_number": None,
    "letter_issued_on": None, "allowed": ["read_letter", "record_letter"], "words": "Làm ngay",
    "rows": [ROW], "version": 4, "plan_id": None,
    "receipts": [{**PERSON, "row_count": 1, "sent_at": AT, "seen_at": AT, "acknowledged_at": AT}],
}  # fmt: skip


def preview(**told: Any) -> str:
    shown = {"people": [PERSON], "rows": [ROW], "left_out": [LEFT], "digest": "d1", **told}
    view = {"ids": ["a", "b"], "told": shown, "form": {"text": "Làm", "reason": "lead"},
            "ladder": LADDER, "query": "", "back": "/assignments"}  # fmt: skip
    return drawn("urgings/new.html", view)


def test_a_preview_shows_who_gets_what_and_what_is_left_out_and_why() -> None:
    html = preview()
    for words in ("Lê Thị An", "Làm ngay", "NV-2026-0008", "Nhiệm vụ đã hoàn thành",
                  "Quá hạn 3 ngày làm việc"):  # fmt: skip
        assert words in html
    assert 'value="send"' in html
    assert 'value="send"' not in preview(rows=[], people=[])


def test_what_was_previewed_goes_along_and_each_placeholder_is_explained() -> None:
    html = preview()
    assert 'name="digest" value="d1"' in html
    for name in ("{don_vi}", "{so_nhiem_vu}", "{so_qua_han}", "{danh_sach}"):
        assert f"<code>{name}</code>: " in html


def test_the_words_are_shown_as_somebody_will_read_them_before_anything_is_asked() -> None:
    view = {"ids": ["a"], "told": None, "form": {"text": "{don_vi}", "reason": "lead"},
            "ladder": LADDER, "query": "", "back": "/assignments", "example": PERSON}  # fmt: skip
    html = drawn("urgings/new.html", view)
    assert "Lê Thị An (Phòng CCHC) sẽ đọc:" in html
    assert "Làm ngay" in html
    assert 'name="digest"' not in html


def test_an_urging_shows_what_each_was_told_never_the_template_and_its_letters_version() -> None:
    html = drawn("urging.html", {"urging": {**URGING, "words": "Đề nghị {don_vi}"}})
    assert "{don_vi}" not in html
    assert "Lời đã gửi" in html
    assert "Làm ngay" in html
    assert 'name="version" value="4"' in html


def test_who_is_urged_finds_the_own_assignments_apart_from_those_of_others() -> None:
    other = {**ROW, "id": "b", "number": "NV-2026-0009"}
    both = {**URGING, "rows": [other, ROW]}
    own = drawn("urging.html", {"urging": both, "me": {"person_id": "p", "name": "An"}})
    office = drawn("urging.html", {"urging": both, "me": {"person_id": "o", "name": "Bình"}})
    mine, _, others = own.partition("Nhiệm vụ người khác được đôn đốc")
    assert "Bạn được đôn đốc về" in mine
    assert ("NV-2026-0007" in mine, "NV-2026-0009" in mine) == (True, False)
    assert "NV-2026-0009" in others
    assert "Bạn được đôn đốc về" not in office


def test_an_urging_to_report_is_about_units_and_leads_to_their_reports() -> None:
    of_report = {**URGING, "reason": "report", "plan_id": "k", "allowed": [], "rows": []}
    html = drawn("urging.html", {"urging": of_report})
    page = {"data": [of_report], "next_cursor": None, "allowed": []}
    listed = drawn("urgings.html", {"urgings": page, "origin": ""})
    assert "/unit_reports?plan_id=k" in html
    for shown in (html, listed):
        assert "1 đơn vị phải báo cáo" in shown
        assert "1 nhiệm vụ" not in shown


TOLD = {**PERSON, "urged_as": "head", "late_days": 2}
REPORTS = {
    "urging_id": None, "digest": "d2", "plan_id": "k", "plan_title": "Kế hoạch 2026",
    "closes_on": "2026-11-29", "text": "{don_vi} gửi báo cáo", "people": [TOLD],
    "left_out": [{"unit_id": "v", "unit_name": "Phòng B", "code": "c", "message": "vừa đôn đốc"}],
}  # fmt: skip


def test_units_that_have_not_reported_are_ticked_previewed_and_urged() -> None:
    view = {"plan_id": "k", "all": REPORTS, "told": None, "chosen": None, "words": REPORTS["text"]}
    asked = drawn("urgings/reports.html", view)
    shown = drawn("urgings/reports.html", {**view, "told": REPORTS, "chosen": ["u"]})
    none = drawn("urgings/reports.html", {**view, "all": {**REPORTS, "people": []}})
    for words in ("Phòng CCHC", "2 ngày làm việc", "{han_bao_cao}", "Phòng B", "vừa đôn đốc"):
        assert words in asked
    assert "checked" in asked
    assert 'value="send"' not in asked
    assert 'value="send"' in shown
    assert 'name="digest" value="d2"' in shown
    assert "<form" not in none
    assert "vừa đôn đốc" in none


def test_what_the_preview_left_out_is_not_sent() -> None:
    form = FormData([("row", "a"), ("row", "b"), ("urged", "a"), ("chosen", "c:1:u")])
    assert (_ids(form), _owed(form)) == (["a", "b"], ["a"])
    assert _ids(FormData([("chosen", "c:1:u"), ("chosen", "c:1:u")])) == ["c"]


def test_receipts_say_how_far_it_has_come_with_each() -> None:
    html = drawn("urging.html", {"urging": URGING})
    assert "đã xác nhận" in html
    assert "/urgings/x/letter.docx" in html
    assert "/urgings/x/letter_number" in html
    assert "letter" not in drawn("urging.html", {"urging": {**URGING, "allowed": []}})


def test_a_list_says_for_how_many_it_waits() -> None:
    page = {"data": [URGING], "next_cursor": None, "allowed": []}
    assert "còn chờ 1" in drawn("urgings.html", {"urgings": page, "origin": ""})


def test_the_ladder_is_a_form_for_who_may_change_it_and_says_that_it_is_composed() -> None:
    view = {"ladder": LADDER, "after": {"person": 1}, "levels": ("person", "head")}
    html = drawn("urging_ladder.html", view)
    readonly = drawn("urging_ladder.html", {**view, "ladder": {**LADDER, "allowed": []}})
    assert "không phải văn bản chính thức" in html
    assert "<button" in html
    assert "<button" not in readonly


def test_a_ladder_is_sent_as_it_was_written() -> None:
    form = FormData([
        ("before", "7; 3, một"), ("after_person", "1"), ("after_head", ""), ("work_from", "7"),
        ("work_until", "17"), ("repeat_hours", "24"), ("words", "Làm"), ("reason", "Thử"),
        ("letter_parent", "A"), ("letter_symbol", "B"), ("letter_place", "C"),
    ])  # fmt: skip
    body = body_of(form)
    assert body["before"] == [7, 3, "một"], "what is no number is for the service to refuse"
    assert body["escalation"] == [{"working_days": 1, "told": "person"}]


def test_what_must_be_acknowledged_is_a_block_that_needs_no_script() -> None:
    notice = {"id": "n", "title": "Bạn được đôn đốc 2 nhiệm vụ", "body": "Làm ngay",
              "created_at": AT, "reason_text": "Bạn được nêu tên", "subject_id": "x"}  # fmt: skip
    older = {**notice, "id": "m", "created_at": "2024-01-01T00:00:00Z"}
    html = drawn("urged.html", {"urged": [older, notice]})
    assert "<dialog" in html
    assert " open " in html
    assert 'action="/acknowledgements/n"' in html
    assert 'action="/acknowledgements/later"' in html
    assert f'name="until" value="{AT}"' in html
    assert "/urgings/x" in html


def test_what_was_put_off_is_still_acknowledged_among_the_notifications() -> None:
    notice = {"id": "n", "title": "Bạn được đôn đốc", "body": "Làm ngay", "severity": "warning",
              "created_at": AT, "reason_text": "", "allowed": ["mark", "acknowledge"],
              "page": "/urgings/x", "moot": False, "read_at": None, "entries": []}  # fmt: skip
    with_button = drawn("notifications/item.html", {"n": notice})
    without = drawn("notifications/item.html", {"n": {**notice, "allowed": ["mark"]}})
    assert 'action="/acknowledgements/n"' in with_button
    assert "/acknowledgements/" not in without


async def test_what_came_after_it_was_put_off_is_asked_at_once() -> None:
    request = Request({"type": "http", "method": "GET", "headers": []})
    notices = [
        {"id": "new", "created_at": "2026-11-30T03:00:00Z"},
        {"id": "old", "created_at": "2026-11-30T01:00:00Z"},
    ]
    answer = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": notices}))
    services = Services({"notifications": "http://there.test"})
    services["notifications"]._transport = answer
    put_off = datetime(2026, 11, 30, 2, tzinfo=UTC)
    found = await to_acknowledge(request, Api(services, "token", "vi"), put_off)
    assert [each["id"] for each in found] == ["new"]


@pytest.mark.parametrize(
    ("method", "headers", "there"),
    [("GET", [], True), ("POST", [], False), ("GET", [(b"hx-request", b"true")], False)],
)
async def test_it_is_asked_for_with_whole_pages_alone_and_its_failure_breaks_none(
    method: str, headers: Any, there: bool
) -> None:
    request = Request({"type": "http", "method": method, "headers": headers})
    services = Services({"notifications": "http://127.0.0.1:1"})
    api = Api(services, "token", "vi")
    assert await to_acknowledge(request, api) == [], "a service that is away is no reason to fail"
    answer = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": [{"id": "n"}]}))
    services = Services({"notifications": "http://there.test"})
    services["notifications"]._transport = answer
    found = await to_acknowledge(request, Api(services, "token", "vi"))
    assert bool(found) is there


@pytest.fixture
def asked(app: FastAPI) -> list[str]:
    """Let the services answer; return what they were told to do."""
    told: list[str] = []
    mine = {**URGING["receipts"][0], "seen_at": None}
    notice = {"id": "n", "subject_type": "urging", "subject_id": str(UUID(int=7))}
    other = {**notice, "id": "o", "subject_id": str(UUID(int=8))}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            told.append(request.url.path)
            return httpx.Response(200, json={})
        if request.url.path == "/v1/notifications":
            return httpx.Response(200, json={"data": [other, notice], "next_cursor": None})
        return httpx.Response(200, json={**URGING, "receipts": [mine]})

    async def visit(request: Request) -> Visit:
        services = portal_of(request).services
        for name in ("tasks", "notifications"):
            transport = httpx.MockTransport(answer)
            services._clients[name] = httpx.AsyncClient(
                transport=transport, base_url=f"http://{name}.test"
            )
        me = {"person_id": request.query_params["who"], "name": "An", "role": "unit_head"}
        request.state.visit = Visit(
            request,
            Api(services, "token", "vi"),
            me,
            "t",
            Tokens("", "", "", None),  # type: ignore[arg-type]
        )
        return request.state.visit  # type: ignore[no-any-return]

    app.dependency_overrides[signed_in] = visit
    return told


@pytest.mark.parametrize(("who", "read"), [("p", ["/v1/notifications/n/read"]), ("office", [])])
async def test_who_opens_what_they_are_urged_about_has_seen_it_and_nobody_else(
    app: FastAPI, asked: list[str], who: str, read: list[str]
) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        answer = await client.get(f"/urgings/{UUID(int=7)}?who={who}")
    assert (answer.status_code, asked) == (200, read)
