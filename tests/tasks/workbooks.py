"""Workbooks of the directory, as people fill them in."""

from io import BytesIO

import xlsxwriter

from tasks.directory_sheets import vocabulary as words
from tasks.directory_sheets.cells import PEOPLE, UNITS

UNIT_HEADINGS = [field.heading for field in UNITS.fields]
PEOPLE_HEADINGS = [field.heading for field in PEOPLE.fields]
ROOM, OFFICER = words.KINDS["room"], words.ROLES["unit_officer"]


def unit(
    code: str, name: str, *, kind=ROOM, parent="SNV", former="", aliases="", order="", active=""
):
    return [code, name, kind, parent, former, aliases, order, active]


def person(
    code: str, name: str, *, post="Chuyên viên", role=OFFICER, email=None, unit="CCHC", active=""
):
    return [code, name, post, role, email or f"{code}@snv.example", unit, active]


def workbook(units=None, people=None, **more) -> bytes:
    """Return a workbook with our sheets; None leaves a sheet out. `more`: other sheets by name."""
    sheets = {words.UNITS: units and [UNIT_HEADINGS, *units],
              words.PEOPLE: people and [PEOPLE_HEADINGS, *people], **more}  # fmt: skip
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for title, rows in sheets.items():
            if rows is None:
                continue
            sheet = book.add_worksheet(title)
            for line, row in enumerate(rows):
                for place, value in enumerate(row):
                    sheet.write(line, place, value) if value != "" else None
    return content.getvalue()
