"""When a round ended, and ballots counted by hand: what official survey points stand on."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Keep when rounds ended: of those that have, the hour of the release that closed them."""
    op.execute("ALTER TABLE survey_round ADD COLUMN closed_at timestamptz")
    op.execute("""
        UPDATE survey_round AS r SET closed_at = CAST(p.body->>'at' AS timestamptz)
        FROM publication p
        WHERE p.round_id = r.id AND r.status = 'closed'
          AND CAST(p.body->>'closed_in' AS int) = p.release
    """)
    op.execute("ALTER TABLE index_state ADD COLUMN covered numeric")
    op.execute("""
        ALTER TABLE score_row
          ADD COLUMN ballots jsonb,
          ADD COLUMN ballots_evidence text,
          ADD COLUMN ballots_accepted boolean NOT NULL DEFAULT false
    """)
