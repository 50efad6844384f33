"""Pages of inspections: a refused form says of which finding, record or person; what repeats."""

from typing import Any

from starlette.datastructures import FormData
from tests.portal.test_rights import ID, drawn

from portal import inspection_forms as forms
from portal.fields import FormProblem, placed
from portal.pages.inspections import differs
from portal.problems import Problem

FINDINGS = [
    {"id": "a", "kind": "shortcoming", "words": "Trả hồ sơ chậm hạn", "criterion_code": "3.2",
     "evidence": "", "open": True, "assignment_id": None},
    {"id": "b", "kind": "limitation", "words": "Thiếu sổ theo dõi " * 9, "criterion_code": None,
     "evidence": "", "open": True, "assignment_id": None},
]  # fmt: skip
MEMBER = {"person_id": "p", "name": "Lê Thị An", "post": "", "unit_id": ID, "duty": "member",
          "replaced_by_id": None}  # fmt: skip
RESERVE = {**MEMBER, "person_id": "q", "name": "Trần Văn Ba", "duty": "substitute"}
VISITED: dict[str, Any] = {
    "id": ID, "version": 5, "state": "visited", "subject": "Kỷ cương", "body": "government",
    "method": "planned", "unit_id": ID, "starts_on": "2025-05-12", "ends_on": "2025-05-12",
    "team": [MEMBER, RESERVE], "warnings": [], "findings": FINDINGS, "finding_count": 2,
    "records": [{"what": "Sổ theo dõi hồ sơ", "asked_on": "2025-05-05", "received_on": None}],
    "remediation_due_on": "2025-06-12", "allowed": ["change", "record_finding", "conclude"],
}  # fmt: skip
REPEATED = {
    "data": [{
        "unit_id": ID, "criterion_code": "3.2", "times": 2, "open_count": 1,
        "inspections": [{"id": ID, "year": 2025, "subject": "Kỷ cương",
                         "concluded_on": "2025-05-20"}],
    }],
}  # fmt: skip


def refused(form: FormData, fields: Any, *pointers: str) -> FormProblem:
    errors = [{"pointer": each, "message": "Quá ngắn"} for each in pointers]
    return placed(Problem(422, {"detail": "x", "errors": errors}), form, fields)


def shown(**view: Any) -> str:
    return drawn("inspection.html", {"one": VISITED, "act": "", "plan_choices": [], **view})


def test_a_refused_conclusion_says_of_which_finding() -> None:
    form = FormData({"what_a": "", "what_b": "x"})
    wrong = refused(
        form, forms.of_conclusion(FINDINGS), "/remediations/0/what", "/remediations/1/what",
    )  # fmt: skip
    html = shown(problem=wrong, act="conclude", form=forms.typed(form))
    assert 'href="#what_a">Việc phải làm (1: Trả hồ sơ chậm hạn)</a>: Quá ngắn' in html
    assert 'href="#what_b">Việc phải làm (2: Thiếu sổ theo dõi' in html
    assert 'id="what_a-error"' in html
    assert wrong.wrong[1].field is not None
    assert len(wrong.wrong[1].field.about) < 70, "a long finding is cut"


def test_before_one_concludes_it_says_by_when_each_finding_is_to_be_remedied() -> None:
    html = shown()
    assert html.count("hạn 12/06/2025 nếu kết luận hôm nay") == len(FINDINGS)
    assert html.count("khắc phục chậm nhất ngày 12/06/2025") == len(FINDINGS)


def test_a_refused_record_says_which_and_keeps_the_day_that_was_typed() -> None:
    form = FormData({"received_0": "31/12/2099"})
    wrong = refused(form, forms.of_records(VISITED["records"]), "/records/0/received_on")
    html = shown(problem=wrong, form=forms.typed(form))
    assert 'href="#received_0">Ngày nhận (Sổ theo dõi hồ sơ)</a>: Quá ngắn' in html
    assert 'value="31/12/2099"' in html
    assert 'id="received_0-error"' in html


def test_who_concludes_reads_which_records_have_not_come() -> None:
    came = [{**VISITED["records"][0], "received_on": "2025-05-12"}]
    assert "Chưa nhận: Sổ theo dõi hồ sơ." in shown()
    assert "Chưa nhận:" not in shown(one={**VISITED, "records": came})


def test_after_the_conclusion_the_day_a_record_came_can_be_entered_and_no_record_more() -> None:
    late = {**CONCLUDED, "allowed": ["change"], "conclusion_number": None, "conclusion": None}
    html = shown(one=late)
    assert 'name="received_0"' in html
    assert 'name="records"' not in html
    assert "/edit" not in html
    came = {**late, "records": [{**late["records"][0], "received_on": "2025-05-12"}]}
    assert 'name="received_0"' not in shown(one=came)


