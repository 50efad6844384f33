"""Signatures and trusted roots as the API shows them."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import ResponseBody
from tasks.access import RIGHTS
from tasks.signatures.domain import Additions, Coverage, Signature, Verdict, digest, verdict
from tasks.signatures.models import SignatureReport, TrustedRoot


class TrustedRootView(ResponseBody):
    """A certificate that is trusted to vouch for signers. `sha256`: its fingerprint."""

    id: UUID
    name: str
    sha256: str
    valid_from: datetime
    valid_until: datetime
    added_at: datetime
    allowed: list[str]


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


def trusted_root_view(root: TrustedRoot, actor: Actor) -> TrustedRootView:
    """Return a root, and whether the caller may remove it."""
    return TrustedRootView(
        id=root.id,
        name=root.name,
        sha256=root.sha256,
        valid_from=root.valid_from,
        valid_until=root.valid_until,
        added_at=root.added_at,
        allowed=RIGHTS.allowed(actor, "trusted_root", ("delete",)),
    )


async def signatures_of(
    session: AsyncSession, file_ids: Collection[UUID]
) -> dict[UUID, SignaturesView]:
    """Return what is known of the signatures of PDFs, of each that is asked for."""
    known = list(await session.scalars(select(TrustedRoot.sha256)))
    reports = await session.scalars(
        select(SignatureReport).where(SignatureReport.file_id.in_(file_ids))
    )
    by_file = {report.file_id: report for report in reports}
    return {id_: _view(by_file.get(id_), known) for id_ in file_ids}


def _view(report: SignatureReport | None, roots: list[str]) -> SignaturesView:
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
