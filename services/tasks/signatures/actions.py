"""Trusted roots come and go; what is signed is looked at again under those there are."""

import hashlib
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import jobs, traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import Conflict, NotFound
from chassis.files import StoredFile
from chassis.ids import new_id
from chassis.words import N_
from tasks.signatures import certificates
from tasks.signatures.domain import Signature, digest, may_be_signed
from tasks.signatures.models import SignatureReport, TrustedRoot

CHECK_SIGNATURES = "check_signatures"
MOST_ROOTS = 100
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
        session, actor, "trusted_root.create", root.id, now=now, after=root.facts()
    )  # fmt: skip
    await jobs.enqueue(session, CHECK_SIGNATURES, {}, actor.person_id)
    return root


async def remove_root(session: AsyncSession, actor: Actor, root: TrustedRoot) -> None:
    """Trust a certificate no longer; what it vouched for is checked again."""
    now, before = await database_now(session), root.facts()
    await session.delete(root)
    await traces.leave(session, actor, "trusted_root.delete", root.id, now=now, before=before)
    await jobs.enqueue(session, CHECK_SIGNATURES, {}, actor.person_id)


async def look_at(session: AsyncSession, actor: Actor, file: StoredFile, content: bytes) -> None:
    """Have a new PDF checked; one that cannot hold a signature is done at once."""
    if file.kind != "pdf":
        return
    if may_be_signed(content):
        await jobs.enqueue(session, CHECK_SIGNATURES, {"file_id": file.id}, actor.person_id)
    else:
        await keep(session, file.id, digest(()), [])


async def keep(
    session: AsyncSession, file_id: UUID, roots: str, found: list[Signature] | None
) -> None:
    """Write what was found in a PDF over what was found before. None: it cannot be read."""
    values = {
        "roots": roots,
        "checked_at": await database_now(session),
        "signatures": [vars(each) for each in found or ()],
        "unreadable": found is None,
    }
    statement = insert(SignatureReport).values(file_id=file_id, **values)
    again = statement.on_conflict_do_update(index_elements=["file_id"], set_=values)
    await session.execute(again)
