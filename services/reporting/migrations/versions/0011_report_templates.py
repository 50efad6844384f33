"""Templates of reports that the Office edits, in versions per kind."""

from alembic import op

revision = "0011"
down_revision = "0010"

TEMPLATES = """
CREATE TABLE report_template (
  id uuid NOT NULL, kind_code text NOT NULL, number bigint NOT NULL, name text NOT NULL,
  file_id uuid, taken_from bigint, kind_version bigint NOT NULL, uploaded_by uuid NOT NULL,
  uploaded_at timestamptz NOT NULL,
  CONSTRAINT pk_report_template PRIMARY KEY (id),
  CONSTRAINT uq_report_template_kind_code_number UNIQUE (kind_code, number)
)
"""


def upgrade() -> None:
    """Every kind is written in its own layout until now."""
    op.execute(TEMPLATES)
