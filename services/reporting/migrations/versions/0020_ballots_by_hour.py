"""Ballots are found by hour and id: what an hour brings shares a few pages of the index."""

from alembic import op

revision = "0020"
down_revision = "0019"

_HOURS = """
    UPDATE steering_pool SET hours = ARRAY(
      SELECT f.event_time FROM unnest(held) WITH ORDINALITY AS ballot(id, place)
      LEFT JOIN response_fact AS f ON f.response_id = ballot.id ORDER BY place)
"""


def upgrade() -> None:
    """Give pools their ballots' hours, then the ballots another key. Ten million take a minute.

    A process of the version before would keep no hours: it finds no pool, and what it could not
    take is taken by the next.
    """
    op.execute("ALTER TABLE steering_pool RENAME COLUMN ballots TO held")
    # Anew, so that PostgreSQL 18 names it after the column.
    op.execute("ALTER TABLE steering_pool ALTER COLUMN held DROP NOT NULL")
    op.execute("ALTER TABLE steering_pool ALTER COLUMN held SET NOT NULL")
    op.execute("ALTER TABLE steering_pool ADD COLUMN hours timestamptz[]")
    op.execute(_HOURS)
    op.execute("ALTER TABLE steering_pool ALTER COLUMN hours SET NOT NULL")
    op.execute("""
        ALTER TABLE response_fact DROP CONSTRAINT pk_response_fact,
          ADD CONSTRAINT pk_response_fact PRIMARY KEY (event_time, response_id)
    """)
    op.execute("DROP INDEX ix_response_fact_event_time")


def downgrade() -> None:
    """Find ballots by their id alone again."""
    op.execute("CREATE INDEX ix_response_fact_event_time ON response_fact (event_time)")
    op.execute("""
        ALTER TABLE response_fact DROP CONSTRAINT pk_response_fact,
          ADD CONSTRAINT pk_response_fact PRIMARY KEY (response_id)
    """)
    op.execute("ALTER TABLE steering_pool DROP COLUMN hours")
    op.execute("ALTER TABLE steering_pool RENAME COLUMN held TO ballots")
