"""Rankings of blocks, in versions that never change; extended assignments are found at once."""

from alembic import op

revision = "0009"
down_revision = "0008"

RANKINGS = """
CREATE TABLE ranking (
  id uuid NOT NULL, year integer NOT NULL, block_id uuid NOT NULL,
  version bigint NOT NULL DEFAULT '0',
  CONSTRAINT pk_ranking PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_ranking_year_block ON ranking (year, block_id);
CREATE TABLE ranking_version (
  ranking_id uuid NOT NULL, number bigint NOT NULL, sha256 text NOT NULL, reason text,
  document jsonb NOT NULL, exact jsonb NOT NULL,
  published_by uuid NOT NULL, published_at timestamptz NOT NULL,
  CONSTRAINT pk_ranking_version PRIMARY KEY (ranking_id, number)
);
CREATE INDEX ix_assignment_fact_extended ON assignment_fact (plan_id)
  WHERE state ->> 'first_due_on' IS NOT NULL;
"""
FOR_GOOD = [
    """
    CREATE FUNCTION ranking_version_is_for_good() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      RAISE EXCEPTION 'a published ranking never changes: publish a new version';
    END $body$
    """,
    """
    CREATE TRIGGER ranking_version_for_good BEFORE UPDATE OR DELETE ON ranking_version
      FOR EACH ROW EXECUTE FUNCTION ranking_version_is_for_good()
    """,
]


def upgrade() -> None:
    """Nothing was ranked until now."""
    for statement in filter(str.strip, RANKINGS.split(";")):
        op.execute(statement)
    for statement in FOR_GOOD:
        op.execute(statement)
