"""Blocks, bodies, and a sheet for each; what was entered until now is the department's own."""

from alembic import op

revision = "0007"
down_revision = "0006"

BODIES = """
CREATE TABLE block (
  id uuid NOT NULL, version bigint NOT NULL DEFAULT '1', code text NOT NULL, name text NOT NULL,
  kind text NOT NULL, criteria_set_code text, without_survey text NOT NULL DEFAULT 'left_out',
  appraisers uuid[] NOT NULL DEFAULT '{}', active boolean NOT NULL DEFAULT 'true',
  CONSTRAINT pk_block PRIMARY KEY (id),
  CONSTRAINT uq_block_code UNIQUE (code),
  CONSTRAINT ck_block_kind
    CHECK (kind IN ('internal_units', 'departments', 'vertical_agencies', 'communes')),
  CONSTRAINT ck_block_without_survey CHECK (without_survey IN ('zero', 'left_out'))
);
CREATE TABLE body (
  id uuid NOT NULL, version bigint NOT NULL DEFAULT '1', code text NOT NULL, name text NOT NULL,
  block_id uuid, unit_id uuid, people uuid[] NOT NULL DEFAULT '{}', ineligible_reason text,
  active boolean NOT NULL DEFAULT 'true',
  CONSTRAINT pk_body PRIMARY KEY (id),
  CONSTRAINT uq_body_code UNIQUE (code),
  CONSTRAINT uq_body_unit_id UNIQUE (unit_id)
);
CREATE INDEX ix_body_block_id ON body (block_id);
"""

SHEETS = """
ALTER TABLE score_row
  ADD COLUMN body_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000001',
  ADD COLUMN self_done bigint,
  ADD COLUMN self_due bigint,
  ADD COLUMN self_note text,
  ADD COLUMN appraised_done bigint,
  ADD COLUMN appraised_due bigint,
  ADD COLUMN appraisal_note text,
  ADD COLUMN question text,
  ADD COLUMN answer text,
  ADD COLUMN last_year_max numeric(12, 6),
  DROP CONSTRAINT pk_score_row,
  ADD CONSTRAINT pk_score_row PRIMARY KEY (year, body_id, code);
CREATE TABLE sheet_round (
  year integer NOT NULL, block_id uuid NOT NULL, criteria_set_id uuid NOT NULL,
  closes_on date NOT NULL, opened_by uuid NOT NULL, opened_at timestamptz NOT NULL,
  CONSTRAINT pk_sheet_round PRIMARY KEY (year, block_id)
);
CREATE TABLE sheet (
  id uuid NOT NULL, year integer NOT NULL, body_id uuid NOT NULL, block_id uuid NOT NULL,
  criteria_set_id uuid NOT NULL, version bigint NOT NULL DEFAULT '1',
  announced bigint NOT NULL DEFAULT '0', state text NOT NULL DEFAULT 'opened',
  steps jsonb NOT NULL, final jsonb,
  CONSTRAINT pk_sheet PRIMARY KEY (year, body_id),
  CONSTRAINT uq_sheet_id UNIQUE (id),
  CONSTRAINT ck_sheet_state CHECK (state IN ('opened', 'self_scoring', 'locked', 'explaining',
    'explained', 'approved', 'published'))
);
CREATE INDEX ix_sheet_year_block_id ON sheet (year, block_id);
CREATE TABLE row_evidence (
  id uuid NOT NULL, year integer NOT NULL, body_id uuid NOT NULL, code text NOT NULL,
  purpose text NOT NULL, kind text NOT NULL, title text NOT NULL, reference_id uuid,
  address text, sha256 text, dated_on date, added_by uuid NOT NULL,
  added_at timestamptz NOT NULL, withdrawn_at timestamptz, withdrawn_because text,
  CONSTRAINT pk_row_evidence PRIMARY KEY (id),
  CONSTRAINT ck_row_evidence_purpose CHECK (purpose IN ('self_score', 'explanation')),
  CONSTRAINT ck_row_evidence_kind
    CHECK (kind IN ('result', 'report', 'inspection', 'document', 'link'))
);
CREATE INDEX ix_row_evidence_year_body_id_code ON row_evidence (year, body_id, code);
"""


def upgrade() -> None:
    """Every row so far belongs to our own department, which the default names."""
    for script in (BODIES, SHEETS):
        for statement in filter(str.strip, script.split(";")):
            op.execute(statement)
