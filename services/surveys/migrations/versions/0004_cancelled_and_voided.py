"""Rounds can be cancelled and batches of tickets voided, each with a reason."""

from alembic import op

revision = "0004"
down_revision = "0003"

_STATEMENTS = """
ALTER TABLE survey_round ADD COLUMN cancelled_because text,
  DROP CONSTRAINT ck_survey_round_status,
  ADD CONSTRAINT ck_survey_round_status CHECK (
    status IN ('draft', 'open', 'closed', 'cancelled'))

ALTER TABLE ticket_batch ADD COLUMN voided bigint, ADD COLUMN voided_at timestamptz,
  ADD COLUMN void_reason text

ALTER TABLE issued_ticket ADD COLUMN voided boolean NOT NULL DEFAULT false
"""


def upgrade() -> None:
    """Widen what the words may be; nothing that is there changes."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
