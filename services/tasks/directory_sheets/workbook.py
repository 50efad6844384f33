"""The directory as a workbook to fill in: with everybody in it, or empty."""

from pathlib import Path

from chassis.documents import FilledSheet, FormColumn, write_form
from tasks.directory_sheets import vocabulary
from tasks.directory_sheets.cells import PEOPLE, UNITS, Sheet
from tasks.directory_sheets.comparing import Facts, shown
from tasks.directory_sheets.preview import Standing


async def workbook_of(there: Standing | None) -> Path:
    """Write the workbook; the caller removes it. None: the empty template."""
    units = there.known.units.values() if there else ()
    people = there.known.people.values() if there else ()
    sheets = [_filled(UNITS, list(units)), _filled(PEOPLE, list(people))]
    return await write_form(sheets, vocabulary.GUIDE, vocabulary.GUIDANCE)


def _filled(sheet: Sheet, entries: list[Facts]) -> FilledSheet:
    columns = [
        FormColumn(
            each.heading, each.width, tuple(each.choices.values()) if each.choices else (),
            needed=each.needed,
        )
        for each in sheet.fields
    ]  # fmt: skip
    rows = [[shown(each, facts[each.name]) for each in sheet.fields] for facts in entries]
    return FilledSheet(sheet.title, columns, rows)
