"""What an officer makes of an appendix: tables and columns chosen, rows left out; groups of units.

Every column has a default, so that processes of the version before can go on writing.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = """
CREATE TABLE unit_group (
  id uuid NOT NULL, version integer NOT NULL, name text NOT NULL, aliases text[] NOT NULL,
  unit_ids uuid[] NOT NULL, active boolean NOT NULL,
  CONSTRAINT pk_unit_group PRIMARY KEY (id),
  CONSTRAINT uq_unit_group_name UNIQUE (name)
)

ALTER TABLE appendix_import
  ADD COLUMN version integer NOT NULL DEFAULT 1,
  ADD COLUMN choices jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN seen jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN remarks text[] NOT NULL DEFAULT '{}',
  DROP CONSTRAINT ck_appendix_import_state,
  ADD CONSTRAINT ck_appendix_import_state CHECK (
    state IN ('reading', 'ready', 'confirmed', 'failed', 'discarded'))

ALTER TABLE appendix_row
  ADD COLUMN version integer NOT NULL DEFAULT 1,
  ADD COLUMN position integer NOT NULL DEFAULT 0,
  ADD COLUMN table_id text NOT NULL DEFAULT '',
  ADD COLUMN sources jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN remarks text[] NOT NULL DEFAULT '{}',
  ADD COLUMN edited boolean NOT NULL DEFAULT false,
  ADD COLUMN checked boolean NOT NULL DEFAULT false,
  ADD COLUMN left_out_by text,
  ADD COLUMN left_out_reason jsonb,
  ADD COLUMN task_id uuid,
  ADD CONSTRAINT ck_appendix_row_left_out_by CHECK (left_out_by IN ('reader', 'person')),
  ADD CONSTRAINT fk_appendix_row_task_id_task FOREIGN KEY (task_id) REFERENCES task (id)

CREATE INDEX ix_appendix_row_task_id ON appendix_row (task_id)

UPDATE appendix_row AS old SET
  position = row_number,
  edited = lead_chosen OR coordinating_chosen,
  task_id = (SELECT task.id FROM task
    WHERE task.import_id = old.import_id AND task.position = old.row_number LIMIT 1),
  sources = jsonb_build_array(jsonb_build_object(
    'stt', stt, 'section', section, 'subject_matter', subject_matter, 'content', content,
    'product', product, 'lead_text', lead_text, 'coordinating_text', coordinating_text,
    'deadline_text', deadline_text, 'nth', 0))
"""


def upgrade() -> None:
    """Run statement by statement: an empty line stands between two."""
    for statement in STATEMENTS.strip().split("\n\n"):
        op.execute(statement)
