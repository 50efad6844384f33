"""Appendices may also be .doc, .xls, .odt, .ods or .rtf."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENT = """
ALTER TABLE stored_file
  DROP CONSTRAINT ck_stored_file_kind,
  ADD CONSTRAINT ck_stored_file_kind CHECK (
    kind IN ('pdf', 'jpg', 'png', 'docx', 'xlsx', 'doc', 'xls', 'odt', 'ods', 'rtf'))
"""


def upgrade() -> None:
    """Widen what the table takes; rows of the version before stay."""
    op.execute(STATEMENT)
