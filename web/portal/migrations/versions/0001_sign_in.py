"""The table of sign-in sessions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "sign_in",
        sa.Column("key_hash", sa.LargeBinary, primary_key=True),
        sa.Column("csrf_token", sa.Text, nullable=False),
        sa.Column("person", JSONB, nullable=False),
        sa.Column("tokens", sa.LargeBinary, nullable=False),
        sa.Column("tokens_expire_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
