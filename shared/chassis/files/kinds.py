"""Which files are taken: the name's ending and the content must say the same."""

import io
import zipfile
from collections.abc import Collection
from typing import Literal

from chassis.errors import UnsupportedMedia

Kind = Literal["pdf", "jpg", "png", "docx", "xlsx", "doc", "xls", "odt", "ods", "rtf"]
EVIDENCE: frozenset[Kind] = frozenset({"pdf", "jpg", "png", "docx", "xlsx"})
DOCUMENTS: frozenset[Kind] = frozenset({"docx", "xlsx", "doc", "xls", "odt", "ods", "rtf"})

_ENDINGS: dict[str, Kind] = {
    "pdf": "pdf", "jpg": "jpg", "jpeg": "jpg", "png": "png", "docx": "docx", "xlsx": "xlsx",
    "doc": "doc", "xls": "xls", "odt": "odt", "ods": "ods", "rtf": "rtf",
}  # fmt: skip
_COMPOUND, _RTF = b"\xd0\xcf\x11\xe0", b"{\\rtf"
_MAGIC: dict[Kind, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "jpg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "doc": (_COMPOUND, _RTF),  # Word opens rich text under either name
    "xls": (_COMPOUND,),
    "odt": (b"PK\x03\x04",),
    "ods": (b"PK\x03\x04",),
    "rtf": (_RTF,),
}
_INSIDE: dict[Kind, str] = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "odt": "content.xml",
    "ods": "content.xml",
}
MEDIA_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "rtf": "application/rtf",
}
# Limits of what an office file may unpack to, before anything opens it.
_MOST_ENTRIES = 2_000
_MOST_UNPACKED = 100 * 1024 * 1024
_MOST_RATIO = 100
_SMALL = 64 * 1024  # a small part may be compressed better than that without meaning harm


def kind_of(name: str, content: bytes, allowed: Collection[Kind] = EVIDENCE) -> Kind:
    """Return what a file is. Raises UnsupportedMedia when it is not allowed or not what it says."""
    kind = _ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if kind is None or kind not in allowed:
        raise UnsupportedMedia(
            "Chỉ nhận tệp {allowed}", code="file_kind_refused", allowed=", ".join(sorted(allowed))
        )
    if not content.startswith(_MAGIC[kind]):
        raise _not_what_it_says(name, kind)
    if kind in _INSIDE:
        _check_package(name, kind, content)
    return kind


def _not_what_it_says(name: str, kind: Kind) -> UnsupportedMedia:
    return UnsupportedMedia(
        "Nội dung của «{name}» không phải là tệp {kind}; hãy mở và lưu lại đúng định dạng",
        code="file_content_mismatch",
        name=name,
        kind=kind,
    )


def _check_package(name: str, kind: Kind, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _not_what_it_says(name, kind) from error
    if _INSIDE[kind] not in {part.filename for part in parts}:
        raise _not_what_it_says(name, kind)
    if _is_bomb(parts) or any(_is_harmful(part.filename) for part in parts):
        raise UnsupportedMedia(
            "Tệp «{name}» có macro hoặc cấu trúc bất thường nên không được nhận",
            code="file_unsafe",
            name=name,
        )


def _is_bomb(parts: list[zipfile.ZipInfo]) -> bool:
    unpacked = sum(part.file_size for part in parts)
    ratio = any(
        part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    return len(parts) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED or ratio


def _is_harmful(part: str) -> bool:
    path = part.replace("\\", "/")
    outside = path.startswith("/") or ".." in path.split("/")
    return outside or "vbaproject" in path.lower()
