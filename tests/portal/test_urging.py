"""Pages of urging: what is previewed, what was sent, the ladder, and the block on every page."""

from typing import Any

import httpx
import pytest
from fastapi import Request
from starlette.datastructures import FormData
from tests.portal.test_rights import drawn

from portal.client import Api, Services
from portal.pages.urging_ladder import body_of
from portal.pages.urgings import _ids, _owed
from portal.urged import to_acknowledge

AT = "2026-11-30T02:00:00Z"
ROW = {
    "id": "a", "number": "NV-2026-0007", "content": "Rà soát", "unit_id": "u",
    "unit_name": "Phòng CCHC", "status": "in_progress", "due_on": "2026-11-25", "days_late": 3,
}  # fmt: skip
PERSON = {
    "person_id": "p", "name": "Lê Thị An", "post": "Chuyên viên", "unit_id": "u",
    "unit_name": "Phòng CCHC", "urged_as": "lead", "assignment_ids": ["a"], "words": "Làm ngay",
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
    "rows": [ROW],
    "receipts": [{**PERSON, "row_count": 1, "sent_at": AT, "seen_at": AT, "acknowledged_at": AT}],
}  # fmt: skip


def preview(**told: Any) -> str:
    shown = {"people": [PERSON], "rows": [ROW], "left_out": [LEFT], **told}
    view = {"ids": ["a", "b"], "told": shown, "form": {"text": "Làm", "reason": "lead"},
            "ladder": LADDER, "query": "", "back": "/assignments"}  # fmt: skip
    return drawn("urgings/new.html", view)


def test_a_preview_shows_who_gets_what_and_what_is_left_out_and_why() -> None:
    html = preview()
    for words in ("Lê Thị An", "Làm ngay", "NV-2026-0008", "Nhiệm vụ đã hoàn thành",
                  "quá hạn 3 ngày làm việc"):  # fmt: skip
        assert words in html
    assert 'value="send"' in html
    assert 'value="send"' not in preview(rows=[], people=[])


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
    html = drawn("urged.html", {"urged": [notice]})
    assert "<dialog" in html
    assert " open " in html
    assert 'action="/acknowledgements/n"' in html
    assert "/urgings/x" in html


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
