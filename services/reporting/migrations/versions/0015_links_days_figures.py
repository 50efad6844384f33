"""Documents linked to sub-criteria; days of a sheet that are moved; figures of others' surveys."""

from alembic import op

revision = "0015"
down_revision = "0014"

STATEMENTS = (
    "ALTER TABLE offered_document DROP CONSTRAINT ck_offered_document_kind",
    """
    ALTER TABLE offered_document
      ADD COLUMN of_id uuid, ADD COLUMN code text, ADD COLUMN address text,
      ADD CONSTRAINT ck_offered_document_kind
        CHECK (kind IN ('report', 'inspection', 'finding', 'document'))
    """,
    """
    CREATE TABLE document_link (
      document_id uuid NOT NULL, criteria_set_id uuid NOT NULL, sub_criterion text NOT NULL,
      confirmed_by uuid NOT NULL, confirmed_at timestamp with time zone NOT NULL,
      CONSTRAINT pk_document_link PRIMARY KEY (document_id, criteria_set_id, sub_criterion)
    )
    """,
    "ALTER TABLE row_evidence DROP CONSTRAINT ck_row_evidence_kind",
    """
    ALTER TABLE row_evidence ADD CONSTRAINT ck_row_evidence_kind
      CHECK (kind IN ('result', 'report', 'inspection', 'finding', 'document', 'link'))
    """,
    "ALTER TABLE sheet_round ADD COLUMN explain_by date",
    "ALTER TABLE sheet ADD COLUMN closes_on date, ADD COLUMN explain_by date",
    """
    ALTER TABLE score_row ADD COLUMN survey_index numeric(12, 6),
      ADD COLUMN survey_source text, ADD COLUMN survey_dated_on date
    """,
)


def upgrade() -> None:
    """Nothing is linked, moved or entered beforehand."""
    for statement in STATEMENTS:
        op.execute(statement)
