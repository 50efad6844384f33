"""Signatures as an API shows them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bodies import ResponseBody
from chassis.signatures.domain import Additions, Coverage, Signature, Verdict, digest, verdict
from chassis.tables import signature_report


class SignatureView(ResponseBody):
    """A signature in a PDF. `said_at`: by the signer's own clock; `stamped_at`: by an authority's.

    `coverage`: whether it covers the file as it is. `root`: that vouches for the signer; null:
    none. Certificates must have been valid when the server received the file; whether one was
    revoked is not asked.
    """

    verdict: Verdict
    signer: str
    organisation: str
    issuer: str
    said_at: datetime | None
    stamped_at: datetime | None
    intact: bool | None
    coverage: Coverage
    additions: Additions
    root: str | None


class SignaturesView(ResponseBody):
    """What is known of a PDF's signatures. `any_roots`: whether any root is trusted at all."""

    state: Literal["waiting", "checked", "unreadable"]
    any_roots: bool
    checked_at: datetime | None
    signatures: list[SignatureView]


async def signatures_of(
    session: AsyncSession, file_ids: Collection[UUID], roots: Collection[str]
) -> dict[UUID, SignaturesView]:
    """Return what is known of the signatures of PDFs. `roots`: SHA-256 of what is trusted now."""
    wanted = select(signature_report).where(signature_report.c.file_id.in_(file_ids))
    by_file = {row.file_id: row for row in await session.execute(wanted)}
    return {id_: _view(by_file.get(id_), roots) for id_ in file_ids}


def _view(report: Any, roots: Collection[str]) -> SignaturesView:
    any_roots = bool(roots)
    stale = report is not None and report.signatures and report.roots != digest(roots)
    if report is None or stale:
        return SignaturesView(
            state="waiting", any_roots=any_roots, checked_at=None, signatures=[]
        )  # fmt: skip
    found = [Signature(**each) for each in report.signatures]
    return SignaturesView(
        state="unreadable" if report.unreadable else "checked",
        any_roots=any_roots,
        checked_at=report.checked_at,
        signatures=[
            SignatureView(verdict=verdict(each, any_roots=any_roots), **vars(each))
            for each in found
        ],
    )
