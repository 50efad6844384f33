"""Digests, the newest state of assignments, the working calendar.

What assignments, plans and the calendar are like now comes from the log of `tasks`, read once more
from its beginning; what was handled before is remembered by it and told to nobody again.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

DIGESTS = """
ALTER TABLE notification ADD COLUMN asks boolean NOT NULL DEFAULT false

ALTER TABLE notification ADD COLUMN digest_id uuid
  CONSTRAINT fk_notification_digest_id_notification REFERENCES notification (id)

CREATE INDEX ix_notification_in_digest ON notification (digest_id) WHERE digest_id IS NOT NULL

CREATE UNIQUE INDEX uq_notification_digest ON notification (person_id)
  WHERE event_type = 'notifications.digest' AND read_at IS NULL AND moot_at IS NULL

UPDATE notification SET asks = true
WHERE read_at IS NULL AND moot_at IS NULL AND event_type IN (
  'tasks.progress_reported.v1', 'tasks.result_submitted.v1', 'tasks.result_returned.v1',
  'tasks.assignment_due_soon.v1', 'tasks.assignment_overdue.v1', 'reporting.target_missed.v1')
"""

SUBJECTS = """
ALTER TABLE subject ADD COLUMN accountable_person_id uuid, ADD COLUMN state jsonb

CREATE INDEX ix_subject_accountable_person_id ON subject (accountable_person_id)

CREATE TABLE calendar_year (
  id uuid NOT NULL, version bigint NOT NULL, year integer NOT NULL, days jsonb NOT NULL,
  CONSTRAINT pk_calendar_year PRIMARY KEY (id)
)
"""

ONCE_MORE = """
UPDATE beginning SET at = greatest(at, (SELECT max(time) FROM inbox WHERE state = 'done'))

UPDATE catch_up SET cursor = '0.0', complete = false WHERE producer = 'tasks'
"""


def upgrade() -> None:
    """Run statement by statement: an empty line stands between two."""
    for part in (DIGESTS, SUBJECTS, ONCE_MORE):
        for statement in part.split("\n\n"):
            op.execute(statement)
