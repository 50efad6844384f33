"""What one's own day counts has an index each; what moved is read from the newest."""

from alembic import op

revision = "0021"
down_revision = "0020"

_STATEMENTS = """
CREATE INDEX ix_assignment_submitted ON assignment (plan_id)
  WHERE status = 'submitted' AND carried_to_id IS NULL

CREATE INDEX ix_assignment_undated ON assignment (plan_id)
  WHERE deadline_kind = 'needs_person' AND status IN ('not_started', 'in_progress')
    AND carried_to_id IS NULL

CREATE INDEX ix_assignment_accountable_live
  ON assignment (accountable_person_id, unit_id, plan_id)
  WHERE status IN ('not_started', 'in_progress', 'submitted', 'returned') AND carried_to_id IS NULL

CREATE INDEX ix_assignment_entry_at_id ON assignment_entry (at, id)

DROP INDEX ix_assignment_entry_at
"""


def upgrade() -> None:
    """Make the indexes."""
    for statement in _STATEMENTS.strip().split("\n\n"):
        op.execute(statement)
