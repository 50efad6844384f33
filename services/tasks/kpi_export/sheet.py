"""A KPI month as .xlsx: facts of what was handed in, and never hours that somebody typed."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.documents.sheet import Column, Frame, Value, write_sheets
from chassis.i18n import Language, say
from chassis.words import N_, Sentence
from tasks.calendar.moment import Moment
from tasks.deadlines.days import day_text
from tasks.kpi_export.domain import Month, in_time
from tasks.kpi_export.rows import rows_of

BATCH = 1000  # rows that are in memory at once
TITLE = N_("KẾT QUẢ THỰC HIỆN NHIỆM VỤ THEO NHÓM KPI, THÁNG {month}")
HEAD = N_(
    "Từ {first} đến hết {closes}; chốt ngày {day} hằng tháng, chưa gửi tính là không thực hiện. "
    "Tình trạng là của ngày chốt {closes}; gửi sau đó thì tính cho tháng sau. "
    "Số liệu là kết quả, minh chứng và thời hạn đã ghi; không có giờ tự khai"
)
STANDINGS = {
    "done": N_("Thực hiện"),
    "not_done": N_("Không thực hiện (chưa gửi)"),
    "not_yet": N_("Chưa gửi, chưa chốt tháng"),
}
IN_TIME = {True: N_("Đúng hạn"), False: N_("Quá hạn"), None: ""}
OUTCOMES = {"accepted": N_("Đã chấp nhận"), "submitted": N_("Chờ duyệt"), None: N_("Chưa gửi")}
TAB = N_("KPI tháng {month}")
BELONGS = {True: N_("Chuyển từ tháng trước"), False: N_("Trong tháng")}
COLUMNS = (
    Column(N_("Đơn vị"), 30),
    Column(N_("Nhóm KPI"), 8),
    Column(N_("Mã KPI"), 12),
    Column(N_("Số"), 14),
    Column(N_("Nội dung nhiệm vụ"), 50),
    Column(N_("Kỳ"), 16),
    Column(N_("Thuộc"), 22),
    Column(N_("Sản phẩm"), 30),
    Column(N_("Kết quả thực hiện"), 40),
    Column(N_("Tình trạng kết quả"), 16),
    Column(N_("Số minh chứng"), 10, "number"),
    Column(N_("Ngày gửi kết quả"), 12, "day"),
    Column(N_("Hạn ban đầu"), 12, "day"),
    Column(N_("Theo hạn ban đầu"), 12),
    Column(N_("Hạn hiện tại"), 12, "day"),
    Column(N_("Theo hạn hiện tại"), 12),
    Column(N_("Tính trong tháng"), 24),
    Column(N_("Gửi sau ngày chốt"), 12, "day"),
)


async def sheet_of(
    session: AsyncSession, month: Month, closing_day: int, at: Moment, language: Language
) -> Path:
    """Write the month into a file; the caller removes it."""
    facts = {
        "first": day_text(month.first),
        "closes": day_text(month.closes_on),
        "day": closing_day,
    }
    of_month = {"month": f"{month.month:02d}/{month.year}"}
    frame = Frame(
        title=say(Sentence(TITLE, of_month), language),
        as_of=at.now,
        filter=say(Sentence(HEAD, facts), language),
        columns=[Column(say(each.heading, language), each.width, each.kind) for each in COLUMNS],
        language=language,
    )
    rows = await session.stream(rows_of(month).execution_options(yield_per=BATCH))
    tab = say(Sentence(TAB, {"month": f"{month.month:02d}-{month.year}"}), language)
    return await write_sheets([(tab, frame, _batches(rows, _reader(month, at.today, language)))])


async def _batches(
    rows: Any, line: Callable[[Any], Sequence[Value]]
) -> AsyncIterator[Sequence[Sequence[Value]]]:
    async for batch in rows.partitions():
        yield [line(row) for row in batch]


def _reader(month: Month, today: date, language: Language) -> Callable[[Any], Sequence[Value]]:
    until = min(today, month.closes_on)

    def said(words: str) -> str:
        return say(words, language) if words else ""

    def carried(due_on: date | None) -> bool:
        return due_on is not None and month.carries(due_on)

    def line(row: Any) -> Sequence[Value]:
        first = row.first_due_on or row.due_on
        return (
            row.unit, row.kpi_group, row.kpi_code, row.number, row.content,
            row.occurrence, said(BELONGS[carried(row.due_on)]), row.product, row.note,
            said(OUTCOMES[row.status]), row.evidence or 0, row.submitted_on,
            first, said(IN_TIME[in_time(row.submitted_on, first, until)]),
            row.due_on, said(IN_TIME[in_time(row.submitted_on, row.due_on, until)]),
            said(STANDINGS[month.standing(row.submitted_on, today)]), row.sent_after,
        )  # fmt: skip

    return line
