"""Reports: one frozen snapshot behind text, Word and Excel; checked, signed for good, sent."""

import asyncio
import hashlib
import io
import re
import shutil
from decimal import Decimal
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.reporting.conftest import accepted, assignment, created, envelope
from tests.reporting.reports import (
    SENT,
    SIGNED,
    TODAY,
    YEAR,
    Reports,
    figures,
    sentences,
    shown,
    words,
)

from chassis.documents.official import day_words
from reporting.reports.lists import sha256

needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is missing")


@pytest.fixture
async def reports(office, consumer) -> Reports:
    made = Reports(office, consumer)
    await made.work()
    return made


async def test_a_report_is_made_by_a_job_and_its_figures_are_those_of_the_indices(reports, office):
    report = await reports.make()
    measured = (await office.get("office", "/v1/indices/completion", year=2025)).json()

    whole, found = measured["completion"], figures(report)
    assert report["state"] == "draft"
    assert found["work.all"] == whole["all"] == 6
    assert found["work.done"] == whole["done"] == 3
    assert found["work.on_time"] == whole["done_on_time"] == 2
    assert found["work.overdue"] == whole["overdue"] == 3
    assert found["work.rate_due"] == whole["rate_due"] == "50.00"
    assert shown(report)["work.rate_due"] == "50,00"
    assert found["window.due"] == 6
    assert report["period_name"] == "năm 2025"


async def test_every_sentence_names_its_figures_and_says_them(reports):
    report = await reports.make()
    said, known = sentences(report), shown(report)

    about = said["progress.all"]
    assert "là 6; tính đến hết ngày 14/12/2025 đã hoàn thành 3 nhiệm vụ" in about["text"]
    for sentence in said.values():
        assert set(sentence["figures"]) <= known.keys()
        numbers = re.findall(r"\d[\d.,]*\d|\d", re.sub(r"\d\d/\d\d/\d{4}", "", sentence["text"]))
        sources = " ".join(known[id_] for id_ in sentence["figures"])
        assert all(number in sources for number in numbers), sentence


async def test_a_section_without_data_says_so(reports):
    said = sentences(await reports.make())

    assert said["proposals.no_data"]["no_data"] is True
    assert said["proposals.no_data"]["text"] == "Hệ thống chưa có số liệu cho mục này."


async def test_every_figure_of_the_word_document_is_the_apis_to_the_last_digit(reports, office):
    report = await reports.make()
    document = await reports.word(report)
    listed = {each["code"]: each for each in report["lists"]}

    for sentence in sentences(report).values():
        assert any(sentence["text"].rstrip(".") in line for line in words(document))
    for code in ("indicators", "units", "assignments", "next", "overdue"):
        path = f"/v1/reports/{report['id']}/lists/{code}"
        rows = (await office.get("office", path)).json()["rows"]
        assert len(rows) == listed[code]["count"]
        assert sha256(rows) == listed[code]["sha256"]
    cells = {tuple(c.text for c in row.cells) for t in document.tables for row in t.rows}
    measured = ("work.", "survey.", "par.", "window.", "evidence.")
    for each in report["figures"]:
        if each["kind"] != "text" and each["id"].startswith(measured):
            said = [row for row in cells if len(row) == 5 and row[1] == each["label"]]
            assert [row[3] for row in said] == [each["shown"] if each["value"] is not None else "–"]
    assert any(f"SHA-256: {report['sha256']}" in s.footer.paragraphs[0].text
               for s in document.sections)  # fmt: skip


