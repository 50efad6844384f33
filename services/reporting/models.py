"""Tables: facts (one row per assignment and per response), cells summed from them, score sheets."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database import NAMING

metadata = MetaData(naming_convention=NAMING)
POINTS = Numeric(12, 6)
COUNTS = (
    "total",
    "done",
    "done_on_time",
    "waiting",
    "continuous",
    "untriggered",
    "needs_person",
    "cancelled",
)
NO_UNIT = "00000000-0000-0000-0000-000000000000"
"""Stands in keys for answers whose link did not say which unit served."""


def _count(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


plan = Table(
    "plan",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("year", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("state", JSONB, nullable=False),
    Index(None, "year"),
)

survey_round = Table(
    "survey_round",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("year", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("state", JSONB, nullable=False),
    Index(None, "year"),
)

questionnaire = Table(
    "questionnaire",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("state", JSONB, nullable=False),
)

task = Table(
    "task",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("subject_matter", Text, nullable=False),
    Column("content", Text, nullable=False),
    Index(None, "year"),
)

assignment_fact = Table(
    "assignment_fact",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("plan_id", Uuid),
    Column("task_id", Uuid),
    Column("unit_id", Uuid),
    Column("state", JSONB),
    Index(None, "plan_id", "task_id"),
)

completion_cell = Table(
    "completion_cell",
    metadata,
    Column("plan_id", Uuid, primary_key=True),
    Column("scope", Text, primary_key=True),  # 'plan', 'unit:<id>' or 'sub:<code>'
    Column("due_on", Date, primary_key=True),  # -infinity: nothing in the cell has a day
    *(_count(name) for name in COUNTS),
)

response_fact = Table(
    "response_fact",
    metadata,
    Column("response_id", Uuid, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("event_time", DateTime(timezone=True), nullable=False),
    Column("round_id", Uuid, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("lane", Text, nullable=False),
    Column("answers", ARRAY(SmallInteger), nullable=False),  # by position of the scaled questions
    Column("choices", JSONB, nullable=False),
    Index(None, "round_id"),
    Index(None, "event_time"),
)

answer_cell = Table(
    "answer_cell",
    metadata,
    Column("round_id", Uuid, primary_key=True),
    Column("unit_id", Uuid, primary_key=True),
    Column("n", Integer, nullable=False),  # responses
    Column("counts", ARRAY(Integer), nullable=False),  # five per scaled question, in order
    Column("released", ARRAY(Integer), nullable=False),  # what of them may be shown
    # a row is written again by every batch: room for its next version beside it
    postgresql_with={"fillfactor": 50},
)

criteria_set = Table(
    "criteria_set",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", Text, nullable=False),
    Column("set_version", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("composed", Boolean, nullable=False),
    Column("status", Text, nullable=False, server_default="draft"),
    Column("body", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True)),
    CheckConstraint("status IN ('draft', 'published')", name="status"),
    Index("uq_criteria_set_version", "code", "set_version", unique=True),
)

link = Table(
    "link",
    metadata,
    Column("task_id", Uuid, primary_key=True),
    Column("criteria_set_id", Uuid, primary_key=True),
    Column("sub_criterion", Text, nullable=False),
    Column("confirmed_by", Uuid, nullable=False),
    Column("confirmed_at", DateTime(timezone=True), nullable=False),
)

score_row = Table(
    "score_row",
    metadata,
    Column("year", Integer, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("self_score", POINTS),
    Column("expected_score", POINTS),
    Column("last_year_score", POINTS),
    Column("appraised_1", POINTS),
    Column("appraised_2", POINTS),
    Column("not_applicable_reason", Text),
    Column("not_applicable_accepted", Boolean, nullable=False, server_default="false"),
)

index_state = Table(
    "index_state",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("scope_id", Uuid, nullable=False),
    Column("year", Integer, nullable=False),
    Column("version", BigInteger, nullable=False, server_default="0"),
    Column("value", Numeric),
    Column("numerator", Numeric),
    Column("denominator", Numeric),
    Column("target_met", Boolean),
    Index("uq_index_state_scope", "kind", "scope_id", unique=True),
)

index_point = Table(
    "index_point",
    metadata,
    Column("index_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("value", Numeric),
)

touched = Table(
    "touched",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("since", DateTime(timezone=True)),  # null: nothing new since the last announcement
    Column(
        "announced_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=text("'-infinity'"),
    ),
)
