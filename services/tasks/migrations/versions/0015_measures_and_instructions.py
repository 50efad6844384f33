"""What lost points in the department's sheets, measures against it, and leaders' instructions."""

from alembic import op

revision = "0015"
down_revision = "0014"

_STATEMENTS = """
CREATE TABLE weak_criterion (
  year integer NOT NULL, code text NOT NULL, name text NOT NULL, lost numeric(12, 6) NOT NULL,
  max_points numeric(12, 6) NOT NULL, position integer NOT NULL, version integer NOT NULL,
  CONSTRAINT pk_weak_criterion PRIMARY KEY (year, code)
)

CREATE TABLE measure (
  id uuid NOT NULL, version integer NOT NULL, year integer NOT NULL, code text NOT NULL,
  criterion text NOT NULL, words text NOT NULL, deadline_text text NOT NULL, unit_id uuid NOT NULL,
  status text NOT NULL, proposed_at timestamptz NOT NULL, proposed_by uuid,
  decided_at timestamptz, decided_by uuid, decision_note text,
  plan_id uuid, assignment_id uuid, assignment_number text,
  CONSTRAINT pk_measure PRIMARY KEY (id),
  CONSTRAINT ck_measure_status CHECK (status IN ('proposed', 'accepted', 'returned')),
  CONSTRAINT fk_measure_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id),
  CONSTRAINT fk_measure_plan_id_plan FOREIGN KEY (plan_id) REFERENCES plan (id),
  CONSTRAINT fk_measure_assignment_id_assignment FOREIGN KEY (assignment_id)
    REFERENCES assignment (id)
)

CREATE INDEX ix_measure_year ON measure (year, code, proposed_at, id)

CREATE INDEX ix_measure_assignment_id ON measure (assignment_id)

CREATE TABLE instruction (
  id uuid NOT NULL, version integer NOT NULL, unit_id uuid NOT NULL, words text NOT NULL,
  deadline_text text NOT NULL, issuing_body text NOT NULL, document_number text,
  document_issued_on date, document_title text, about_kind text, about_text text, about_path text,
  issued_at timestamptz NOT NULL, issued_by uuid, on_behalf_of uuid, plan_id uuid NOT NULL,
  assignment_id uuid NOT NULL, assignment_number text NOT NULL,
  CONSTRAINT pk_instruction PRIMARY KEY (id),
  CONSTRAINT ck_instruction_issuing_body CHECK (issuing_body IN ('party_committee', 'government')),
  CONSTRAINT ck_instruction_about_kind CHECK (about_kind IN ('figure', 'row', 'report')),
  CONSTRAINT fk_instruction_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id),
  CONSTRAINT fk_instruction_on_behalf_of_person FOREIGN KEY (on_behalf_of) REFERENCES person (id),
  CONSTRAINT fk_instruction_plan_id_plan FOREIGN KEY (plan_id) REFERENCES plan (id),
  CONSTRAINT fk_instruction_assignment_id_assignment FOREIGN KEY (assignment_id)
    REFERENCES assignment (id)
)

CREATE INDEX ix_instruction_issued_at ON instruction (issued_at, id)

CREATE INDEX ix_instruction_unit_id ON instruction (unit_id, issued_at, id)

CREATE INDEX ix_instruction_assignment_id ON instruction (assignment_id)
"""


def upgrade() -> None:
    """Add tables alone: nothing that is there changes."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
