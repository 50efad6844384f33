"""One row of a body's sheet, changed by one person at a time, and what was changed in it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from pydantic_core import to_jsonable_python
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis import traces
from chassis.web import check_version
from reporting.bodies.models import OWN_BODY
from reporting.marks import ParOf, mark_acted
from reporting.score_sheets.models import RowEvidence, ScoreRow
from reporting.score_sheets.seen import SeenSheet


def row_id(year: int, code: str, body_id: UUID = OWN_BODY) -> UUID:
    """Return the id under which a row stands in the audit."""
    of = "" if body_id == OWN_BODY else f"{body_id}:"
    return uuid5(NAMESPACE_OID, f"score_row:{year}:{of}{code}")


async def locked(seen: SeenSheet, code: str, expected: int | None = None) -> ScoreRow:
    """Return a row, made when it is missing, locked. Raises StaleVersion."""
    key = {"year": seen.sheet.year, "body_id": seen.body.id, "code": code}
    await seen.session.execute(insert(ScoreRow).values(**key).on_conflict_do_nothing())
    row = await seen.session.get_one(ScoreRow, key, with_for_update=True, populate_existing=True)
    if expected is not None:
        check_version(row.version, expected)
    return row


async def change(
    seen: SeenSheet, row: ScoreRow, act: str, values: Mapping[str, Any], reason: str | None = None
) -> None:
    """Write what differs into a row, and into its history who, from what, to what and why."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return
    before = to_jsonable_python({name: getattr(row, name) for name in changed})
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    after = to_jsonable_python(changed)
    await note(seen, row.code, act, before=before, after=after, reason=reason)
    await seen.session.refresh(row)  # points as they are stored, to their last place


async def note(
    seen: SeenSheet,
    code: str,
    act: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Leave a row's trace; our own department's figures may move with it."""
    subject = row_id(seen.sheet.year, code, seen.body.id)
    await traces.leave(
        seen.session, seen.actor, f"sheet.{act}", subject, now=seen.now,
        before=before, after=after, reason=reason,
    )  # fmt: skip
    if seen.body.id == OWN_BODY:
        await mark_acted(seen.session, [ParOf(seen.sheet.year)], seen.now)


async def evidence_of(seen: SeenSheet, code: str | None = None) -> Sequence[RowEvidence]:
    """Return the evidence of a row, or of all rows, what was taken back included."""
    wanted = select(RowEvidence).where(
        RowEvidence.year == seen.sheet.year, RowEvidence.body_id == seen.body.id
    )
    if code is not None:
        wanted = wanted.where(RowEvidence.code == code)
    return (await seen.session.scalars(wanted.order_by(RowEvidence.added_at, RowEvidence.id))).all()
