"""What is checked is signed, what was signed is handed out byte by byte; nothing waits for it."""

import asyncio
import hashlib
import io
import shutil

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.reporting.reports import SIGNED, Reports, words
from tests.reporting.test_report_templates_api import TEMPLATES, simple, upload
from tests.reporting.years import Year

from reporting.reports import papers
from reporting.reports.lists import sha256

needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is missing")


@pytest.fixture
async def reports(office, consumer) -> Reports:
    made = Reports(office, consumer)
    await made.work()
    return made


async def put_in_force(office, *lines: str, kind: str = "periodic") -> None:
    taken = await upload(office, simple(*lines), kind=kind)
    assert taken.status_code == 201, taken.text


async def file_of(office, report, ending: str, **query) -> bytes:
    answer = await office.get("office", f"/v1/reports/{report['id']}/document.{ending}", **query)
    assert answer.status_code == 200, answer.text
    return answer.content


async def test_what_was_checked_is_what_is_signed_whatever_template_came_between(reports, office):
    await put_in_force(office, "Bản lúc kiểm tra")
    report = await reports.make()
    checked = (await reports.act("office", report, "check")).json()
    await put_in_force(office, "Bản tải lên sau")
    read = words(await reports.word(checked))
    await reports.confirm(report)
    signed = (await reports.act("office", checked, "sign", SIGNED)).json()

    assert (checked["template_number"], signed["template_number"]) == (1, 1)
    assert "Bản lúc kiểm tra" in read
    assert "Bản lúc kiểm tra" in words(await reports.word(signed))


async def test_a_report_checked_in_its_own_layout_is_signed_in_it(reports, office):
    report = await reports.make()
    checked = (await reports.act("office", report, "check")).json()
    await put_in_force(office, "Bản tải lên sau")
    await reports.confirm(report)
    signed = (await reports.act("office", checked, "sign", SIGNED)).json()

    assert signed["template_number"] == 0
    assert "Bản tải lên sau" not in words(await reports.word(signed))


async def test_a_report_that_is_changed_again_follows_the_template_in_force_again(reports, office):
    report = await reports.make()
    checked = (await reports.act("office", report, "check")).json()
    await put_in_force(office, "Bản tải lên sau")
    changed = (await reports.act("office", checked, "", {"title": "Tên khác"})).json()

    assert changed["template_number"] == 1
    assert "Bản tải lên sau" in words(await reports.word(changed))


async def test_the_hash_of_what_was_signed_covers_the_document_that_is_handed_out(reports, office):
    signed = await reports.sign(await reports.make())
    await put_in_force(office, "Bản tải lên sau")
    content = await file_of(office, signed, "docx")
    said = [[each["section"], each["text"]] for each in _sentences(signed) if each["text"]]
    whole = {
        "document": hashlib.sha256(content).hexdigest(), "snapshot": signed["sha256"],
        "title": signed["title"], "number": signed["number"], "signed_on": signed["signed_on"],
        "signer": [*signed["signer_titles"], signed["signer_name"]], "text": said,
    }  # fmt: skip

    assert signed["document_sha256"] == whole["document"]
    assert signed["signed_sha256"] == sha256(whole)
    assert signed["signed_sha256"] != sha256({**whole, "document": "0" * 64})


def _sentences(report) -> list[dict]:
    inside = [each for section in report["sections"] for each in section["sentences"]]
    return [report["opening"], *inside, report["closing"]]


async def test_a_figure_that_only_a_template_says_is_known_to_be_composed(
    reports, office, consumer, database, survey, demo_criteria
):
    year = Year(office, consumer, database, survey)
    await year.publish(demo_criteria)
    report = await reports.make(kind="ad_hoc")
    before = [each["key"] for each in report["composed"]]
    made = await upload(office, simple("{{ figures.par.projected }}"), kind="ad_hoc")
    assert made.status_code == 201, made.text
    after = await reports.read(report["id"])
    keys = [each["key"] for each in after["composed"]]
    own = {"source": "QĐ 1/QĐ-SNV", "keys": before}
    await office.post("admin", "/v1/report_kinds/ad_hoc/confirm_source", own)
    checked = (await reports.act("office", report, "check")).json()
    refused = await reports.act("office", checked, "sign", SIGNED)

    assert not any(key.startswith("criteria_set/") for key in before)
    assert [key for key in keys if key.startswith("criteria_set/")]
    assert "bộ tiêu chí" in after["notice"].casefold()
    assert words(await reports.word(checked))[0] == checked["notice"]
    assert (refused.status_code, refused.json()["code"]) == (409, "report_source_unconfirmed")
    await reports.confirm(after)
    assert (await reports.act("office", checked, "sign", SIGNED)).status_code == 200


