"""PDFs carry signatures that are checked under trusted roots; equal files are found."""

from alembic import op

revision = "0012"
down_revision = "0011"

_STATEMENTS = """
CREATE TABLE trusted_root (
  id uuid CONSTRAINT pk_trusted_root PRIMARY KEY,
  name text NOT NULL, sha256 text NOT NULL, valid_from timestamptz NOT NULL,
  valid_until timestamptz NOT NULL, certificate bytea NOT NULL, added_at timestamptz NOT NULL,
  added_by uuid,
  CONSTRAINT uq_trusted_root_sha256 UNIQUE (sha256)
)

CREATE TABLE signature_report (
  file_id uuid CONSTRAINT pk_signature_report PRIMARY KEY,
  roots text NOT NULL, checked_at timestamptz NOT NULL,
  signatures jsonb NOT NULL DEFAULT '[]', unreadable boolean NOT NULL DEFAULT false
)

CREATE INDEX ix_stored_file_sha256 ON stored_file (sha256)

INSERT INTO job (id, kind, payload)
  SELECT gen_random_uuid(), 'check_signatures', '{}'
  WHERE EXISTS (SELECT FROM stored_file WHERE kind = 'pdf')
"""


def upgrade() -> None:
    """Add what is new; the PDFs that are there are checked by the worker, some at a time."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
