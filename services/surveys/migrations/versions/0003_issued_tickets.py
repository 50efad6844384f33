"""What a ticket was issued for stays known: of a spent one, and of one whose round is over."""

from alembic import op

revision = "0003"
down_revision = "0002"

# Of tickets that are already spent nobody knows the round. Services of before go on issuing
# without this row meanwhile: an unspent ticket is found by its own.
_ISSUED = """
CREATE TABLE issued_ticket (
  key text NOT NULL, round_id uuid NOT NULL, unit_id uuid,
  CONSTRAINT pk_issued_ticket PRIMARY KEY (key)
)

INSERT INTO issued_ticket (key, round_id, unit_id) SELECT key, round_id, unit_id FROM ticket
"""


def upgrade() -> None:
    """Keep what was issued; nothing is taken from anybody."""
    for statement in _ISSUED.split("\n\n"):
        op.execute(statement)
