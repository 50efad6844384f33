"""A task says which document gave it and its place among the KPIs; people help with assignments."""

from alembic import op

revision = "0009"
down_revision = "0008"

_STATEMENTS = """
ALTER TABLE task ADD COLUMN source_number text, ADD COLUMN source_issued_on date,
  ADD COLUMN source_title text, ADD COLUMN kpi_group text, ADD COLUMN kpi_code text,
  ADD CONSTRAINT ck_task_kpi_group CHECK (kpi_group IN ('A', 'B', 'C', 'D')) NOT VALID

ALTER TABLE task VALIDATE CONSTRAINT ck_task_kpi_group

ALTER TABLE assignment ADD COLUMN helper_ids uuid[] NOT NULL DEFAULT '{}'
"""


def upgrade() -> None:
    """Add columns that need no rewriting."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
