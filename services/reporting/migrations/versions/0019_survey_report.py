"""The survey's report says when it was asked, what stands out, and how the year before was.

Added where the shipped outline still has these sections; what somebody worded otherwise stays.
Whoever confirmed the kind before has not confirmed this.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_SHARE = "({survey.%s_rate}%%)"
_SECTION = {"id": "questions", "heading": "Kết quả theo câu hỏi", "level": 1, "words": [],
            "sentences": [], "table": None, "chart": False}  # fmt: skip
_LAST = "kết quả của đợt «{survey.before_title}» ({survey.before}%)"


def _sentence(id_: str, about: str, running: str, zero: str | None = None) -> dict[str, Any]:
    return {"id": id_, "about": about, "running": running, "ended": None, "zero": zero}


SENTENCES: dict[str, list[dict[str, Any]]] = {
    "how": [_sentence(
        "when", "survey.from",
        "Thời gian khảo sát: từ ngày {survey.from} đến hết ngày {survey.to}.",
    )],
    "result": [_sentence(
        "before", "survey.moved",
        f"So với {_LAST}, chỉ số chênh lệch {{survey.moved}} điểm phần trăm.",
        f"Chỉ số bằng {_LAST}.",
    )],
    "questions": [
        _sentence("top", "survey.top_question_rate", "Nội dung được đánh giá cao nhất: "
                  f"«{{survey.top_question}}» {_SHARE % 'top_question'}."),
        _sentence("low", "survey.low_question_rate", "Nội dung được đánh giá thấp nhất: "
                  f"«{{survey.low_question}}» {_SHARE % 'low_question'}."),
    ],
    "units": [
        _sentence("shown", "survey.units_shown", "Có {survey.units_shown}/{survey.units_all} đơn vị"
                  " có phiếu đủ số phiếu để công bố kết quả.",
                  "Chưa có đơn vị nào đủ số phiếu để công bố kết quả."),
        _sentence("top", "survey.top_unit_rate", "Đơn vị được đánh giá cao nhất: {survey.top_unit} "
                  f"{_SHARE % 'top_unit'}."),
        _sentence("low", "survey.low_unit_rate", "Đơn vị được đánh giá thấp nhất: {survey.low_unit}"
                  f" {_SHARE % 'low_unit'}."),
    ],
}  # fmt: skip
_PUT = sa.text(
    "UPDATE report_kind SET body = CAST(:body AS jsonb), version = version + 1 WHERE id = :id"
)


def upgrade() -> None:
    """Word the kind otherwise; a report that was made stays as it is."""
    found = op.get_bind().execute(sa.text("SELECT id, code, body FROM report_kind")).all()
    for row in found:
        body = json.loads(json.dumps(row.body))
        reworded(row.code, body)
        if body != row.body:
            facts = {"id": row.id, "body": json.dumps(body, ensure_ascii=False)}
            op.execute(_PUT.bindparams(**facts))


def reworded(code: str, body: dict[str, Any]) -> None:
    """Change a kind in place."""
    ids = [each["id"] for each in body["outline"]]
    if code != "survey" or "questions" in ids or "result" not in ids:
        return
    body["outline"].insert(ids.index("result") + 1, json.loads(json.dumps(_SECTION)))
    for section in body["outline"]:
        known = {each["id"] for each in section["sentences"]}
        added = [each for each in SENTENCES.get(section["id"], []) if each["id"] not in known]
        section["sentences"] += json.loads(json.dumps(added))
