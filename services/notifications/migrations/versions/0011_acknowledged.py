"""Some notices must be acknowledged: they stand on every page of who got them until they are."""

from alembic import op

revision = "0011"
down_revision = "0010"

_STATEMENTS = """
ALTER TABLE notification ADD COLUMN must_acknowledge boolean NOT NULL DEFAULT false,
  ADD COLUMN acknowledged_at timestamptz

CREATE INDEX ix_notification_to_acknowledge ON notification (person_id)
  WHERE must_acknowledge AND acknowledged_at IS NULL
"""


def upgrade() -> None:
    """Add columns that need no rewriting."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
