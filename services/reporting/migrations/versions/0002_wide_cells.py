"""One cell for each round and unit, instead of one for each question of it."""

from alembic import op

revision = "0002"
down_revision = "0001"

# What rows of questions hold, as the five counts of each question in order.
_WIDE = """
    SELECT r.round_id, r.unit_id, r.n, wide.counts, wide.released FROM response_cell r
    JOIN survey_round s ON s.id = r.round_id
    JOIN questionnaire q ON q.id = CAST(s.state->>'questionnaire_id' AS uuid)
      AND q.version = CAST(s.state->>'questionnaire_version' AS bigint)
    CROSS JOIN LATERAL (
      SELECT CAST(array_agg(coalesce(five.n, 0) ORDER BY at.question, level) AS int[]) AS counts,
        CAST(array_agg(coalesce(five.released, 0) ORDER BY at.question, level) AS int[]) AS released
      FROM generate_series(1, (SELECT count(*) FROM jsonb_array_elements(q.state->'questions') AS a
        WHERE a->>'kind' = 'scale5')) AS at(question)
      LEFT JOIN narrow_cell c
        ON c.round_id = r.round_id AND c.unit_id = r.unit_id AND c.question = at.question
      CROSS JOIN LATERAL (VALUES (1, c.n1, c.released_n1), (2, c.n2, c.released_n2),
        (3, c.n3, c.released_n3), (4, c.n4, c.released_n4), (5, c.n5, c.released_n5))
        AS five(level, n, released)) AS wide
"""


def upgrade() -> None:
    """Turn rows into arrays. The old table goes first, so that the new one takes its names."""
    op.execute("CREATE TEMPORARY TABLE narrow_cell ON COMMIT DROP AS SELECT * FROM answer_cell")
    op.execute("DROP TABLE answer_cell")
    op.execute("""
        CREATE TABLE answer_cell (
          round_id uuid NOT NULL, unit_id uuid NOT NULL, n integer NOT NULL,
          counts integer[] NOT NULL, released integer[] NOT NULL,
          CONSTRAINT pk_answer_cell PRIMARY KEY (round_id, unit_id)) WITH (fillfactor = 50)
    """)
    op.execute(f"INSERT INTO answer_cell (round_id, unit_id, n, counts, released) {_WIDE}")
    op.execute("DROP TABLE response_cell")
