"""The roots that are trusted to vouch for signers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tasks.tables import Base


class TrustedRoot(Base):
    """A certificate that an administrator trusts to vouch for signers. `sha256`: of its DER."""

    __tablename__ = "trusted_root"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]

    __table_args__ = (UniqueConstraint("sha256"),)

    def facts(self) -> dict[str, str]:
        """Return what the audit keeps of it."""
        return {"name": self.name, "sha256": self.sha256}
