"""The table of sign-in sessions."""

from alembic import op

revision = "0001"
down_revision = None

SIGN_IN = """
CREATE TABLE sign_in (
  key_hash bytea NOT NULL, csrf_token text NOT NULL, person jsonb NOT NULL,
  tokens bytea NOT NULL, tokens_expire_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
  PRIMARY KEY (key_hash)
)

CREATE INDEX ix_sign_in_expires_at ON sign_in (expires_at)
"""


def upgrade() -> None:
    """Run statement by statement: an empty line stands between two."""
    for statement in SIGN_IN.split("\n\n"):
        op.execute(statement)
