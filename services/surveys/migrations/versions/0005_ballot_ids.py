"""Ballots have a second id, by which those who review them call them."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Give every ballot a random id from which its `response_id` does not follow."""
    op.execute("ALTER TABLE response ADD COLUMN ballot_id uuid NOT NULL DEFAULT gen_random_uuid()")
