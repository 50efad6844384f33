"""Lanes in the counters, ballots excluded and restored, rounds that say what their index counts."""

from alembic import op

revision = "0002"
down_revision = "0001"

# In the order in which ballots lock: none is stored between the recount and the commit.
_ROUNDS = """
ALTER TABLE survey_round ADD COLUMN open_in_index boolean NOT NULL DEFAULT true

ALTER TABLE survey_round ALTER COLUMN open_in_index DROP DEFAULT
"""

_RESPONSES = """
ALTER TABLE response ADD COLUMN revision smallint NOT NULL DEFAULT 1,
  DROP CONSTRAINT ck_response_lane,
  ADD CONSTRAINT ck_response_lane CHECK (lane IN ('ticket', 'supervised', 'open')),
  DROP CONSTRAINT ck_response_channel,
  ADD CONSTRAINT ck_response_channel CHECK (channel IN ('web', 'kiosk', 'paper', 'interview'))
"""

_COUNTERS = """
DROP TABLE answer_count

CREATE TABLE answer_count (
  round_id uuid NOT NULL, unit_id uuid NOT NULL, lane text NOT NULL, slot smallint NOT NULL,
  counted bigint NOT NULL, held bigint NOT NULL, excluded bigint NOT NULL,
  CONSTRAINT pk_answer_count PRIMARY KEY (round_id, unit_id, lane, slot),
  CONSTRAINT ck_answer_count_lane CHECK (lane IN ('ticket', 'supervised', 'open'))
)

INSERT INTO answer_count (round_id, unit_id, lane, slot, counted, held, excluded)
SELECT round_id, coalesce(unit_id, '00000000-0000-0000-0000-000000000000'), lane, 0,
  count(*) FILTER (WHERE state = 'counted'), count(*) FILTER (WHERE state = 'held'),
  count(*) FILTER (WHERE state = 'excluded')
FROM response GROUP BY 1, 2, 3
"""


def upgrade() -> None:
    """Count again by lane, which only the ballots say. All rounds so far counted all of them."""
    for steps in (_ROUNDS, _RESPONSES, _COUNTERS):
        for statement in steps.split("\n\n"):
            op.execute(statement)
