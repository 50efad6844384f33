"""Plans carry the document's facts, objectives, recipients and history; they end and go on."""

from alembic import op

revision = "0008"
down_revision = "0007"

_STATEMENTS = """
ALTER TABLE plan ADD COLUMN signer_authority text, ADD COLUMN signer_post text,
  ADD COLUMN signer_name text, ADD COLUMN signed_copy_id uuid,
  ADD COLUMN recipient_unit_ids uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN objectives jsonb NOT NULL DEFAULT '[]', ADD COLUMN closed_on date,
  ADD COLUMN closed_because text, ADD COLUMN closed_counts jsonb,
  ADD COLUMN successor_id uuid CONSTRAINT fk_plan_successor_id_plan REFERENCES plan (id),
  ADD COLUMN rolled_into_id uuid CONSTRAINT fk_plan_rolled_into_id_plan REFERENCES plan (id)

CREATE INDEX ix_plan_successor_id ON plan (successor_id)

CREATE INDEX ix_plan_rolled_into_id ON plan (rolled_into_id)

CREATE TABLE plan_entry (
  id uuid CONSTRAINT pk_plan_entry PRIMARY KEY,
  plan_id uuid NOT NULL CONSTRAINT fk_plan_entry_plan_id_plan REFERENCES plan (id),
  version integer NOT NULL, at timestamptz NOT NULL, kind text NOT NULL, actor_id uuid, reason text,
  changes jsonb NOT NULL,
  CONSTRAINT uq_plan_entry_plan_id_version UNIQUE (plan_id, version),
  CONSTRAINT ck_plan_entry_kind CHECK (kind IN ('created', 'changed', 'issued', 'closed',
    'replaced', 'rolled_over', 'cancelled'))
)

CREATE TABLE acknowledgement (
  id uuid CONSTRAINT pk_acknowledgement PRIMARY KEY,
  plan_id uuid NOT NULL CONSTRAINT fk_acknowledgement_plan_id_plan REFERENCES plan (id),
  person_id uuid NOT NULL CONSTRAINT fk_acknowledgement_person_id_person REFERENCES person (id),
  unit_id uuid NOT NULL CONSTRAINT fk_acknowledgement_unit_id_unit REFERENCES unit (id),
  asked_at timestamptz NOT NULL, acknowledged_at timestamptz,
  CONSTRAINT uq_acknowledgement_plan_id_person_id UNIQUE (plan_id, person_id)
)

ALTER TABLE assignment ADD COLUMN carried_from_id uuid, ADD COLUMN carried_to_id uuid,
  ADD CONSTRAINT fk_assignment_carried_from_id_assignment
    FOREIGN KEY (carried_from_id) REFERENCES assignment (id) NOT VALID,
  ADD CONSTRAINT fk_assignment_carried_to_id_assignment
    FOREIGN KEY (carried_to_id) REFERENCES assignment (id) NOT VALID

ALTER TABLE assignment VALIDATE CONSTRAINT fk_assignment_carried_from_id_assignment

ALTER TABLE assignment VALIDATE CONSTRAINT fk_assignment_carried_to_id_assignment
"""


def upgrade() -> None:
    """Add what is new; the long table is checked without stopping its writers."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
