"""Kinds of reports as data, reports with their frozen snapshots, and what of them was confirmed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base


class StoredKind(Base):
    """A kind of report. `body`: a `KindBody`."""

    __tablename__ = "report_kind"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    place: Mapped[int] = mapped_column(server_default="0")
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ConfirmedSource(Base):
    """An administrator has compared composed data with the official text it stands for.

    `key`: what, and its version: "report_kind/periodic/1", "criteria_set/CODE/2".
    """

    __tablename__ = "confirmed_source"

    key: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    confirmed_by: Mapped[UUID]
    confirmed_at: Mapped[datetime]


class Report(Base):
    """A report. `snapshot`: what its job took, never changed; `sha256` of its canonical JSON.

    `sentences`: its text, each with its figures. From `signed` on nothing of it changes but where
    it was sent and the signed copy; `signed_sha256` is of all that was signed, its .docx with it.
    `template_id`: what it was checked in, from checking on; None: the layout of its kind.
    `pdf_file_id`: of the signed document, once somebody asked for it. What is `discarded` is never
    to be signed; why stands in its trace.
    """

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(
            "state IN ('preparing', 'draft', 'checked', 'signed', 'sent', 'discarded')",
            name="state",
        ),
        CheckConstraint("starts_on <= ends_on", name="window"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    kind_code: Mapped[str] = mapped_column(index=True)
    kind_name: Mapped[str]
    title: Mapped[str]
    search: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    plan_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default="preparing")
    job_id: Mapped[UUID]
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    sha256: Mapped[str | None]
    sentences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(index=True)
    checked_by: Mapped[UUID | None]
    checked_at: Mapped[datetime | None]
    template_id: Mapped[UUID | None]
    number: Mapped[str | None]
    signed_on: Mapped[date | None]
    signer_titles: Mapped[list[str] | None] = mapped_column(JSONB)
    signer_name: Mapped[str | None]
    signed_sha256: Mapped[str | None]
    signed_by: Mapped[UUID | None]
    signed_at: Mapped[datetime | None]
    document_file_id: Mapped[UUID | None]
    pdf_file_id: Mapped[UUID | None]
    signed_copy_file_id: Mapped[UUID | None]


class ReportRows(Base):
    """Rows of a snapshot's list, a thousand to a part."""

    __tablename__ = "report_rows"

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    list_code: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[list[list[Any]]] = mapped_column(JSONB)


class Sending(Base):
    """A signed report was sent to somebody; by mail from here where `mail_to` is an address.

    `mail_reply`: the mail server's last word; `mail_tried_at`: when it was last tried.
    """

    __tablename__ = "report_sending"
    __table_args__ = (
        CheckConstraint(
            "mail_state IN ('queued', 'sending', 'sent', 'failed', 'unknown')", name="mail_state"
        ),
        Index(
            "ix_report_sending_mail", "mail_tried_at",
            postgresql_where=text("mail_state IN ('queued', 'sending', 'unknown')"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    report_id: Mapped[UUID] = mapped_column(index=True)
    recipient: Mapped[str]
    number: Mapped[str | None]
    sent_on: Mapped[date]
    channel: Mapped[str]
    note: Mapped[str | None]
    sent_by: Mapped[UUID]
    sent_at: Mapped[datetime]
    mail_to: Mapped[str | None]
    mail_state: Mapped[str | None]
    mail_reply: Mapped[str | None]
    mail_tried_at: Mapped[datetime | None]