def test_what_is_to_be_done_stands_in_words_beside_its_number() -> None:
    remedied = {**CANCELLED, "remedy": "Sửa quy trình trả hồ sơ", "allowed": []}
    html = shown(one={**CONCLUDED, "findings": [remedied]})
    assert "Việc phải làm: Sửa quy trình trả hồ sơ" in html


def test_a_refused_absence_says_of_whom() -> None:
    form = FormData({"visited_on": "12/05/2025", "instead_p": "q", "why_p": ""})
    fields = forms.of_visit(form, VISITED["team"])
    announced = {**VISITED, "state": "announced", "allowed": ["visit"]}
    wrong = refused(form, fields, "/absent/0/reason", "/absent/0/substitute_id")
    html = shown(one=announced, problem=wrong, act="visit", form=forms.typed(form))
    assert 'href="#why_p">Lý do (Lê Thị An)</a>' in html
    assert 'id="instead_p-error"' in html


def test_what_is_repeated_says_in_how_many_years_and_where() -> None:
    head = {"unit_name": "Phòng", "unit_id": ID, "as_of": "2025-06-01T00:00:00Z", "held": None,
            "completion": {"all": 1, "done": 0, "overdue": 0, "rate_all": "0"},
            "coordination": None, "placed": None}  # fmt: skip
    view = {"head": head, "late": {"data": []}, "year": 2025}
    html = drawn("heads/head.html", {**view, "repeated": REPEATED})
    assert "tiêu chí 3.2" in html
    assert "trong 2 năm" in html
    assert f'href="/inspections/{ID}"' in html
    for nothing in (None, {"data": []}):
        assert "lặp lại" not in drawn("heads/head.html", {**view, "repeated": nothing})


CANCELLED = {**FINDINGS[0], "assignment_id": ID, "assignment_number": "NV-2025-0001",
             "lead_unit_id": ID, "due_on": None, "allowed": ["close"]}  # fmt: skip
CONCLUDED = {**VISITED, "state": "concluded", "allowed": [], "remediation_due_on": None}


def test_a_finding_is_closed_where_the_service_allows_it_and_a_refusal_stands_at_its_reason() -> (
    None
):
    other = {**CANCELLED, "id": "b"}
    one = {**CONCLUDED, "findings": [CANCELLED, other, {**other, "id": "c", "allowed": []}]}
    form = FormData({"reason": "x"})
    wrong = refused(form, forms.of_closing("a"), "/reason")
    html = shown(one=one, problem=wrong, act="close-a", form=forms.typed(form))
    assert [each in html for each in ("findings/a/close", "findings/b/close")] == [True, True]
    assert "findings/c/close" not in html
    assert html.count("<details open>") == 1
    assert 'href="#close-a"' in html


def test_a_closed_finding_says_by_whom_when_and_why() -> None:
    closed = {**CANCELLED, "open": False, "allowed": [], "closed_at": "2025-06-20T02:00:00Z",
              "closed_by_name": "Lê Thị An", "closed_because": "Đã bãi bỏ thủ tục"}  # fmt: skip
    html = shown(one={**CONCLUDED, "findings": [closed]})
    assert "Lê Thị An đóng lúc" in html
    assert "Đã bãi bỏ thủ tục" in html
    assert "đã đóng, không khắc phục" in html
    assert "đã khắc phục" not in html


def test_who_writes_a_finding_down_is_offered_the_codes_of_the_criteria_set() -> None:
    html = shown(criteria={"3.2": "Trả hồ sơ đúng hạn"})
    assert 'name="criterion_code" autocomplete="off" list="criteria"' in html
    assert '<option value="3.2">3.2 Trả hồ sơ đúng hạn</option>' in html
    assert "<datalist" not in shown(criteria={}), "while reporting is away the code is typed"


def test_in_which_order_people_are_ticked_changes_no_team() -> None:
    assert not differs(["b", "a"], ["a", "b"])
    assert differs(["a"], ["a", "b"])
    assert differs("2025-05-12", "2025-05-13")


def test_records_are_asked_for_by_a_day_and_show_it() -> None:
    form = FormData({"records": "Sổ\n\nKế hoạch ", "records_due_on": "05/12/2025"})
    assert forms.read_lines(form) == [
        {"what": "Sổ", "due_on": "2025-12-05"}, {"what": "Kế hoạch", "due_on": "2025-12-05"},
    ]  # fmt: skip
    wrong = refused(form, forms.of_records(VISITED["records"]), "/records/1/due_on")
    assert 'href="#records_due_on"' in shown(problem=wrong, form=forms.typed(form))
    records = [{**VISITED["records"][0], "due_on": "2025-12-05"}]
    for allowed in (["change"], []):
        html = shown(one={**VISITED, "records": records, "allowed": allowed})
        assert "yêu cầu ngày 05/05/2025 · nộp chậm nhất ngày 05/12/2025" in html
