"""The compiled report as .xlsx: figures per unit, who is missing among them, difficulties below."""

from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from chassis.documents.sheet import Column, Frame, Value, write_sheet
from chassis.i18n import Language, say
from chassis.words import N_, Sentence
from tasks.deadlines.days import day_text
from tasks.unit_reports.compiled import COUNTED, Compiled

TITLE = N_("TỔNG HỢP BÁO CÁO CỦA CÁC ĐƠN VỊ")
FILTER = N_(
    "{plan}. Hạn báo cáo {due}. Đã gửi {sent}/{units} đơn vị. Bản dựng, không phải văn bản "
    "chính thức"
)
DONE_IN_TIME, LATE, MISSING = N_("Đúng hạn"), N_("Chậm"), N_("Chưa gửi")
ENDED = N_("Đã kết thúc hoạt động")
COLUMNS: tuple[Column, ...] = (
    Column(N_("Đơn vị"), 36),
    Column(N_("Báo cáo"), 12),
    Column(N_("Ngày gửi"), 12, "day"),
    Column(N_("Chậm (ngày làm việc)"), 12, "number"),
    Column(N_("Nhiệm vụ có thời hạn"), 12, "number"),
    Column(N_("Hoàn thành"), 12, "number"),
    Column(N_("Đến hạn"), 12, "number"),
    Column(N_("Hoàn thành trong số đến hạn"), 14, "number"),
    Column(N_("Quá hạn"), 12, "number"),
    Column(N_("Chờ duyệt"), 12, "number"),
    Column(N_("Thường xuyên, chưa có hạn"), 14, "number"),
    Column(N_("Đóng góp được đề nghị"), 12, "number"),
    Column(N_("Đóng góp đã gửi"), 12, "number"),
    Column(N_("Đóng góp đúng hạn"), 12, "number"),
    Column(N_("Số liệu tính đến"), 17, "instant"),
    Column(N_("Khó khăn, vướng mắc theo nhóm, nguyên nhân"), 60),
    Column(N_("Giải pháp"), 40),
    Column(N_("Đề xuất, kiến nghị"), 40),
)


async def sheet_of(compiled: Compiled, language: Language) -> Path:
    """Write the sheet into a file; the caller removes it."""
    facts = {
        "plan": compiled.plan_title,
        "due": day_text(compiled.due_on),
        "sent": len(compiled.units),
        "units": len(compiled.units) + len(compiled.missing),
    }
    frame = Frame(
        title=say(TITLE, language),
        as_of=compiled.as_of,
        filter=say(Sentence(FILTER, facts), language),
        columns=[Column(say(each.heading, language), each.width, each.kind) for each in COLUMNS],
        language=language,
    )
    return await write_sheet(frame, _batch(list(_rows(compiled, language))))


async def _batch(rows: Sequence[Sequence[Value]]) -> AsyncIterator[Sequence[Sequence[Value]]]:
    yield rows


def _rows(compiled: Compiled, language: Language) -> Iterator[Sequence[Value]]:
    said = _difficulties(compiled, language)
    for unit in compiled.units:
        how = say(DONE_IN_TIME if unit.on_time else LATE, language)
        counts = [unit.figures[name] for name in COUNTED]
        words = ("\n".join(said.get(unit.unit_id, [])), unit.measures, unit.proposals)
        yield (unit.unit_name, how, unit.handed_in_on, unit.late_days, *counts, unit.as_of, *words)
    for missing in compiled.missing:
        empty: list[Value] = [None] * (len(COLUMNS) - 4)
        yield (missing.unit_name, say(MISSING, language), None, missing.late_days, *empty)
    for ended in compiled.ended:
        counted = [ended.done if name == "done" else None for name in COUNTED]
        yield (ended.unit_name, say(ENDED, language), None, None, *counted, *[None] * 4)


def _difficulties(compiled: Compiled, language: Language) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for theme in compiled.themes:
        for each in theme.difficulties:
            found.setdefault(each.unit_id, []).append(f"{theme.name}: {each.in_words(language)}")
    return found
