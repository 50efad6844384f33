"""Kinds of reports as they are kept, changed and confirmed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.errors import NotFound
from chassis.rules import InputRefused, Problem
from chassis.web import ResponseBody, check_version
from chassis.words import N_, Sentence
from reporting.access import RIGHTS
from reporting.criteria.models import StoredSet
from reporting.criteria.sets import published_set
from reporting.reports.models import ConfirmedSource, StoredKind
from reporting.reports.outline import KindBody
from reporting.reports.outline_checks import check
from reporting.sources.models import Questionnaire

_NO_KEY = N_(
    "«{key}» không phải phiên bản hiện hành: chỉ xác nhận được bản đang dùng, nên hãy lập lại báo "
    "cáo theo bản đó rồi xác nhận"
)
_NO_KIND = N_("Không có loại báo cáo này")


class Composed(ResponseBody):
    """Data behind a report that is not an official text. `confirmed_at` None: not confirmed yet."""

    key: str
    name: str
    notice: str
    source: str | None = None
    confirmed_by: UUID | None = None
    confirmed_at: datetime | None = None


def key_of(code: str, version: int) -> str:
    """Return the key under which a kind's version is confirmed."""
    return f"report_kind/{code}/{version}"


async def all_kinds(session: AsyncSession) -> Sequence[StoredKind]:
    """Return every kind, in its order."""
    ordered = select(StoredKind).order_by(StoredKind.place, StoredKind.code)
    return (await session.scalars(ordered)).all()


async def find(session: AsyncSession, code: str, *, lock: bool = False) -> StoredKind:
    """Return a kind. Raises NotFound."""
    wanted = select(StoredKind).where(StoredKind.code == code)
    found = await session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound(_NO_KIND, code="report_kind_not_found")
    return found


def body_of(stored: StoredKind) -> KindBody:
    """Return what a kind is made of."""
    return KindBody.model_validate(stored.body)


async def change(
    session: AsyncSession, actor: Actor, code: str, body: KindBody, expected: int,
    reason: str, now: datetime,
) -> StoredKind:  # fmt: skip
    """Put a kind in place of what it was. Raises NotFound, StaleVersion, InputRefused.

    That a kind is composed is unsaid by who may confirm it alone, and its sections are others, or
    in another order, by who may restructure it, else NotAllowed.
    """
    stored = await find(session, code, lock=True)
    check_version(stored.version, expected)
    former = body_of(stored)
    if former.composed and not body.composed:
        RIGHTS.check(actor, "report_kind.confirm")
    if former.structure() != body.structure():
        RIGHTS.check(actor, "report_kind.restructure")
    check(body)
    before, after = stored.body, body.model_dump(mode="json")
    stored.body, stored.version = after, stored.version + 1
    await traces.leave(
        session, actor, "report_kind.change", stored.id, now=now, before=before, after=after,
        reason=reason,
    )  # fmt: skip
    return stored


async def confirm(
    session: AsyncSession, actor: Actor, code: str, keys: Sequence[str], source: str, now: datetime
) -> StoredKind:
    """Confirm the kind as it is now, or what `keys` name, against an official text."""
    stored = await find(session, code, lock=True)
    chosen = list(keys) or [key_of(code, stored.version)]
    for place, key in enumerate(chosen):
        if key != key_of(code, stored.version) and not await _is_present(session, key):
            sentence = Sentence(_NO_KEY, {"key": key})
            problem = Problem(f"/keys/{place}", sentence)
            raise InputRefused("report_source_unknown", sentence, [problem])
    for key in chosen:
        made = insert(ConfirmedSource).values(
            key=key, source=source, confirmed_by=actor.person_id, confirmed_at=now
        )
        await session.execute(made.on_conflict_do_nothing())
    await traces.leave(
        session, actor, "report_kind.confirm", stored.id, now=now,
        after={"keys": chosen, "source": source},
    )  # fmt: skip
    return stored


async def _is_present(session: AsyncSession, key: str) -> bool:
    """Tell whether a key is of a set in force in its year, or of a published questionnaire."""
    what, _, named = key.partition("/")
    code, _, version = named.rpartition("/")
    if what == "questionnaire":
        state = Questionnaire.state
        same = state["code"].astext == code, state["version"].astext == version
        return await session.scalar(select(Questionnaire.id).where(*same).limit(1)) is not None
    if what != "criteria_set":
        return False
    same = StoredSet.code == code, cast(StoredSet.set_version, Text) == version
    year = await session.scalar(select(StoredSet.year).where(*same))
    found = None if year is None else await published_set(session, year)
    return found is not None and (found.body.code, str(found.set_version)) == (code, version)


async def confirmations(session: AsyncSession, keys: Sequence[str]) -> dict[str, ConfirmedSource]:
    """Return what of these was confirmed."""
    if not keys:
        return {}
    found = await session.scalars(select(ConfirmedSource).where(ConfirmedSource.key.in_(keys)))
    return {each.key: each for each in found}


def with_confirmation(composed: Composed, known: ConfirmedSource | None) -> Composed:
    """Return composed data with who confirmed it, if somebody did."""
    if known is None:
        return composed
    facts = ("source", "confirmed_by", "confirmed_at")
    return composed.model_copy(update={name: getattr(known, name) for name in facts})
