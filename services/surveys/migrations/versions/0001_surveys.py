"""Messaging, directory, questionnaires, rounds, codes, answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.migrations import create_messaging_tables, create_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_messaging_tables(op)
    create_tables(op, "unit", "person", "idempotency_key", "audit_entry", "audit_seal")
    _create_questionnaire()
    _create_survey_round()
    _create_codes()
    _create_answers()


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_round(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    name = f"fk_{table}_round_id_survey_round"
    return _id("round_id"), sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=name)


def _create_questionnaire() -> None:
    op.create_table(
        "questionnaire",
        _id("id"),
        _number("version"),
        _text("code"),
        _text("title"),
        _text("status"),
        sa.Column("composed", sa.Boolean, nullable=False),
        sa.Column("body", JSONB, nullable=False),
        _instant("created_at"),
        _instant("published_at", nullable=True),
        sa.PrimaryKeyConstraint("id", "version", name="pk_questionnaire"),
        sa.UniqueConstraint("code", "version", name="uq_questionnaire_code_version"),
        sa.CheckConstraint("status IN ('draft', 'published')", name="ck_questionnaire_status"),
    )


def _create_survey_round() -> None:
    op.create_table(
        "survey_round",
        _id("id"),
        _number("version"),
        _text("title"),
        _number("year"),
        _id("questionnaire_id"),
        _number("questionnaire_version"),
        _text("method"),
        _text("aggregator"),
        _text("status"),
        sa.Column("opens_on", sa.Date, nullable=False),
        sa.Column("closes_on", sa.Date, nullable=False),
        sa.Column("unit_ids", ARRAY(sa.Uuid), nullable=False),
        _number("min_n"),
        _number("tickets_unused", nullable=True),
        _instant("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_round"),
        sa.ForeignKeyConstraint(
            ["questionnaire_id", "questionnaire_version"],
            ["questionnaire.id", "questionnaire.version"],
            name="fk_survey_round_questionnaire",
        ),
        sa.CheckConstraint("status IN ('draft', 'open', 'closed')", name="ck_survey_round_status"),
        sa.CheckConstraint("method IN ('share', 'mean5')", name="ck_survey_round_method"),
        sa.CheckConstraint(
            "aggregator IN ('mean_of_items', 'pooled', 'general_question')",
            name="ck_survey_round_aggregator",
        ),
        sa.CheckConstraint("closes_on >= opens_on", name="ck_survey_round_dates"),
        sa.CheckConstraint("min_n >= 1", name="ck_survey_round_min_n"),
    )


def _create_codes() -> None:
    op.create_table(
        "ticket_batch",
        _id("id"),
        *_of_round("ticket_batch"),
        _id("unit_id", nullable=True),
        _number("count"),
        _instant("issued_at"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_batch"),
    )
    op.create_table(
        "ticket",
        _text("key"),
        *_of_round("ticket"),
        _id("unit_id", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_ticket"),
    )
    op.create_table(
        "link",
        _id("id"),
        _text("key"),
        *_of_round("link"),
        _id("unit_id", nullable=True),
        _text("label"),
        sa.Column("active", sa.Boolean, nullable=False),
        _instant("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.UniqueConstraint("key", name="uq_link_key"),
    )
    for table in ("ticket_batch", "ticket", "link"):
        op.create_index(f"ix_{table}_round_id", table, ["round_id"])


def _create_answers() -> None:
    op.create_table(
        "response",
        _id("response_id"),
        _id("round_id"),
        _id("unit_id", nullable=True),
        _text("channel"),
        _text("lane"),
        _instant("hour"),
        _text("state"),
        _text("reason", nullable=True),
        sa.Column("answers", JSONB, nullable=False),
        sa.Column("choices", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("response_id", name="pk_response"),
        sa.CheckConstraint("lane IN ('ticket', 'open')", name="ck_response_lane"),
        sa.CheckConstraint("channel IN ('web', 'kiosk', 'paper')", name="ck_response_channel"),
        sa.CheckConstraint("state IN ('counted', 'held', 'excluded')", name="ck_response_state"),
    )
    op.create_index("ix_response_round_id_hour", "response", ["round_id", "hour"])
    op.create_table(
        "remark",
        _id("id"),
        _id("round_id"),
        _id("unit_id", nullable=True),
        _instant("hour"),
        _text("question"),
        _text("text"),
        sa.PrimaryKeyConstraint("id", name="pk_remark"),
    )
    op.create_index("ix_remark_round_id_unit_id", "remark", ["round_id", "unit_id"])
    op.create_table(
        "answer_count",
        _id("round_id"),
        _id("unit_id"),
        sa.Column("slot", sa.SmallInteger, nullable=False),
        _number("counted"),
        _number("held"),
        _number("excluded"),
        sa.PrimaryKeyConstraint("round_id", "unit_id", "slot", name="pk_answer_count"),
    )
