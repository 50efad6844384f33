"""Units' reports, conclusions and issued reports, offered as evidence of a sheet's rows."""

from alembic import op

revision = "0012"
down_revision = "0011"

DOCUMENTS = """
CREATE TABLE offered_document (
  id uuid NOT NULL, version bigint NOT NULL, kind text NOT NULL, year integer NOT NULL,
  unit_id uuid, name text NOT NULL, dated_on date, sha256 text NOT NULL,
  CONSTRAINT pk_offered_document PRIMARY KEY (id),
  CONSTRAINT ck_offered_document_kind CHECK (kind IN ('report', 'inspection'))
)
"""
YEAR = "CREATE INDEX ix_offered_document_year ON offered_document (year, kind)"


def upgrade() -> None:
    """What was told before is kept by `rebuild` alone: such documents did not exist."""
    op.execute(DOCUMENTS)
    op.execute(YEAR)
