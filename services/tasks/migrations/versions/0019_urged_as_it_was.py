"""What was urged stands as it was on the day; reports are urged, too; a letter has a version."""

from alembic import op

revision = "0019"
down_revision = "0018"

_STATEMENTS = """
ALTER TABLE urging ADD COLUMN version integer NOT NULL DEFAULT 1, ADD COLUMN plan_id uuid,
  ADD CONSTRAINT fk_urging_plan_id_plan FOREIGN KEY (plan_id) REFERENCES plan (id)

ALTER TABLE urging DROP CONSTRAINT ck_urging_reason

ALTER TABLE urging ADD CONSTRAINT ck_urging_reason CHECK (
  reason IN ('lead', 'coordinating', 'any', 'ladder', 'report'))

ALTER TABLE urging_row ADD COLUMN number text, ADD COLUMN content text, ADD COLUMN unit_id uuid,
  ADD COLUMN unit_name text, ADD COLUMN days_late integer

ALTER TABLE urging_recipient ADD COLUMN unit_name text

UPDATE urging_recipient r SET unit_name = u.name FROM unit u, urging g
WHERE u.id = r.unit_id AND g.id = r.urging_id AND g.origin = 'office'

UPDATE urging_row r SET number = a.number, content = t.content, unit_id = a.unit_id,
  unit_name = u.name, due_on = a.due_on
FROM urging g, assignment a JOIN task t ON t.id = a.task_id JOIN unit u ON u.id = a.unit_id
WHERE g.id = r.urging_id AND g.origin = 'office' AND a.id = r.assignment_id
"""


def upgrade() -> None:
    """Add the columns. Urgings of before have the rows as they are today: nothing older is known.

    How many working days they were late then nobody has kept; their letters say "quá hạn" alone.
    """
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
