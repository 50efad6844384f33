"""Facts, cells, criteria sets, score sheets, announced indices."""

from alembic import op

from chassis.migrations import create_messaging_tables, create_tables
from reporting.models import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    create_messaging_tables(op)
    create_tables(
        op, "unit", "person", "idempotency_key", "live_event", "audit_entry", "audit_seal"
    )
    metadata.create_all(op.get_bind())
