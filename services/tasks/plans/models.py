"""Plans, and the tasks their appendix lists."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import DeadlineKind, PlanState, PlanTarget
from tasks.plans.domain import PlanStatus
from tasks.plans.vocabulary import WITH_MARKS, WITHOUT
from tasks.tables import Base, one_of

_FOLDED = f"lower(translate(\"left\"(content, 200), '{WITH_MARKS}', '{WITHOUT}'))"


class Plan(Base):
    """A yearly plan. `legal_bases` and `targets` are lists of objects as the API has them.

    `cancelled_because`: why it was given up, None for any other; `cancelled_draft`: before it was
    issued, so that nobody outside the department ever hears of it.
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
        )


class Task(Base):
    """A row of the appendix in its own words. `number`: its STT; `position`: its place, from 1.

    `deadline_kind`: as the words were read; an assignment's own may differ once a person decided.
    `deadline_rule`: days, working and event of a triggered deadline, None for the others.
    `content_key`: what lists sort the words by, accents aside; the database makes it.
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
    content_key: Mapped[str | None] = mapped_column(
        Text(collation="C"), Computed(_FOLDED, persisted=True), deferred=True
    )

    __table_args__ = (one_of("deadline_kind", DeadlineKind),)
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - SQLAlchemy's; nobody reads the key
