"""Instructions of the department's leaders: issued, and read by whom they concern."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import StringConstraints
from starlette.responses import Response

from chassis.web import (
    CurrentActor,
    Day,
    Page,
    PageParams,
    RequestBody,
    ServiceRouter,
    Transaction,
    created_at,
)
from contracts.tasks import IssuingBody
from tasks.access import RIGHTS
from tasks.assignments.doors import Required
from tasks.calendar.moment import moment
from tasks.instructions import actions, views
from tasks.instructions.actions import Wording
from tasks.instructions.domain import About, Document
from tasks.instructions.models import AboutKind
from tasks.instructions.views import Asked, InstructionView

router = ServiceRouter(prefix="/v1/instructions", tags=["instructions"])
Short = Annotated[str, StringConstraints(max_length=300)]


class DocumentBody(RequestBody):
    """The document that says it, as far as there is one."""

    number: Short | None = None
    issued_on: Day | None = None
    title: Short | None = None


class AboutBody(RequestBody):
    """What gave rise to it. `path`: the portal's page that shows it, from its `/` on."""

    kind: AboutKind
    text: Short
    path: Short | None = None


class InstructionBody(RequestBody):
    """What a unit is told to do. `deadline_text`: in an appendix's words ("Trước ngày 30/6").

    `on_behalf_of_id`: the Director whose words the Office writes down; the Director leaves it out.
    """

    plan_id: UUID
    unit_id: UUID
    words: Required
    deadline_text: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    issuing_body: IssuingBody
    document: DocumentBody | None = None
    about: AboutBody | None = None
    on_behalf_of_id: UUID | None = None


async def _asked(
    unit_id: UUID | None = None,
    plan_id: UUID | None = None,
    assignment_id: UUID | None = None,
    issuing_body: IssuingBody | None = None,
) -> Asked:
    return Asked(unit_id, plan_id, assignment_id, issuing_body)


@router.get("", policy="instruction.read")
async def list_instructions(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    asked: Annotated[Asked, Depends(_asked)],
) -> Page[InstructionView]:
    """List instructions, the newest first: units see their own, those who oversee see all."""
    found, cursor = await views.page(session, actor, asked, paging)
    allowed = RIGHTS.allowed(actor, "instruction", ["issue", "issue_on_behalf"])
    return Page(data=found, next_cursor=cursor, allowed=allowed)


@router.post("", policy="instruction.issue", status_code=201)
async def issue_instruction(
    body: InstructionBody, session: Transaction, actor: CurrentActor, response: Response
) -> InstructionView:
    """Issue an instruction: an assignment of its unit in a plan in force; people are told at once.

    404 for a plan that is not there; 409 `plan_draft`, `plan_closed`, `plan_cancelled`; 422 where
    nobody is named, for a unit that has ended and a document of a day to come.
    """
    about = About(**body.about.model_dump()) if body.about else None
    document = Document(**body.document.model_dump()) if body.document else Document()
    written = Wording(
        body.plan_id, body.unit_id, body.words, body.deadline_text, body.issuing_body, document,
        about, body.on_behalf_of_id,
    )  # fmt: skip
    made = await actions.issue(session, actor, written, await moment(session))
    created_at(response, f"/v1/instructions/{made.id}")
    return await views.one(session, actor, made.id)


@router.get("/{id}", policy="instruction.read")
async def read_instruction(id: UUID, session: Transaction, actor: CurrentActor) -> InstructionView:
    """Return one instruction. 404 for another unit's."""
    return await views.one(session, actor, id)
