"""Webhooks: secrets, how receivers fare, and every event on its way to each."""

from alembic import op

revision = "0005"
down_revision = "0004"

WEBHOOKS = """
CREATE TABLE webhook_secret (
  id uuid NOT NULL, subscription_id uuid NOT NULL, secret text NOT NULL,
  created_at timestamptz NOT NULL, ends_at timestamptz,
  CONSTRAINT pk_webhook_secret PRIMARY KEY (id),
  CONSTRAINT fk_webhook_secret_subscription_id_subscription FOREIGN KEY (subscription_id)
    REFERENCES subscription (id) ON DELETE CASCADE
)

CREATE INDEX ix_webhook_secret_subscription_id ON webhook_secret (subscription_id)

CREATE TABLE webhook_target (
  subscription_id uuid NOT NULL, hold_until timestamptz, told integer NOT NULL DEFAULT '0',
  CONSTRAINT pk_webhook_target PRIMARY KEY (subscription_id),
  CONSTRAINT fk_webhook_target_subscription_id_subscription FOREIGN KEY (subscription_id)
    REFERENCES subscription (id) ON DELETE CASCADE
)

CREATE TABLE webhook_delivery (
  id uuid NOT NULL, subscription_id uuid NOT NULL, event_id uuid NOT NULL,
  event_type text NOT NULL, occurred_at timestamptz NOT NULL, example text,
  state text NOT NULL DEFAULT 'pending', attempts integer NOT NULL DEFAULT '0',
  next_attempt_at timestamptz NOT NULL, lease_until timestamptz,
  status integer, error text, milliseconds integer,
  created_at timestamptz NOT NULL, delivered_at timestamptz,
  CONSTRAINT pk_webhook_delivery PRIMARY KEY (id),
  CONSTRAINT uq_webhook_delivery_subscription_id_event_id UNIQUE (subscription_id, event_id),
  CONSTRAINT fk_webhook_delivery_subscription_id_subscription FOREIGN KEY (subscription_id)
    REFERENCES subscription (id) ON DELETE CASCADE,
  CONSTRAINT ck_webhook_delivery_state
    CHECK (state IN ('pending', 'sending', 'delivered', 'failed'))
)

CREATE INDEX ix_webhook_delivery_due ON webhook_delivery (subscription_id, next_attempt_at)
  WHERE state = 'pending' AND example IS NULL

CREATE INDEX ix_webhook_delivery_example ON webhook_delivery (next_attempt_at)
  WHERE state = 'pending' AND example IS NOT NULL

CREATE INDEX ix_webhook_delivery_sending ON webhook_delivery (lease_until) WHERE state = 'sending'

CREATE INDEX ix_webhook_delivery_of_subscription ON webhook_delivery (subscription_id, id)

CREATE INDEX ix_webhook_delivery_created_at ON webhook_delivery (created_at)
"""


def upgrade() -> None:
    """Run statement by statement: an empty line stands between two."""
    for statement in WEBHOOKS.split("\n\n"):
        op.execute(statement)
