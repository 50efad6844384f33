"""The directory as a workbook to fill in: with everybody in it, or empty."""

from pathlib import Path

from chassis.documents.form import FilledSheet, FormColumn, write_form
from chassis.i18n import Language, say
from chassis.words import N_, Sentence
from tasks.directory_sheets import vocabulary
from tasks.directory_sheets.cells import PEOPLE, UNITS, Sheet
from tasks.directory_sheets.comparing import Facts, shown
from tasks.directory_sheets.preview import Standing

GUIDANCE = (
    N_("Mỗi dòng là một đơn vị hoặc một cán bộ; mã để nhận ra, không trùng nhau và không đổi."),
    N_("Dòng có mã đã có trong danh bạ thì sửa mục đó; mã chưa có thì thêm mới."),
    N_("Mục không có trong tệp thì giữ nguyên: muốn ngừng, ghi «Không» ở cột cuối."),
    N_("Nhiều tên trong một ô: mỗi tên một dòng (Alt+Enter) hoặc cách nhau bằng dấu chấm phẩy."),
    N_("Tải tệp lên: hệ thống cho xem trước từng dòng; chưa xác nhận thì chưa ghi gì."),
)


async def workbook_of(there: Standing | None, language: Language) -> Path:
    """Write the workbook; the caller removes it. None: the empty template."""
    units = there.known.units.values() if there else ()
    people = there.known.people.values() if there else ()
    sheets = [_filled(UNITS, list(units)), _filled(PEOPLE, list(people))]
    guidance = [say(Sentence(words), language) for words in GUIDANCE]
    return await write_form(sheets, vocabulary.GUIDE, guidance)


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
