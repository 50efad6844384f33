"""A .docx as PDF/A."""

from chassis.documents import libreoffice
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence

_TARGET = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'
NOT_INSTALLED = N_(
    "Máy chủ chưa cài LibreOffice nên chưa làm được bản PDF. Hãy tải bản Word về rồi lưu thành PDF."
)
FAILED = N_(
    "Chưa làm được bản PDF: chuyển đổi hỏng hoặc quá lâu. Hãy thử lại, hoặc tải bản Word về rồi "
    "lưu thành PDF."
)


class PdfNotMade(RuleBroken):
    """LibreOffice is not installed here, or did not write the file."""


async def as_pdf(docx: bytes) -> bytes:
    """Return the document as PDF/A-2b; raises PdfNotMade, which says why."""
    try:
        result = await libreoffice.converted(docx, "docx", _TARGET)
    except libreoffice.NotInstalled:
        raise PdfNotMade("pdf_not_available", Sentence(NOT_INSTALLED)) from None
    if result is None:
        raise PdfNotMade("pdf_not_made", Sentence(FAILED))
    return result
