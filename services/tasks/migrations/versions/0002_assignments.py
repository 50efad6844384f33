"""Assignments with their results and history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

INSTANT = sa.DateTime(timezone=True)


def one_of(name: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=name)


def upgrade() -> None:
    create_assignments()
    create_history()


def create_assignments() -> None:
    op.create_table(
        "number_series",
        sa.Column("year", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_number_series"),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("task_id", sa.Uuid, nullable=False),
        sa.Column("unit_id", sa.Uuid, nullable=False),
        sa.Column("coordinating_unit_ids", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("accountable_person_id", sa.Uuid, nullable=True),
        sa.Column("occurrence", sa.Text, nullable=False),
        sa.Column("deadline_kind", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=True),
        sa.Column("due_on", sa.Date, nullable=True),
        sa.Column("last_working_day", sa.Date, nullable=True),
        sa.Column("triggered_on", sa.Date, nullable=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("progress_percent", sa.SmallInteger, nullable=False),
        sa.Column("submitted_on", sa.Date, nullable=True),
        sa.Column("accepted_at", INSTANT, nullable=True),
        sa.Column("search_text", sa.Text, nullable=False),
        sa.Column("overdue_announced_for", sa.Date, nullable=True),
        sa.Column("reminded_for", sa.Date, nullable=True),
        sa.Column("reminded_step", sa.SmallInteger, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        one_of(
            "ck_assignment_deadline_kind",
            "deadline_kind",
            "fixed recurring continuous triggered needs_person",
        ),
        one_of(
            "ck_assignment_status",
            "status",
            "not_started in_progress submitted returned done cancelled",
        ),
        sa.CheckConstraint(
            "progress_percent BETWEEN 0 AND 100", name="ck_assignment_progress_percent"
        ),
        sa.ForeignKeyConstraint(
            ["accountable_person_id"],
            ["person.id"],
            name="fk_assignment_accountable_person_id_person",
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_assignment_plan_id_plan"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_assignment_task_id_task"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_assignment_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        sa.UniqueConstraint("number", name="uq_assignment_number"),
        sa.UniqueConstraint("year", "sequence", name="uq_assignment_year_sequence"),
    )
    op.create_index(
        "ix_assignment_coordinating",
        "assignment",
        ["coordinating_unit_ids"],
        postgresql_using="gin",
    )
    op.create_index(
        "ix_assignment_open_due",
        "assignment",
        ["due_on"],
        postgresql_where=sa.text("status IN ('not_started', 'in_progress', 'returned')"),
    )
    op.create_index(
        "ix_assignment_plan_id_year_sequence_id",
        "assignment",
        ["plan_id", "year", "sequence", "id"],
    )
    op.create_index("ix_assignment_task_id", "assignment", ["task_id"])
    op.create_index(
        "ix_assignment_unit_id_year_sequence_id",
        "assignment",
        ["unit_id", "year", "sequence", "id"],
    )


def create_history() -> None:
    op.create_table(
        "assignment_entry",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("assignment_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("actor_id", sa.Uuid, nullable=True),
        sa.Column("percent", sa.SmallInteger, nullable=True),
        sa.Column("note", sa.Text, nullable=True),
        sa.Column("difficulty", sa.Text, nullable=True),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("on_time", sa.Boolean, nullable=True),
        sa.Column("working_days_left", sa.SmallInteger, nullable=True),
        sa.Column("result_id", sa.Uuid, nullable=True),
        sa.Column("changes", JSONB, server_default=sa.text("'[]'"), nullable=False),
        one_of(
            "ck_assignment_entry_kind",
            "kind",
            "created progress result_submitted result_accepted "
            "result_returned changed overdue due_soon",
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name="fk_assignment_entry_assignment_id_assignment",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assignment_entry"),
        sa.UniqueConstraint(
            "assignment_id", "version", name="uq_assignment_entry_assignment_id_version"
        ),
    )
    op.create_table(
        "result",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("assignment_id", sa.Uuid, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("submitted_on", sa.Date, nullable=False),
        sa.Column("submitted_by", sa.Uuid, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Uuid, nullable=True),
        sa.Column("decision_note", sa.Text, nullable=True),
        one_of("ck_result_status", "status", "submitted accepted returned"),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_result_assignment_id_assignment"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_result"),
    )
    op.create_index("ix_result_assignment_id", "result", ["assignment_id"])
    op.create_table(
        "result_file",
        sa.Column("result_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("file_id", sa.Uuid, nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name="fk_result_file_result_id_result"
        ),
        sa.PrimaryKeyConstraint("result_id", "position", name="pk_result_file"),
    )
    op.create_index("ix_result_file_file_id", "result_file", ["file_id"])
