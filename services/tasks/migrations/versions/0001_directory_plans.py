"""The tables of the chassis, the directory, plans and their appendices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.migrations import create_messaging_tables, create_tables

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)


def one_of(name: str, column: str, words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=name)


def upgrade() -> None:
    create_messaging_tables(op)
    create_tables(op, "idempotency_key", "job", "stored_file", "audit_entry", "audit_seal")
    create_directory()
    create_plans()


def create_directory() -> None:
    op.create_table(
        "calendar_year",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("days", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_year"),
        sa.UniqueConstraint("year", name="uq_calendar_year_year"),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("parent_id", sa.Uuid, nullable=True),
        sa.Column("aliases", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("sort_order", sa.Integer, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        one_of("ck_unit_kind", "kind", "department office room centre"),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_parent_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("code", name="uq_unit_code"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("employee_code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sort_key", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Uuid, nullable=False),
        sa.Column("login", sa.Text, nullable=True),
        sa.Column("active", sa.Boolean, nullable=False),
        one_of(
            "ck_person_role",
            "role",
            "director office unit_head unit_officer appraiser auditor admin external_system",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_person_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("employee_code", name="uq_person_employee_code"),
        sa.UniqueConstraint("login", name="uq_person_login"),
    )
    op.create_index("ix_person_unit_id", "person", ["unit_id"])
    op.create_index(
        "uq_person_email_lower", "person", [sa.literal_column("lower(email)")], unique=True
    )


def create_plans() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=True),
        sa.Column("issued_on", sa.Date, nullable=True),
        sa.Column("closes_on", sa.Date, nullable=False),
        sa.Column("unit_id", sa.Uuid, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("legal_bases", JSONB, nullable=False),
        sa.Column("targets", JSONB, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        one_of("ck_plan_status", "status", "draft active closed"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_plan_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
    )
    op.create_index("ix_plan_year", "plan", ["year"])
    op.create_table(
        "appendix_import",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("file_id", sa.Uuid, nullable=False),
        sa.Column("job_id", sa.Uuid, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("mapping", JSONB, nullable=False),
        sa.Column("error", JSONB, nullable=True),
        sa.Column("created_by", sa.Uuid, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        one_of("ck_appendix_import_state", "state", "reading ready confirmed failed"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_appendix_import_plan_id_plan"),
        sa.PrimaryKeyConstraint("id", name="pk_appendix_import"),
    )
    op.create_index("ix_appendix_import_plan_id", "appendix_import", ["plan_id"])
    op.create_table(
        "appendix_row",
        sa.Column("import_id", sa.Uuid, nullable=False),
        sa.Column("row_number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("stt", sa.Text, nullable=False),
        sa.Column("section", sa.Text, nullable=False),
        sa.Column("subject_matter", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("lead_text", sa.Text, nullable=False),
        sa.Column("lead_unit_ids", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("lead_chosen", sa.Boolean, nullable=False),
        sa.Column("accountable_unit_id", sa.Uuid, nullable=True),
        sa.Column("coordinating_text", sa.Text, nullable=False),
        sa.Column("coordinating_unit_ids", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("coordinating_chosen", sa.Boolean, nullable=False),
        sa.Column("deadline_text", sa.Text, nullable=False),
        sa.Column("deadline", JSONB, nullable=False),
        sa.Column("warnings", sa.ARRAY(sa.Text), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["appendix_import.id"], name="fk_appendix_row_import_id_appendix_import"
        ),
        sa.PrimaryKeyConstraint("import_id", "row_number", name="pk_appendix_row"),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("import_id", sa.Uuid, nullable=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("section", sa.Text, nullable=False),
        sa.Column("subject_matter", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("lead_text", sa.Text, nullable=False),
        sa.Column("coordinating_text", sa.Text, nullable=False),
        sa.Column("accountable_unit_id", sa.Uuid, nullable=True),
        sa.Column("deadline_text", sa.Text, nullable=False),
        sa.Column("deadline_kind", sa.Text, nullable=False),
        sa.Column("deadline_rule", JSONB, nullable=True),
        one_of(
            "ck_task_deadline_kind",
            "deadline_kind",
            "fixed recurring continuous triggered needs_person",
        ),
        sa.ForeignKeyConstraint(
            ["accountable_unit_id"], ["unit.id"], name="fk_task_accountable_unit_id_unit"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["appendix_import.id"], name="fk_task_import_id_appendix_import"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_task_plan_id_plan"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
    )
    op.create_index("ix_task_import_id", "task", ["import_id"])
    op.create_index("ix_task_plan_id", "task", ["plan_id"])
