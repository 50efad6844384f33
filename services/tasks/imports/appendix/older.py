"""Kinds of files that LibreOffice turns into .docx or .xlsx: in a process bounded on all sides."""

import asyncio
import os
import shutil
import signal
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from chassis.words import N_
from tasks.imports.appendix.model import AppendixRefused

TIMEOUT = 60.0  # seconds; a real appendix takes three
LARGEST_RESULT = 20_000_000  # bytes, as of what is uploaded
TURNED_INTO = {"doc": "docx", "odt": "docx", "rtf": "docx", "xls": "xlsx", "ods": "xlsx"}
_COMPOUND, _RTF, _ZIP = b"\xd0\xcf\x11\xe0", b"{\\rtf", b"PK\x03\x04"
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}

NOT_INSTALLED = N_(
    "Máy chủ chưa đọc được tệp .{kind}. Hãy mở tệp bằng Word hoặc Excel, chọn Lưu thành (Save As) "
    ".{target}, rồi tải tệp mới lên."
)
NOT_CONVERTED = N_(
    "Không đọc được tệp .{kind}: tệp hỏng, quá lớn hoặc có mật khẩu. Hãy mở tệp bằng Word hoặc "
    "Excel, chọn Lưu thành (Save As) .{target}, rồi tải tệp mới lên."
)

# No macros, no links followed, nowhere to go: what a document asks for is not fetched.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>
"""
_SETTINGS = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def older_kind(content: bytes, filename: str) -> str | None:
    """Return which of these kinds a file is, by its content; None for any other.

    Word and Excel both wrote compound files: there the name's ending decides.
    """
    ending = filename.rpartition(".")[2].lower()
    if content.startswith(_COMPOUND):
        return ending if ending in ("doc", "xls") else None
    if content.startswith(_RTF):
        return "rtf"
    if content.startswith(_ZIP):
        return _open_document(content)
    return None


def _open_document(content: bytes) -> str | None:
    try:
        with ZipFile(BytesIO(content)) as package, package.open("mimetype") as kind:
            return _OPEN_DOCUMENT.get(kind.read(100).strip())
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError):
        return None


async def converted(content: bytes, kind: str, timeout: float = TIMEOUT) -> bytes:  # noqa: ASYNC109 - it bounds a process, not a coroutine
    """Return the file as .docx or .xlsx.

    Raises AppendixRefused where LibreOffice is not installed, fails or takes too long.
    """
    target = TURNED_INTO[kind]
    soffice = shutil.which("soffice")
    if soffice is None:
        raise AppendixRefused("appendix_wrong_kind", NOT_INSTALLED, kind=kind, target=target)
    with TemporaryDirectory(prefix="appendix-") as name:
        folder = Path(name)
        await asyncio.to_thread(_prepare, folder, content, kind)
        await _run(folder, soffice, kind, timeout)
        result = await asyncio.to_thread(_result, folder / f"out/appendix.{target}")
    if result is None:
        raise AppendixRefused("appendix_unreadable", NOT_CONVERTED, kind=kind, target=target)
    return result


def _prepare(folder: Path, content: bytes, kind: str) -> None:
    settings = (
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    profile = folder / "profile/user"
    profile.mkdir(parents=True)
    items = "".join(settings)
    (profile / "registrymodifications.xcu").write_text(_PROFILE.format(items=items))
    (folder / f"appendix.{kind}").write_bytes(content)


async def _run(folder: Path, soffice: str, kind: str, timeout: float) -> None:  # noqa: ASYNC109 - see above
    """Run LibreOffice to its end or to the end of its time; nothing of it is left behind."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", "tasks.imports.appendix.bounded", soffice),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--convert-to", TURNED_INTO[kind]),
        *("--outdir", str(folder / "out"), str(folder / f"appendix.{kind}")),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        with suppress(TimeoutError):  # no result: the caller says so
            async with asyncio.timeout(timeout):
                await process.wait()
    finally:
        with suppress(ProcessLookupError):  # all of it has ended
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _result(path: Path) -> bytes | None:
    if not path.is_file() or path.stat().st_size > LARGEST_RESULT:
        return None
    return path.read_bytes()
