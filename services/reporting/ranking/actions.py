"""Publishing a ranking: a version that never changes; a correction is a new one that says why."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import live, traces
from chassis.access import Actor
from chassis.ids import new_id
from contracts.reporting import RankedBody, RankingPublished, RankingState
from reporting.bodies.models import Body
from reporting.bodies.people import people_of
from reporting.marks import TOPIC
from reporting.ranking.documents import as_json, sha256
from reporting.ranking.domain import Line, next_version
from reporting.ranking.models import RankingVersion, StoredRanking
from reporting.ranking.standings import Standing, block_of, newest, standing
from reporting.score_sheets.published_sheets import hold_sheets, publish_approved
from reporting.shown import shown


async def prepare(
    session: AsyncSession, actor: Actor, year: int, block_id: UUID, now: datetime
) -> bool:
    """Open the ranking of a block's year; tell whether it was not open. Raises NotFound."""
    block = await block_of(session, block_id)
    opened = await _open(session, year, block_id)
    if opened is not None:
        after = {"year": year, "block": block.code}
        await traces.leave(session, actor, "ranking.prepare", opened, now=now, after=after)
    return opened is not None


async def publish(
    session: AsyncSession, actor: Actor, year: int, block_id: UUID, reason: str, now: datetime
) -> RankingVersion:
    """Publish how the bodies of a block stand now, as the next version. `reason`: from 2 on.

    Approved sheets that are not published yet are published with it: a rank is retraced in them.
    Raises NotFound, InputRefused (`ranking_reason_missing`), RuleBroken
    (`ranking_sheet_not_approved`, `ranking_empty`, `ranking_unchanged`).
    """
    block = await block_of(session, block_id)
    stored = await _locked(session, year, block_id)
    held = await hold_sheets(session, year, block_id)
    found = await standing(session, year, block)
    said, exact = found.document(), as_json(found.ranking)
    before = await newest(session, year, block_id)
    unchanged = before is not None and (_what(before.document), before.exact) == (said, exact)
    number = next_version(found.ranking, stored.version, reason, unchanged=unchanged)
    document = {
        **said, "version": number, "reason": reason.strip() or None,
        "published_at": now.isoformat(), "replaces": before.sha256 if before else None,
    }  # fmt: skip
    version = RankingVersion(
        ranking_id=stored.id, number=number, sha256=sha256(document),
        reason=reason.strip() or None, document=document, exact=exact, published_by=actor.person_id,
        published_at=now,
    )  # fmt: skip
    session.add(version)
    stored.version = number
    await publish_approved(session, actor, held, now)
    event = RankingPublished(ranking=await _state(session, found, version))
    await traces.leave(
        session, actor, "ranking.publish", stored.id, event, now=now, reason=version.reason,
        after={"year": year, "block": block.code, "version": number, "sha256": version.sha256},
    )  # fmt: skip
    told = {"year": year, "block_id": str(block_id), "version": number}
    await live.push(session, live.Push(TOPIC, told, event="ranking_published"))
    return version


def _what(document: dict[str, Any]) -> dict[str, Any]:
    """Return what a version says of the bodies, without its number, time and reason."""
    about = ("version", "reason", "published_at", "replaces")
    return {name: value for name, value in document.items() if name not in about}


async def _open(session: AsyncSession, year: int, block_id: UUID) -> UUID | None:
    """Open a ranking; return its id, None when it was open."""
    made = insert(StoredRanking).values(id=new_id(), year=year, block_id=block_id)
    new: UUID | None = await session.scalar(
        made.on_conflict_do_nothing().returning(StoredRanking.id)
    )
    return new


async def _locked(session: AsyncSession, year: int, block_id: UUID) -> StoredRanking:
    """Return a ranking, opened when it was not, locked: two clicks take turns."""
    await _open(session, year, block_id)
    return (
        await session.scalars(
            select(StoredRanking)
            .where(StoredRanking.year == year, StoredRanking.block_id == block_id)
            .with_for_update()
        )
    ).one()


async def _state(session: AsyncSession, found: Standing, version: RankingVersion) -> RankingState:
    """Return the ranking as everybody may know it: no reasons, which people write freely."""
    ids = [line.body.id for line in found.ranking.lines]
    bodies = (await session.scalars(select(Body).where(Body.id.in_(ids)))).all()
    units = {body.id: body.unit_id for body in bodies}
    people = (await people_of(session, bodies)).values()
    return RankingState(
        ranking_id=version.ranking_id, version=version.number, year=found.year,
        block_id=found.block.id, block_code=found.block.code, block_name=found.block.name,
        composed=bool(found.criteria and found.criteria.body.composed),
        average=shown(found.ranking.average), sha256=version.sha256,
        bodies=[_ranked(line, units.get(line.body.id)) for line in found.ranking.lines],
        people_ids=sorted({each for acting in people for each in acting}),
    )  # fmt: skip


def _ranked(line: Line, unit_id: UUID | None) -> RankedBody:
    return RankedBody(
        body_id=line.body.id, unit_id=unit_id, code=line.body.code, name=line.body.name,
        eligible=line.body.eligible, rank=line.rank, index=shown(line.body.index),
        grade=line.grade,
    )  # fmt: skip
