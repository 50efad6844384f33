"""Reports may be put aside; shipped kinds name no addressee twice and say a target as it is meant.

Only what is still worded as it was shipped; whoever confirmed a kind before has not confirmed this.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

STATES = "'preparing', 'draft', 'checked', 'signed', 'sent', 'discarded'"
PROVINCE = "Ủy ban nhân dân tỉnh Khánh Hòa"
COPY = "UBND tỉnh (b/c)"
_GAP = "; chênh lệch so với mục tiêu là {survey.gap} điểm phần trăm."
TARGET = "Mục tiêu của kế hoạch là {survey.target}%" + _GAP
AS_MEANT = "Mục tiêu của kế hoạch là {survey.target_said}" + _GAP
_OF_PLAN = "Thực hiện {plan.title} (số {plan.number} ngày {plan.issued_on}), "
_HEREBY = "Trên đây là báo cáo kết quả thực hiện kế hoạch"
CLOSING: dict[str, tuple[Any, Any]] = {
    "addressed_to": (["Ban Giám đốc Sở"], [PROVINCE]),
    "opening": (
        f"{_OF_PLAN}Văn phòng Sở tổng hợp kết quả thực hiện như sau:",
        f"{_OF_PLAN}Sở Nội vụ báo cáo kết quả thực hiện như sau:",
    ),
    "closing": (
        f"{_HEREBY}, Văn phòng Sở kính trình Ban Giám đốc xem xét, chỉ đạo.",
        f"{_HEREBY} của Sở Nội vụ, kính gửi Ủy ban nhân dân tỉnh xem xét, chỉ đạo.",
    ),
}
"""The Director signs it: it was addressed to the Directorate itself."""
_PUT = sa.text(
    "UPDATE report_kind SET body = CAST(:body AS jsonb), version = version + 1 WHERE id = :id"
)


def upgrade() -> None:
    """Word the kinds otherwise; a report that was made stays as it is."""
    op.execute("ALTER TABLE report DROP CONSTRAINT ck_report_state")
    op.execute(f"ALTER TABLE report ADD CONSTRAINT ck_report_state CHECK (state IN ({STATES}))")
    found = op.get_bind().execute(sa.text("SELECT id, code, body FROM report_kind")).all()
    for row in found:
        body = json.loads(json.dumps(row.body))
        reworded(row.code, body)
        if body != row.body:
            facts = {"id": row.id, "body": json.dumps(body, ensure_ascii=False)}
            op.execute(_PUT.bindparams(**facts))


def reworded(code: str, body: dict[str, Any]) -> None:
    """Change a kind in place."""
    if code == "closing" and all(body[name] == before for name, (before, _) in CLOSING.items()):
        body.update({name: after for name, (_, after) in CLOSING.items()})
    if body["addressed_to"] == [PROVINCE] and COPY in body["copies_to"]:
        body["copies_to"].remove(COPY)
    for section in body["outline"]:
        for each in section["sentences"]:
            if each["id"] == "target" and each["running"] == TARGET:
                each["running"] = AS_MEANT
