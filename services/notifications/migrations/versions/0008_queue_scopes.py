"""What a partner's queue was filled for: it is emptied when its partner may have less."""

from alembic import op

revision = "0008"
down_revision = "0007"

SCOPES = """
ALTER TABLE partner_queue ADD COLUMN may_types text[], ADD COLUMN may_units uuid[],
  ADD COLUMN emptied_at timestamptz
"""


def upgrade() -> None:
    """Add three columns."""
    op.execute(SCOPES)
