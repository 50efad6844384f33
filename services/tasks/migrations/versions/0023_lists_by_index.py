"""Counts of lists are read from an index alone; one leads to what a unit led, which it still sees.

Counting read all of each row for seven of its columns. What a unit's people list was looked for in
the whole table, for the sake of the few rows that ever had another unit.
"""

from alembic import op

revision = "0023"
down_revision = "0022"

_STATEMENTS = """
CREATE INDEX ix_assignment_former ON assignment USING gin (former_unit_ids)
  WHERE former_unit_ids <> '{}'

CREATE INDEX ix_assignment_counted ON assignment
  (plan_id, status, deadline_kind, due_on, paused_on, requested_due_on, first_due_on)
"""


def upgrade() -> None:
    """Make the indexes."""
    for statement in _STATEMENTS.strip().split("\n\n"):
        op.execute(statement)
