"""Coordinating units contribute, units ask the Office; what an event was set off by is named."""

from alembic import op

revision = "0010"
down_revision = "0009"

_STATEMENTS = """
ALTER TABLE assignment ADD COLUMN contributions jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN trigger_document text

CREATE TABLE contribution (
  id uuid NOT NULL, assignment_id uuid NOT NULL, unit_id uuid NOT NULL, what text NOT NULL,
  due_on date NOT NULL, status text NOT NULL, asked_at timestamptz NOT NULL, asked_by uuid,
  given_at timestamptz, given_on date, given_by uuid, on_time boolean,
  note text NOT NULL DEFAULT '', file_ids uuid[] NOT NULL DEFAULT '{}',
  decided_at timestamptz, decided_by uuid, decision_note text, reminded_for date,
  CONSTRAINT pk_contribution PRIMARY KEY (id),
  CONSTRAINT ck_contribution_status CHECK (
    status IN ('asked', 'given', 'accepted', 'returned', 'withdrawn')),
  CONSTRAINT fk_contribution_assignment_id_assignment FOREIGN KEY (assignment_id)
    REFERENCES assignment (id),
  CONSTRAINT fk_contribution_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id)
)

CREATE INDEX ix_contribution_assignment_id ON contribution (assignment_id)

CREATE INDEX ix_contribution_owed ON contribution (unit_id, due_on)
  WHERE status IN ('asked', 'returned')

CREATE INDEX ix_contribution_given ON contribution (assignment_id) WHERE status = 'given'

CREATE INDEX ix_contribution_file_ids ON contribution USING gin (file_ids)

CREATE TABLE question (
  id uuid NOT NULL, version integer NOT NULL, assignment_id uuid NOT NULL, plan_id uuid NOT NULL,
  unit_id uuid NOT NULL, words text NOT NULL, status text NOT NULL,
  asked_at timestamptz NOT NULL, asked_by uuid,
  answer text, answered_at timestamptz, answered_by uuid, file_id uuid,
  for_all boolean NOT NULL DEFAULT false,
  CONSTRAINT pk_question PRIMARY KEY (id),
  CONSTRAINT ck_question_status CHECK (status IN ('open', 'answered')),
  CONSTRAINT fk_question_assignment_id_assignment FOREIGN KEY (assignment_id)
    REFERENCES assignment (id),
  CONSTRAINT fk_question_plan_id_plan FOREIGN KEY (plan_id) REFERENCES plan (id),
  CONSTRAINT fk_question_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id)
)

CREATE INDEX ix_question_assignment_id ON question (assignment_id)

CREATE INDEX ix_question_file_id ON question (file_id)

CREATE INDEX ix_question_asked_at ON question (asked_at, id)

CREATE INDEX ix_question_plan_id ON question (plan_id, asked_at, id)

ALTER TABLE assignment_entry DROP CONSTRAINT ck_assignment_entry_kind,
  ADD CONSTRAINT ck_assignment_entry_kind CHECK (
    kind IN ('created', 'progress', 'result_submitted', 'result_accepted', 'result_returned',
      'changed', 'overdue', 'due_soon', 'cancelled', 'extension_requested', 'extension_refused',
      'deadline_extended', 'paused', 'resumed', 'handed_over', 'committed', 'contribution_asked',
      'contribution_due_soon', 'contribution_given', 'contribution_accepted',
      'contribution_returned', 'contribution_withdrawn', 'update_missed')) NOT VALID

ALTER TABLE assignment_entry VALIDATE CONSTRAINT ck_assignment_entry_kind
"""


def upgrade() -> None:
    """Add columns that need no rewriting; the long table is checked without stopping writers."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
