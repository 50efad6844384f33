"""The one way in: check, open, find the table."""

from zipfile import BadZipFile

from python_calamine import CalamineError

from chassis.words import N_
from tasks.imports.appendix import excel, word
from tasks.imports.appendix.model import Appendix, AppendixRefused
from tasks.imports.appendix.safety import check
from tasks.imports.appendix.table import read_tables


def read(content: bytes, filename: str) -> Appendix:
    """Read an appendix. Raises AppendixRefused, with a sentence for the officer.

    The service calls `read_in_subprocess`: a parser that runs away must not take it along.
    """
    kind = check(content, filename)
    reader = word if kind == "docx" else excel
    try:
        grids = reader.grids(content)
    except (CalamineError, BadZipFile, KeyError, ValueError, AttributeError, TypeError) as error:
        raise AppendixRefused("appendix_unreadable", N_("Tệp bị hỏng, không đọc được.")) from error
    return read_tables(grids)
