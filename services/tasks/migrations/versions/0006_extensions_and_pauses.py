"""Deadlines are extended, assignments paused, ended and handed over; late units commit."""

from alembic import op

revision = "0006"
down_revision = "0005"

_STATEMENTS = """
ALTER TABLE assignment ADD COLUMN first_due_on date,
  ADD COLUMN extended_times smallint NOT NULL DEFAULT '0',
  ADD COLUMN requested_due_on date, ADD COLUMN paused_on date,
  ADD COLUMN former_unit_ids uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN no_longer_applicable boolean NOT NULL DEFAULT false

CREATE INDEX ix_assignment_requested ON assignment (id) WHERE requested_due_on IS NOT NULL

CREATE INDEX ix_assignment_paused ON assignment (id) WHERE paused_on IS NOT NULL

CREATE TABLE deadline_extension (
  id uuid NOT NULL, assignment_id uuid NOT NULL, status text NOT NULL, unit_id uuid NOT NULL,
  due_on date NOT NULL, requested_due_on date NOT NULL, granted_due_on date, reason text NOT NULL,
  requested_at timestamptz NOT NULL, requested_by uuid,
  decided_at timestamptz, decided_by uuid, decision_note text,
  CONSTRAINT pk_deadline_extension PRIMARY KEY (id),
  CONSTRAINT ck_deadline_extension_status CHECK (
    status IN ('open', 'approved', 'refused', 'withdrawn')),
  CONSTRAINT fk_deadline_extension_assignment_id_assignment FOREIGN KEY (assignment_id)
    REFERENCES assignment (id),
  CONSTRAINT fk_deadline_extension_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id)
)

CREATE INDEX ix_deadline_extension_assignment_id ON deadline_extension (assignment_id)

CREATE UNIQUE INDEX uq_deadline_extension_open ON deadline_extension (assignment_id)
  WHERE status = 'open'

CREATE TABLE commitment (
  id uuid NOT NULL, assignment_id uuid NOT NULL, version integer NOT NULL, unit_id uuid NOT NULL,
  document_number text NOT NULL, document_date date NOT NULL, promised_on date NOT NULL,
  note text NOT NULL, file_id uuid, made_at timestamptz NOT NULL, made_by uuid,
  CONSTRAINT pk_commitment PRIMARY KEY (id),
  CONSTRAINT fk_commitment_assignment_id_assignment FOREIGN KEY (assignment_id)
    REFERENCES assignment (id),
  CONSTRAINT fk_commitment_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id)
)

CREATE INDEX ix_commitment_assignment_id ON commitment (assignment_id)

CREATE INDEX ix_commitment_file_id ON commitment (file_id)

ALTER TABLE assignment_entry DROP CONSTRAINT ck_assignment_entry_kind,
  ADD CONSTRAINT ck_assignment_entry_kind CHECK (
    kind IN ('created', 'progress', 'result_submitted', 'result_accepted', 'result_returned',
      'changed', 'overdue', 'due_soon', 'cancelled', 'extension_requested', 'extension_refused',
      'deadline_extended', 'paused', 'resumed', 'handed_over', 'committed')) NOT VALID

ALTER TABLE assignment_entry VALIDATE CONSTRAINT ck_assignment_entry_kind
"""


def upgrade() -> None:
    """Add columns that need no rewriting; the long table is checked without stopping writers."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
