"""A digest is full: what each event adds costs no more than what a full one holds.

Stop the workers of notifications while it runs: those of before name the index as it was.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

HELD = "ALTER TABLE notification ADD COLUMN held integer NOT NULL DEFAULT 0"
COUNT = """
UPDATE notification digest SET held = (
  SELECT count(*) FROM notification WHERE digest_id = digest.id
)
WHERE event_type = 'notifications.digest' AND read_at IS NULL AND moot_at IS NULL
"""
OLD = "DROP INDEX uq_notification_digest"
NEW = """
CREATE UNIQUE INDEX uq_notification_digest ON notification (person_id)
  WHERE event_type = 'notifications.digest' AND read_at IS NULL AND moot_at IS NULL AND held < 200
"""


def upgrade() -> None:
    """Count what open digests hold; let one that is full be followed by another."""
    for statement in (HELD, COUNT, OLD, NEW):
        op.execute(statement)