async def test_the_annex_holds_every_list_on_a_sheet_of_its_own(reports, office):
    report = await reports.make()
    answer = await office.get("office", f"/v1/reports/{report['id']}/annex.xlsx")
    book = load_workbook(io.BytesIO(answer.content))

    assert book.sheetnames == [each["title"] for each in report["lists"]]
    figure = {row[1].value: row[3] for row in book["Số liệu tổng hợp"].iter_rows(min_row=6)}
    done, rate = figure["Nhiệm vụ đã hoàn thành"], figure["Tỷ lệ hoàn thành trên tổng số"]
    assert (done.value, done.number_format) == (figures(report)["work.done"], "#,##0")
    assert Decimal(str(rate.value)) == Decimal(figures(report)["work.rate_all"])
    assert (rate.data_type, rate.number_format) == ("n", "#,##0.00##")
    assert figure["Chỉ số CCHC dự kiến"].value == "–"
    sheet = book["Toàn bộ nhiệm vụ"]
    assert sheet.max_row == 5 + 6
    assert report["sha256"] in sheet["A3"].value
    states = sorted(sheet.cell(row, 8).value for row in range(6, 12))
    assert states == sorted(
        ["Hoàn thành đúng hạn"] * 2 + ["Hoàn thành quá hạn"] + ["Quá hạn chưa hoàn thành"] * 3
    )


async def test_later_facts_never_change_a_report_but_are_listed_beside_it(reports, office):
    report = await reports.make()
    later = assignment(reports.plan_id, 99)
    await reports.consumer.apply([envelope(created(later)), envelope(accepted(later))])

    again = await reports.read(report["id"])
    found = (await office.get("office", f"/v1/reports/{report['id']}/corrections")).json()
    moved = {each["id"]: (each["before"], each["after"]) for each in found["figures"]}
    assert (again["figures"], again["sha256"]) == (report["figures"], report["sha256"])
    assert moved["work.all"] == (6, 7)
    assert moved["work.done"] == (3, 4)
    with pytest.raises(DBAPIError, match="never changes"):
        async with office.database.sessions.begin() as session:
            await session.execute(text("UPDATE report SET snapshot = '{}'"))


