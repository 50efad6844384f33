"""What goes out to other systems, and who takes it.

Filled from the producers' logs by the clock of the code that knows it (`chassis.messaging`), not
here: an older process may still handle events while this runs.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

PUBLIC_EVENTS = """
CREATE TABLE public_event (
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  seq bigint GENERATED ALWAYS AS IDENTITY,
  id uuid NOT NULL, type text NOT NULL, subject uuid NOT NULL, version bigint NOT NULL,
  unit_ids uuid[] NOT NULL,  -- those it is about; empty: the whole department
  occurred_at timestamptz NOT NULL,  -- the event's own time, the same in every copy
  kept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  envelope text NOT NULL,
  CONSTRAINT pk_public_event PRIMARY KEY (occurred_at, id)
) PARTITION BY RANGE (occurred_at)

CREATE INDEX ix_public_event_tx_seq ON public_event (tx, seq)

CREATE INDEX ix_public_event_subject_version ON public_event (subject, version DESC)

CREATE TABLE public_event_default PARTITION OF public_event DEFAULT

DO $$
DECLARE
  month timestamp := date_trunc('month', now() AT TIME ZONE 'UTC') - interval '24 months';
BEGIN
  FOR _ IN 1..27 LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF public_event FOR VALUES FROM (%L) TO (%L)',
      'public_event_' || to_char(month, 'YYYY_MM'),
      month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
    month := month + interval '1 month';
  END LOOP;
END $$
"""

SUBSCRIPTIONS = """
CREATE TABLE subscription (
  id uuid NOT NULL, version bigint NOT NULL DEFAULT '1', partner_id uuid NOT NULL,
  name text NOT NULL, transport text NOT NULL, types text[] NOT NULL, unit_ids uuid[],
  fields jsonb NOT NULL, state text NOT NULL DEFAULT 'active', state_reason text,
  cursor_tx xid8 NOT NULL, cursor_seq bigint NOT NULL, url text, rate_per_second integer,
  created_at timestamptz NOT NULL, created_by uuid,
  last_error text, last_error_at timestamptz, last_sent_at timestamptz,
  failures_in_row integer NOT NULL DEFAULT '0',
  CONSTRAINT pk_subscription PRIMARY KEY (id),
  CONSTRAINT ck_subscription_transport CHECK (transport IN ('feed', 'webhook', 'amqp')),
  CONSTRAINT ck_subscription_state CHECK (state IN ('active', 'paused', 'disabled'))
)

CREATE INDEX ix_subscription_partner_id ON subscription (partner_id)
"""


def upgrade() -> None:
    """Run statement by statement: an empty line stands between two."""
    for part in (PUBLIC_EVENTS, SUBSCRIPTIONS):
        for statement in part.split("\n\n"):
            op.execute(statement)
