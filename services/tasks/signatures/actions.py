"""Trusted roots come and go; what is signed is looked at again under those there are."""

import hashlib
from base64 import b64encode
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import jobs, traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import Conflict, NotFound
from chassis.ids import new_id
from chassis.messaging import outbox
from chassis.signatures.checks import CHECK_SIGNATURES
from chassis.words import N_
from contracts.tasks import TrustedRootChanged, TrustedRootState
from tasks.signatures import certificates
from tasks.signatures.models import TrustedRoot

MOST_ROOTS = 100
_NOT_TOLD_OF = text("""
    SELECT id FROM trusted_root WHERE NOT EXISTS (
      SELECT FROM event_log WHERE event_log.subject = trusted_root.id)
""")
_THERE = N_("Chứng thư «{name}» đã có trong các gốc tin cậy")
_FULL = N_("Nhiều nhất {most} gốc tin cậy: hãy bỏ bớt gốc không dùng nữa")


async def find(session: AsyncSession, id_: UUID) -> TrustedRoot:
    """Return a root, locked. Raises NotFound."""
    root = await session.get(TrustedRoot, id_, with_for_update=True)
    if root is None:
        raise NotFound("Không tìm thấy gốc tin cậy này", code="trusted_root_not_found")
    return root


async def add_root(session: AsyncSession, actor: Actor, name: str, content: bytes) -> TrustedRoot:
    """Trust a certificate. Raises InvalidInput for the file, Conflict `trusted_root_…`."""
    read = certificates.read(name, content)
    sha256 = hashlib.sha256(read.content).hexdigest()
    known = list(await session.scalars(select(TrustedRoot.sha256)))
    if sha256 in known:
        raise Conflict(_THERE, code="trusted_root_known", name=read.name)
    if len(known) >= MOST_ROOTS:
        raise Conflict(_FULL, code="trusted_roots_full", most=MOST_ROOTS)
    now = await database_now(session)
    root = TrustedRoot(
        id=new_id(), name=read.name, sha256=sha256, valid_from=read.valid_from,
        valid_until=read.valid_until, certificate=read.content, added_at=now,
        added_by=actor.person_id,
    )  # fmt: skip
    session.add(root)
    await traces.leave(
        session, actor, "trusted_root.create", root.id, _told(root), now=now, after=root.facts()
    )  # fmt: skip
    await jobs.enqueue(session, CHECK_SIGNATURES, {}, actor.person_id)
    return root


async def remove_root(session: AsyncSession, actor: Actor, root: TrustedRoot) -> None:
    """Trust a certificate no longer; what it vouched for is checked again."""
    now, before, event = await database_now(session), root.facts(), _told(root, trusted=False)
    await session.delete(root)
    await traces.leave(
        session, actor, "trusted_root.delete", root.id, event, now=now, before=before
    )  # fmt: skip
    await jobs.enqueue(session, CHECK_SIGNATURES, {}, actor.person_id)


async def tell_of_older(session: AsyncSession, now: datetime) -> int:
    """Tell of the roots that were there before anybody was told of roots; return how many."""
    ids = list(await session.scalars(_NOT_TOLD_OF))
    found = await session.scalars(select(TrustedRoot).where(TrustedRoot.id.in_(ids)))
    events = [_told(root) for root in found]
    await outbox.add(session, *events, now=now)
    return len(events)


def _told(root: TrustedRoot, *, trusted: bool = True) -> TrustedRootChanged:
    return TrustedRootChanged(
        root=TrustedRootState(
            root_id=root.id, version=1 if trusted else 2, name=root.name, sha256=root.sha256,
            certificate=b64encode(root.certificate).decode(), trusted=trusted,
        )
    )  # fmt: skip
