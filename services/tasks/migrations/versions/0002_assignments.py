"""Assignments with their results and history."""

from alembic import op

revision = "0002"
down_revision = "0001"

ASSIGNMENTS = """
CREATE TABLE number_series (
  year integer NOT NULL, last integer NOT NULL,
  CONSTRAINT pk_number_series PRIMARY KEY (year)
)

CREATE TABLE assignment (
  id uuid NOT NULL, version integer NOT NULL, year integer NOT NULL, sequence integer NOT NULL,
  number text NOT NULL, plan_id uuid NOT NULL, task_id uuid NOT NULL, unit_id uuid NOT NULL,
  coordinating_unit_ids uuid[] NOT NULL, accountable_person_id uuid, occurrence text NOT NULL,
  deadline_kind text NOT NULL, starts_on date, due_on date, last_working_day date,
  triggered_on date, status text NOT NULL, progress_percent smallint NOT NULL,
  submitted_on date, accepted_at timestamptz, search_text text NOT NULL,
  overdue_announced_for date, reminded_for date, reminded_step smallint,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_assignment PRIMARY KEY (id),
  CONSTRAINT ck_assignment_deadline_kind CHECK (
    deadline_kind IN ('fixed', 'recurring', 'continuous', 'triggered', 'needs_person')),
  CONSTRAINT ck_assignment_status CHECK (
    status IN ('not_started', 'in_progress', 'submitted', 'returned', 'done', 'cancelled')),
  CONSTRAINT ck_assignment_progress_percent CHECK (progress_percent BETWEEN 0 AND 100),
  CONSTRAINT fk_assignment_accountable_person_id_person FOREIGN KEY (accountable_person_id)
    REFERENCES person (id),
  CONSTRAINT fk_assignment_plan_id_plan FOREIGN KEY (plan_id) REFERENCES plan (id),
  CONSTRAINT fk_assignment_task_id_task FOREIGN KEY (task_id) REFERENCES task (id),
  CONSTRAINT fk_assignment_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id),
  CONSTRAINT uq_assignment_number UNIQUE (number),
  CONSTRAINT uq_assignment_year_sequence UNIQUE (year, sequence)
)

CREATE INDEX ix_assignment_coordinating ON assignment USING gin (coordinating_unit_ids)

CREATE INDEX ix_assignment_open_due ON assignment (due_on)
  WHERE status IN ('not_started', 'in_progress', 'returned')

CREATE INDEX ix_assignment_plan_id_year_sequence_id ON assignment (plan_id, year, sequence, id)

CREATE INDEX ix_assignment_task_id ON assignment (task_id)

CREATE INDEX ix_assignment_unit_id_year_sequence_id ON assignment (unit_id, year, sequence, id)
"""

HISTORY = """
CREATE TABLE assignment_entry (
  id uuid NOT NULL, assignment_id uuid NOT NULL, version integer NOT NULL,
  at timestamptz NOT NULL, kind text NOT NULL, actor_id uuid, percent smallint, note text,
  difficulty text, reason text, on_time boolean, working_days_left smallint, result_id uuid,
  changes jsonb NOT NULL DEFAULT '[]',
  CONSTRAINT pk_assignment_entry PRIMARY KEY (id),
  CONSTRAINT ck_assignment_entry_kind CHECK (
    kind IN ('created', 'progress', 'result_submitted', 'result_accepted', 'result_returned',
      'changed', 'overdue', 'due_soon')),
  CONSTRAINT fk_assignment_entry_assignment_id_assignment FOREIGN KEY (assignment_id)
    REFERENCES assignment (id),
  CONSTRAINT uq_assignment_entry_assignment_id_version UNIQUE (assignment_id, version)
)

CREATE TABLE result (
  id uuid NOT NULL, assignment_id uuid NOT NULL, status text NOT NULL, note text NOT NULL,
  submitted_at timestamptz NOT NULL, submitted_on date NOT NULL, submitted_by uuid,
  decided_at timestamptz, decided_by uuid, decision_note text,
  CONSTRAINT pk_result PRIMARY KEY (id),
  CONSTRAINT ck_result_status CHECK (status IN ('submitted', 'accepted', 'returned')),
  CONSTRAINT fk_result_assignment_id_assignment FOREIGN KEY (assignment_id)
    REFERENCES assignment (id)
)

CREATE INDEX ix_result_assignment_id ON result (assignment_id)

CREATE TABLE result_file (
  result_id uuid NOT NULL, position integer NOT NULL, file_id uuid NOT NULL,
  CONSTRAINT pk_result_file PRIMARY KEY (result_id, position),
  CONSTRAINT fk_result_file_result_id_result FOREIGN KEY (result_id) REFERENCES result (id)
)

CREATE INDEX ix_result_file_file_id ON result_file (file_id)
"""


def upgrade() -> None:
    """Run statement by statement: an empty line stands between two."""
    for schema in (ASSIGNMENTS, HISTORY):
        for statement in schema.split("\n\n"):
            op.execute(statement)
