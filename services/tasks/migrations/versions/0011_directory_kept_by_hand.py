"""The directory as it is kept: names of before, who stands in, searching, files with a preview."""

from alembic import op

revision = "0011"
down_revision = "0010"

_STATEMENTS = """
ALTER TABLE unit ADD COLUMN former_names text[] NOT NULL DEFAULT '{}'

ALTER TABLE person ADD COLUMN substitute_id uuid, ADD COLUMN absent_from date,
  ADD COLUMN absent_until date,
  ADD CONSTRAINT fk_person_substitute_id_person FOREIGN KEY (substitute_id) REFERENCES person (id),
  ADD CONSTRAINT ck_person_absence CHECK (
    num_nonnulls(substitute_id, absent_from, absent_until) IN (0, 3)
    AND absent_from <= absent_until AND substitute_id <> id)

CREATE INDEX ix_person_substitute_id ON person (substitute_id)

ALTER TABLE person ADD COLUMN search_text text GENERATED ALWAYS AS (
  lower(translate(name || ' ' || post || ' ' || employee_code || ' ' || email,
    'àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ'
    'ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ',
    'aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd'
    'aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd'))) STORED

CREATE TABLE directory_import (
  id uuid CONSTRAINT pk_directory_import PRIMARY KEY, state text NOT NULL,
  file_name text NOT NULL, sheets jsonb NOT NULL, created_by uuid NOT NULL,
  created_at timestamptz NOT NULL, confirmed_at timestamptz,
  CONSTRAINT ck_directory_import_state CHECK (state IN ('ready', 'confirmed'))
)
"""


def upgrade() -> None:
    """Add what is new; a directory has thousands of rows, not millions."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
