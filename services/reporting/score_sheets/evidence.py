"""What proves a row: an accepted result, a report, a document; its hash and date as attached."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from contracts.tasks import AssignmentState
from reporting.bodies.scope import sees
from reporting.completion.models import AssignmentFact
from reporting.criteria.models import Link
from reporting.score_sheets.entries import check_asked
from reporting.score_sheets.models import RowEvidence
from reporting.score_sheets.offered import documents_for, is_ours
from reporting.score_sheets.rows import evidence_of, locked, note
from reporting.score_sheets.seen import SeenSheet
from reporting.score_sheets.steps import check_state

EvidenceKind = Literal["result", "report", "inspection", "finding", "document", "link"]
_OFFERED = frozenset({"report", "inspection", "finding", "document"})
_RESULT = N_("Kết quả nhiệm vụ {number}: {product}")
_NO_SUCH_RESULT = N_(
    "{part}: kết quả này chưa được chấp nhận, nhiệm vụ chưa được liên kết với tiêu chí, hoặc đã "
    "được đính kèm"
)
_NOT_OFFERED = N_(
    "{part}: không có văn bản, báo cáo, kết luận hoặc phát hiện kiểm tra này để đính kèm, hoặc đã "
    "được đính kèm"
)
_NEITHER = N_("{part}: hãy ghi tên minh chứng, ví dụ số và ngày của văn bản")


@dataclass(frozen=True)
class Offer:
    """What could prove a row: a result or document that a confirmed link feeds it with (`linked`).

    Or a document of a kind it asks for. One click attaches it.
    """

    kind: str
    reference_id: UUID
    title: str
    dated_on: date
    sha256: str
    attached: bool
    linked: bool = True
    address: str | None = None


async def offers(seen: SeenSheet, code: str) -> list[Offer]:
    """Return what could prove a row, of the body's own unit where it is one of ours.

    Accepted results that feed it, then documents of the kinds its evidence names. Nothing for those
    who see the sheet only since it is published: what was not attached is not theirs to read.
    Raises NotFound for an unknown row.
    """
    sub = seen.sub(code)
    if not sees(seen.actor, seen.block, seen.body):
        return []
    attached = {e.reference_id for e in await evidence_of(seen, code) if e.withdrawn_at is None}
    documents = [
        Offer(known.kind, known.id, known.name, known.dated_on, known.sha256,
              known.id in attached, linked, known.address)
        for known, linked in await documents_for(seen, sub)
    ]  # fmt: skip
    return [*await _results(seen, code, attached), *documents]


async def _results(seen: SeenSheet, code: str, attached: set[UUID | None]) -> list[Offer]:
    """Return accepted results that feed a row; those of a body that is none of ours feed none."""
    if not is_ours(seen):
        return []
    linked = (
        select(AssignmentFact.state)
        .join(Link, Link.task_id == AssignmentFact.task_id)
        .where(
            Link.criteria_set_id == seen.sheet.criteria_set_id,
            Link.sub_criterion == code,
            AssignmentFact.state["status"].astext == "done",
        )
        .order_by(AssignmentFact.assignment_id)
    )
    if seen.body.unit_id is not None:
        linked = linked.where(AssignmentFact.unit_id == seen.body.unit_id)
    return [_offer(state, attached) for state in await seen.session.scalars(linked) if state]


async def attach(seen: SeenSheet, code: str, given: Mapping[str, Any]) -> RowEvidence:
    """Attach evidence to a row: a result by its id alone, anything else by its title.

    In the self-scoring it proves the points, later it comes with the explanation. Raises NotFound,
    InputRefused.
    """
    seen.sub(code)
    row = await locked(seen, code)  # of two clicks the second finds it attached
    values = await _facts(seen, code, given)
    purpose = "explanation" if seen.state == "explaining" else "self_score"
    if purpose == "explanation":
        check_asked(code, row.question)
    made = RowEvidence(
        id=new_id(), year=seen.sheet.year, body_id=seen.body.id, code=code, purpose=purpose,
        kind=given["kind"], added_by=seen.actor.person_id, added_at=seen.now, withdrawn_at=None,
        withdrawn_because=None, **values,
    )  # fmt: skip
    seen.session.add(made)
    after = {"id": str(made.id), "title": made.title, "sha256": made.sha256}
    await note(seen, code, "prove", after={"evidence": after})
    return made


async def withdraw(seen: SeenSheet, code: str, id_: UUID, reason: str) -> RowEvidence:
    """Take evidence back, saying why; it stays in the history. Raises NotFound.

    Raises RuleBroken (`score_sheet_state`) for what proved self-scores that are locked.
    """
    await locked(seen, code)  # two clicks take turns
    found = next((e for e in await evidence_of(seen, code) if e.id == id_), None)
    if found is None or found.withdrawn_at is not None:
        raise NotFound("Không có minh chứng này ở dòng này")
    if found.purpose == "self_score":
        check_state("self_score", seen.state)
    found.withdrawn_at, found.withdrawn_because = seen.now, reason
    before = {"id": str(found.id), "title": found.title, "sha256": found.sha256}
    await note(seen, code, "prove", before={"evidence": before}, after={"evidence": None},
               reason=reason)  # fmt: skip
    return found


async def _facts(seen: SeenSheet, code: str, given: Mapping[str, Any]) -> dict[str, Any]:
    named = given["kind"] == "document" and given.get("title")  # another system's, by its id
    offered = given["kind"] in _OFFERED and given.get("reference_id") and not named
    if given["kind"] != "result" and not offered:
        if not given.get("title"):
            sentence = Sentence(_NEITHER, {"part": code})
            raise InputRefused("evidence_invalid", sentence, [Problem("/title", sentence)])
        names = ("title", "reference_id", "address", "sha256", "dated_on")
        return {name: given.get(name) for name in names}
    found = {(o.kind, o.reference_id): o for o in await offers(seen, code) if not o.attached}
    offer = found.get((given["kind"], given.get("reference_id") or UUID(int=0)))
    if offer is None:
        sentence = Sentence(_NOT_OFFERED if offered else _NO_SUCH_RESULT, {"part": code})
        raise InputRefused("evidence_invalid", sentence, [Problem("/reference_id", sentence)])
    return {
        "title": offer.title, "reference_id": offer.reference_id, "address": offer.address,
        "sha256": offer.sha256, "dated_on": offer.dated_on,
    }  # fmt: skip


def _offer(stored: Mapping[str, Any], attached: set[UUID | None]) -> Offer:
    """Return an accepted result; the hash is of the record of it that is kept here."""
    state = AssignmentState.model_validate(stored)
    record = json.dumps(stored, sort_keys=True, ensure_ascii=False).encode()
    facts = {"number": state.number, "product": state.product or state.content}
    done_on = state.submitted_on or state.last_working_day or date.min
    return Offer(
        "result", state.assignment_id, str(Sentence(_RESULT, facts)), done_on,
        hashlib.sha256(record).hexdigest(), state.assignment_id in attached,
    )  # fmt: skip
