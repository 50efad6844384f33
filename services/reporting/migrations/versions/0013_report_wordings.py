"""Sentences of the shipped kinds that could contradict one another; windows that were called alike.

Only what is still worded as it was shipped; whoever confirmed a kind before has not confirmed this.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_ALL = (
    "{work.done} nhiệm vụ, trong đó đúng hạn {work.on_time}, quá hạn {work.late}; tỷ lệ hoàn thành "
    "trên tổng số là {work.rate_all}%."
)
_AREA = "{area.all} nhiệm vụ có thời hạn thuộc nội dung này"
_WINDOW = "Trong kỳ có {window.due} nhiệm vụ đến hạn, "
_MET = "{window.due_done} nhiệm vụ trong số đó đã hoàn thành, kể cả hoàn thành trước kỳ."
_HANDED = "Trong kỳ các đơn vị đã nộp và được chấp nhận {window.done} kết quả, "
_PAR = "Chỉ số CCHC dự kiến đạt {par.projected}%, trên cơ sở "
_OFFICIAL = "Chỉ số CCHC chính thức đạt {par.official}%, trên cơ sở "
WORDINGS: list[tuple[str, str, dict[str, str | None]]] = [
    ("all", "Tổng số nhiệm vụ có thời hạn được giao là {work.all}; đang triển khai, đã hoàn thành "
     + _ALL,
     {"running": "Kỳ báo cáo đang diễn ra; tổng số nhiệm vụ có thời hạn được giao là {work.all}; "
      "đến ngày {period.until} đã hoàn thành " + _ALL,
      "ended": "Tổng số nhiệm vụ có thời hạn được giao là {work.all}; tính đến hết ngày "
      "{period.until} đã hoàn thành " + _ALL}),
    ("window", _WINDOW + "hiện đã hoàn thành {window.due_done} nhiệm vụ.",
     {"running": _WINDOW + "hiện " + _MET, "ended": _WINDOW + _MET}),
    ("handed", _HANDED + "trong đó nộp quá hạn {window.done_late}.",
     {"running": "Riêng trong kỳ này hoàn thành {window.done} nhiệm vụ, kể cả nhiệm vụ đến hạn kỳ "
      "khác, trong đó nộp quá hạn {window.done_late}.",
      "zero": "Riêng trong kỳ này không có thêm nhiệm vụ nào hoàn thành."}),
    ("done", f"Sở đang triển khai {_AREA}; đã hoàn thành {{area.done}} nhiệm vụ.",
     {"running": f"Đến nay, trong {_AREA}, đã hoàn thành {{area.done}} nhiệm vụ."}),
    ("due", "Kỳ sau, Sở tập trung hoàn thành {next.due} nhiệm vụ đến hạn.",
     {"zero": "Kỳ sau không còn nhiệm vụ nào đến hạn phải hoàn thành."}),
    ("open", "Sở tiếp tục thực hiện {work.open} nhiệm vụ chưa hoàn thành.",
     {"zero": "Không còn nhiệm vụ có thời hạn nào phải tiếp tục thực hiện."}),
    ("projected", _PAR + "{par.rows_valued}/{par.rows} tiêu chí thành phần đã có số liệu.",
     {"running": _PAR + "{par.valued}/{par.of_points} điểm đã có số liệu."}),
    ("official", _OFFICIAL
     + "{par.official_rows}/{par.rows} tiêu chí thành phần đã có điểm chính thức.",
     {"running": _OFFICIAL + "{par.official_valued}/{par.of_points} điểm đã có điểm chính thức."}),
    ("paused", "Có {work.paused} nhiệm vụ đang tạm dừng.",
     {"running": "Có {work.paused} nhiệm vụ đang tạm dừng, không tính là đến hạn hay quá hạn.",
      "ended": "Cuối kỳ có {work.paused} nhiệm vụ tạm dừng, không tính là đến hạn hay quá hạn."}),
]  # fmt: skip
"""Of a sentence: its id, how it was shipped, what of it is worded otherwise."""
NO_CAUSES = {"paused": "progress", "extended": "progress", "needs_person": "limits"}
"""What was said as a cause and is none, and the section that it belongs to."""
ALIKE = {"calendar_year": "năm dương lịch {year}", "year": "năm báo cáo {year}"}
AS_TAKEN = ("par_self", "survey")
"""They are about what is filled in, or published, after the period."""
_PUT = sa.text(
    "UPDATE report_kind SET body = CAST(:body AS jsonb), version = version + 1 WHERE id = :id"
)


def upgrade() -> None:
    """Word the kinds otherwise; an issued report's hash is the one of what was signed."""
    found = op.get_bind().execute(sa.text("SELECT id, code, body FROM report_kind")).all()
    for row in found:
        body = json.loads(json.dumps(row.body))
        reworded(row.code, body)
        if body != row.body:
            facts = {"id": row.id, "body": json.dumps(body, ensure_ascii=False)}
            op.execute(_PUT.bindparams(**facts))
    op.execute(
        "UPDATE offered_document AS o SET sha256 = r.signed_sha256 FROM report AS r "
        "WHERE r.id = o.id AND r.signed_sha256 IS NOT NULL"
    )


def reworded(code: str, body: dict[str, Any]) -> None:
    """Change a kind in place."""
    body["indices_as_of"] = "taken" if code in AS_TAKEN else "period"
    names = {each["code"]: each["name"] for each in body["windows"]}
    if names.get("calendar_year") == names.get("year") == "năm {year}":
        for each in body["windows"]:
            each["name"] = ALIKE.get(each["code"], each["name"])
    _move(body["outline"])
    for section in body["outline"]:
        for each in section["sentences"]:
            for id_, shipped, changes in WORDINGS:
                if (each["id"], each["running"]) == (id_, shipped):
                    each.update(changes)


def _move(outline: list[dict[str, Any]]) -> None:
    sections = {each["id"]: each for each in outline}
    causes = sections.get("causes", {"sentences": []})
    for each in list(causes["sentences"]):
        place = sections.get(NO_CAUSES.get(each["id"], ""))
        if place and each["id"] not in {one["id"] for one in place["sentences"]}:
            causes["sentences"].remove(each)
            place["sentences"].append(each)
