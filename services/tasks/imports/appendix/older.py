"""Kinds of files that LibreOffice turns into .docx or .xlsx: in a process bounded on all sides."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from chassis.documents import libreoffice
from chassis.words import N_
from tasks.imports.appendix.model import AppendixRefused

TIMEOUT = libreoffice.SECONDS
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
    try:
        result = await libreoffice.converted(content, kind, target, timeout)
    except libreoffice.NotInstalled:
        refused = AppendixRefused("appendix_wrong_kind", NOT_INSTALLED, kind=kind, target=target)
        raise refused from None
    if result is None:
        raise AppendixRefused("appendix_unreadable", NOT_CONVERTED, kind=kind, target=target)
    return result