async def test_a_changed_sentence_is_marked_and_the_text_has_to_be_checked_again(reports):
    report = await reports.make()
    checked = (await reports.act("office", report, "check")).json()
    body = {"sentences": [
        {"id": "proposals.no_data", "text": "Đề nghị bố trí kinh phí."},
        {"section": "causes", "text": "Do thay đổi tổ chức bộ máy."},
        {"id": "closing", "text": "Kính gửi UBND tỉnh."},
    ]}  # fmt: skip
    changed = await reports.act("office", checked, "", body)

    view = changed.json()
    said = sentences(view)
    assert (changed.status_code, view["state"], view["version"]) == (200, "draft", 4)
    assert said["proposals.no_data"]["changed"] is True
    assert said["proposals.no_data"]["drafted"] == "Hệ thống chưa có số liệu cho mục này."
    assert said["causes.added_1"]["changed"] is True
    assert said["progress.all"]["changed"] is False
    text_of = words(await reports.word(view))
    assert "Đề nghị bố trí kinh phí." in text_of
    assert "Do thay đổi tổ chức bộ máy." in text_of
    assert "Kính gửi UBND tỉnh./." in text_of
    stale = await reports.act("office", report, "", body)
    assert stale.status_code == 412
    unknown = await reports.act("office", view, "", {"sentences": [{"id": "x.y", "text": "z"}]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/sentences/0/id")


async def test_sections_without_data_are_asked_about_before_a_report_is_checked(reports):
    report = await reports.make()
    empty = [s["section"] for s in sentences(report).values() if s["no_data"]]
    refused = await reports.act("office", report, "check", {"remarks_read": False})
    told = [each for each in report["remarks"] if each["code"] == "section_without_data"]

    assert empty
    assert [each["at"] for each in told] == empty
    assert (refused.status_code, refused.json()["code"]) == (409, "report_remarks_unread")
    heading = next(each["heading"] for each in report["sections"] if each["id"] == empty[0])
    assert heading in refused.json()["detail"]
    gone = {"sentences": [{"id": f"{id_}.no_data", "text": ""} for id_ in empty]}
    left = (await reports.act("office", report, "", gone)).json()
    assert not left["remarks"]
    assert heading.upper() not in [line.upper() for line in words(await reports.word(left))]
    checked = await reports.act("office", left, "check", {"remarks_read": False})
    assert checked.status_code == 200
    assert checked.json()["checked_by_name"]


@pytest.mark.parametrize(
    ("old", "new", "strange"),
    [("6", "7", ["7"]), ("6", "6", []), ("6", "6,5", ["6,5"]), ("nhiệm vụ", "việc", [])],
)
async def test_a_number_written_by_hand_that_is_no_figure_of_its_sentence_is_said(
    reports, old, new, strange
):
    report = await reports.make()
    said = sentences(report)["progress.all"]
    text_ = said["text"].replace(old, new, 1)
    changed = await reports.act(
        "office", report, "", {"sentences": [{"id": said["id"], "text": text_}]}
    )
    told = [e for e in changed.json()["remarks"] if e["code"] == "number_without_figure"]

    expected = [f"{each} không có trong số liệu của câu" for each in strange]
    assert [each["message"] for each in told] == expected
    assert {each["at"] for each in told} <= {said["id"]}


async def test_composed_data_is_said_on_page_one_and_keeps_a_report_from_being_signed(reports):
    report = await reports.make()
    document = await reports.word(report)
    checked = (await reports.act("office", report, "check")).json()
    refused = await reports.act("office", checked, "sign", SIGNED)
    notice = document.sections[0].first_page_header.paragraphs[0].text

    assert notice == report["notice"]
    assert notice.startswith("Bản dựng, không phải văn bản chính thức:")
    assert (refused.status_code, refused.json()["code"]) == (409, "report_source_unconfirmed")
    await reports.confirm(report)
    assert (await reports.read(report["id"]))["notice"] is None


async def test_a_signed_report_is_immutable_with_its_hash_and_is_told_of(reports, office):
    report = await reports.make()
    signed = await reports.sign(report)
    document = await reports.word(signed)
    events = await reports.rows(
        "SELECT envelope FROM event_log WHERE type = 'reporting.report_issued.v1'"
    )

    assert (signed["state"], signed["number"], signed["signed_on"]) == (
        "signed", "05/BC-SNV", TODAY.isoformat(),
    )  # fmt: skip
    top = [p.text for row in document.tables[0].rows for c in row.cells for p in c.paragraphs]
    assert "Số: 05/BC-SNV" in top
    assert f"Khánh Hòa, {day_words(TODAY)}" in top
    assert document.sections[0].first_page_header.paragraphs[0].text == ""
    assert len(events) == 1
    assert signed["signed_sha256"] in str(events[0].envelope)
    changed = await reports.act("office", signed, "", {"title": "Khác"})
    assert (changed.status_code, changed.json()["code"]) == (409, "report_not_now")
    with pytest.raises(DBAPIError, match="never changes"):
        async with office.database.sessions.begin() as session:
            await session.execute(text("UPDATE report SET title = 'Khác'"))


async def test_a_number_is_used_once_a_year(reports):
    await reports.sign(await reports.make())
    other = await reports.make()
    checked = (await reports.act("office", other, "check")).json()
    refused = await reports.act("office", checked, "sign", SIGNED)

    assert (refused.status_code, refused.json()["code"]) == (409, "report_number_taken")


async def test_a_signed_report_is_sent_with_a_record_of_each_recipient(reports, office):
    signed = await reports.sign(await reports.make())
    early = await reports.act("office", await reports.make(), "send", SENT)
    sent = await reports.act("office", signed, "send", SENT)

    assert (early.status_code, early.json()["code"]) == (409, "report_not_now")
    view = sent.json()
    assert (sent.status_code, view["state"]) == (201, "sent")
    assert [(e["recipient"], e["channel"], e["sent_by_name"]) for e in view["sendings"]] == [
        ("UBND tỉnh", "document_axis", "office")
    ]
    traces = await reports.rows(
        "SELECT action FROM audit_entry WHERE subject_id = :id ORDER BY id", id=view["id"]
    )
    assert [row.action for row in traces] == [
        "report.create", "report.check", "report.sign", "report.send",
    ]  # fmt: skip


async def test_what_is_sent_twice_in_one_breath_is_entered_once(reports):
    signed = await reports.sign(await reports.make())
    answers = await asyncio.gather(*(reports.act("office", signed, "send", SENT) for _ in range(3)))
    other = await reports.act("office", signed, "send", {**SENT, "recipient": "Sở Tư pháp"})
    traces = await reports.rows(
        "SELECT id FROM audit_entry WHERE subject_id = :id AND action = 'report.send'",
        id=signed["id"],
    )

    assert [each.status_code for each in answers] == [201] * 3
    assert len(answers[-1].json()["sendings"]) == 1
    assert len(other.json()["sendings"]) == len(traces) == 2
    assert other.json()["version"] == signed["version"] + 2


@pytest.mark.parametrize(("act", "body"), [("check", {}), ("sign", SIGNED)])
async def test_a_second_check_or_signature_of_what_was_seen_changes_nothing(reports, act, body):
    report = await reports.make()
    await reports.confirm(report)
    if act == "sign":
        report = (await reports.act("office", report, "check")).json()
    answers = await asyncio.gather(*(reports.act("office", report, act, body) for _ in range(2)))

    assert sorted(each.status_code for each in answers) == [200, 412]
    assert (await reports.read(report["id"]))["version"] == report["version"] + 1


async def test_the_signed_copy_is_kept_beside_it(reports, office):
    signed = await reports.sign(await reports.make())
    path = f"/v1/reports/{signed['id']}/signed_copy"
    client = await office.client("office")
    none = await client.get(path)
    wrong = await client.post(
        path, files={"file": ("a.pdf", b"x")}, headers={"Idempotency-Key": str(uuid4())}
    )
    kept = await client.post(
        path, files={"file": ("ban-ky.pdf", b"%PDF-1.7\n%%EOF")},
        headers={"Idempotency-Key": str(uuid4())},
    )  # fmt: skip

    assert (none.status_code, wrong.status_code, kept.status_code) == (404, 415, 201)
    assert (await client.get(path)).content.startswith(b"%PDF-1.7")
    twice = await client.post(
        path, files={"file": ("ban-ky.pdf", b"%PDF-1.7\n%%EOF")},
        headers={"Idempotency-Key": str(uuid4())},
    )  # fmt: skip
    assert twice.status_code == 201
    assert (await reports.read(signed["id"]))["version"] == signed["version"] + 1


async def test_a_further_signed_copy_needs_a_reason_and_both_are_kept_with_their_hashes(
    reports, office
):
    signed = await reports.sign(await reports.make())
    path, client = f"/v1/reports/{signed['id']}/signed_copy", await office.client("office")

    async def keep(content: bytes, **query):
        return await client.post(
            path, files={"file": ("ban-ky.pdf", content)}, params=query,
            headers={"Idempotency-Key": str(uuid4())},
        )  # fmt: skip

    first, second = b"%PDF-1.7 1\n%%EOF", b"%PDF-1.7 2\n%%EOF"
    await keep(first)
    await office.post("office", f"/v1/reports/{signed['id']}/send", SENT)
    silent, blank = await keep(second), await keep(second, reason="  ")
    named = await keep(second, reason="Bản trước thiếu dấu")

    assert (silent.status_code, blank.status_code, named.status_code) == (409, 409, 201)
    assert silent.json()["code"] == "report_copy_kept"
    new, old = named.json()["signed_copies"]
    hashes = [hashlib.sha256(each).hexdigest() for each in (second, first)]
    assert [new["sha256"], old["sha256"]] == hashes
    assert (new["reason"], old["reason"]) == ("Bản trước thiếu dấu", None)
    assert new["added_by_name"]
    assert new["added_at"] > old["added_at"]
    assert (await client.get(path)).content == second
    assert (await client.get(path, params={"file_id": old["file_id"]})).content == first
    assert (await client.get(path, params={"file_id": str(uuid4())})).status_code == 404
    listed = (await office.get("office", "/v1/reports")).json()["data"][0]
    assert listed["signed_copy_sha256"] == hashes[0]
    assert listed["document_sha256"] == signed["document_sha256"]


async def test_units_see_no_draft_and_read_what_is_signed(reports, office):
    report = await reports.make()
    path = f"/v1/reports/{report['id']}"
    hidden = [await office.get(who, path) for who in ("unit_head", "unit_officer", "appraiser")]
    listed = await office.get("unit_head", "/v1/reports")
    acted = await reports.act("unit_head", report, "check")
    refused = await office.post("unit_head", "/v1/reports", {"kind": 1})
    read = [await office.get(who, path) for who in ("director", "auditor")]
    may_not = await reports.act("auditor", report, "check")

    assert [each.status_code for each in hidden] == [404] * 3
    assert listed.json()["data"] == []
    assert (acted.status_code, refused.status_code, may_not.status_code) == (404, 403, 403)
    assert [each.status_code for each in read] == [200, 200]
    await reports.sign(report)
    assert (await office.get("unit_head", path)).json()["number"] == "05/BC-SNV"
    after = await reports.act("unit_head", report, "send", SENT)
    assert after.status_code == 403


async def test_reports_are_found_by_kind_state_year_and_words_without_accents(reports, office):
    signed = await reports.sign(await reports.make(title="Báo cáo kết quả năm"))
    await reports.make(kind="ad_hoc")

    async def found(**query) -> list[str]:
        answer = await office.get("office", "/v1/reports", **query)
        return [each["id"] for each in answer.json()["data"]]

    assert len(await found()) == 2
    assert await found(q="ket qua NAM") == [signed["id"]]
    assert await found(q="05/bc-snv") == [signed["id"]]
    assert await found(state="signed", kind="periodic", year=2025) == [signed["id"]]
    assert await found(year=2024) == []


async def test_two_reports_of_a_kind_stand_side_by_side(reports, office):
    half = await reports.make(to="2025-06-14")
    before = {"from": "2023-12-15", "to": "2024-12-14"}
    signed = await reports.sign(await reports.make(**before))
    await reports.make(**before)  # a draft is nothing to compare with
    await reports.sign(half, number="6")
    later = assignment(reports.plan_id, 50)
    await reports.consumer.apply([envelope(created(later))])
    second = await reports.make()
    path = f"/v1/reports/{second['id']}/compared"
    last = (await office.get("office", path)).json()
    chosen = (await office.get("office", path, with_id=half["id"])).json()

    assert (last["with_id"], last["with_period"]) == (signed["id"], "năm 2024")
    lines = {each["id"]: each for each in chosen["figures"]}
    assert (chosen["with_id"], chosen["with_period"]) == (half["id"], "6 tháng đầu năm 2025")
    assert (lines["work.all"]["before"], lines["work.all"]["after"]) == (6, 7)
    assert lines["work.all"]["moved_shown"] == "+1"
    assert (await office.get("office", path, with_id=str(uuid4()))).status_code == 404


async def test_a_report_of_a_plan_speaks_of_that_plan_alone(reports, office):
    missing = await office.post("office", "/v1/reports", {**YEAR, "kind": "closing"})
    unknown = await office.post("office", "/v1/reports", {**YEAR, "plan_id": str(uuid4())})
    report = await reports.make(kind="closing", plan_id=str(reports.plan_id))

    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (422, "/plan_id")
    assert unknown.status_code == 404
    assert report["title"] == "Kết quả thực hiện Kế hoạch 2025"
    assert sentences(report)["difficulties.no_data"]["no_data"]


async def test_a_period_that_ends_before_it_begins_is_refused_with_both_days(reports, office):
    body = {**YEAR, "from": "2025-12-14", "to": "2024-12-15"}
    refused = await office.post("office", "/v1/reports", body)

    assert refused.status_code == 422
    assert "14/12/2025" in refused.json()["detail"]


@pytest.mark.parametrize("kind", ["ad_hoc", "par_self", "survey"])
async def test_each_shipped_kind_makes_a_document(reports, kind):
    report = await reports.make(kind=kind)

    assert report["state"] == "draft"
    assert words(await reports.word(report))[0] == "BÁO CÁO"


async def test_a_job_that_runs_twice_stores_one_snapshot(reports, office):
    report = await reports.make()
    async with office.database.sessions.begin() as session:
        await session.execute(text("UPDATE job SET state = 'queued', attempts = 0"))
    await office.run_jobs()

    again = await reports.read(report["id"])
    assert (again["sha256"], again["version"]) == (report["sha256"], report["version"])


async def test_a_job_killed_half_way_leaves_nothing_and_goes_on_with_the_next_runner(
    reports, office, eventually
):
    made = (await office.post("office", "/v1/reports", YEAR)).json()
    async with office.database.sessions.begin() as session:
        await session.execute(text("SELECT id FROM report FOR UPDATE"))  # it cannot store anything
        running = asyncio.create_task(office.run_jobs())
        await eventually(lambda: _progress(reports, 70))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    half = await reports.read(made["report_id"])
    rows = await reports.rows("SELECT part FROM report_rows")
    async with office.database.sessions.begin() as session:
        await session.execute(text("UPDATE job SET heartbeat_at = now() - interval '1 hour'"))
    await office.run_jobs()

    assert (half["state"], half["figures"], rows) == ("preparing", [], [])
    assert (await reports.read(made["report_id"]))["state"] == "draft"


async def test_a_report_whose_job_failed_says_so_and_is_made_again(reports, office):
    asked = (await office.post("office", "/v1/reports", YEAR)).json()
    await _change(office, "UPDATE report_kind SET body = body - 'name' || '{\"was\": 1}'")
    await office.run_jobs()
    failed = await reports.read(asked["report_id"])
    listed = (await office.get("office", "/v1/reports", state="failed")).json()["data"]
    waiting = (await office.get("office", "/v1/reports", state="preparing")).json()["data"]
    await _change(office, "UPDATE report_kind SET body = body - 'was' || '{\"name\": \"A\"}'")
    again = [await reports.act("office", failed, "retry") for _ in range(2)]
    running = await reports.read(failed["id"])
    await office.run_jobs()
    made = await reports.read(failed["id"])

    assert (failed["state"], failed["allowed"]) == ("failed", ["retry", "discard"])
    assert failed["job_error"] == "Đã có lỗi ngoài dự kiến khi xử lý"
    assert [each["id"] for each in listed] == [failed["id"]]
    assert waiting == []
    assert [each.status_code for each in again] == [202, 202]
    assert again[0].json() == again[1].json() != {"job_id": failed["job_id"]}
    assert (running["state"], running["job_error"]) == ("preparing", None)
    assert (made["state"], made["job_id"]) == ("draft", again[0].json()["job_id"])
    late = await reports.act("office", made, "retry")
    assert (late.status_code, late.json()["code"]) == (409, "report_not_now")


async def test_a_job_that_dies_again_and_again_fails_with_a_plain_word(reports, office):
    made = (await office.post("office", "/v1/reports", YEAR)).json()
    dead = "UPDATE job SET state = 'running', attempts = 3, heartbeat_at = now() - interval '1 h'"
    await _change(office, dead)
    await office.run_jobs()
    report = await reports.read(made["report_id"])

    assert report["state"] == "failed"
    assert report["job_error"] == "Công việc bị dừng giữa chừng quá 3 lần"


async def _change(office, statement: str) -> None:
    async with office.database.sessions.begin() as session:
        await session.execute(text(statement.replace(":", "\\:")))


async def _progress(reports, percent: int) -> bool:
    return [row.progress for row in await reports.rows("SELECT progress FROM job")] == [percent]


async def test_nothing_can_be_read_of_a_report_before_its_job_ran(reports, office):
    made = (await office.post("office", "/v1/reports", YEAR)).json()
    path = f"/v1/reports/{made['report_id']}"
    document = await office.get("office", f"{path}/document.docx")
    job = await office.get("office", f"/v1/jobs/{made['job_id']}")

    assert (document.status_code, document.json()["code"]) == (409, "report_not_ready")
    assert job.json()["state"] == "queued"
    assert (await reports.read(made["report_id"]))["state"] == "preparing"


@needs_office
async def test_the_pdf_says_what_the_word_document_says(reports, office):
    report = await reports.make()
    answer = await office.get("office", f"/v1/reports/{report['id']}/document.pdf")
    pdf = pytest.importorskip("pypdfium2").PdfDocument(answer.content)
    said = " ".join(pdf[0].get_textpage().get_text_bounded().split())

    assert answer.headers["content-type"] == "application/pdf"
    assert "Kết quả công tác cải cách hành chính năm 2025" in said
    assert "đã hoàn thành 3 nhiệm vụ" in said
