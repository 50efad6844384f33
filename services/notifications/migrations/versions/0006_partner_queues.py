"""The queues of partners at the broker."""

from alembic import op

revision = "0006"
down_revision = "0005"

QUEUES = """
CREATE TABLE partner_queue (
  subscription_id uuid NOT NULL,  -- no foreign key: without its subscription a queue is taken down
  name text NOT NULL, password_hash text NOT NULL, most_messages integer NOT NULL,
  asked_at timestamptz NOT NULL, settled_at timestamptz, made_at timestamptz,
  let_in boolean NOT NULL DEFAULT 'false', error text,
  messages bigint NOT NULL DEFAULT '0', bytes bigint NOT NULL DEFAULT '0',
  consumers integer NOT NULL DEFAULT '0', measured_at timestamptz,
  earlier_messages bigint, earlier_bytes bigint, earlier_at timestamptz,
  dropped bigint NOT NULL DEFAULT '0', refused bigint NOT NULL DEFAULT '0',
  overflowed_at timestamptz, lost_tx xid8, lost_seq bigint,
  CONSTRAINT pk_partner_queue PRIMARY KEY (subscription_id),
  CONSTRAINT uq_partner_queue_name UNIQUE (name)
)
"""


def upgrade() -> None:
    """Make the one table."""
    op.execute(QUEUES)
