"""Who gets what of an urging, and what is left out and why: before it is sent, and after."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from chassis.i18n import Language, say
from chassis.web import ResponseBody
from contracts.tasks import AssignmentStatus, UrgedAs
from tasks.assignments.urged import Urging
from tasks.urging.domain import Chosen, LeftOut, Reason, Row, filled


class UrgedRow(ResponseBody):
    """An assignment that people were, or would be, urged about. `days_late`: working days, now."""

    id: UUID
    number: str
    content: str
    unit_id: UUID
    unit_name: str
    status: AssignmentStatus
    due_on: date | None
    days_late: int


class WouldGet(ResponseBody):
    """A person who gets, or would get, an urging: which rows, in which words.

    `urged_as`: the tie to most of the rows. `coordinating_ids`: of `assignment_ids`, those that
    another unit leads.
    """

    person_id: UUID
    name: str
    post: str
    unit_id: UUID
    unit_name: str
    urged_as: UrgedAs
    assignment_ids: list[UUID]
    coordinating_ids: list[UUID]
    words: str


class LeftOutView(ResponseBody):
    """A row that nobody is urged about, and why. Its words are null where it is not there."""

    id: UUID
    number: str | None
    content: str | None
    code: str
    message: str


class UrgingAnswer(ResponseBody):
    """Who gets what, what is left out and why. `urging_id` null: a preview, which keeps nothing.

    `digest` names who gets what in which words: sent back, nothing else is sent.
    """

    urging_id: UUID | None
    digest: str
    reason: Reason
    people: list[WouldGet]
    rows: list[UrgedRow]
    left_out: list[LeftOutView]


def digest_of(chosen: Chosen, reason: Reason, words: str, units: Mapping[UUID, str]) -> str:
    """Return what names exactly this: who gets which rows, why, and in which words."""
    told = sorted(
        [
            str(each.person.id), each.urged_as, sorted(str(row.id) for row in each.rows),
            filled(words, units.get(each.person.unit_id, ""), each.rows, each.helped),
        ]
        for each in chosen.recipients
    )  # fmt: skip
    said = json.dumps([reason, told], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def answer_of(
    chosen: Chosen,
    reason: Reason,
    words: str,
    units: Mapping[UUID, str],
    language: Language,
    urging: Urging | None = None,
) -> UrgingAnswer:
    """Return what would be done, or was."""
    people = [
        WouldGet(
            person_id=each.person.id, name=each.person.name, post=each.person.post,
            unit_id=each.person.unit_id, unit_name=units.get(each.person.unit_id, "—"),
            urged_as=each.urged_as, assignment_ids=[row.id for row in each.rows],
            coordinating_ids=[row.id for row in each.rows if row.id in each.helped],
            words=filled(words, units.get(each.person.unit_id, ""), each.rows, each.helped),
        )
        for each in chosen.recipients
    ]  # fmt: skip
    return UrgingAnswer(
        urging_id=urging.id if urging else None,
        digest=digest_of(chosen, reason, words, units),
        reason=reason,
        people=people,
        rows=[_row(each, units) for each in chosen.rows],
        left_out=[_left_out(each, language) for each in chosen.left_out],
    )


def _row(row: Row, units: Mapping[UUID, str]) -> UrgedRow:
    return UrgedRow(
        id=row.id, number=row.number, content=row.content, unit_id=row.unit_id,
        unit_name=units.get(row.unit_id, "—"), status=row.status, due_on=row.due_on,
        days_late=row.days_late,
    )  # fmt: skip


def _left_out(each: LeftOut, language: Language) -> LeftOutView:
    sentence = each.sentence
    return LeftOutView(
        id=each.id,
        number=each.row.number if each.row else None,
        content=each.row.content if each.row else None,
        code=each.code,
        message=say(sentence.template, language, **sentence.facts),
    )
