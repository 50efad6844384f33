"""Files of older and open kinds: LibreOffice turns them into what the reader knows, bounded."""

import asyncio
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from zipfile import ZipFile

import psutil
import pytest
from tests.tasks.appendices import DEADLINE, HEAD, document, of_word, sheet_of, task

from tasks.imports.appendix import AppendixRefused, older, read_in_subprocess
from tasks.imports.appendix.older import converted, older_kind

OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
ROWS = [HEAD, *(task(n, deadline="Trước ngày 20/8/2026") for n in "123")]


@pytest.fixture(scope="module")
def turned(tmp_path_factory):
    """Write a file of another kind with LibreOffice itself."""
    folder = tmp_path_factory.mktemp("older")

    def turn(content: bytes, kind: str, target: str) -> bytes:
        source = folder / f"ke_hoach.{kind}"
        source.write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        subprocess.run(
            [OFFICE, profile, "--headless", "--convert-to", target, "--outdir", folder, source],
            check=True,
            capture_output=True,
        )
        return source.with_suffix(f".{target}").read_bytes()

    return turn


@needs_office
@pytest.mark.parametrize("kind", ["doc", "odt", "rtf"])
async def test_older_and_open_documents_are_read_like_word_ones(turned, kind):
    written = document("Phụ lục", ROWS, "Hết")
    content = turned(written, "docx", kind)
    appendix = await read_in_subprocess(content, f"ke_hoach.{kind}")
    assert appendix.rows == of_word(written).rows


@needs_office
@pytest.mark.parametrize(
    ("kind", "below"), [("doc", [""]), ("odt", [""]), ("odt", []), ("rtf", [""]), ("rtf", [])]
)
async def test_of_a_document_that_ends_in_its_table_every_row_is_read(turned, kind, below):
    """A .doc has an empty paragraph there, as every one has ([MS-DOC] 2.4.3): Word writes it."""
    written = document("Phụ lục", ROWS, *below)
    appendix = await read_in_subprocess(turned(written, "docx", kind), f"ke_hoach.{kind}")
    assert [row.stt for row in appendix.rows] == ["1", "2", "3"]
    assert appendix.rows == of_word(written).rows


@needs_office
@pytest.mark.parametrize("kind", ["xls", "ods"])
async def test_older_and_open_sheets_show_their_dates_and_hidden_rows(turned, kind):
    def change(book, page):
        page.set_row(2, None, None, {"hidden": True})
        page.write_number(3, DEADLINE, 46_239, book.add_format({"num_format": "mm/yyyy"}))

    content = turned(sheet_of(ROWS, change), "xlsx", kind)
    rows = (await read_in_subprocess(content, f"ke_hoach.{kind}")).rows
    assert [(row.deadline_text, row.left_out and row.left_out.code) for row in rows] == [
        ("Trước ngày 20/8/2026", None),
        ("Trước ngày 20/8/2026", "row_hidden"),
        ("Tháng 8/2026", None),
    ]


@needs_office
async def test_a_file_that_takes_too_long_leaves_no_process_behind(tmp_path):
    before = {process.pid for process in psutil.process_iter()}
    with pytest.raises(AppendixRefused) as refused:
        await converted(b"{\\rtf1 " + b"x " * 1_000_000 + b"}", "rtf", timeout=0.3)
    assert "Lưu thành (Save As) .docx" in str(refused.value.sentence)
    left = [p for p in psutil.process_iter(["name", "cmdline"]) if p.pid not in before]
    ours = [p for p in left if "soffice" in p.info["name"] and "office-" in str(p.info["cmdline"])]
    assert ours == []


@needs_office
async def test_a_broken_file_is_refused_with_a_way_out():
    with pytest.raises(AppendixRefused) as refused:
        await read_in_subprocess(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000), "cu.xls")
    assert refused.value.code in ("appendix_unreadable", "appendix_no_table")


@needs_office
async def test_what_a_document_links_to_is_not_fetched():
    asked = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        port = server.server_port
        await asyncio.wait_for(converted(_linked(f"http://127.0.0.1:{port}/x.png"), "odt"), 90)
    finally:
        server.shutdown()
    assert asked == []


def _linked(address: str) -> bytes:
    """An .odt with a picture that stands elsewhere."""
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
        for name, path in (("office", "office"), ("text", "text"), ("draw", "drawing"),
                           ("svg", "svg-compatible"))
    )  # fmt: skip
    content = (
        f'<office:document-content {namespaces} xmlns:xlink="http://www.w3.org/1999/xlink" '
        'office:version="1.2"><office:body><office:text><text:p><draw:frame draw:name="a" '
        'text:anchor-type="as-char" svg:width="2cm" svg:height="2cm">'
        f'<draw:image xlink:href="{address}" xlink:type="simple" xlink:show="embed" '
        'xlink:actuate="onLoad"/></draw:frame>chữ</text:p></office:text></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry '
        'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    target = BytesIO()
    with ZipFile(target, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return target.getvalue()


async def test_without_libreoffice_the_refusal_says_how_to_save_the_file(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(AppendixRefused) as refused:
        await read_in_subprocess(b"\xd0\xcf\x11\xe0" + bytes(600), "ke_hoach.doc")
    assert str(refused.value.sentence) == (
        "Máy chủ chưa đọc được tệp .doc. Hãy mở tệp bằng Word hoặc Excel, chọn Lưu thành (Save As) "
        ".docx, rồi tải tệp mới lên."
    )


def test_a_kind_is_known_by_its_content():
    assert older_kind(b"{\\rtf1}", "ke_hoach.doc") == "rtf"
    assert older_kind(b"\xd0\xcf\x11\xe0", "KE_HOACH.XLS") == "xls"
    assert older_kind(b"\xd0\xcf\x11\xe0", "co_mat_khau.docx") is None
    assert older_kind(document(ROWS), "ke_hoach.odt") is None
    assert older_kind(_linked("x"), "ke_hoach.docx") == "odt"
    assert set(older.TURNED_INTO.values()) == {"docx", "xlsx"}


@needs_office
async def test_a_file_of_an_older_kind_is_imported_and_given_back_as_it_was(turned, department):
    plan = await department.add_plan()
    content = turned(sheet_of(ROWS), "xlsx", "xls")
    started = await department.office.upload(f"/v1/plans/{plan['id']}/imports", "cu.xls", content)
    assert started.status_code == 202, started.text
    await department.run_jobs()
    found = (await department.office.get(f"/v1/imports/{started.json()['import_id']}")).json()
    assert (found["state"], len(found["rows"])) == ("ready", 3)
    [stored] = await department.rows("SELECT kind FROM stored_file WHERE kind <> 'pdf'")
    assert stored.kind == "xls"
