"""Which sub-criteria documents feed, as a person confirmed: offered to their rows, never counted.

Points come of what is attached and judged; a document that nobody linked is listed, no more.
"""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.criteria.models import DocumentLink


async def documents_linked_to(session: AsyncSession, set_id: UUID, code: str) -> set[UUID]:
    """Return the documents that feed a sub-criterion of a set."""
    found = select(DocumentLink.document_id).where(
        DocumentLink.criteria_set_id == set_id, DocumentLink.sub_criterion == code
    )
    return set(await session.scalars(found))


async def codes_by_document(session: AsyncSession, set_id: UUID) -> dict[UUID, list[str]]:
    """Return the sub-criteria of a set that each document feeds."""
    rows = await session.execute(
        select(DocumentLink.document_id, DocumentLink.sub_criterion)
        .where(DocumentLink.criteria_set_id == set_id)
        .order_by(DocumentLink.document_id, DocumentLink.sub_criterion)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for document_id, code in rows:
        found[document_id].append(code)
    return found


async def documents_by_code(session: AsyncSession, set_id: UUID) -> dict[str, list[UUID]]:
    """Return the documents that feed each sub-criterion of a set."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for document_id, codes in (await codes_by_document(session, set_id)).items():
        for code in codes:
            found[code].append(document_id)
    return found
