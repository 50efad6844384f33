"""Receipts of files: what came, when, from whom, where it stands, and where it stood before."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound
from chassis.files import FileStore, StoredFile
from chassis.signatures.views import SignaturesView
from chassis.tables import stored_file
from tasks.assignments.change import find
from tasks.assignments.evidence import may_read
from tasks.directory.models import Person
from tasks.evidence.drawing import DRAWABLE
from tasks.evidence.places import files_of_assignment, places_of
from tasks.evidence.views import AssignmentEvidence, PlaceView, ReceiptView, SameFileView
from tasks.signatures.views import signatures_of

MOST_TWINS = 200  # files with the same content that are looked at


async def readable(session: AsyncSession, actor: Actor, files: FileStore, id_: UUID) -> StoredFile:
    """Return a file the actor may read. Raises NotFound."""
    file = await files.find(session, id_)
    if not await may_read(session, actor, file):
        raise NotFound("Không tìm thấy tệp này", code="file_not_found")
    return file


async def receipt(session: AsyncSession, actor: Actor, id_: UUID) -> ReceiptView:
    """Return the receipt of a file that is there."""
    [found] = await _receipts(session, actor, stored_file.c.id == id_)
    return found


async def of_assignment(session: AsyncSession, actor: Actor, id_: UUID) -> AssignmentEvidence:
    """Return the receipts of an assignment the actor may see. Raises NotFound."""
    await find(session, actor, id_)
    theirs = stored_file.c.id.in_(files_of_assignment(id_))
    return AssignmentEvidence(data=await _receipts(session, actor, theirs))


async def _receipts(session: AsyncSession, actor: Actor, which: Any) -> list[ReceiptView]:
    statement = (
        select(stored_file, Person.name.label("received_from"))
        .outerjoin(Person, Person.id == stored_file.c.uploaded_by)
        .order_by(stored_file.c.created_at, stored_file.c.id)
    )
    rows = (await session.execute(statement.where(which))).all()
    alike = stored_file.c.sha256.in_({row.sha256 for row in rows})
    twins = (await session.execute(statement.where(alike).limit(MOST_TWINS))).all() if rows else []
    ids = {row.id for row in (*rows, *twins)}
    places = await places_of(session, actor, ids)
    pdfs = [row.id for row in rows if row.kind == "pdf"]
    signatures = await signatures_of(session, pdfs) if pdfs else {}
    return [_receipt(row, twins, places, signatures.get(row.id)) for row in rows]


def _receipt(
    row: Row[Any],
    twins: Sequence[Row[Any]],
    places: dict[UUID, list[PlaceView]],
    signatures: SignaturesView | None,
) -> ReceiptView:
    return ReceiptView(
        id=row.id,
        name=row.name,
        kind=row.kind,
        size=row.size,
        sha256=row.sha256,
        received_at=row.created_at,
        received_from=row.received_from,
        places=places.get(row.id, []),
        same=[
            SameFileView(
                id=twin.id,
                name=twin.name,
                received_at=twin.created_at,
                received_from=twin.received_from,
                places=places[twin.id],
            )
            for twin in twins
            if twin.sha256 == row.sha256 and twin.id != row.id and places.get(twin.id)
        ],
        drawable=row.kind in DRAWABLE,
        signatures=signatures,
    )
