"""Rounds keep how many tickets they issued; the survey's report says how many came back.

Sentences and table are added where the shipped outline still has the section; what somebody worded
otherwise, or put there, stays. Whoever confirmed the kind before has not confirmed this. Rounds
that ended before have no number, and their reports say so.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_RESPONSE = (
    "Số phiếu phát ra là {survey.issued}; số phiếu thu về là {survey.returned}, đạt tỷ lệ "
    "{survey.response_rate}%."
)
_WITHOUT = "Số phiếu phát ra, số phiếu thu về và tỷ lệ thu về: {survey.no_response_rate}."
_VOIDED = (
    "Số phiếu phát ra chưa kể {survey.tickets_voided} phiếu của các tập giấy mời đã hủy; phiếu trả "
    "lời bằng các giấy mời đó trước khi hủy vẫn tính là thu về."
)
SENTENCES: list[dict[str, Any]] = [
    {"id": id_, "about": about, "running": running, "ended": None, "zero": None}
    for id_, about, running in (
        ("response", "survey.response_rate", _RESPONSE),
        ("no_response", "survey.no_response_rate", _WITHOUT),
        ("voided", "survey.tickets_voided", _VOIDED),
    )
]  # fmt: skip
TABLE = "survey_response"
_PUT = sa.text(
    "UPDATE report_kind SET body = CAST(:body AS jsonb), version = version + 1 WHERE id = :id"
)


def upgrade() -> None:
    """Make room for tickets, and word the kind otherwise; a report that was made stays as it is."""
    op.execute("ALTER TABLE survey_round ADD COLUMN tickets jsonb")
    found = op.get_bind().execute(sa.text("SELECT id, code, body FROM report_kind")).all()
    for row in found:
        body = json.loads(json.dumps(row.body))
        reworded(row.code, body)
        if body != row.body:
            facts = {"id": row.id, "body": json.dumps(body, ensure_ascii=False)}
            op.execute(_PUT.bindparams(**facts))


def reworded(code: str, body: dict[str, Any]) -> None:
    """Change a kind in place."""
    for section in body["outline"]:
        if code == "survey" and section["id"] == "how":
            known = {each["id"] for each in section["sentences"]}
            section["sentences"] += [dict(each) for each in SENTENCES if each["id"] not in known]
            section["table"] = section["table"] or TABLE


def downgrade() -> None:
    """Forget tickets; kinds stay as they are worded."""
    op.execute("ALTER TABLE survey_round DROP COLUMN tickets")
