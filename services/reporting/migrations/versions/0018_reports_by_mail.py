"""A sending may leave from here by mail, and says what became of it."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Sendings of before were only entered: no mail left from here."""
    op.execute("""
        ALTER TABLE report_sending
          ADD COLUMN mail_to text, ADD COLUMN mail_state text,
          ADD COLUMN mail_reply text, ADD COLUMN mail_tried_at timestamptz,
          ADD CONSTRAINT ck_report_sending_mail_state
            CHECK (mail_state IN ('queued', 'sending', 'sent', 'failed', 'unknown'))
    """)
    op.execute(
        "CREATE INDEX ix_report_sending_mail ON report_sending (mail_tried_at)"
        " WHERE mail_state IN ('queued', 'sending', 'unknown')"
    )


def downgrade() -> None:
    """Forget what became of mails."""
    op.execute("DROP INDEX ix_report_sending_mail")
    for column in ("mail_to", "mail_state", "mail_reply", "mail_tried_at"):
        op.execute(f"ALTER TABLE report_sending DROP COLUMN {column}")
