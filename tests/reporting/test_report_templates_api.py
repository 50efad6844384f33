"""Templates that the Office edits: the shipped copy gives the same report; versions; refusals."""

import asyncio
import io
import os
import zipfile
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from docx import Document
from sqlalchemy import text
from tests.reporting.reports import Reports, figures, words

TEMPLATES = "/v1/report_templates"


@pytest.fixture
async def reports(office, consumer) -> Reports:
    made = Reports(office, consumer)
    await made.work()
    return made


async def upload(office, content: bytes, *, kind="periodic", who="office", name="mau.docx"):
    client = await office.client(who)
    headers = {"Idempotency-Key": str(uuid4())}
    return await client.post(
        f"{TEMPLATES}?kind={kind}", files={"file": (name, content)}, headers=headers
    )


async def versions(office, kind="periodic"):
    return (await office.get("office", TEMPLATES, kind=kind)).json()["data"]


async def file_of(office, id_: str):
    answer = await office.get("office", f"{TEMPLATES}/{id_}/file.docx")
    assert answer.status_code == 200, answer.text
    return Document(io.BytesIO(answer.content))


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def simple(*lines: str) -> bytes:
    document = Document()
    for line in ("{{ notice }}", "{{ foot }}", *lines):
        document.add_paragraph(line)
    return saved(document)


async def test_every_kind_comes_with_a_template_that_is_its_own_layout(office):
    every = (await office.get("office", TEMPLATES)).json()
    assert {each["kind"] for each in every["data"]} == {
        "periodic", "ad_hoc", "closing", "par_self", "survey",
    }  # fmt: skip
    assert all(each["number"] == 0 and each["in_force"] for each in every["data"])
    assert every["allowed"] == ["create"]


async def test_a_report_in_the_shipped_template_says_what_its_own_layout_says(reports, office):
    report = await reports.make()
    before = await reports.word(report)
    own = (await versions(office))[-1]
    template = await file_of(office, own["id"])
    taken = await upload(office, saved(template))
    assert taken.status_code == 201, taken.text
    after = await reports.word(report)

    assert words(after) == words(before)
    cells = [
        [[cell.text for cell in row.cells] for table in each.tables for row in table.rows]
        for each in (before, after)
    ]
    assert [row for row in cells[1] if len(row) > 2 and row[0].isdigit()] == [
        row for row in cells[0] if len(row) > 2 and row[0].isdigit()
    ]
    for each in (before, after):
        assert report["sha256"] in each.sections[0].first_page_footer.paragraphs[0].text
        assert "Bản dựng" in each.sections[0].first_page_header.paragraphs[0].text


async def test_a_template_may_say_figures_and_choose_by_them(reports, office):
    report = await reports.make()
    made = await upload(office, simple(
        "{{ title }}: {{ figures.work.done }}/{{ figures.work.all }}; {{ figures.work.rate_due }}",
        "{% if figures.work.overdue > 2 %}Nhiều việc quá hạn{% else %}Ít{% endif %}",
        "{% if figures.survey.ballots > 0 %}có{% else %}chưa khảo sát{% endif %}",
    ))  # fmt: skip
    assert made.status_code == 201, made.text
    said = words(await reports.word(report))
    known = figures(report)
    assert f"{report['title']}: {known['work.done']}/{known['work.all']}; 50,00" in said
    assert {"Nhiều việc quá hạn", "chưa khảo sát"} <= set(said)


async def test_the_newest_is_in_force_and_an_older_one_is_taken_again_as_a_new_version(
    reports, office
):
    report = await reports.make()
    first = (await upload(office, simple("Bản một"))).json()
    await upload(office, simple("Bản hai"))
    assert "Bản hai" in words(await reports.word(report))
    asked = await office.get(
        "office", f"/v1/reports/{report['id']}/document.docx", template_id=first["id"]
    )
    assert "Bản một" in words(Document(io.BytesIO(asked.content)))

    again = await office.post("office", f"{TEMPLATES}/{first['id']}/take_again")
    assert (again.status_code, again.json()["number"], again.json()["taken_from"]) == (201, 3, 1)
    assert "Bản một" in words(await reports.word(report))

    own = (await versions(office))[-1]
    await office.post("admin", f"{TEMPLATES}/{own['id']}/take_again")
    assert "Bản một" not in words(await reports.word(report))
    assert [(v["number"], v["in_force"], v["own_layout"]) for v in await versions(office)] == [
        (4, True, True), (3, False, False), (2, False, False), (1, False, False), (0, False, True),
    ]  # fmt: skip


async def test_of_a_template_that_is_wrong_nothing_is_kept_and_every_place_is_named(office):
    wrong = Document()
    wrong.add_paragraph("{{ title }")
    wrong.add_table(1, 2).rows[0].cells[1].text = "{%tr for u in lists.units %}"
    refused = await upload(office, saved(wrong))
    said = {each["pointer"]: each["message"] for each in refused.json()["errors"]}
    assert (refused.status_code, refused.json()["code"]) == (422, "template_invalid")
    assert "Đoạn 1: thẻ «{{ title }» bị ngắt" in said["/body/1"]
    assert "Bảng 1, dòng 1, cột 2" in said["/table/1/1/2"]
    assert any("{{ notice }}" in each["message"] for each in refused.json()["errors"])
    assert [each["number"] for each in await versions(office)] == [0]


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("mau.pdf", b"%PDF-1.7", 415), ("mau.docx", b"PK\x03\x04", 415), ("mau.docx", b"", 422)],
)
async def test_what_is_no_word_document_is_refused(office, name, content, status):
    assert (await upload(office, content, name=name)).status_code in (status, 415)


