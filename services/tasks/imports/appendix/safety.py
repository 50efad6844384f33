"""What is checked before a file from outside is opened: both formats are zip archives of XML."""

import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Literal
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl
from zipfile import BadZipFile, ZipFile, ZipInfo

import defusedxml.sax
from defusedxml import DefusedXmlException

from chassis.words import N_
from tasks.imports.appendix.model import AppendixRefused

MB = 1_000_000
LARGEST_FILE = 20 * MB
MOST_ENTRIES = 2_000
LARGEST_UNPACKED = 100 * MB
HIGHEST_RATIO = 100  # unpacked / packed; real documents stay below 30
MOST_SHEET_ROWS, MOST_SHEET_COLUMNS = 20_000, 256

Kind = Literal["docx", "xlsx"]
_MAIN_PART: dict[str, Kind] = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_ACTIVE = ("vbaproject", "/embeddings/", "/activex/", "oleobject")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")

_OTHER_KINDS = {
    b"%PDF": N_("Đây là tệp PDF. Hãy dùng bản .docx hoặc .xlsx của phụ lục."),
    b"\xd0\xcf\x11\xe0": N_(
        "Đây là tệp Word/Excel đời cũ hoặc có đặt mật khẩu. Hãy bỏ mật khẩu và lưu lại thành .docx "
        "hoặc .xlsx."
    ),
}
_NEITHER = N_("Tệp không phải .docx hoặc .xlsx. Hãy chọn tệp phụ lục do Word hoặc Excel lưu.")


def check(content: bytes, filename: str) -> Kind:
    """Return which of the two formats it is. Raises AppendixRefused for anything else or unsafe."""
    if len(content) > LARGEST_FILE:
        raise AppendixRefused("appendix_too_large", N_("Tệp lớn quá 20 MB."))
    for magic, message in _OTHER_KINDS.items():
        if content.startswith(magic):
            raise AppendixRefused("appendix_wrong_kind", message)
    try:
        with ZipFile(BytesIO(content)) as package:
            return _check_package(package, filename)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise AppendixRefused("appendix_wrong_kind", _NEITHER) from error


def _check_package(package: ZipFile, filename: str) -> Kind:
    entries = package.infolist()
    _check_directory(entries)
    kind = _kind(entry.filename for entry in entries)
    extension = PurePosixPath(filename.lower()).suffix
    if extension != f".{kind}":
        raise AppendixRefused(
            "appendix_wrong_kind",
            N_("Tên tệp có đuôi “{ending}” nhưng nội dung là .{kind}. Hãy đặt lại đuôi .{kind}."),
            ending=extension,
            kind=kind,
        )
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            with package.open(entry) as part:
                _check_part(part, entry.filename)
    return kind


def _check_directory(entries: list[ZipInfo]) -> None:
    """Look at the archive's own list, before a byte is unpacked."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED:
        raise AppendixRefused("appendix_too_large", N_("Nội dung tệp sau khi giải nén quá lớn."))
    if unpacked > HIGHEST_RATIO * max(packed, 1):
        raise AppendixRefused("appendix_unsafe", N_("Tệp nén bất thường, không mở."))
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
            raise AppendixRefused(
                "appendix_unsafe", N_("Tệp chứa đường dẫn không an toàn, không mở.")
            )
        if any(mark in f"/{entry.filename.lower()}" for mark in _ACTIVE):
            raise AppendixRefused(
                "appendix_unsafe",
                N_("Tệp chứa macro hoặc đối tượng nhúng. Hãy bỏ đi rồi lưu lại."),
            )


def _kind(names: Iterable[str]) -> Kind:
    kinds = {_MAIN_PART[name] for name in names if name in _MAIN_PART}
    if len(kinds) != 1:
        raise AppendixRefused("appendix_wrong_kind", _NEITHER)
    return kinds.pop()


def _check_part(part: IO[bytes], name: str) -> None:
    """Parse once without entities or DTD; a broken part is the file's fault, not ours."""
    try:
        defusedxml.sax.parse(part, _Guard(name), forbid_dtd=True)
    except DefusedXmlException as error:
        raise AppendixRefused(
            "appendix_unsafe", N_("Tệp chứa khai báo XML bị cấm, không mở.")
        ) from error
    except SAXException as error:
        raise AppendixRefused("appendix_unreadable", N_("Tệp bị hỏng, không đọc được.")) from error


class _Guard(ContentHandler):
    """Refuses links to the outside and sheets whose far corner would fill the memory."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.is_rels = name.endswith(".rels")
        self.is_sheet = name.startswith("xl/worksheets/")
        self.cell = ""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX's name
        if self.is_rels and attrs.get("TargetMode") == "External":
            _check_link(attrs.get("Type", ""), attrs.get("Target", ""))
        elif self.is_sheet and name.rpartition(":")[2] == "c":
            self.cell = attrs.get("r", "")
        elif self.is_sheet and name.rpartition(":")[2] in ("v", "is", "f"):
            _check_place(self.cell)  # a blank cell is nothing, however far out it is formatted


def _check_link(relationship: str, target: str) -> None:
    """Only a hyperlink may point outside, a template to the author's own disk, and a cell.

    What cells of other workbooks said was stored with the file; nothing here follows the link.
    """
    own_disk = target.startswith("file:///") and not target.startswith("file:////")
    kind = relationship.rpartition("/")[2]
    if kind in ("hyperlink", "externalLinkPath") or "/xlExternalLinkPath/" in relationship:
        return
    if kind == "attachedTemplate" and own_disk:
        return
    raise AppendixRefused(
        "appendix_unsafe", N_("Tệp liên kết tới nội dung bên ngoài. Hãy bỏ liên kết đó.")
    )


def _check_place(reference: str) -> None:
    place = _REFERENCE.fullmatch(reference)
    if place and (int(place[2]) > MOST_SHEET_ROWS or column_number(place[1]) > MOST_SHEET_COLUMNS):
        raise AppendixRefused(
            "appendix_too_large",
            N_("Trang tính có ô {cell}, quá xa. Hãy xóa các dòng, cột thừa rồi lưu lại."),
            cell=reference,
        )


def column_number(letters: str) -> int:
    """Return the number of a column, A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
