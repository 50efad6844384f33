"""Links to sub-criteria: confirmed by a person, carried to another version."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, Field, model_validator

from chassis.clock import database_now
from chassis.entered import PlaceToRead, readable
from chassis.rules import InputRefused, Problem, WrongValue
from chassis.web import (
    CurrentActor,
    Day,
    RequestBody,
    ServiceRouter,
    Transaction,
    distinct_by,
)
from chassis.words import N_, Sentence
from reporting.criteria import linking
from reporting.criteria.link_views import (
    CarryView,
    DocumentLinksView,
    LinksView,
    carry_view,
    document_links_view,
    links_view,
)
from reporting.criteria.sets import replaced_by, stored_set

router = ServiceRouter(prefix="/v1/criteria_sets", tags=["criteria sets"])
Code = Annotated[str, Field(max_length=40)]
_ONE_OF_TWO = N_("Ghi một trong hai: sub_criterion (một mã) hoặc sub_criteria (danh sách mã)")


class Link(RequestBody):
    """All that a task serves; `sub_criterion` is a short form for one, null or [] take all back."""

    task_id: UUID
    sub_criterion: Code | None = None
    sub_criteria: Annotated[list[Code] | None, Field(max_length=20)] = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "Link":
        if len(self.model_fields_set & {"sub_criterion", "sub_criteria"}) != 1:
            raise WrongValue(Sentence(_ONE_OF_TWO))
        return self

    @property
    def codes(self) -> list[str]:
        """The sub-criteria the task is to serve."""
        one = [self.sub_criterion] if self.sub_criterion is not None else []
        return list(dict.fromkeys(self.sub_criteria if self.sub_criteria is not None else one))


class Links(RequestBody):
    """Links to confirm, all or none."""

    links: Annotated[list[Link], Field(min_length=1, max_length=1000), distinct_by("task_id")]


class DocumentLink(RequestBody):
    """All that a document feeds; [] takes all back."""

    document_id: UUID
    sub_criteria: Annotated[list[Code], Field(max_length=20)]


class DocumentLinks(RequestBody):
    """Links of documents to confirm, all or none."""

    links: Annotated[
        list[DocumentLink], Field(min_length=1, max_length=1000), distinct_by("document_id")
    ]


class DocumentBody(RequestBody):
    """A document that no system tells of: its name with number, its day, where it can be read.

    `unit_id`: whose it is, null: the whole department's. `sub_criteria`: what it feeds.
    """

    name: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(readable)]
    dated_on: Day
    unit_id: UUID | None = None
    address: PlaceToRead | None = None
    sub_criteria: Annotated[list[Code], Field(max_length=20)] = Field(default=[])


class Carry(RequestBody):
    """Which links of another version to confirm here: those of these codes, as they were shown."""

    since: UUID
    digest: Annotated[str, Field(max_length=64)]
    codes: Annotated[list[Code], Field(min_length=1, max_length=1000)]


@router.get("/{set_id}/links", policy="criteria_set.read")
async def get_links(set_id: UUID, session: Transaction) -> LinksView:
    """Which task serves which sub-criteria: confirmed, proposed by code or wording, or none yet."""
    return await links_view(session, set_id)


@router.put("/{set_id}/links", policy="criteria_set.link")
async def put_links(
    set_id: UUID, body: Links, session: Transaction, actor: CurrentActor
) -> LinksView:
    """Confirm all that the named tasks serve; tasks not named keep theirs."""
    wanted = {item.task_id: item.codes for item in body.links}
    try:
        await linking.link_tasks(session, actor, set_id, wanted, await database_now(session))
    except InputRefused as refused:
        raise _as_sent(_short(body), refused) from None
    return await links_view(session, set_id)


@router.get("/{set_id}/document_links", policy="criteria_set.link")
async def get_document_links(set_id: UUID, session: Transaction) -> DocumentLinksView:
    """Which finding, report or document feeds which sub-criteria: confirmed, proposed or none."""
    return await document_links_view(session, set_id)


@router.put("/{set_id}/document_links", policy="criteria_set.link")
async def put_document_links(
    set_id: UUID, body: DocumentLinks, session: Transaction, actor: CurrentActor
) -> DocumentLinksView:
    """Confirm all that the named documents feed; documents not named keep theirs."""
    wanted = {item.document_id: list(dict.fromkeys(item.sub_criteria)) for item in body.links}
    await linking.link_documents(session, actor, set_id, wanted, await database_now(session))
    return await document_links_view(session, set_id)


@router.post("/{set_id}/documents", policy="criteria_set.link", status_code=201)
async def name_document(
    set_id: UUID, body: DocumentBody, session: Transaction, actor: CurrentActor
) -> DocumentLinksView:
    """Name a document that no system tells of, with what it feeds.

    422 `link_invalid`; `reference_unknown`: there is no such unit.
    """
    facts = body.model_dump(exclude={"sub_criteria"})
    now = await database_now(session)
    try:
        await linking.name_document(session, actor, set_id, facts, body.sub_criteria, now)
    except InputRefused as refused:
        raise _as_sent({"/links/0/sub_criteria": "/sub_criteria"}, refused) from None
    return await document_links_view(session, set_id)


def _short(body: Links) -> dict[str, str]:
    """Return where one code in short form stands in what was sent, by where many would."""
    return {
        f"/links/{i}/sub_criteria": f"/links/{i}/sub_criterion"
        for i, item in enumerate(body.links)
        if item.sub_criteria is None
    }


def _as_sent(short: Mapping[str, str], refused: InputRefused) -> InputRefused:
    """Return a refusal with the pointers of what was sent, where they are others."""
    problems = [Problem(short.get(p.pointer, p.pointer), p.sentence) for p in refused.problems]
    return InputRefused(refused.code, refused.sentence, problems)


@router.get("/{set_id}/links/carry", policy="criteria_set.link")
async def preview_carry(
    set_id: UUID,
    session: Transaction,
    actor: CurrentActor,
    since: Annotated[UUID | None, Query()] = None,
) -> CarryView:
    """What carrying the links of another version by code would do; nothing is stored.

    Without `since` from the version in force in its place.
    """
    stored = await stored_set(session, set_id)
    old = await stored_set(session, since) if since else await replaced_by(session, stored)
    return await carry_view(session, stored, old, actor)


@router.post("/{set_id}/links/carry", policy="criteria_set.link")
async def carry(set_id: UUID, body: Carry, session: Transaction, actor: CurrentActor) -> LinksView:
    """Confirm links of another version here. 409 `links_carry_outdated` when not what was shown."""
    now = await database_now(session)
    await linking.carry_links(session, actor, set_id, body.since, body.codes, body.digest, now)
    return await links_view(session, set_id)
