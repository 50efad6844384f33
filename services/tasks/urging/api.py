"""Urging: previewed and sent by the Office and the Director, followed by who it concerns."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from chassis.access import Actor
from chassis.documents.official import MEDIA_TYPE
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Day,
    Distinct,
    IfMatch,
    Page,
    PageParams,
    RequestBody,
    ServiceRouter,
    Transaction,
    created_at,
    set_etag,
)
from contracts.tasks import UrgingOrigin
from tasks.access import RIGHTS
from tasks.assignments.urged import Urging
from tasks.calendar.moment import moment
from tasks.urging import actions, views
from tasks.urging.actions import Wish
from tasks.urging.domain import MOST, Reason
from tasks.urging.letter import letter_of
from tasks.urging.matching import names_of_units
from tasks.urging.preview import UrgingAnswer, answer_of
from tasks.urging.views import Asked, UrgingBrief, UrgingView

router = ServiceRouter(prefix="/v1/urgings", tags=["urgings"])
LETTER = {200: {"content": {MEDIA_TYPE: {}}, "description": "The letter"}}
Ids = Annotated[list[UUID], Field(min_length=1, max_length=MOST), Distinct]


class UrgingBody(RequestBody):
    """Which rows to urge, at most 2,000, for which reason, in which words.

    `reason`: `lead`, who is accountable, else the head of the lead unit; `coordinating`, the heads
    of the units that help; `any`, both. `text` may hold `{don_vi}` (the person's unit),
    `{so_nhiem_vu}` (how many rows), `{so_qua_han}` (how many of those they lead are overdue),
    `{danh_sach}` (their numbers, of few the words; those they only help with apart). `preview`: say
    who would get what, and keep nothing. `digest`: of the preview that somebody has seen; with it,
    exactly that is sent or nothing.
    """

    assignment_ids: Ids
    reason: Reason
    text: str = Field(min_length=1, max_length=2000)
    preview: bool = False
    digest: str | None = Field(default=None, max_length=64)


class LetterNumberBody(RequestBody):
    """The number of the letter as it went out ("15/SNV-VP"), and its day."""

    number: str = Field(min_length=1, max_length=100)
    issued_on: Day


async def _asked(*, origin: UrgingOrigin | None = None, assignment_id: UUID | None = None) -> Asked:
    return Asked(origin, assignment_id)


async def _urging(actor: CurrentActor) -> Actor:
    RIGHTS.check(actor, "assignment.urge")
    return actor


async def _writing(id: UUID, session: Transaction, actor: CurrentActor) -> Urging:
    return await actions.writing(session, actor, id)


@router.post("", policy="assignment.urge", status_code=201)
async def create_urging(
    actor: Annotated[Actor, Depends(_urging)],
    body: UrgingBody,
    session: Transaction,
    language: AskedLanguage,
    response: Response,
) -> UrgingAnswer:
    """Urge, or with `preview` (200) only say who would get what. Each person is told once.

    409 `urging_repeated`: rows urged for this reason too short a time ago; 409 `urging_nothing`;
    409 `urging_outdated`: it is not what was previewed any more.
    """
    at, units = await moment(session), await names_of_units(session)
    wish = Wish(body.assignment_ids, body.reason, body.text, body.digest)
    if body.preview:
        response.status_code = 200
        chosen = await actions.preview(session, actor, wish, at)
        return answer_of(chosen, body.reason, body.text, units, language)
    urging, chosen = await actions.urge(session, actor, wish, at)
    created_at(response, f"/v1/urgings/{urging.id}")
    return answer_of(chosen, body.reason, body.text, units, language, urging)


@router.get("", policy="urging.list")
async def list_urgings(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    asked: Annotated[Asked, Depends(_asked)],
) -> Page[UrgingBrief]:
    """List urgings that concern the caller, the newest first: for a unit those of its rows."""
    found, cursor = await views.page(session, actor, asked, paging)
    allowed = ["create"] if RIGHTS.may(actor, "assignment.urge") else []
    return Page(data=found, next_cursor=cursor, allowed=allowed)


@router.get("/{id}", policy="urging.read")
async def read_urging(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> UrgingView:
    """Return one urging with its receipts: of a unit's own people, for a unit.

    Its ETag is that of the letter's number.
    """
    found = await views.one(session, actor, id, await moment(session))
    if found is None:
        raise actions.unknown()
    set_etag(response, found.version)
    return found


@router.get(
    "/{id}/letter.docx", policy="urging.read_letter", response_class=Response, responses=LETTER
)
async def read_letter(id: UUID, session: Transaction, actor: CurrentActor) -> Response:
    """Return the official letter as .docx: its annex has what was urged, as it was on that day.

    409 `urging_without_letter`: a ladder's, or one about reports.
    """
    urging = await actions.find(session, actor, id)
    RIGHTS.check(actor, "urging.read_letter")
    actions.check_letter(urging)
    content = await letter_of(session, urging)
    name = f'attachment; filename="cong-van-don-doc-{urging.made_at:%Y-%m-%d}.docx"'
    return Response(content, media_type=MEDIA_TYPE, headers={"Content-Disposition": name})


@router.post("/{id}/letter_number", policy="urging.record_letter")
async def record_letter_number(
    urging: Annotated[Urging, Depends(_writing)],
    body: LetterNumberBody,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> UrgingView:
    """Enter the number of the letter that went out: it stands in the history of every row.

    412 when somebody has entered one since; 409 `urging_without_letter`.
    """
    at = await moment(session)
    await actions.record_letter(session, actor, urging, expected, body.number, body.issued_on, at)
    return await read_urging(urging.id, session, actor, response)
