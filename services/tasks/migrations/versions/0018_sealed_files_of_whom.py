"""Whom a sealed file is about; a rule of what is repeated that something can meet."""

from alembic import op

revision = "0018"
down_revision = "0017"

_STATEMENTS = """
ALTER TABLE sealed_file ADD COLUMN about_id uuid

UPDATE sealed_file SET about_id = p.person_id
  FROM handling_proposal p WHERE sealed_file.file_id = ANY(p.file_ids)

UPDATE inspection_rule SET periods = times WHERE periods < times
"""


def upgrade() -> None:
    """Add a column; years are counted now, so that fewer of them than `times` never repeat."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
