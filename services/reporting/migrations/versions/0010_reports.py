"""Reports with frozen snapshots, and the kinds of reports that are shipped: data to change."""

import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

REPORTS = """
CREATE TABLE report_kind (
  id uuid NOT NULL, code text NOT NULL, version bigint NOT NULL DEFAULT '1',
  place integer NOT NULL DEFAULT '0', body jsonb NOT NULL,
  CONSTRAINT pk_report_kind PRIMARY KEY (id), CONSTRAINT uq_report_kind_code UNIQUE (code)
);
CREATE TABLE confirmed_source (
  key text NOT NULL, source text NOT NULL, confirmed_by uuid NOT NULL,
  confirmed_at timestamptz NOT NULL, CONSTRAINT pk_confirmed_source PRIMARY KEY (key)
);
CREATE TABLE report (
  id uuid NOT NULL, version bigint NOT NULL DEFAULT '1', kind_code text NOT NULL,
  kind_name text NOT NULL, title text NOT NULL, search text NOT NULL,
  starts_on date NOT NULL, ends_on date NOT NULL, plan_id uuid,
  state text NOT NULL DEFAULT 'preparing', job_id uuid NOT NULL, snapshot jsonb, sha256 text,
  sentences jsonb NOT NULL DEFAULT '[]', created_by uuid NOT NULL, created_at timestamptz NOT NULL,
  checked_by uuid, checked_at timestamptz, number text, signed_on date, signer_titles jsonb,
  signer_name text, signed_sha256 text, signed_by uuid, signed_at timestamptz,
  document_file_id uuid, signed_copy_file_id uuid,
  CONSTRAINT pk_report PRIMARY KEY (id),
  CONSTRAINT ck_report_state CHECK (
    state IN ('preparing', 'draft', 'checked', 'signed', 'sent')),
  CONSTRAINT ck_report_window CHECK (starts_on <= ends_on)
);
CREATE INDEX ix_report_kind_code ON report (kind_code);
CREATE INDEX ix_report_created_at ON report (created_at);
CREATE TABLE report_rows (
  report_id uuid NOT NULL, list_code text NOT NULL, part integer NOT NULL, rows jsonb NOT NULL,
  CONSTRAINT pk_report_rows PRIMARY KEY (report_id, list_code, part)
);
CREATE TABLE report_sending (
  id uuid NOT NULL, report_id uuid NOT NULL, recipient text NOT NULL, number text,
  sent_on date NOT NULL, channel text NOT NULL, note text, sent_by uuid NOT NULL,
  sent_at timestamptz NOT NULL, CONSTRAINT pk_report_sending PRIMARY KEY (id)
);
CREATE INDEX ix_report_sending_report_id ON report_sending (report_id);
"""
JOBS_AND_FILES = """
CREATE TABLE job (
  id uuid NOT NULL, kind text NOT NULL, payload jsonb NOT NULL,
  state text NOT NULL DEFAULT 'queued', progress smallint NOT NULL DEFAULT '0', result jsonb,
  error text, attempts smallint NOT NULL DEFAULT '0', created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(), started_at timestamptz,
  heartbeat_at timestamptz, finished_at timestamptz,
  CONSTRAINT pk_job PRIMARY KEY (id),
  CONSTRAINT ck_job_state CHECK (state IN ('queued', 'running', 'done', 'failed')),
  CONSTRAINT ck_job_progress CHECK (progress BETWEEN 0 AND 100)
);
CREATE INDEX ix_job_unfinished ON job (created_at) WHERE state IN ('queued', 'running');
CREATE TABLE stored_file (
  id uuid NOT NULL, name text NOT NULL, kind text NOT NULL, size bigint NOT NULL,
  sha256 text NOT NULL, state text NOT NULL DEFAULT 'stored', uploaded_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_stored_file PRIMARY KEY (id),
  CONSTRAINT ck_stored_file_kind CHECK (
    kind IN ('pdf', 'jpg', 'png', 'docx', 'xlsx', 'doc', 'xls', 'odt', 'ods', 'rtf')),
  CONSTRAINT ck_stored_file_state CHECK (state IN ('stored', 'rejected'))
);
CREATE INDEX ix_stored_file_sha256 ON stored_file (sha256);
"""
FOR_GOOD = [
    """
    CREATE FUNCTION report_stays_as_taken() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      IF OLD.snapshot IS NOT NULL AND (NEW.snapshot, NEW.sha256) IS DISTINCT FROM
        (OLD.snapshot, OLD.sha256) THEN
        RAISE EXCEPTION 'a snapshot never changes: make another report';
      END IF;
      IF OLD.state IN ('signed', 'sent') AND (
        NEW.state NOT IN ('signed', 'sent') OR
        (NEW.title, NEW.sentences, NEW.number, NEW.signed_on, NEW.signer_titles, NEW.signer_name,
         NEW.signed_sha256, NEW.document_file_id) IS DISTINCT FROM
        (OLD.title, OLD.sentences, OLD.number, OLD.signed_on, OLD.signer_titles, OLD.signer_name,
         OLD.signed_sha256, OLD.document_file_id)) THEN
        RAISE EXCEPTION 'a signed report never changes';
      END IF;
      RETURN NEW;
    END $body$
    """,
    """
    CREATE TRIGGER report_as_taken BEFORE UPDATE ON report
      FOR EACH ROW EXECUTE FUNCTION report_stays_as_taken()
    """,
    """
    CREATE FUNCTION report_is_for_good() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      RAISE EXCEPTION 'rows of a snapshot never change, and no signed report is deleted';
    END $body$
    """,
    """
    CREATE TRIGGER report_kept BEFORE DELETE ON report
      FOR EACH ROW WHEN (OLD.state IN ('signed', 'sent')) EXECUTE FUNCTION report_is_for_good()
    """,
    """
    CREATE TRIGGER report_rows_kept BEFORE UPDATE OR DELETE ON report_rows
      FOR EACH ROW EXECUTE FUNCTION report_is_for_good()
    """,
]
SHIPPED = Path(__file__).with_name("0010_report_kinds.json")


def upgrade() -> None:
    """Nothing was reported until now; the shipped kinds are composed, and say so."""
    for statement in filter(str.strip, (REPORTS + JOBS_AND_FILES).split(";")):
        op.execute(statement)
    for statement in FOR_GOOD:
        op.execute(statement)
    insert = sa.text(
        "INSERT INTO report_kind (id, code, place, body) "
        "VALUES (CAST(:id AS uuid), :code, :place, CAST(:body AS jsonb))"
    )
    for kind in json.loads(SHIPPED.read_text()):
        body = json.dumps(kind["body"], ensure_ascii=False)
        op.execute(insert.bindparams(**{**kind, "body": body}))