def with_part(name: str, content: bytes) -> bytes:
    """A Word document with one more part."""
    stream = io.BytesIO(simple())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "part",
    [("word/media/a.bin", b"\0" * 30_000_000), ("word/vbaProject.bin", b"x"), ("../out", b"x")],
    ids=["a bomb", "a macro", "a way out"],
)
async def test_a_package_that_is_unsafe_is_not_opened(office, part):
    refused = await upload(office, with_part(*part))
    assert (refused.status_code, refused.json()["code"]) == (415, "file_unsafe")


async def test_a_kind_or_template_nobody_knows_is_not_found(reports, office):
    report = await reports.make()
    other = (await upload(office, simple(), kind="survey")).json()
    path = f"/v1/reports/{report['id']}/document.docx"
    assert (await upload(office, simple(), kind="nothing")).status_code == 404
    assert (await office.get("office", path, template_id=str(uuid4()))).status_code == 404
    assert (await office.get("office", path, template_id=other["id"])).status_code == 404
    assert (await office.get("office", f"{TEMPLATES}/{uuid4()}/file.docx")).status_code == 404


async def test_what_was_signed_stays_as_it_was_whatever_template_comes_later(reports, office):
    await upload(office, simple("Bản lúc ký", "{{ number }}/{{ symbol }}"))
    signed = await reports.sign(await reports.make())
    await upload(office, simple("Bản sau"))
    assert {"Bản lúc ký", "05/BC-SNV"} <= set(words(await reports.word(signed)))


async def test_a_template_that_no_longer_fits_its_kind_is_said(reports, office):
    report = await reports.make()
    await upload(office, simple("{{ sections.progress.heading }}"))
    kind = (await office.get("office", "/v1/report_kinds/periodic")).json()
    body = kind["body"]
    for section in body["outline"]:
        section["id"] = "advance" if section["id"] == "progress" else section["id"]
    client = await office.client("admin")
    changed = await client.put(
        "/v1/report_kinds/periodic", json={"body": body, "reason": "Đổi đề cương"},
        headers={"If-Match": f'"{kind["version"]}"'},
    )  # fmt: skip
    assert changed.status_code == 200, changed.text
    assert (await versions(office))[0]["behind"] is True
    assert (await reports.word(report)).paragraphs  # its snapshot has the section still
    newer = await reports.make()
    answer = await office.get("office", f"/v1/reports/{newer['id']}/document.docx")
    assert (answer.status_code, answer.json()["code"]) == (409, "template_no_longer_fits")


async def test_what_a_kind_gained_since_its_template_is_said_before_a_report_is_checked(
    reports, office
):
    await upload(office, simple("Mẫu"))
    kind = (await office.get("office", "/v1/report_kinds/periodic")).json()
    section = {"id": "more", "heading": "Mục thêm", "sentences": []}
    body = {**kind["body"], "outline": [*kind["body"]["outline"], section]}
    client = await office.client("admin")
    changed = await client.put(
        "/v1/report_kinds/periodic", json={"body": body, "reason": "Thêm mục"},
        headers={"If-Match": f'"{kind["version"]}"'},
    )  # fmt: skip
    assert changed.status_code == 200, changed.text
    told = [each["message"] for each in (await reports.make())["remarks"]]
    assert any("mục «Mục thêm»" in each for each in told)


async def test_a_report_is_read_though_its_kind_was_shipped_anew_since_its_template(
    reports, office
):
    await upload(office, simple("Mẫu"))
    async with office.database.sessions.begin() as session:
        await session.execute(text("UPDATE report_kind SET version = version + 1"))
    report = await reports.make()
    assert "template_behind" not in [each["code"] for each in report["remarks"]]


async def test_the_fields_of_a_kind_are_listed_with_their_tags(office):
    data = (await office.get("office", f"{TEMPLATES}/fields", kind="periodic")).json()["data"]
    tags = {each["tag"] for each in data}
    assert {"{{ title }}", "{{ figures.work.done }}", "{% for x in lists.units %}"} <= tags
    assert {"name": "x.don_vi", "words": "Đơn vị", "kind": "text", "tag": "{{ x.don_vi }}",
            "within": "lists.units"} in data  # fmt: skip


async def test_who_only_reads_may_not_upload(office):
    assert (await upload(office, simple(), who="director")).status_code == 403
    assert (await office.get("unit_officer", TEMPLATES)).status_code == 403


def is_being_checked() -> bool:
    """Tell whether a process of ours looks at a template now."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            command = (folder / "cmdline").read_bytes()
            if int(parent) == os.getpid() and b"report_templates.isolated" in command:
                return True
    return False


async def test_a_kind_may_change_while_a_template_is_checked_which_then_is_checked_again(
    office, eventually
):
    kind = (await office.get("admin", "/v1/report_kinds/ad_hoc")).json()
    section = kind["body"]["outline"][0]["id"]
    content = simple(f"{{{{ sections.{section}.heading }}}}")
    uploading = asyncio.create_task(upload(office, content, kind="ad_hoc"))
    await eventually(is_being_checked, every=0.01)
    client = await office.client("admin")
    outline = [{"id": "other", "heading": "Mục khác"}, *kind["body"]["outline"][1:]]
    changed = await client.put(
        "/v1/report_kinds/ad_hoc",
        json={"body": {**kind["body"], "outline": outline}, "reason": "Thử"},
        headers={"If-Match": f'"{kind["version"]}"'},
    )
    waited = uploading.done()
    refused = await uploading

    assert (changed.status_code, waited) == (200, False)
    assert refused.status_code == 422
    assert section in refused.json()["errors"][0]["message"]
