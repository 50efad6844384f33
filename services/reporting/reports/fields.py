"""What a report gives to a template: the fields of a kind, and their values."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis.clock import TIME_ZONE
from chassis.documents.official import day_words
from chassis.words import N_
from reporting.report_templates.domain import Field, Fields, chart, group, listed, number, text
from reporting.reports.domain import folded
from reporting.reports.layouts import COLUMNS
from reporting.reports.models import Report
from reporting.reports.numbers import AREA, BEYOND, FOOT, KNOWN, LISTS, ListCode, Value, written
from reporting.reports.outline import KindBody

NEEDED = ("notice", "foot")
"""Without these no template is taken: what is composed is said, and which snapshot it is."""
MOST_ROWS = 500
"""Of a table on paper; what is beyond stands in the annex as Excel."""
OPEN_NUMBER = "        "
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
_WHOLE = ("count",)  # what can be compared with a number


def fields_of(kind: KindBody) -> Fields:
    """Return the fields of a kind as it is now."""
    return {
        "notice": text(N_("Dòng nói rõ dữ liệu bản dựng; trống khi mọi nguồn đã được xác nhận")),
        "foot": text(N_("Dòng cuối trang: lúc chốt số liệu và mã kiểm tra của báo cáo")),
        "title": text(N_("Trích yếu của báo cáo")),
        "number": text(N_("Số của văn bản; để trống khi chưa ký")),
        "symbol": text(N_("Ký hiệu sau số, ví dụ BC-SNV")),
        "place": text(N_("Địa danh")),
        "day": text(N_("Ngày ký bằng chữ: ngày … tháng … năm …")),
        "number_said": text(N_("Số của văn bản; dấu … khi chưa ký")),
        "day_said": text(N_("Ngày ký bằng chữ; dấu … khi chưa ký")),
        "parent": text(N_("Cơ quan chủ quản")),
        "issuer": text(N_("Cơ quan ban hành")),
        "paper": text(N_("Tên loại văn bản")),
        "addressed_to": listed(N_("Kính gửi")),
        "copies_to": listed(N_("Nơi nhận")),
        "signer": group(
            N_("Người ký"), titles=listed(N_("Chức danh, mỗi dòng một mục")),
            name=text(N_("Họ và tên người ký")),
        ),
        "opening": text(N_("Đoạn mở đầu")),
        "closing": text(N_("Đoạn kết")),
        "sections": group(N_("Các mục của đề cương"), **{
            name_of(section.id): group(
                section.heading, heading=text(N_("Tên mục")), sentences=listed(N_("Các câu")),
                paragraphs=listed(N_("Các câu, gộp thành đoạn")),
            )
            for section in kind.outline
        }),
        "lists": group(N_("Các bảng số liệu, nhiều nhất 500 dòng"), **{
            code: listed(LISTS[code], **{
                column_name(heading): text(heading) for heading, _, _ in COLUMNS[code]
            })
            for code in sorted(kind.lists())
        }),
        "more": group("", **{
            code: text(N_("Còn bao nhiêu dòng chưa in; trống khi in đủ"))
            for code in sorted(kind.lists())
        }),
        "charts": group(N_("Biểu đồ"), **{
            code: chart(LISTS[code]) for code in sorted(kind.lists()) if _has_rates(code)
        }),
        "figures": group(N_("Số liệu"), **_figures()),
    }  # fmt: skip


def _has_rates(code: ListCode) -> bool:
    return any(kind == "percent" for _, kind, _ in COLUMNS[code])


def _figures() -> dict[str, Field]:
    groups: dict[str, dict[str, Field]] = {}
    for id_, label, unit, kind in KNOWN.values():
        if not id_.startswith(AREA):
            above, _, name = id_.partition(".")
            said = f"{label} ({unit})" if unit else label
            groups.setdefault(above, {})[name] = number(said) if kind in _WHOLE else text(said)
    return {name: group("", **inside) for name, inside in groups.items()}


def values_of(
    report: Report,
    snapshot: Mapping[str, Any],
    notice: str | None,
    rows: Mapping[ListCode, Sequence[Sequence[Value]]],
) -> dict[str, Any]:
    """Return the values of every field. `rows`: what of each list goes on paper."""
    kind = snapshot["kind"]
    signed, _, symbol = (report.number or f"/{kind['symbol']}").partition("/")
    said: dict[str, list[str]] = {}
    for each in report.sentences:
        if each["text"]:
            said.setdefault(each["section"], []).append(each["text"])
    return {
        "notice": notice or "", "foot": foot_of(report, snapshot), "title": report.title,
        "number": signed or OPEN_NUMBER, "symbol": symbol, "day": day_words(report.signed_on),
        "number_said": signed or "…", "day_said": said_open(day_words(report.signed_on)),
        **{name: kind[name] for name in ("place", "parent", "issuer", "paper")},
        "addressed_to": list(kind["addressed_to"]), "copies_to": list(kind["copies_to"]),
        "signer": {
            "titles": list(report.signer_titles or kind["signer_titles"]),
            "name": report.signer_name or kind["signer_name"],
        },
        "opening": " ".join(said.get("opening", [])),
        "closing": " ".join(said.get("closing", [])).rstrip(" .;,"),
        "sections": {
            name_of(section["id"]): {
                "heading": section["heading"], "sentences": said.get(section["id"], []),
                "paragraphs": paragraphs(said.get(section["id"], [])),
            }
            for section in kind["outline"]
        },
        "lists": {code: _rows(code, rows.get(code, ())) for code in LISTS},
        "more": {**dict.fromkeys(LISTS, ""), **_more(snapshot["lists"], rows)},
        "charts": dict.fromkeys(LISTS, ""), "figures": _values(snapshot["figures"]),
    }  # fmt: skip


def said_open(words: str) -> str:
    """Return words with "…" where they leave room: "ngày … tháng … năm …"."""
    return re.sub(" {2,}", " … ", words).rstrip()


def paragraphs(said: Sequence[str]) -> list[str]:
    """Return sentences as paragraphs: one, but for lines of their own."""
    return [line for line in " ".join(said).split("\n") if line.strip()]


def _more(
    lists: Sequence[Mapping[str, Any]], rows: Mapping[ListCode, Sequence[Sequence[Value]]]
) -> dict[str, str]:
    rest = {each["code"]: each["count"] - len(rows.get(each["code"], ())) for each in lists}
    return {code: BEYOND.format(rest=left) if left else "" for code, left in rest.items()}


def foot_of(report: Report, snapshot: Mapping[str, Any]) -> str:
    """Return the line that says as of when, and the hash of the snapshot."""
    time = datetime.fromisoformat(snapshot["taken_at"]).astimezone(TIME_ZONE)
    return FOOT.format(time=time, sha256=report.sha256)


def _values(stored: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    known = {each["id"]: each["value"] for each in stored}
    found: dict[str, dict[str, Any]] = {}
    for id_, _, _, kind in KNOWN.values():
        above, _, name = id_.partition(".")
        value = known.get(id_)
        found.setdefault(above, {})[name] = value if kind in _WHOLE else written(kind, value)
    return found


def _rows(code: ListCode, rows: Sequence[Sequence[Value]]) -> list[dict[str, str]]:
    columns = [(column_name(heading), kind) for heading, kind, _ in COLUMNS[code]]
    return [
        {
            name: "" if value == "" else "–" if value is None else written(kind, value)
            for (name, kind), value in zip(columns, row, strict=True)
        }
        for row in rows
    ]


def column_name(heading: str) -> str:
    """Return the name of a column: `don_vi_chu_tri` for "Đơn vị chủ trì"."""
    return name_of(_NOT_A_NAME.sub("_", folded(heading)).strip("_"))


def name_of(id_: str) -> str:
    """Return a name that a tag can say: none begins with a digit."""
    return f"muc_{id_}" if id_[:1].isdigit() else id_
