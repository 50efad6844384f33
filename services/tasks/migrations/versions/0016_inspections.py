"""Inspections with team, findings and conclusion; handling proposals; files kept to a few."""

from alembic import op

revision = "0016"
down_revision = "0015"

_STATEMENTS = """
CREATE TABLE inspection (
  id uuid NOT NULL, version integer NOT NULL, year integer NOT NULL, body text NOT NULL,
  method text NOT NULL, unit_id uuid NOT NULL, starts_on date NOT NULL, ends_on date NOT NULL,
  subject text NOT NULL, state text NOT NULL, records jsonb NOT NULL DEFAULT '[]',
  announced_on date, announcement_number text, visited_on date,
  conclusion_number text, concluded_on date, conclusion text,
  signer_authority text, signer_post text, signer_name text, plan_id uuid,
  cancelled_because text, created_at timestamptz NOT NULL, created_by uuid,
  CONSTRAINT pk_inspection PRIMARY KEY (id),
  CONSTRAINT ck_inspection_body CHECK (body IN ('government', 'party_committee', 'joint')),
  CONSTRAINT ck_inspection_method CHECK (
    method IN ('planned', 'unannounced', 'documents', 'system_data', 'citizen_feedback')),
  CONSTRAINT ck_inspection_state CHECK (
    state IN ('planned', 'announced', 'visited', 'concluded', 'cancelled')),
  CONSTRAINT ck_inspection_days CHECK (starts_on <= ends_on),
  CONSTRAINT fk_inspection_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id),
  CONSTRAINT fk_inspection_plan_id_plan FOREIGN KEY (plan_id) REFERENCES plan (id)
)

CREATE INDEX ix_inspection_starts_on_id ON inspection (starts_on, id)

CREATE INDEX ix_inspection_unit_id_starts_on ON inspection (unit_id, starts_on)

CREATE TABLE inspection_member (
  id uuid NOT NULL, inspection_id uuid NOT NULL, person_id uuid NOT NULL, duty text NOT NULL,
  position smallint NOT NULL, replaced_by_id uuid, replaced_because text,
  CONSTRAINT pk_inspection_member PRIMARY KEY (id),
  CONSTRAINT uq_inspection_member_inspection_id_person_id UNIQUE (inspection_id, person_id),
  CONSTRAINT ck_inspection_member_duty CHECK (duty IN ('head', 'member', 'substitute')),
  CONSTRAINT fk_inspection_member_inspection_id_inspection FOREIGN KEY (inspection_id)
    REFERENCES inspection (id),
  CONSTRAINT fk_inspection_member_person_id_person FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT fk_inspection_member_replaced_by_id_person FOREIGN KEY (replaced_by_id)
    REFERENCES person (id)
)

CREATE INDEX ix_inspection_member_person_id ON inspection_member (person_id)

CREATE TABLE inspection_finding (
  id uuid NOT NULL, inspection_id uuid NOT NULL, kind text NOT NULL, words text NOT NULL,
  criterion_code text, evidence text NOT NULL, recorded_at timestamptz NOT NULL, recorded_by uuid,
  assignment_id uuid,
  CONSTRAINT pk_inspection_finding PRIMARY KEY (id),
  CONSTRAINT ck_inspection_finding_kind CHECK (kind IN ('shortcoming', 'limitation')),
  CONSTRAINT fk_inspection_finding_inspection_id_inspection FOREIGN KEY (inspection_id)
    REFERENCES inspection (id),
  CONSTRAINT fk_inspection_finding_assignment_id_assignment FOREIGN KEY (assignment_id)
    REFERENCES assignment (id)
)

CREATE INDEX ix_inspection_finding_inspection_id ON inspection_finding (inspection_id)

CREATE INDEX ix_inspection_finding_assignment_id ON inspection_finding (assignment_id)

CREATE TABLE inspection_rule (
  id uuid NOT NULL, version integer NOT NULL, times smallint NOT NULL, periods smallint NOT NULL,
  remediation_days smallint NOT NULL, reason text NOT NULL, changed_at timestamptz, changed_by uuid,
  CONSTRAINT pk_inspection_rule PRIMARY KEY (id),
  CONSTRAINT ck_inspection_rule_sensible CHECK (
    times >= 2 AND periods >= 1 AND remediation_days >= 1)
)

INSERT INTO inspection_rule VALUES
  ('01990000-0000-7000-8000-000000000016', 1, 2, 2, 30, '', NULL, NULL)

CREATE TABLE handling_kinds (
  id uuid NOT NULL, version integer NOT NULL, kinds jsonb NOT NULL, reason text NOT NULL,
  CONSTRAINT pk_handling_kinds PRIMARY KEY (id)
)

INSERT INTO handling_kinds VALUES ('01990000-0000-7000-8000-000000000017', 1, '[
  {"code": "repeated_weakness", "name": "Để hạn chế, tồn tại lặp lại", "in_use": true},
  {"code": "late", "name": "Chậm tiến độ nhiều lần, không có lý do", "in_use": true},
  {"code": "not_remedied", "name": "Không khắc phục theo kết luận kiểm tra", "in_use": true},
  {"code": "not_reported", "name": "Không báo cáo, báo cáo không đúng thực tế", "in_use": true},
  {"code": "conduct", "name": "Vi phạm quy định, kỷ cương hành chính", "in_use": true}]', '')

CREATE TABLE handling_proposal (
  id uuid NOT NULL, version integer NOT NULL, person_id uuid NOT NULL, unit_id uuid NOT NULL,
  as_head boolean NOT NULL, kind text NOT NULL, evidence text NOT NULL,
  finding_ids uuid[] NOT NULL, assignment_ids uuid[] NOT NULL, file_ids uuid[] NOT NULL,
  measure text NOT NULL, proposed_at timestamptz NOT NULL, proposed_by uuid,
  decision text, decided_on date, decided_at timestamptz, decided_by uuid,
  CONSTRAINT pk_handling_proposal PRIMARY KEY (id),
  CONSTRAINT ck_handling_proposal_decided CHECK (
    num_nonnulls(decision, decided_on, decided_at) IN (0, 3)),
  CONSTRAINT fk_handling_proposal_person_id_person FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT fk_handling_proposal_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id)
)

CREATE INDEX ix_handling_proposal_proposed_at_id ON handling_proposal (proposed_at, id)

CREATE TABLE sealed_file (
  file_id uuid NOT NULL,
  CONSTRAINT pk_sealed_file PRIMARY KEY (file_id)
)
"""


def upgrade() -> None:
    """New tables; what is data in them comes composed, and is changed on their pages."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
