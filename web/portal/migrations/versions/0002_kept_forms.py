"""A form that could not be sent is kept with the session it was shown in."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add an empty column; forms find their session by its token."""
    op.execute("ALTER TABLE sign_in ADD COLUMN kept bytea")
    op.execute("CREATE INDEX ix_sign_in_csrf_token ON sign_in (csrf_token)")
