"""Pages of measures, instructions and the Office's month: what is offered, sent and kept."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from tests.portal.conftest import ME, TOKENS
from tests.portal.test_rights import ID, PLAN, UNIT

from portal.client import Api
from portal.pages.office_month import beside
from portal.visit import Visit, portal_of, signed_in

MEASURE = {
    "id": ID, "version": 1, "year": 2024, "code": "1.1.2", "criterion": "Mức độ hoàn thành",
    "words": "Rà soát từng tháng", "deadline_text": "Quý II", "unit_id": ID, "status": "proposed",
    "proposed_at": "2025-03-01T02:00:00Z", "proposed_by_name": "Lê Thị An", "decided_at": None,
    "decided_by_name": None, "decision_note": None, "plan_id": None, "assignment_id": None,
    "assignment_number": None, "assignment_status": None, "assignments": [],
    "allowed": ["accept", "return"],
}  # fmt: skip
WEAK = {
    "code": "1.1.2", "name": "Mức độ hoàn thành", "points": "0.75", "max_points": "1.5",
    "lost": "0.75", "missing": False, "measures": [MEASURE], "reason": None, "named_at": None,
    "named_by_name": None, "allowed": [],
}  # fmt: skip
BARE = {**WEAK, "code": "2.1.1", "name": "Xử lý văn bản", "missing": True, "measures": []}
ROW = {
    "assignment_id": ID, "number": "NV-2025-0039", "plan_id": ID, "unit_id": ID,
    "occurrence": "", "status": "not_started", "due_on": "2025-07-14",
}  # fmt: skip
READ = {
    "kind": "fixed", "reading": "Quý II: hạn cuối 30/6/2025.", "certain": True, "warnings": [],
    "occurrences": [{"label": "", "due_on": "2025-06-30"}],
}  # fmt: skip
READING = f"/v1/plans/{ID}/deadline_reading"
MEASURES = {
    "year": 2024, "years": [2024], "lost": "1.5", "missing": 1, "data": [WEAK, BARE],
    "allowed": ["propose", "name"], "for_any_unit": True,
}  # fmt: skip
ISSUED = {
    "id": ID, "version": 1, "unit_id": ID, "words": "Báo cáo nguyên nhân", "deadline_text": "15/7",
    "issuing_body": "party_committee", "document_number": "12-CT/ĐU",
    "document_issued_on": "2025-03-01", "document_title": "Chỉ thị", "about_kind": "figure",
    "about_text": "Chỉ số 81,33 %", "about_path": "/?year=2025",
    "issued_at": "2025-03-02T02:00:00Z", "leader_name": "Giám đốc", "written_by_name": "Văn thư",
    "plan_id": ID, "assignment_id": ID, "assignment_number": "NV-2025-0039",
    "assignment_status": "not_started", "due_on": "2025-07-14", "assignments": [ROW],
}  # fmt: skip
MONTH = {
    "month": "2025-11", "first_day": "2025-11-01", "last_day": "2025-11-30", "today": "2025-11-20",
    "totals": {"open": 9, "due": 5, "handed_in": 2, "overdue": 4, "not_urged": 3},
    "to_decide": {"results": 2, "extensions": 0, "questions": 1, "measures": 1},
    "measures": {"year": 2024, "missing": 1}, "instructions": {"issued": 1, "open": 1},
    "reports": [{"plan_id": ID, "title": "Kế hoạch CCHC", "number": "45/KH", "working_days_left": 7,
                 "closes_on": "2025-11-29", "handed_in": 0, "missing": 1,
                 "units": [{"unit_id": ID, "report_id": None, "status": "owed", "late_days": 2,
                            "handed_in_on": None, "all": 3, "open": 1}]}],
    "letters": [{"urging_id": ID, "number": "16/SNV-VP", "issued_on": "2025-11-19",
                 "row_count": 4}],
    "inspections": {"data": [{"id": ID, "unit_id": ID, "body": "government", "state": "announced",
                              "subject": "Kiểm tra CCHC", "starts_on": "2025-11-24",
                              "ends_on": "2025-11-25"}],
                    "without_conclusion": 1, "open_findings": 2, "overdue_findings": 1},
    "urgings": [{"id": ID, "origin": "office", "made_at": "2025-11-18T02:00:00Z", "row_count": 4,
                 "people": 3, "acknowledged": 1, "letter_number": "15/SNV-VP"}],
    "units": [{"unit_id": ID, "open": 9, "due": 5, "handed_in": 2, "overdue": 4,
               "oldest": "2025-06-30",
               "reasons": [{"what": "overdue", "count": 4, "query": "unit_id=u&overdue=true"},
                           {"what": "report_late", "count": 1, "query": ""}]}],
}  # fmt: skip


class Services:
    """What tasks answers, and what it was sent."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {
            "/v1/measures": MEASURES, f"/v1/measures/{ID}": MEASURE,
            "/v1/instructions": {"data": [ISSUED], "next_cursor": None,
                                 "allowed": ["issue", "issue_on_behalf"]},
            f"/v1/instructions/{ID}": ISSUED, "/v1/office/month": MONTH,
            READING: READ,
            "/v1/criteria_sets": {"data": [], "next_cursor": None},
            "/v1/plans": {"data": [{**PLAN, "status": "active", "allowed": ["import"]}],
                          "next_cursor": None},
            "/v1/units": {"data": [UNIT], "next_cursor": None},
            "/v1/people": {"data": [{"id": ID, "name": "Giám đốc", "role": "director"}],
                           "next_cursor": None},
        }  # fmt: skip
        self.allowed = ["office.read_month", "instruction.issue"]
        self.sent: list[tuple[str, bytes, str | None]] = []
        self.refusal: dict[str, Any] | None = None

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer what is known; keep what is sent, or refuse it."""
        if request.method == "GET":
            return httpx.Response(200, json=self.known[request.url.path])
        self.sent.append((request.url.path, request.content, request.headers.get("If-Match")))
        if request.method == "DELETE":
            return httpx.Response(204)
        if self.refusal:
            return httpx.Response(422, json=self.refusal)
        return httpx.Response(201, json={"id": ID})


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
async def browser(app: FastAPI, services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async def visit(request: Request) -> Visit:
        shared = portal_of(request).services
        transport = httpx.MockTransport(services.answer)
        for service in ("tasks", "reporting"):
            shared._clients[service] = httpx.AsyncClient(
                transport=transport, base_url=f"http://{service}"
            )
        me = {**ME, "allowed": services.allowed}
        return Visit(request, Api(shared, "token", "vi"), me, "t", TOKENS)

    app.dependency_overrides[signed_in] = visit
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        yield client


async def test_each_criterion_shows_its_measures_or_that_there_is_none(
    browser: httpx.AsyncClient,
) -> None:
    page = (await browser.get("/measures")).text
    assert "Rà soát từng tháng" in page
    assert page.count("chưa có giải pháp") == 2, "in the sum, and at the one that has none"
    assert "mất 0,75 điểm" in page
    assert f'action="/measures/{ID}/accept"' in page
    assert page.count('action="/measures"') == 2


async def test_what_is_not_allowed_is_not_offered(
    browser: httpx.AsyncClient, services: Services
) -> None:
    plain = {**WEAK, "measures": [{**MEASURE, "allowed": []}]}
    services.known["/v1/measures"] = {
        **MEASURES, "data": [plain], "allowed": [], "for_any_unit": False,
    }  # fmt: skip
    page = (await browser.get("/measures")).text
    assert 'action="/measures' not in page


async def test_a_refused_proposal_keeps_what_was_typed_and_says_what_is_wrong(
    browser: httpx.AsyncClient, services: Services
) -> None:
    services.refusal = {
        "code": "input_invalid", "detail": "Sai", "status": 422,
        "errors": [{"pointer": "/deadline_text", "message": "Hãy ghi thời hạn"}],
    }  # fmt: skip
    sent = {"csrf_token": "t", "year": "2024", "code": "2.1.1", "words": "Nhắc hằng tuần"}
    page = await browser.post("/measures", data=sent)
    assert page.status_code == 422
    assert "Nhắc hằng tuần" in page.text
    assert "Hãy ghi thời hạn" in page.text
    assert '#deadline_text-2.1.1"' in page.text


async def test_accepting_sends_the_version_that_was_seen(
    browser: httpx.AsyncClient, services: Services
) -> None:
    sent = {
        "csrf_token": "t", "year": "2024", "version": "1", "plan_id": ID, "number": "15a",
        "deadline_text": "Quý II", "read_as": f"{ID} Quý II", "step": "apply",
    }  # fmt: skip
    page = await browser.post(f"/measures/{ID}/accept", data=sent)
    assert page.status_code == 303
    assert page.headers["location"] == f"/measures?year=2024&done=measure_accepted#measure-{ID}"
    [(path, body, seen)] = services.sent
    assert (path, seen) == (f"/v1/measures/{ID}/accept", '"1"')
    assert b'"number":"15a"' in body
    assert b'"deadline_text":"Qu' in body


async def test_a_measure_is_accepted_once_it_was_shown_how_its_deadline_is_read(
    browser: httpx.AsyncClient, services: Services
) -> None:
    sent = {
        "csrf_token": "t", "year": "2024", "version": "1", "plan_id": ID,
        "deadline_text": "Quý II",
    }  # fmt: skip
    first = await browser.post(f"/measures/{ID}/accept", data=sent)
    other = {**sent, "step": "apply", "read_as": f"{ID} Quý III"}
    changed = await browser.post(f"/measures/{ID}/accept", data=other)
    for page in (first, changed):
        assert "Quý II: hạn cuối 30/6/2025." in page.text
        assert f'name="read_as" value="{ID} Quý II"' in page.text
        assert 'value="apply"' in page.text
    assert services.sent == []
    assert 'value="apply"' not in (await browser.get("/measures")).text


async def test_what_is_not_certain_about_a_deadline_is_asked_before_an_instruction_is_issued(
    browser: httpx.AsyncClient, services: Services
) -> None:
    services.known[READING] = {
        **READ, "kind": "needs_person", "certain": False, "reading": "Cần người đọc.",
        "warnings": [{"code": "deadline_unclear", "message": "Chưa nói rõ ngày"}],
        "occurrences": [{"label": "", "due_on": None}],
    }  # fmt: skip
    sent = {
        "csrf_token": "t", "plan_id": ID, "unit_id": ID, "words": "Báo cáo",
        "deadline_text": "Sớm", "issuing_body": "government",
    }  # fmt: skip
    page = (await browser.post("/instructions/new", data=sent)).text
    assert "Chưa nói rõ ngày" in page
    assert "hãy ghi rõ hơn" in page
    assert "Báo cáo</textarea>" in page, "what was typed stays"
    assert services.sent == []


async def test_where_no_plan_is_in_force_the_page_says_so_and_offers_no_draft(
    browser: httpx.AsyncClient, services: Services
) -> None:
    draft = {**PLAN, "status": "draft", "allowed": ["import"]}
    services.known["/v1/plans"] = {"data": [draft], "next_cursor": None}
    page = (await browser.get("/measures")).text
    assert "Chưa có kế hoạch nào đang có hiệu lực" in page
    assert f'action="/measures/{ID}/accept"' not in page


async def test_the_office_chooses_another_unit_for_a_measure_whose_unit_has_ended(
    browser: httpx.AsyncClient, services: Services
) -> None:
    assert f'id="unit_id-accept-{ID}"' not in (await browser.get("/measures")).text
    gone = {**MEASURE, "unit_id": "00000000-0000-0000-0000-0000000000ff"}
    services.known["/v1/measures"] = {**MEASURES, "data": [{**WEAK, "measures": [gone]}]}
    assert f'id="unit_id-accept-{ID}"' in (await browser.get("/measures")).text


async def test_all_assignments_of_a_measure_are_shown_with_how_many_are_done(
    browser: httpx.AsyncClient, services: Services
) -> None:
    rows = [
        {**ROW, "occurrence": "Quý I/2025", "status": "done"},
        {**ROW, "number": "NV-2025-0040", "occurrence": "Quý III/2025"},
    ]
    taken = {**MEASURE, "status": "accepted", "assignments": rows, "allowed": []}
    services.known["/v1/measures"] = {**MEASURES, "data": [{**WEAK, "measures": [taken]}]}
    page = (await browser.get("/measures")).text
    assert "Đã hoàn thành 1/2 nhiệm vụ" in page
    assert "NV-2025-0039" in page
    assert "NV-2025-0040" in page
    assert "Quý III/2025" in page


async def test_a_proposed_measure_alone_is_no_reason_for_a_green_mark(
    browser: httpx.AsyncClient, services: Services
) -> None:
    taken = {**MEASURE, "status": "accepted", "assignments": [], "allowed": []}
    proposed = {**MEASURE, "status": "proposed"}
    pages = []
    for measure in (proposed, taken):
        weak = [{**WEAK, "measures": [measure]}]
        services.known["/v1/measures"] = {**MEASURES, "missing": 0, "data": weak}
        pages.append((await browser.get("/measures")).text)
    said = f"giải pháp mới chỉ đề xuất: {WEAK['code']}"
    assert [said in page for page in pages] == [True, False]
    assert ["giải pháp đã chấp nhận" in page for page in pages] == [False, True]


async def test_a_plan_whose_day_has_passed_is_said_to_be_owed_since_it(
    browser: httpx.AsyncClient, services: Services
) -> None:
    late = [{**MONTH["reports"][0], "working_days_left": None, "allowed": []}]
    services.known["/v1/office/month"] = {**MONTH, "reports": late}
    assert "còn nợ từ 29/11/2025" in (await browser.get("/office_month")).text


async def test_an_empty_page_says_what_to_do_next(
    browser: httpx.AsyncClient, services: Services
) -> None:
    nothing = {**MEASURES, "year": None, "years": [], "data": [], "missing": 0, "lost": "0"}
    services.known["/v1/measures"] = nothing
    writer = (await browser.get("/measures")).text
    services.known["/v1/measures"] = {**nothing, "allowed": []}
    reader = (await browser.get("/measures")).text
    services.known["/v1/measures"] = {**nothing, "year": 2022, "years": [2024]}
    unknown = (await browser.get("/measures?year=2022")).text
    assert 'href="/measures/criteria/new"' in writer
    assert "/measures/criteria/new" not in reader
    assert "Chưa có phiếu" in reader
    assert "Chưa có phiếu" in unknown, "a year nobody knows anything of is not without losses"


async def test_a_criterion_is_named_by_hand_from_the_set_or_typed(
    browser: httpx.AsyncClient, services: Services
) -> None:
    sets = [{"id": ID, "status": "published", "serves": "par_index", "year": 2025,
             "set_version": 1}]  # fmt: skip
    subs = [{"code": "1.1.2", "name": "Mức độ hoàn thành"}]
    services.known |= {
        "/v1/criteria_sets": {"data": sets, "next_cursor": None},
        f"/v1/criteria_sets/{ID}": {"body": {"areas": [{"criteria": [{"sub_criteria": subs}]}]}},
    }
    page = (await browser.get("/measures/criteria/new?year=2024")).text
    sent = {"csrf_token": "t", "year": "2024", "reason": "Tỉnh nhắc", "code": "", "name": ""}
    chosen = await browser.post("/measures/criteria/new", data={**sent, "chosen": "1.1.2"})
    await browser.post("/measures/criteria/new", data={**sent, "code": "9.1", "name": "Khác"})
    assert '<option value="1.1.2"' in page
    assert chosen.headers["location"] == "/measures?year=2024&done=criterion_named"
    bodies = [json.loads(body) for _, body, _ in services.sent]
    assert [(each["code"], each["name"], each["year"]) for each in bodies] == [
        ("1.1.2", "Mức độ hoàn thành", 2024), ("9.1", "Khác", 2024),
    ]  # fmt: skip


async def test_what_was_named_by_hand_says_why_and_is_taken_back(
    browser: httpx.AsyncClient, services: Services
) -> None:
    named = {
        **BARE, "points": None, "max_points": None, "lost": None, "reason": "Tỉnh nhắc",
        "named_at": "2025-01-05T02:00:00Z", "named_by_name": "Lê Thị An", "allowed": ["withdraw"],
    }  # fmt: skip
    services.known["/v1/measures"] = {**MEASURES, "data": [named], "lost": "0"}
    page = (await browser.get("/measures")).text
    gone = await browser.post(
        "/measures/criteria/withdraw", data={"csrf_token": "t", "year": "2024", "code": "2.1.1"}
    )
    assert "Ghi bằng tay: Tỉnh nhắc" in page
    assert "Tổng điểm mất" not in page
    assert gone.headers["location"] == "/measures?year=2024&done=criterion_withdrawn"
    assert [path for path, _, _ in services.sent] == ["/v1/weak_criteria/2024/2.1.1"]


async def test_the_link_on_a_figure_fills_in_what_the_instruction_is_about(
    browser: httpx.AsyncClient,
) -> None:
    about = "about_kind=figure&about_text=Ch%E1%BB%89+s%E1%BB%91&about_path=%2F%3Fyear%3D2025"
    page = (await browser.get(f"/instructions/new?{about}")).text
    assert 'value="Chỉ số"' in page
    assert 'value="/?year=2025"' in page
    assert 'name="on_behalf_of_id"' in page, "the Office names whose instruction it is"


async def test_every_page_leads_those_who_may_to_an_instruction_about_itself(
    browser: httpx.AsyncClient, services: Services
) -> None:
    offered = (await browser.get("/measures?year=2024")).text
    services.allowed = []
    plain = (await browser.get("/measures?year=2024")).text
    assert "about_path=%2Fmeasures%3Fyear%3D2024" in offered
    assert 'href="/office_month"' in offered
    assert "about_path" not in plain
    assert 'href="/office_month"' not in plain


async def test_the_director_is_not_asked_whose_instruction_it_is(
    browser: httpx.AsyncClient, services: Services
) -> None:
    services.known["/v1/instructions"] = {"data": [], "next_cursor": None, "allowed": ["issue"]}
    page = (await browser.get("/instructions/new")).text
    assert 'name="on_behalf_of_id"' not in page


async def test_an_instruction_is_sent_with_what_is_filled_in_alone(
    browser: httpx.AsyncClient, services: Services
) -> None:
    sent = {
        "csrf_token": "t", "plan_id": ID, "unit_id": ID, "words": "Báo cáo",
        "deadline_text": "15/7", "issuing_body": "government", "about_kind": "figure",
        "document_issued_on": "01/03/2025", "read_as": f"{ID} 15/7", "step": "apply",
    }  # fmt: skip
    page = await browser.post("/instructions/new", data=sent)
    assert page.headers["location"] == f"/instructions/{ID}?done=instruction_issued"
    [(_, body, _)] = services.sent
    assert b'"about":null' in body
    assert b'"issued_on":"2025-03-01"' in body


async def test_an_instruction_shows_its_document_and_leads_to_what_it_is_about(
    browser: httpx.AsyncClient,
) -> None:
    page = (await browser.get(f"/instructions/{ID}")).text
    assert "12-CT/ĐU" in page
    assert '<a class="place" href="/?year=2025">Chỉ số 81,33 %</a>' in page
    assert "Văn thư ghi thay" in page
    assert f'href="/assignments/{ID}"' in page


async def test_the_month_shows_each_reason_with_the_list_it_counts(
    browser: httpx.AsyncClient,
) -> None:
    page = (await browser.get("/office_month")).text
    assert "/assignments?unit_id=u&amp;overdue=true" in page
    assert "Quá hạn: 4" in page
    assert "30/06/2025" in page
    assert "15/SNV-VP" in page
    assert "16/SNV-VP" in page
    assert '<a href="/unit_reports">' in page
    assert "trễ 2 ngày làm việc" in page
    assert f'href="/inspections/{ID}"' in page
    assert "2 tồn tại, hạn chế chưa khắc phục xong" in page
    assert 'href="/office_month?month=2025-10"' in page


def test_the_months_beside_a_month_are_found_over_the_years_end() -> None:
    assert (beside(date(2025, 1, 1), -1), beside(date(2025, 12, 1), 1)) == ("2024-12", "2026-01")
