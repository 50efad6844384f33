"""What draws releases, and what they showed."""

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base


class RoundSecret(Base):
    """What draws a round's releases. Made here on first sight; in no event, log or setting."""

    __tablename__ = "round_secret"

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    secret: Mapped[bytes]


class Publication(Base):
    """What a release showed: a `disclosure.published.Published`. Never changed afterwards."""

    __tablename__ = "publication"

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    release: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
