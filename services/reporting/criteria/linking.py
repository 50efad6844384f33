"""What feeds which sub-criteria: confirmed, taken back, carried to another version."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.directory import unit
from chassis.errors import Conflict
from chassis.words import N_
from reporting.bodies.domain import check_known
from reporting.completion.actions import relink
from reporting.criteria.acts import check_document_links, check_links
from reporting.criteria.carrying import Carried, carry, chosen, digest_of
from reporting.criteria.document_links import documents_by_code
from reporting.criteria.links import links_of, plans_of_tasks, tasks_by_code
from reporting.criteria.models import DocumentLink, Link, StoredSet
from reporting.criteria.sets import read_body, stored_set
from reporting.marks import ParOf, mark_acted
from reporting.sources import offered
from reporting.sources.offered import documents_of

_OUTDATED = N_("Liên kết đã thay đổi từ lúc xem; hãy xem lại rồi xác nhận")


async def link_tasks(
    session: AsyncSession,
    actor: Actor,
    set_id: UUID,
    links: Mapping[UUID, Collection[str]],
    now: datetime,
) -> None:
    """Confirm which sub-criteria each task serves; none takes its links back. All or nothing.

    Raises NotFound, InputRefused.
    """
    stored = await stored_set(session, set_id, lock=True)
    plans = await plans_of_tasks(session, stored.year, list(links))
    check_links(links, read_body(stored), plans)
    await session.execute(
        delete(Link).where(Link.criteria_set_id == set_id, Link.task_id.in_(links))
    )
    pairs = [(task_id, code) for task_id, codes in links.items() for code in codes]
    await _store(session, actor, Link, set_id, pairs, now)
    after = {str(task_id): list(codes) for task_id, codes in links.items()}
    await traces.leave(session, actor, "criteria_set.link", set_id, now=now, after=after)
    await _count(session, stored, plans.values(), now)


async def link_documents(
    session: AsyncSession,
    actor: Actor,
    set_id: UUID,
    links: Mapping[UUID, Collection[str]],
    now: datetime,
) -> None:
    """Confirm which sub-criteria each document feeds; none takes its links back. All or nothing.

    No figure moves: what a document proves is attached and judged. Raises NotFound, InputRefused.
    """
    stored = await stored_set(session, set_id, lock=True)
    known = {each.id for each in await documents_of(session, stored.year)}
    check_document_links(links, read_body(stored), known)
    await session.execute(
        delete(DocumentLink).where(
            DocumentLink.criteria_set_id == set_id, DocumentLink.document_id.in_(links)
        )
    )
    pairs = [(document_id, code) for document_id, codes in links.items() for code in codes]
    await _store(session, actor, DocumentLink, set_id, pairs, now)
    after = {str(document_id): list(codes) for document_id, codes in links.items()}
    await traces.leave(session, actor, "criteria_set.link_documents", set_id, now=now, after=after)


async def name_document(
    session: AsyncSession,
    actor: Actor,
    set_id: UUID,
    facts: Mapping[str, Any],
    codes: Collection[str],
    now: datetime,
) -> None:
    """Keep a document by its name, and confirm what it feeds. Raises NotFound, InputRefused."""
    stored = await stored_set(session, set_id)
    if unit_id := facts["unit_id"]:
        known = await session.scalar(select(unit.c.id).where(unit.c.id == unit_id))
        check_known("/unit_id", known=known is not None)
    made = await offered.name_document(session, stored.year, facts)
    after = to_jsonable_python({**facts, "id": made.id})
    await traces.leave(session, actor, "criteria_set.name_document", set_id, now=now, after=after)
    await link_documents(session, actor, set_id, {made.id: list(dict.fromkeys(codes))}, now)


async def would_carry(session: AsyncSession, stored: StoredSet, old: StoredSet) -> list[Carried]:
    """Return what carrying the links of another version here would do now."""
    links = await tasks_by_code(session, old.id)
    kept = await plans_of_tasks(
        session, stored.year, [id_ for ids in links.values() for id_ in ids]
    )
    of_year = {code: [id_ for id_ in ids if id_ in kept] for code, ids in links.items()}
    documents = await documents_by_code(session, old.id) if old.year == stored.year else {}
    return carry(
        read_body(old), read_body(stored), (of_year, await tasks_by_code(session, stored.id)),
        (documents, await documents_by_code(session, stored.id)),
    )  # fmt: skip


async def carry_links(
    session: AsyncSession,
    actor: Actor,
    set_id: UUID,
    from_id: UUID,
    codes: Sequence[str],
    digest: str,
    now: datetime,
) -> None:
    """Confirm the links of the chosen codes here, beside those that are there already.

    Raises NotFound; Conflict `links_carry_outdated` when they are not what was shown; InputRefused.
    """
    stored = await stored_set(session, set_id, lock=True)
    old = await stored_set(session, from_id)
    found = await would_carry(session, stored, old)
    if digest_of(found) != digest:
        raise Conflict(_OUTDATED, code="links_carry_outdated")
    wanted = chosen(found, codes)
    pairs = [(task_id, each.code) for each in wanted for task_id in each.tasks]
    await _store(session, actor, Link, set_id, pairs, now)
    documents = [(document_id, each.code) for each in wanted for document_id in each.documents]
    await _store(session, actor, DocumentLink, set_id, documents, now)
    carried = {each.code: [str(id_) for id_ in (*each.tasks, *each.documents)] for each in wanted}
    after = {"from": str(from_id), **carried}
    await traces.leave(session, actor, "criteria_set.carry_links", set_id, now=now, after=after)
    plans = await plans_of_tasks(session, stored.year, [task_id for task_id, _ in pairs])
    await _count(session, stored, plans.values(), now)


async def _store(
    session: AsyncSession,
    actor: Actor,
    kind: type[Link] | type[DocumentLink],
    set_id: UUID,
    pairs: Sequence[tuple[UUID, str]],
    now: datetime,
) -> None:
    what = "task_id" if kind is Link else "document_id"
    rows = [
        {what: id_, "criteria_set_id": set_id, "sub_criterion": code,
         "confirmed_by": actor.person_id, "confirmed_at": now}
        for id_, code in dict.fromkeys(pairs)
    ]  # fmt: skip
    if rows:
        await session.execute(insert(kind).on_conflict_do_nothing(), rows)


async def _count(
    session: AsyncSession, stored: StoredSet, plans: Iterable[UUID], now: datetime
) -> None:
    await relink(session, plans, links_of)
    await mark_acted(session, [ParOf(stored.year)], now)
