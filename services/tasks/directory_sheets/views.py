"""What a workbook would do, as the API shows it."""

from datetime import datetime
from uuid import UUID

from chassis.access import Actor
from chassis.i18n import Language, say
from chassis.web import ResponseBody
from tasks.access import RIGHTS
from tasks.directory.models import Person, Unit
from tasks.directory_sheets.cells import SHEETS, SheetName
from tasks.directory_sheets.comparing import Compared, Outcome, Row
from tasks.directory_sheets.models import DirectoryImport, ImportState
from tasks.directory_sheets.preview import Standing, compared, digest_of


class ChangeView(ResponseBody):
    """A fact that the file has otherwise."""

    field: str
    before: str
    after: str


class WrongView(ResponseBody):
    """A cell that cannot be: where, what stands there, what would be right."""

    cell: str
    field: str
    heading: str
    value: str
    message: str


class RowView(ResponseBody):
    """A line of the file, and what confirming does with it."""

    sheet: SheetName
    line: int
    code: str
    name: str
    outcome: Outcome
    ends: bool
    changes: list[ChangeView]
    wrong: list[WrongView]


class AbsentView(ResponseBody):
    """What is at work in the directory and not in the file: it stays as it is."""

    sheet: SheetName
    code: str
    name: str


class DirectoryImportView(ResponseBody):
    """A read workbook beside the directory as it stands; `digest` names what was shown.

    `counts`: lines by outcome. `unknown_columns`: headings that mean nothing here, not read.
    """

    id: UUID
    state: ImportState
    file_name: str
    created_at: datetime
    confirmed_at: datetime | None
    digest: str
    counts: dict[Outcome, int]
    needs_reason: bool
    rows: list[RowView]
    absent: list[AbsentView]
    unknown_columns: list[str]
    allowed: list[str]


def import_view(
    stored: DirectoryImport, there: Standing, actor: Actor, language: Language
) -> DirectoryImportView:
    """Return what the workbook would do now, or, confirmed, how the directory differs by now."""
    found = compared(stored, there)
    outcomes: list[Outcome] = [row.outcome for row in found.rows]
    ready = stored.state == "ready" and "wrong" not in outcomes
    return DirectoryImportView(
        id=stored.id,
        state=stored.state,
        file_name=stored.file_name,
        created_at=stored.created_at,
        confirmed_at=stored.confirmed_at,
        digest=digest_of(found),
        counts={each: outcomes.count(each) for each in ("new", "changed", "unchanged", "wrong")},
        needs_reason=any(row.ends for row in found.rows),
        rows=[_row(row, language) for row in found.rows],
        absent=_absent(found, there),
        unknown_columns=[title for sheet in stored.sheets for title in sheet["unknown"]],
        allowed=RIGHTS.allowed(actor, "directory", ("import",) if ready else ()),
    )


def _row(row: Row, language: Language) -> RowView:
    sheet = SHEETS[row.sheet]
    return RowView(
        sheet=row.sheet, line=row.line, code=row.code, name=row.name, outcome=row.outcome,
        ends=row.ends,
        changes=[ChangeView.model_validate(each) for each in row.changes],
        wrong=[
            WrongView(
                cell=each.cell, field=each.field, heading=sheet.field(each.field).heading,
                value=each.value, message=say(each.sentence, language),
            )
            for each in row.wrong
        ],
    )  # fmt: skip


def _absent(found: Compared, there: Standing) -> list[AbsentView]:
    entries: dict[SheetName, dict[str, Unit] | dict[str, Person]] = {
        "units": there.units, "people": there.people,
    }  # fmt: skip
    return [
        AbsentView(sheet=sheet, code=code, name=entries[sheet][code].name)
        for sheet, codes in found.absent.items()
        for code in codes
    ]
