"""Files are what they say, and come back as they were. ASVS v5.0.0-5.2.1, 5.2.2."""

import io
import zipfile

import pytest
from sqlalchemy import text

from chassis.errors import InvalidInput, NotFound, NotStored, TooLarge, UnsupportedMedia
from chassis.files import DOCUMENTS, FileStore, kind_of
from chassis.ids import new_id

PNG = b"\x89PNG\r\n\x1a\n rest"
PDF = b"%PDF-1.7 rest"


def package(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


DOCX = package(**{"word/document.xml": b"<x/>"})


@pytest.fixture
def store(tmp_path):
    return FileStore(f"file://{tmp_path}/tệp của tôi")


async def save(store, database, name, content, **more):
    async with database.sessions.begin() as session:
        return await store.save(session, name=name, content=content, uploaded_by=None, **more)


async def test_a_file_comes_back_as_an_attachment_under_its_own_name(store, database):
    saved = await save(store, database, '../Báo cáo\x00 quý "3".PDF', PDF)
    async with database.sessions() as session:
        found = await store.find(session, saved.id)
    response = await store.download(found)

    assert found == saved
    assert (saved.name, saved.kind, saved.size) == ('Báo cáo quý "3".PDF', "pdf", len(PDF))
    assert response.body == PDF
    disposition = response.headers["content-disposition"]
    assert disposition.startswith("attachment;")
    assert "B%C3%A1o%20c%C3%A1o" in disposition
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.svg", b"<svg/>", "file_kind_refused"),
        ("a.html", b"<html>", "file_kind_refused"),
        ("pdf", PDF, "file_kind_refused"),
        ("a.pdf.exe", PDF, "file_kind_refused"),
        ("a.pdf", PNG, "file_content_mismatch"),
        ("a.png", PDF, "file_content_mismatch"),
        ("a.docx", package(**{"xl/workbook.xml": b"<x/>"}), "file_content_mismatch"),
        ("a.xlsx", DOCX, "file_content_mismatch"),
        ("a.docx", b"PK\x03\x04 nothing", "file_content_mismatch"),
        ("a.docx", package(**{"word/document.xml": b"", "vbaProject.bin": b""}), "file_unsafe"),
        ("a.docx", package(**{"word/document.xml": b"", "../x": b""}), "file_unsafe"),
        ("a.xlsx", package(**{"xl/workbook.xml": b"0" * 30_000_000}), "file_unsafe"),
        (
            "a.xlsx",
            package(**{"xl/workbook.xml": b""} | {f"x/{n}": b"" for n in range(2_001)}),
            "file_unsafe",
        ),
    ],
)  # fmt: skip
def test_what_a_file_is_not_is_refused(name, content, code):
    with pytest.raises(UnsupportedMedia) as refused:
        kind_of(name, content)
    assert refused.value.code == code


def test_an_import_takes_documents_only():
    assert kind_of("a.docx", DOCX, DOCUMENTS) == "docx"
    with pytest.raises(UnsupportedMedia, match="doc, docx, ods, odt, rtf, xls, xlsx"):
        kind_of("a.pdf", PDF, DOCUMENTS)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1", "doc"),
        ("a.doc", b"{\\rtf1 x}", "doc"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "xls"),
        ("a.rtf", b"{\\rtf1 x}", "rtf"),
        ("a.ods", package(**{"content.xml": b"<x/>"}), "ods"),
    ],
)
def test_older_kinds_are_documents_and_no_evidence(name, content, kind):
    assert kind_of(name, content, DOCUMENTS) == kind
    with pytest.raises(UnsupportedMedia):
        kind_of(name, content)


@pytest.mark.parametrize("name", ["a.docx", "a.xls", "a.odt"])
def test_older_kinds_say_what_they_are_not(name):
    with pytest.raises(UnsupportedMedia) as refused:
        kind_of(name, b"{\\rtf1 x}", DOCUMENTS)
    assert refused.value.code == "file_content_mismatch"


async def test_empty_and_oversized_files_are_refused(store, database):
    with pytest.raises(InvalidInput):
        await save(store, database, "a.pdf", b"")
    with pytest.raises(TooLarge):
        await save(store, database, "a.pdf", PDF + b"x" * (20 * 1024 * 1024))


async def test_unknown_files_are_not_found(store, database):
    saved = await save(store, database, "a.png", PNG)
    with pytest.raises(NotFound):
        async with database.sessions() as session:
            await store.find(session, new_id())
    with pytest.raises(NotFound):
        await store.read(type(saved)(**{**vars(saved), "id": new_id()}))


def test_a_store_elsewhere_is_refused():
    with pytest.raises(ValueError, match="s3://"):
        FileStore("s3://bucket")


async def test_where_files_cannot_be_written_that_is_said_and_nothing_is_kept(
    store, database, tmp_path
):
    folder = tmp_path / "tệp của tôi"
    folder.rmdir()
    folder.write_bytes(b"no folder any more")

    with pytest.raises(NotStored) as refused:
        await save(store, database, "a.pdf", PDF)

    assert (refused.value.http_status, refused.value.code) == (507, "file_not_stored")
    async with database.sessions() as session:
        assert (await session.execute(text("SELECT count(*) FROM stored_file"))).scalar_one() == 0
