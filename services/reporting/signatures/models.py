"""The root certificates that are trusted, as tasks tells of them."""

from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base


class TrustedRoot(Base):
    """A certificate at its newest version. `trusted` False: no longer; kept, so that it stays so.

    `certificate`: DER, `sha256` of it.
    """

    __tablename__ = "trusted_root"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    sha256: Mapped[str]
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    trusted: Mapped[bool]
