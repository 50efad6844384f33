"""What somebody is to acknowledge may wait for their next sign-in."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add an empty column."""
    op.execute("ALTER TABLE sign_in ADD COLUMN postponed_at timestamptz")
