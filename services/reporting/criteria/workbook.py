"""A criteria set written as a workbook to be changed and brought back."""

from collections.abc import Sequence
from pathlib import Path

from chassis.documents.form import FilledSheet, FormColumn, write_form
from chassis.i18n import Language, say
from chassis.words import N_, Sentence
from reporting.criteria import columns as form
from reporting.criteria import filled
from reporting.criteria.columns import Column
from reporting.criteria.domain import CriteriaSet

GUIDANCE = (
    N_("Mỗi lần tải lên là một phiên bản mới ở dạng dự thảo; bản đang dùng không bị thay đổi."),
    N_("Cột màu đỏ phải điền. Không đổi tên trang, tên cột; thứ tự dòng là thứ tự trong bộ."),
    N_("Lĩnh vực, rồi các tiêu chí của nó, rồi các tiêu chí thành phần của từng tiêu chí."),
    N_("Điểm tối đa của các phần cộng lại phải bằng điểm tối đa của phần chứa chúng."),
    N_("Bậc điểm, mức trừ và phương án trả lời ở trang “Bậc và mức”, theo mã tiêu chí thành phần."),
    N_("Số ghi như 1,5 hoặc 80%. Nhiều minh chứng: mỗi minh chứng một dòng trong ô (Alt+Enter)."),
    N_("Tệp có chỗ chưa đúng thì không ghi gì; hệ thống nêu từng trang, từng ô phải sửa."),
)
_LEVEL = FormColumn(form.LEVEL, 14, form.LEVELS)
_OF_ROW = FormColumn(form.OF_ROW, 12)
_DETAIL = FormColumn(form.DETAIL, 14, form.KINDS_OF_DETAIL)


async def workbook_of(whole: CriteriaSet, language: Language) -> Path:
    """Write the workbook; the caller removes it."""
    facts = [FormColumn(form.LABEL, 34), FormColumn(form.VALUE, 80, needed=False)]
    sheets = [
        FilledSheet(form.GENERAL, facts, filled.head(whole)),
        FilledSheet(
            form.ROWS, [_LEVEL, *_columns((*form.PART, *form.OF_SUB))], filled.parts(whole)
        ),
        FilledSheet(form.DETAILS, [_OF_ROW, _DETAIL, *_columns(form.OF_TIER)],
                    filled.details(whole)),
        FilledSheet(form.BANDS, _columns(form.OF_BAND), filled.bands(whole)),
    ]  # fmt: skip
    guidance = [say(Sentence(words), language) for words in GUIDANCE]
    return await write_form(sheets, form.GUIDE, guidance)


def _columns(columns: Sequence[Column]) -> list[FormColumn]:
    return [
        FormColumn(each.heading, each.width, each.choices, needed=each.needed) for each in columns
    ]
