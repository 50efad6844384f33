"""Reports are signed in what they were checked in; their PDF is kept, signed copies are checked."""

from alembic import op

revision = "0014"
down_revision = "0013"

STATEMENTS = [
    "ALTER TABLE report ADD COLUMN template_id uuid, ADD COLUMN pdf_file_id uuid",
    "ALTER TABLE report_template ADD COLUMN mentions jsonb",
    """
    CREATE TABLE trusted_root (
      id uuid NOT NULL, version bigint NOT NULL, name text NOT NULL, sha256 text NOT NULL,
      certificate bytea NOT NULL, trusted boolean NOT NULL,
      CONSTRAINT pk_trusted_root PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE signature_report (
      file_id uuid NOT NULL, roots text NOT NULL, checked_at timestamptz NOT NULL,
      signatures jsonb NOT NULL DEFAULT '[]', unreadable boolean NOT NULL DEFAULT false,
      CONSTRAINT pk_signature_report PRIMARY KEY (file_id)
    )
    """,
    """
    INSERT INTO job (id, kind, payload)
      SELECT gen_random_uuid(), 'check_signatures', '{}'
      WHERE EXISTS (SELECT FROM stored_file WHERE kind = 'pdf')
    """,
    """
    UPDATE report SET template_id = (
      SELECT id FROM report_template AS template
      WHERE template.kind_code = report.kind_code
        AND template.uploaded_at <= coalesce(report.signed_at, report.checked_at)
      ORDER BY number DESC LIMIT 1)
    WHERE state IN ('checked', 'signed', 'sent')
    """,
    """
    CREATE OR REPLACE FUNCTION report_stays_as_taken() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      IF OLD.snapshot IS NOT NULL AND (NEW.snapshot, NEW.sha256) IS DISTINCT FROM
        (OLD.snapshot, OLD.sha256) THEN
        RAISE EXCEPTION 'a snapshot never changes: make another report';
      END IF;
      IF OLD.state IN ('signed', 'sent') AND (
        NEW.state NOT IN ('signed', 'sent') OR
        (NEW.title, NEW.sentences, NEW.number, NEW.signed_on, NEW.signer_titles, NEW.signer_name,
         NEW.signed_sha256, NEW.document_file_id, NEW.template_id) IS DISTINCT FROM
        (OLD.title, OLD.sentences, OLD.number, OLD.signed_on, OLD.signer_titles, OLD.signer_name,
         OLD.signed_sha256, OLD.document_file_id, OLD.template_id)) THEN
        RAISE EXCEPTION 'a signed report never changes';
      END IF;
      IF OLD.pdf_file_id IS NOT NULL AND NEW.pdf_file_id IS DISTINCT FROM OLD.pdf_file_id THEN
        RAISE EXCEPTION 'the PDF of a signed report is made once';
      END IF;
      RETURN NEW;
    END $body$
    """,
]


def upgrade() -> None:
    """What was checked before stays in the template it was read in, what was signed in its own."""
    for statement in STATEMENTS:
        op.execute(statement)
