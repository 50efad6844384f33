"""A weak sub-criterion may be named by hand, with why, where no sheet was published."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add columns that are empty for what sheets told."""
    op.execute(
        "ALTER TABLE weak_criterion ADD COLUMN reason text, ADD COLUMN named_at timestamptz,"
        " ADD COLUMN named_by uuid, ADD COLUMN named_unit_id uuid"
    )
