"""Tables of signatures: trusted roots, and what was found in each PDF."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
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


class SignatureReport(Base):
    """What was found in a PDF. `roots`: a digest of the roots trusted then.

    `signatures`: `domain.Signature`s. `unreadable`: the file was too large, broken or hostile.
    """

    __tablename__ = "signature_report"

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    roots: Mapped[str] = mapped_column(Text)
    checked_at: Mapped[datetime]
    signatures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    unreadable: Mapped[bool] = mapped_column(server_default="false")
