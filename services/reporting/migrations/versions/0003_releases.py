"""Lanes, releases, exclusions: what may be shown of answers is stored, figure by figure."""

from alembic import op

revision = "0003"
down_revision = "0002"

_TABLES = [
    """
    CREATE TABLE round_secret (
      round_id uuid NOT NULL, secret bytea NOT NULL,
      CONSTRAINT pk_round_secret PRIMARY KEY (round_id))
    """,
    """
    CREATE TABLE steering_pool (
      round_id uuid NOT NULL, ballots uuid[] NOT NULL,
      CONSTRAINT pk_steering_pool PRIMARY KEY (round_id))
    """,
    """
    CREATE TABLE told_count (
      round_id uuid NOT NULL, counted integer NOT NULL, steering_value numeric, steering_n integer,
      CONSTRAINT pk_told_count PRIMARY KEY (round_id))
    """,
    """
    CREATE TABLE publication (
      round_id uuid NOT NULL, release integer NOT NULL, body jsonb NOT NULL,
      CONSTRAINT pk_publication PRIMARY KEY (round_id, release))
    """,
]
# Sizes are those of the rounds' old cells: five counts per scaled question.
_CELLS = """
    WITH ballots AS (
      SELECT round_id, unit_id, lane, count(*) AS n FROM response_fact GROUP BY 1, 2, 3
    ), answers AS (
      SELECT round_id, unit_id, lane, 5 * (a.question - 1) + a.answer AS place, count(*) AS n
      FROM response_fact, unnest(answers) WITH ORDINALITY AS a(answer, question)
      WHERE a.answer IS NOT NULL GROUP BY 1, 2, 3, 4
    ), sized AS (
      SELECT b.*, (SELECT max(cardinality(c.counts)) FROM unit_cell c
        WHERE c.round_id = b.round_id) AS size
      FROM ballots b
    )
    SELECT s.round_id, s.unit_id, s.lane, s.n, s.n, s.n, 0,
      array_agg(CAST(coalesce(a.n, 0) AS int) ORDER BY p.place),
      array_fill(0, ARRAY[CAST(s.size AS int)])
    FROM sized s CROSS JOIN LATERAL generate_series(1, s.size) AS p(place)
    LEFT JOIN answers a ON (a.round_id, a.unit_id, a.lane, a.place)
      = (s.round_id, s.unit_id, s.lane, p.place)
    GROUP BY s.round_id, s.unit_id, s.lane, s.n, s.size
"""


def upgrade() -> None:
    """Give ballots their place in releases: none is released yet, closed rounds are at once.

    The announcer looks at every round it finds marked, and makes the last release of closed ones.
    """
    op.execute("""
        ALTER TABLE response_fact
          ADD COLUMN revision integer NOT NULL DEFAULT 1,
          ADD COLUMN excluded boolean NOT NULL DEFAULT false,
          ADD COLUMN released_in integer,
          ADD COLUMN left_in integer
    """)
    op.execute("DROP INDEX ix_response_fact_round_id")
    op.execute("""
        CREATE INDEX ix_response_fact_release ON response_fact (round_id, unit_id, released_in)
    """)
    op.execute("""
        CREATE INDEX ix_response_fact_excluded ON response_fact (round_id, unit_id) WHERE excluded
    """)
    op.execute("ALTER TABLE survey_round ADD COLUMN ballots jsonb")
    for table in _TABLES:
        op.execute(table)
    op.execute("CREATE TEMPORARY TABLE unit_cell ON COMMIT DROP AS SELECT * FROM answer_cell")
    op.execute("DROP TABLE answer_cell")
    op.execute("""
        CREATE TABLE answer_cell (
          round_id uuid NOT NULL, unit_id uuid NOT NULL, lane text NOT NULL,
          ballots integer NOT NULL, n integer NOT NULL, waiting integer NOT NULL,
          released_n integer NOT NULL,
          counts integer[] NOT NULL, released integer[] NOT NULL,
          CONSTRAINT pk_answer_cell PRIMARY KEY (round_id, unit_id, lane)) WITH (fillfactor = 50)
    """)
    op.execute(f"INSERT INTO answer_cell {_CELLS}")
    op.execute("""
        INSERT INTO touched (kind, scope, since)
        SELECT 'satisfaction', CAST(id AS text), now() FROM survey_round
        ON CONFLICT (kind, scope) DO UPDATE SET since = now()
    """)
