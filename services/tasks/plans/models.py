"""Plans, and the tasks their appendix lists."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import ARRAY, Computed, ForeignKey, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import DeadlineKind, PlanObjective, PlanState, PlanTarget
from tasks.directory.vocabulary import WITH_MARKS, WITHOUT
from tasks.plans.domain import PlanStatus
from tasks.tables import Base, one_of

_FOLDED = f"lower(translate(\"left\"(content, 200), '{WITH_MARKS}', '{WITHOUT}'))"

PlanEntryKind = Literal[
    "created", "changed", "issued", "closed", "replaced", "rolled_over", "cancelled"
]
KpiGroup = Literal["A", "B", "C", "D"]
FACTS = (
    "title", "year", "number", "issued_on", "signer_authority", "signer_post", "signer_name",
    "signed_copy_id", "closes_on", "legal_bases", "targets", "recipient_unit_ids", "objectives",
    "status", "successor_id", "rolled_into_id",
)  # fmt: skip
"""What the history of a plan tells changes of."""


class Plan(Base):
    """A yearly plan. `legal_bases`, `targets`, `objectives`: lists of objects as the API has them.

    `cancelled_because`: why it was given up, None for any other; `cancelled_draft`: before it was
    issued, so that nobody outside the department ever hears of it. `signer_*`, `signed_copy_id`: as
    the issued document has them. `closed_counts`: how its assignments stood when it was closed.
    """

    __tablename__ = "plan"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    year: Mapped[int] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    issued_on: Mapped[date | None]
    closes_on: Mapped[date]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    status: Mapped[PlanStatus] = mapped_column(Text)
    legal_bases: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    targets: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    cancelled_because: Mapped[str | None] = mapped_column(Text)
    cancelled_draft: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime]
    signer_authority: Mapped[str | None] = mapped_column(Text)
    signer_post: Mapped[str | None] = mapped_column(Text)
    signer_name: Mapped[str | None] = mapped_column(Text)
    signed_copy_id: Mapped[UUID | None]
    recipient_unit_ids: Mapped[list[UUID]] = mapped_column(
        ARRAY(Uuid), default=list, server_default=text("'{}'")
    )
    objectives: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, default=list, server_default=text("'[]'")
    )
    closed_on: Mapped[date | None]
    closed_because: Mapped[str | None] = mapped_column(Text)
    closed_counts: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan.id"), index=True)
    rolled_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan.id"), index=True)

    __table_args__ = (one_of("status", PlanStatus),)

    def state(self) -> PlanState:
        """Return what other services know of it."""
        return PlanState(
            plan_id=self.id,
            version=self.version,
            year=self.year,
            title=self.title,
            unit_id=self.unit_id,
            # the contract's words may not grow: to outsiders a cancelled plan is a closed one
            status="closed" if self.status == "cancelled" else self.status,
            closes_on=self.closes_on,
            targets=[PlanTarget.model_validate(target) for target in self.targets],
            cancelled=self.status == "cancelled",
            number=self.number,
            issued_on=self.issued_on,
            signer_authority=self.signer_authority,
            signer_post=self.signer_post,
            recipient_unit_ids=list(self.recipient_unit_ids),
            objectives=[
                PlanObjective.model_validate({"objective_id": each["id"], **_without_id(each)})
                for each in self.objectives
            ],
            closed_on=self.closed_on,
            successor_id=self.successor_id,
            rolled_into_id=self.rolled_into_id,
        )

    def facts(self) -> dict[str, Any]:
        """Return what the history compares, as JSON."""
        known: dict[str, Any] = to_jsonable_python({name: getattr(self, name) for name in FACTS})
        return known


def _without_id(objective: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in objective.items() if name != "id"}


class PlanEntry(Base):
    """One line of a plan's history; only ever added. `version`: the plan's after it.

    `changes`: field, before, after.
    """

    __tablename__ = "plan_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    version: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[PlanEntryKind] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    reason: Mapped[str | None] = mapped_column(Text)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)

    __table_args__ = (UniqueConstraint("plan_id", "version"), one_of("kind", PlanEntryKind))


class Task(Base):
    """A row of the appendix in its own words. `number`: its STT; `position`: its place, from 1.

    `deadline_kind`: as the words were read; an assignment's own may differ once a person decided.
    `deadline_rule`: days, working and event of a triggered deadline, None for the others.
    `source_*`: the document that gave it, where it is not the plan; `kpi_*`: its place in the
    department's catalogue of KPIs. `content_key`: what lists sort the words by, accents aside;
    the database makes it.
    """

    __tablename__ = "task"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("appendix_import.id"), index=True)
    position: Mapped[int]
    number: Mapped[str] = mapped_column(Text)
    section: Mapped[str] = mapped_column(Text)
    subject_matter: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    product: Mapped[str] = mapped_column(Text)
    lead_text: Mapped[str] = mapped_column(Text)
    coordinating_text: Mapped[str] = mapped_column(Text)
    accountable_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    deadline_text: Mapped[str] = mapped_column(Text)
    deadline_kind: Mapped[DeadlineKind] = mapped_column(Text)
    deadline_rule: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    source_number: Mapped[str | None] = mapped_column(Text)
    source_issued_on: Mapped[date | None]
    source_title: Mapped[str | None] = mapped_column(Text)
    kpi_group: Mapped[KpiGroup | None] = mapped_column(Text)
    kpi_code: Mapped[str | None] = mapped_column(Text)
    content_key: Mapped[str | None] = mapped_column(
        Text(collation="C"), Computed(_FOLDED, persisted=True), deferred=True
    )

    __table_args__ = (one_of("deadline_kind", DeadlineKind), one_of("kpi_group", KpiGroup))
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - SQLAlchemy's; nobody reads the key
