"""Handling proposals: for the Office, the Director and the auditor; for others there is nothing.

Who may not know is told 404 before anything of the request is looked at.
"""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, UploadFile
from pydantic import Field, StringConstraints
from starlette.responses import Response

from chassis.bodies import Reason
from chassis.files import Files, StoredFileView
from chassis.web import (
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
    distinct_by,
    set_etag,
)
from tasks.access import RIGHTS
from tasks.assignments.doors import Required
from tasks.calendar.moment import moment
from tasks.handling import actions, views
from tasks.handling.actions import Proposal
from tasks.handling.scope import check_open
from tasks.handling.views import HandlingProposalView, KindsView

Code = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]+$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
References = Annotated[list[UUID], Field(max_length=50), Distinct]


class ProposalBody(RequestBody):
    """A proposal about a person, or about the head of a unit: one of the two.

    `kind`: a code of the list of kinds. `file_ids`: uploaded for this at
    `POST /v1/handling_proposals/files`, and read by nobody else.
    """

    person_id: UUID | None = None
    head_of_unit_id: UUID | None = None
    kind: Name
    evidence: Required
    finding_ids: References = Field(default=[])
    assignment_ids: References = Field(default=[])
    file_ids: References = Field(default=[])
    measure: Required


class DecisionBody(RequestBody):
    """What the Director decided, in words. `decided_on`: today where it is left out."""

    decision: Required
    decided_on: Day | None = None


class KindBody(RequestBody):
    """A kind: its code stays, its name may be reworded."""

    code: Code
    name: Name
    in_use: bool = True


class KindsBody(RequestBody):
    """All kinds, and why the list is changed."""

    kinds: Annotated[list[KindBody], Field(min_length=1, max_length=50), distinct_by("code")]
    reason: Reason


async def _open(actor: CurrentActor) -> None:
    check_open(actor)


async def _may_create(actor: CurrentActor) -> None:
    check_open(actor)
    RIGHTS.check(actor, "handling_proposal.create")


async def _may_decide(actor: CurrentActor) -> None:
    check_open(actor)
    RIGHTS.check(actor, "handling_proposal.decide")


async def _may_change_kinds(actor: CurrentActor) -> None:
    check_open(actor)
    RIGHTS.check(actor, "handling_kinds.change")


router = ServiceRouter(prefix="/v1/handling_proposals", tags=["handling"])
kinds_router = ServiceRouter(prefix="/v1/handling_kinds", tags=["handling"])


@router.get("", policy="handling_proposal.read", dependencies=[Depends(_open)])
async def list_handling_proposals(
    session: Transaction, actor: CurrentActor, paging: PageParams, *, decided: bool | None = None
) -> Page[HandlingProposalView]:
    """List proposals, the newest first. `decided`: only those, or only those that wait."""
    found, cursor = await views.page(session, actor, paging, decided=decided)
    allowed = RIGHTS.allowed(actor, "handling_proposal", ("create",))
    return Page(data=found, next_cursor=cursor, allowed=allowed)


@router.post(
    "", policy="handling_proposal.create", status_code=201, dependencies=[Depends(_may_create)]
)
async def create_handling_proposal(
    body: ProposalBody, session: Transaction, actor: CurrentActor, response: Response
) -> HandlingProposalView:
    """Propose; nobody is told. A person decides, and nothing follows by itself."""
    at = await moment(session)
    made = await actions.propose(session, actor, Proposal(**body.model_dump()), at)
    created_at(response, f"/v1/handling_proposals/{made.id}")
    return await views.one(session, actor, made.id)


@router.post(
    "/files",
    policy="handling_proposal.create",
    status_code=201,
    dependencies=[Depends(_may_create)],
)
async def upload_handling_file(
    file: UploadFile,
    session: Transaction,
    actor: CurrentActor,
    files: Files,
    response: Response,
) -> StoredFileView:
    """Store a file for a proposal: sealed at once, read by its uploader until the proposal is made.

    415 for another kind than pdf, jpg, png, docx, xlsx; 413 above 20 MB.
    """
    content = await file.read()
    stored = await actions.upload(session, files, actor, file.filename or "", content)
    created_at(response, f"/v1/files/{stored.id}")
    return StoredFileView.model_validate(stored)


@router.get("/{id}", policy="handling_proposal.read", dependencies=[Depends(_open)])
async def read_handling_proposal(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> HandlingProposalView:
    """Return a proposal."""
    view = await views.one(session, actor, id)
    set_etag(response, view.version)
    return view


@router.post("/{id}/decide", policy="handling_proposal.decide", dependencies=[Depends(_may_decide)])
async def decide_handling_proposal(
    id: UUID, body: DecisionBody, session: Transaction, actor: CurrentActor
) -> HandlingProposalView:
    """Decide, once. 409 `handling_decided`."""
    at = await moment(session)
    await actions.decide(session, actor, id, body.decision, body.decided_on, at)
    return await views.one(session, actor, id)


@kinds_router.get("", policy="handling_kinds.read", dependencies=[Depends(_open)])
async def read_handling_kinds(
    session: Transaction, actor: CurrentActor, response: Response
) -> KindsView:
    """Return the kinds of proposals."""
    view = await views.kinds(session, actor)
    set_etag(response, view.version)
    return view


@kinds_router.put("", policy="handling_kinds.change", dependencies=[Depends(_may_change_kinds)])
async def set_handling_kinds(
    seen: IfMatch, body: KindsBody, session: Transaction, actor: CurrentActor, response: Response
) -> KindsView:
    """Change the kinds, saying why. 412 when somebody did so meanwhile."""
    at = await moment(session)
    kinds = [each.model_dump() for each in body.kinds]
    found = await actions.set_kinds(session, actor, seen, kinds, body.reason, at)
    set_etag(response, found.version)
    return await views.kinds(session, actor)
