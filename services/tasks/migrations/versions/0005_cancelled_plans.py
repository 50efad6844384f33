"""Plans can be cancelled, with a reason, and their assignments with them."""

from alembic import op

revision = "0005"
down_revision = "0004"

_STATEMENTS = """
ALTER TABLE plan ADD COLUMN cancelled_because text,
  ADD COLUMN cancelled_draft boolean NOT NULL DEFAULT false, DROP CONSTRAINT ck_plan_status,
  ADD CONSTRAINT ck_plan_status CHECK (status IN ('draft', 'active', 'closed', 'cancelled'))

ALTER TABLE assignment_entry DROP CONSTRAINT ck_assignment_entry_kind,
  ADD CONSTRAINT ck_assignment_entry_kind CHECK (
    kind IN ('created', 'progress', 'result_submitted', 'result_accepted', 'result_returned',
      'changed', 'overdue', 'due_soon', 'cancelled')) NOT VALID

ALTER TABLE assignment_entry VALIDATE CONSTRAINT ck_assignment_entry_kind
"""


def upgrade() -> None:
    """Widen what the words may be; the long table is checked without stopping its writers."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
