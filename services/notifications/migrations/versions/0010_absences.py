"""Who stands in for whom, and from when to when."""

from alembic import op

revision = "0010"
down_revision = "0009"

ABSENCE = """
CREATE TABLE absence (
  person_id uuid CONSTRAINT pk_absence PRIMARY KEY, version bigint NOT NULL,
  substitute_id uuid, absent_from date, absent_until date
)
"""


def upgrade() -> None:
    """Add the table."""
    op.execute(ABSENCE)