async def test_a_template_that_says_no_composed_figure_rests_on_none_of_it(
    reports, office, consumer, database, survey, demo_criteria
):
    await Year(office, consumer, database, survey).publish(demo_criteria)
    await put_in_force(office, "{{ figures.work.done }}", kind="ad_hoc")
    report = await reports.make(kind="ad_hoc")

    assert [each["key"].split("/")[0] for each in report["composed"]] == ["report_kind"]


async def test_a_condition_that_hides_the_notice_of_a_report_is_said_when_it_is_written(
    reports, office
):
    report = await reports.make()
    document = Document()
    document.add_paragraph("{{ foot }}")
    document.add_paragraph("{% if figures.work.all < 6 %}{{ notice }}{% endif %}")
    stream = io.BytesIO()
    document.save(stream)
    assert (await upload(office, stream.getvalue())).status_code == 201
    answer = await office.get("office", f"/v1/reports/{report['id']}/document.docx")

    assert (answer.status_code, answer.json()["code"]) == (409, "template_no_longer_fits")
    assert "{{ notice }}" in answer.json()["detail"]


@pytest.mark.parametrize("own", [True, False], ids=["the own layout", "a template"])
@needs_office
async def test_the_longest_title_is_written_in_whatever_layout(reports, office, own):
    title = ("Kết quả công tác cải cách hành chính & chuyển đổi số của tỉnh " * 10)[:500].strip()
    report = await reports.make(title=title)
    if not own:
        layout = (await office.get("office", TEMPLATES, kind="periodic")).json()["data"][-1]
        file = await office.get("office", f"{TEMPLATES}/{layout['id']}/file.docx")
        assert (await upload(office, file.content)).status_code == 201
    content = await file_of(office, report, "docx")
    pdf = await file_of(office, report, "pdf")

    assert title in words(Document(io.BytesIO(content)))
    assert pdf.startswith(b"%PDF-")


@pytest.mark.parametrize("character", ["\x0b", "\x00", "\ufffe", "\x1f", "\u202e"])
async def test_characters_that_nobody_sees_are_refused_where_they_are_entered(reports, character):
    report = await reports.make()
    spoilt = f"Chữ{character} lạ"
    title = await reports.act("office", report, "", {"title": spoilt})
    body = {"sentences": [{"id": "proposals.no_data", "text": f"Dòng một.\n{spoilt}"}]}
    sentence = await reports.act("office", report, "", body)

    for refused, pointer in ((title, "/title"), (sentence, "/sentences/0/text")):
        assert refused.status_code == 422
        [problem] = refused.json()["errors"]
        assert problem["pointer"] == pointer
        assert f"U+{ord(character):04X}" in problem["message"]


async def test_a_kind_is_not_changed_to_say_what_nobody_sees(reports, office):
    kind = (await office.get("office", "/v1/report_kinds/periodic")).json()
    body = {**kind["body"], "opening": "Mở\x0b đầu"}
    client = await office.client("office")
    refused = await client.put(
        "/v1/report_kinds/periodic", json={"body": body, "reason": "Thử"},
        headers={"If-Match": f'"{kind["version"]}"'},
    )  # fmt: skip

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/body/opening"


@needs_office
async def test_the_pdf_of_a_signed_report_is_made_once_and_stays(reports, office, monkeypatch):
    signed = await reports.sign(await reports.make())
    first = await asyncio.gather(*(file_of(office, signed, "pdf") for _ in range(2)))
    monkeypatch.setenv("PATH", "/nowhere")  # no LibreOffice any more
    again = await file_of(office, signed, "pdf")

    assert first[0] == first[1] == again
    with pytest.raises(DBAPIError, match="made once"):
        async with office.database.sessions.begin() as session:
            await session.execute(text("UPDATE report SET pdf_file_id = NULL"))


@needs_office
async def test_who_waits_for_a_pdf_holds_no_connection(reports, office, eventually):
    report = await reports.make()
    async with papers.PAPERS, papers.PAPERS:  # nobody's turn comes
        waiting = [asyncio.create_task(file_of(office, report, "pdf")) for _ in range(3)]
        await eventually(lambda: _written(waiting), within=30)
        busy = office.database.engine.pool.checkedout()
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    assert busy == 0


async def _written(waiting) -> bool:
    """Tell whether all of them wait for their turn."""
    return len(papers.PAPERS._waiters or ()) == len(waiting)


async def test_a_title_that_looks_like_a_formula_is_a_text_in_every_line(reports, office):
    report = await reports.make(title="=1+1 và hơn thế")
    answer = await office.get("office", f"/v1/reports/{report['id']}/annex.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]

    assert sheet["A3"].value.startswith("=1+1")
    assert (sheet["A3"].data_type, sheet["A3"].quotePrefix) == ("s", True)
