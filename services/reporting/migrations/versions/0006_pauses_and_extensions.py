"""Cells count what is paused and what was extended; nothing was of either until now."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add counts that begin at 0: no assignment could be paused or extended before."""
    op.execute(
        "ALTER TABLE completion_cell ADD COLUMN paused bigint NOT NULL DEFAULT '0', "
        "ADD COLUMN extended bigint NOT NULL DEFAULT '0', "
        "ADD COLUMN on_time_extended bigint NOT NULL DEFAULT '0'"
    )
