"""Units' reports under a plan, what the Office set for them, and the day the KPI month closes."""

from alembic import op

revision = "0017"
down_revision = "0016"

_STATEMENTS = """
CREATE TABLE unit_report (
  id uuid NOT NULL, version integer NOT NULL, plan_id uuid NOT NULL, unit_id uuid NOT NULL,
  status text NOT NULL, figures jsonb, drafted jsonb, results text NOT NULL DEFAULT '',
  difficulties jsonb NOT NULL DEFAULT '[]', measures text NOT NULL DEFAULT '',
  proposals text NOT NULL DEFAULT '', author_id uuid,
  submitted_at timestamptz, submitted_by uuid, approved_at timestamptz, approved_by uuid,
  due_on date, handed_in_on date, late_days smallint, on_time boolean,
  returned_at timestamptz, returned_by text, return_reason text,
  accepted_at timestamptz, accepted_by uuid, reminded_for date, reminded_step smallint,
  CONSTRAINT pk_unit_report PRIMARY KEY (id),
  CONSTRAINT uq_unit_report_plan_id_unit_id UNIQUE (plan_id, unit_id),
  CONSTRAINT ck_unit_report_status CHECK (
    status IN ('owed', 'draft', 'submitted', 'approved', 'returned', 'accepted')),
  CONSTRAINT ck_unit_report_returned_by CHECK (returned_by IN ('office', 'head')),
  CONSTRAINT fk_unit_report_plan_id_plan FOREIGN KEY (plan_id) REFERENCES plan (id),
  CONSTRAINT fk_unit_report_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id)
)

CREATE INDEX ix_unit_report_unit_id ON unit_report (unit_id)

CREATE TABLE unit_report_setting (
  id integer NOT NULL, version integer NOT NULL, themes jsonb NOT NULL,
  reminder_steps smallint[] NOT NULL, form jsonb NOT NULL,
  changed_at timestamptz NOT NULL, changed_by uuid,
  CONSTRAINT pk_unit_report_setting PRIMARY KEY (id),
  CONSTRAINT ck_unit_report_setting_one CHECK (id = 1)
)

CREATE TABLE kpi_setting (
  id integer NOT NULL, version integer NOT NULL, closing_day smallint NOT NULL,
  changed_at timestamptz NOT NULL, changed_by uuid,
  CONSTRAINT pk_kpi_setting PRIMARY KEY (id),
  CONSTRAINT ck_kpi_setting_one CHECK (id = 1),
  CONSTRAINT ck_kpi_setting_closing_day CHECK (closing_day BETWEEN 1 AND 31)
)
"""


def upgrade() -> None:
    """Add three tables."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
