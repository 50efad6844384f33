"""The one way in: check, open, find the tables."""

from zipfile import BadZipFile

from lxml.etree import XMLSyntaxError

from chassis.words import N_
from tasks.imports.appendix import excel, word
from tasks.imports.appendix.model import Appendix, AppendixRefused, Choices
from tasks.imports.appendix.package import Package
from tasks.imports.appendix.safety import check
from tasks.imports.appendix.table import read_tables

_BROKEN = (BadZipFile, XMLSyntaxError, KeyError, IndexError, ValueError, AttributeError, TypeError)


def read(content: bytes, filename: str, choices: Choices | None = None) -> Appendix:
    """Read an appendix. Raises AppendixRefused, with a sentence for the officer.

    The service calls `read_in_subprocess`: a parser that runs away must not take it along.
    """
    kind = check(content, filename)
    reader = word if kind == "docx" else excel
    try:
        document = reader.read(Package(content))
    except _BROKEN as error:
        raise AppendixRefused("appendix_unreadable", N_("Tệp bị hỏng, không đọc được.")) from error
    return read_tables(document, choices or Choices())
