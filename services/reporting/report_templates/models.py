"""Templates as they were accepted, in versions per kind."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base


class ReportTemplate(Base):
    """A version of a kind's template; the newest is in force, and none ever changes.

    `file_id` None: the layout that comes with the kind. `taken_from`: the version that was taken
    again, 0 for the layout of the kind. `kind_version`: of the kind it was checked against.
    `mentions`: the figures and lists it names; None: nobody looked, so it may name any.
    """

    __tablename__ = "report_template"
    __table_args__ = (UniqueConstraint("kind_code", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind_code: Mapped[str]
    number: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    file_id: Mapped[UUID | None]
    taken_from: Mapped[int | None] = mapped_column(BigInteger)
    kind_version: Mapped[int] = mapped_column(BigInteger)
    mentions: Mapped[list[str] | None] = mapped_column(JSONB)
    uploaded_by: Mapped[UUID]
    uploaded_at: Mapped[datetime]
