"""Ballots have a second id, for reviewers; a cancelled draft is told apart and keeps its count."""

from alembic import op

revision = "0005"
down_revision = "0004"

_STATEMENTS = """
ALTER TABLE response ADD COLUMN ballot_id uuid NOT NULL DEFAULT gen_random_uuid()

ALTER TABLE survey_round ADD COLUMN cancelled_as_draft boolean NOT NULL DEFAULT false

UPDATE survey_round SET cancelled_as_draft = true,
  tickets_unused = (SELECT coalesce(sum(count - coalesce(voided, 0)), 0) FROM ticket_batch
    WHERE round_id = survey_round.id)
WHERE status = 'cancelled' AND tickets_unused IS NULL
"""


def upgrade() -> None:
    """Give ballots an id from which none other follows; no ticket of a draft was ever used."""
    for statement in _STATEMENTS.split("\n\n"):
        op.execute(statement)
