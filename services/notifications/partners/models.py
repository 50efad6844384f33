"""Tables: partners, what they sign in with, the key of their tokens, and what they read."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, ForeignKey, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from notifications.tables import Base

INSTANT = DateTime(timezone=True)


class Partner(Base):
    """Another organisation's system.

    `event_types`: patterns of the events it may get, none: no events. `unit_ids` None: all units.
    `expires_on`: its last day. `subject`: of its own client at the installation's OIDC provider.
    """

    __tablename__ = "partner"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    contact_email: Mapped[str] = mapped_column(Text)
    event_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    read_apis: Mapped[list[str]] = mapped_column(ARRAY(Text))
    unit_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    origins: Mapped[list[str]] = mapped_column(ARRAY(Text))
    subject: Mapped[str | None] = mapped_column(Text, unique=True)
    expires_on: Mapped[date] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    created_by: Mapped[UUID]


class PartnerCredential(Base):
    """A client id (the row's own) and the SHA-256 of its secret, which is kept nowhere."""

    __tablename__ = "partner_credential"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    secret_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    created_by: Mapped[UUID]
    last_used_at: Mapped[datetime | None] = mapped_column(INSTANT)
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)


class PartnerSigningKey(Base):
    """A key that signs partners' tokens; the newest that is not retired does."""

    __tablename__ = "partner_signing_key"

    kid: Mapped[str] = mapped_column(Text, primary_key=True)
    jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    retired_at: Mapped[datetime | None] = mapped_column(INSTANT)


class PartnerAccess(Base):
    """What a partner read in an hour: requests to a route, and items in their answers."""

    __tablename__ = "partner_access"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(INSTANT, primary_key=True)
    route: Mapped[str] = mapped_column(Text, primary_key=True)
    requests: Mapped[int] = mapped_column(BigInteger)
    items: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[datetime] = mapped_column(INSTANT)
