"""A finding whose remediation was cancelled is closed by the Office, saying why."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add columns that are empty for what nobody closed."""
    op.execute(
        "ALTER TABLE inspection_finding ADD COLUMN closed_at timestamptz,"
        " ADD COLUMN closed_by uuid, ADD COLUMN closed_because text"
    )
