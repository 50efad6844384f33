"""Messaging, directory, what people are told, mails."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.migrations import create_messaging_tables, create_tables

revision = "0001"
down_revision = None

GATHERING = sa.text("state = 'queued' AND attempts = 0")
WAITING = sa.text("state IN ('queued', 'unknown', 'sending')")
UNREAD = sa.text("read_at IS NULL AND moot_at IS NULL")


def upgrade() -> None:
    create_messaging_tables(op)
    create_tables(
        op, "unit", "person", "idempotency_key", "live_event", "audit_entry", "audit_seal"
    )
    _create_delivery()
    _create_notification()
    op.create_table(
        "subject",
        sa.Column("id", sa.Uuid),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_subject"),
    )
    op.create_table(
        "submission",
        sa.Column("result_id", sa.Uuid),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("result_id", name="pk_submission"),
    )
    op.create_table(
        "beginning",
        sa.Column("id", sa.Integer),
        _instant("at", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_beginning"),
        sa.CheckConstraint("id = 1", name="ck_beginning_one"),
    )
    op.execute("INSERT INTO beginning (id, at) VALUES (1, clock_timestamp())")


def _instant(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="queued"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("uncertain", sa.Integer, nullable=False, server_default="0"),
        sa.Column("message_id", sa.Text),
        sa.Column("smtp_reply", sa.Text),
        _instant("created_at", nullable=False),
        _instant("next_attempt_at", nullable=False),
        _instant("give_up_at", nullable=False),
        _instant("lease_until"),
        _instant("sent_at"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'dropped')",
            name="ck_delivery_state",
        ),
        sa.CheckConstraint("channel IN ('email')", name="ck_delivery_channel"),
    )
    op.create_index(
        "uq_delivery_gathering",
        "delivery",
        ["person_id", "channel"],
        unique=True,
        postgresql_where=GATHERING,
    )
    op.create_index(
        "ix_delivery_waiting", "delivery", ["next_attempt_at"], postgresql_where=WAITING
    )


def _create_notification() -> None:
    texts = ("event_type", "case", "subject_type", "step", "category", "severity", "reason",
             "title", "body")  # fmt: skip
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("subject_version", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("due_on", sa.Date),
        _instant("created_at", nullable=False),
        _instant("read_at"),
        _instant("moot_at"),
        sa.Column("delivery_id", sa.Uuid),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sa.UniqueConstraint(
            "event_type",
            "subject_id",
            "step",
            "person_id",
            name="uq_notification_event_type_subject_id_step_person_id",
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name="fk_notification_delivery_id_delivery"
        ),
        sa.CheckConstraint(
            "severity IN ('info', 'warning', 'critical')", name="ck_notification_severity"
        ),
    )
    op.create_index("ix_notification_of_person", "notification", ["person_id", "created_at", "id"])
    op.create_index(
        "ix_notification_unread", "notification", ["person_id"], postgresql_where=UNREAD
    )
    op.create_index("ix_notification_of_subject", "notification", ["subject_id"])
    op.create_index("ix_notification_in_delivery", "notification", ["delivery_id"])
