"""The tables of the chassis, for statements; each service's migrations make the ones it needs.

The tables of events (event_log, outbox, inbox) are not here: only plain SQL speaks of them.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database import NAMING

metadata = MetaData(naming_convention=NAMING)


def _instant(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _created() -> Column[object]:
    return Column(
        "created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")
    )


idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("key_hash", LargeBinary, primary_key=True),
    Column("body_hash", LargeBinary, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _created(),
    Index(None, "created_at"),
)

live_event = Table(
    "live_event",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("topic", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("coalesce_key", Text),
    _created(),
    Index(None, "topic", "id"),
    Index(None, "created_at"),
)

job = Table(
    "job",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("progress", SmallInteger, nullable=False, server_default="0"),
    Column("result", JSONB),
    Column("error", Text),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("created_by", Uuid),
    _created(),
    _instant("started_at", nullable=True),
    _instant("heartbeat_at", nullable=True),
    _instant("finished_at", nullable=True),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),
    CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
    Index(
        "ix_job_unfinished",
        "created_at",
        postgresql_where=text("state IN ('queued', 'running')"),
    ),
)

stored_file = Table(
    "stored_file",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="stored"),
    Column("uploaded_by", Uuid),
    _created(),
    CheckConstraint(
        "kind IN ('pdf', 'jpg', 'png', 'docx', 'xlsx', 'doc', 'xls', 'odt', 'ods', 'rtf')",
        name="kind",
    ),
    CheckConstraint("state IN ('stored', 'rejected')", name="state"),
    Index(None, "sha256"),  # the same file again
)

signature_report = Table(
    "signature_report",
    metadata,
    Column("file_id", Uuid, primary_key=True),
    Column("roots", Text, nullable=False),  # a digest of the roots that were trusted then
    _instant("checked_at"),
    Column("signatures", JSONB, nullable=False, server_default=text("'[]'")),
    # too large, broken or hostile
    Column("unreadable", Boolean, nullable=False, server_default="false"),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    # the sealer takes only transactions that are certainly over: below pg_snapshot_xmin
    Column(
        "tx", BigInteger, nullable=False, server_default=text("pg_current_xact_id()::text::bigint")
    ),
    Column("actor_id", Uuid),
    Column("action", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("reason", Text),
    _instant("recorded_at"),
    Index(None, "subject_id", "id"),
    Index(None, "tx", "id"),
)

audit_seal = Table(
    "audit_seal",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("from_tx", BigInteger, nullable=False),
    Column("until_tx", BigInteger, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    _instant("sealed_at"),
)

unit = Table(
    "unit",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("parent_id", Uuid),
    Column("aliases", ARRAY(Text), nullable=False),
    Column("sort_order", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("employee_code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("login", Text),
    Column("active", Boolean, nullable=False),
    Index(None, "login"),
    Index(None, "employee_code"),
    Index("ix_person_email_lower", text("lower(email)")),
)
