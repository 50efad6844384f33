"""What lists as .xlsx say above their rows, below them, and in cells made of several facts."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from chassis.clock import local_date
from chassis.web.sheets import Listed
from chassis.words import N_, Sentence

SHEET_STATE = {
    "opened": N_("Đã mở, chưa nhập"), "self_scoring": N_("Đang tự chấm"),
    "locked": N_("Đã chốt, đang thẩm định lần 1"), "explaining": N_("Chờ giải trình"),
    "explained": N_("Đang thẩm định lần 2"), "approved": N_("Đã duyệt"),
    "published": N_("Đã công bố"),
}  # fmt: skip
_COMES_TO = N_("Điểm thẩm định {points} trên {most} điểm áp dụng, thưởng {bonus}, trừ {penalty}")
_CHANNELS = {
    "document_axis": N_("trục liên thông văn bản"), "mail": N_("thư điện tử"),
    "paper": N_("bản giấy"), "portal": N_("cổng báo cáo"), "other": N_("cách khác"),
}  # fmt: skip
_SENT_TO = N_("{recipient} ({day}, {channel})")


def proofs(row: Any) -> list[str]:
    """Return what proves a row: names, with their days."""
    given = [each for each in getattr(row, "evidence", ()) if each.withdrawn_because is None]
    return [
        f"{each.title} ({each.dated_on:%d/%m/%Y})" if each.dated_on else each.title
        for each in given
    ]


def with_total(sheet: Any) -> Sequence[Any]:
    """Return the rows, and below them what those that apply come to, without bonus and penalty."""
    total = SimpleNamespace(
        name=Sentence(N_("Tổng điểm, chưa kể thưởng và trừ")), max_points=sheet.total_points,
        self_score=sheet.self_points, points=sheet.points,
    )  # fmt: skip
    return [*sheet.rows, total]


def about_sheet(sheet: Any) -> Sequence[Sentence]:
    """Return whose sheet it is, of when, where it stands, and what it comes to."""
    said = [
        Sentence(N_("Cơ quan, đơn vị: {name}"), {"name": sheet.body_name}),
        Sentence(N_("Năm: {year}"), {"year": str(sheet.year)}),
        Sentence(N_("Tình trạng: {state}"), {"state": Sentence(SHEET_STATE[sheet.state])}),
        Sentence(_COMES_TO, {
            "points": sheet.points, "most": sheet.applicable_points, "bonus": sheet.bonus,
            "penalty": sheet.penalty,
        }),
    ]  # fmt: skip
    index = (
        [] if sheet.index is None else [Sentence(N_("Chỉ số: {index}%"), {"index": sheet.index})]
    )
    return [*said, *index]


def about_ranking(view: Any) -> Sequence[Sentence]:
    """Return of which year a ranking is, and which version."""
    year = Sentence(N_("Năm: {year}"), {"year": str(view.year)})
    if view.published is None:
        return [year, Sentence(N_("Xem trước, chưa công bố"))]
    day = f"{local_date(view.published.published_at):%d/%m/%Y}"
    facts = {"number": str(view.published.number), "day": day}
    return [year, Sentence(N_("Phiên bản {number}, công bố ngày {day}"), facts)]


def about_parts(view: Any) -> Sequence[Sentence]:
    """Return of which year a part of the set is, and what it is called."""
    part = {"name": f"{view.part.code}. {view.part.name}"}
    return [
        Sentence(N_("Năm: {year}"), {"year": str(view.year)}),
        Sentence(N_("Điểm trong {name}"), part),
    ]


def columns_of_parts(parts: Sequence[Any], of: str) -> list[Listed]:
    """Return a column of rates for each part. `of`: where a body's line holds its parts."""
    return [
        Listed(_rate_of(each.code, of), f"{each.code}. {each.name} (%)", 14, "decimal")
        for each in parts
    ]


def _rate_of(code: str, of: str) -> Any:
    return lambda line: next((each.rate for each in getattr(line, of) if each.code == code), None)


def of_ranked(name: str) -> Any:
    """Return a number of a body; none where it has no rank, as on the page."""
    return lambda line: getattr(line, name) if line.rank else None


def signed_by(report: Any) -> str | None:
    """Return who signed; before that nobody did, whoever is to."""
    name: str | None = report.signer_name if report.number else None
    return name


def sent_to(report: Any) -> list[Sentence]:
    """Return to whom a report went, when and how."""
    return [
        Sentence(_SENT_TO, {
            "recipient": each.recipient, "day": f"{each.sent_on:%d/%m/%Y}",
            "channel": Sentence(_CHANNELS[each.channel]),
        })
        for each in report.sendings
    ]  # fmt: skip
