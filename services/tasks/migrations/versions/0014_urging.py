"""People are urged, by hand and by a ladder that is data; who has seen it is known."""

from alembic import op

revision = "0014"
down_revision = "0013"

_STATEMENTS = """
CREATE TABLE urging (
  id uuid NOT NULL, origin text NOT NULL, reason text NOT NULL, words text NOT NULL,
  made_at timestamptz NOT NULL, made_by uuid, row_count integer NOT NULL,
  letter_number text, letter_issued_on date,
  CONSTRAINT pk_urging PRIMARY KEY (id),
  CONSTRAINT ck_urging_origin CHECK (origin IN ('office', 'ladder')),
  CONSTRAINT ck_urging_reason CHECK (reason IN ('lead', 'coordinating', 'any', 'ladder'))
)

CREATE INDEX ix_urging_made_at ON urging (made_at, id)

CREATE TABLE urging_row (
  urging_id uuid NOT NULL, assignment_id uuid NOT NULL, told text[] NOT NULL, due_on date,
  CONSTRAINT pk_urging_row PRIMARY KEY (urging_id, assignment_id),
  CONSTRAINT ck_urging_row_told CHECK (
    told <@ ARRAY['lead', 'coordinating', 'any', 'person', 'head', 'office', 'director']),
  CONSTRAINT fk_urging_row_urging_id_urging FOREIGN KEY (urging_id) REFERENCES urging (id)
)

CREATE INDEX ix_urging_row_assignment_id ON urging_row (assignment_id)

CREATE TABLE urging_recipient (
  urging_id uuid NOT NULL, person_id uuid NOT NULL, unit_id uuid NOT NULL,
  urged_as text NOT NULL, row_count integer NOT NULL, assignment_ids uuid[],
  words text NOT NULL, sent_at timestamptz, seen_at timestamptz, acknowledged_at timestamptz,
  CONSTRAINT pk_urging_recipient PRIMARY KEY (urging_id, person_id),
  CONSTRAINT ck_urging_recipient_urged_as CHECK (
    urged_as IN ('lead', 'coordinating', 'person', 'head', 'office', 'director', 'stands_in')),
  CONSTRAINT fk_urging_recipient_urging_id_urging FOREIGN KEY (urging_id) REFERENCES urging (id),
  CONSTRAINT fk_urging_recipient_person_id_person FOREIGN KEY (person_id) REFERENCES person (id),
  CONSTRAINT fk_urging_recipient_unit_id_unit FOREIGN KEY (unit_id) REFERENCES unit (id)
)

CREATE INDEX ix_urging_recipient_person_id ON urging_recipient (person_id)

CREATE INDEX ix_urging_recipient_waiting ON urging_recipient (urging_id)
  WHERE acknowledged_at IS NULL

CREATE TABLE urging_ladder (
  id uuid NOT NULL, one boolean NOT NULL, version integer NOT NULL, before smallint[] NOT NULL,
  escalation jsonb NOT NULL, work_from smallint NOT NULL, work_until smallint NOT NULL,
  repeat_hours integer NOT NULL, words text NOT NULL, letter_parent text NOT NULL,
  letter_symbol text NOT NULL, letter_place text NOT NULL, escalated_on date,
  CONSTRAINT pk_urging_ladder PRIMARY KEY (id),
  CONSTRAINT uq_urging_ladder_one UNIQUE (one),
  CONSTRAINT ck_urging_ladder_one CHECK (one),
  CONSTRAINT ck_urging_ladder_hours CHECK (
    work_from BETWEEN 0 AND 23 AND work_until BETWEEN 1 AND 24),
  CONSTRAINT ck_urging_ladder_repeat_hours CHECK (repeat_hours BETWEEN 0 AND 720)
)
"""
_LADDER = """
INSERT INTO urging_ladder (id, one, version, before, escalation, work_from, work_until,
  repeat_hours, words, letter_parent, letter_symbol, letter_place)
VALUES (gen_random_uuid(), true, 1, '{0,1,3,7}',
  '[{"working_days": 1, "told": "person"}, {"working_days": 3, "told": "head"},
    {"working_days": 5, "told": "office"}, {"working_days": 10, "told": "director"}]',
  7, 17, 24,
  'Đề nghị {don_vi} khẩn trương thực hiện {so_nhiem_vu} nhiệm vụ được giao, trong đó '
  || '{so_qua_han} nhiệm vụ đã quá hạn: {danh_sach}. Cập nhật tiến độ và khó khăn, vướng mắc '
  || 'trên hệ thống.', 'UBND TỈNH KHÁNH HÒA', 'SNV-VP', 'Khánh Hòa')
"""


def upgrade() -> None:
    """Add the tables, and the ladder that was in the code until now, with its steps after."""
    for statement in (*_STATEMENTS.split("\n\n"), _LADDER):
        op.execute(statement)
