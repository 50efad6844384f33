"""Ballots are released beside themselves: no index holds the release, and pages keep room."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Take the release out of the index; only pages written from now on keep room."""
    op.execute("DROP INDEX ix_response_fact_release")
    op.execute("CREATE INDEX ix_response_fact_unit ON response_fact (round_id, unit_id)")
    op.execute("ALTER TABLE response_fact SET (fillfactor = 70)")
