"""Criteria sets as they are answered."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.i18n import Language, say
from chassis.web import ResponseBody
from reporting.access import RIGHTS
from reporting.criteria import checker
from reporting.criteria import columns as form
from reporting.criteria.acts import acts_with
from reporting.criteria.differences import Change, Difference, differences
from reporting.criteria.linking import would_carry
from reporting.criteria.models import StoredSet
from reporting.criteria.sets import PublishedSet, read_body

_WORDS = {column.heading for column in (*form.HEAD, *form.OF_SUB) if column.kind == "choice"}


class CriteriaSetView(ResponseBody):
    """A criteria set without its rows. `allowed`: what the caller may do with it now.

    `set_version` counts the versions of a code, `version` the changes of a draft (its ETag).
    """

    id: UUID
    code: str
    set_version: int
    version: int
    year: int
    title: str
    composed: bool
    serves: str
    status: str
    created_at: datetime
    published_at: datetime | None
    allowed: list[str]


class ProblemView(ResponseBody):
    """What does not add up in a draft. `pointer`: where in its body."""

    pointer: str
    message: str


class WholeCriteriaSet(CriteriaSetView):
    """A criteria set with everything in it; `problems` keep a draft from being published."""

    body: dict[str, Any]
    problems: list[ProblemView]


class SetName(ResponseBody):
    """Which criteria set; `composed` must be said wherever its figures are shown."""

    id: UUID
    code: str
    title: str
    composed: bool
    notice: str
    total_points: Decimal


class ChangeView(ResponseBody):
    """A fact that is said otherwise; blank: it was not there, or is no more."""

    heading: str
    before: str
    after: str


class DifferenceView(ResponseBody):
    """A part that is `added`, `removed` or `changed`; `code` is empty for the set as a whole."""

    kind: str
    code: str
    level: str
    name: str
    changes: list[ChangeView]


class DifferencesView(ResponseBody):
    """How a version differs from another one. `since` None: there is none to compare with.

    `links_left`: confirmed links of the other version that this one does not have.
    """

    since: CriteriaSetView | None
    differences: list[DifferenceView]
    links_left: int


def brief(stored: StoredSet, actor: Actor) -> CriteriaSetView:
    """Return a set without its rows."""
    return CriteriaSetView(
        id=stored.id, code=stored.code, set_version=stored.set_version, version=stored.version,
        year=stored.year, title=stored.title, composed=stored.composed, serves=stored.serves,
        status=stored.status, created_at=stored.created_at, published_at=stored.published_at,
        allowed=RIGHTS.allowed(actor, "criteria_set", acts_with(stored.status)),
    )  # fmt: skip


def whole(stored: StoredSet, actor: Actor, language: Language = "vi") -> WholeCriteriaSet:
    """Return a set with all its rows."""
    draft = stored.status == "draft"
    problems = checker.problems_of(read_body(stored)) if draft else []
    return WholeCriteriaSet(
        **brief(stored, actor).model_dump(), body=stored.body,
        problems=[
            ProblemView(pointer=each.pointer, message=say(each.sentence, language))
            for each in problems
        ],
    )  # fmt: skip


def set_name(published: PublishedSet) -> SetName:
    """Return which criteria set a figure stands on."""
    body = published.body
    return SetName(
        id=published.id, code=body.code, title=body.title, composed=body.composed,
        notice=body.notice, total_points=body.total_points,
    )  # fmt: skip


async def differences_view(
    session: AsyncSession,
    stored: StoredSet,
    since: StoredSet | None,
    actor: Actor,
    language: Language,
) -> DifferencesView:
    """Return how a version differs from another one, in words."""
    if since is None:
        return DifferencesView(since=None, differences=[], links_left=0)
    found = differences(read_body(since), read_body(stored))
    left = await would_carry(session, stored, since)
    return DifferencesView(
        since=brief(since, actor),
        differences=[_difference(each, language) for each in found],
        links_left=sum(len(each.tasks) + len(each.documents) for each in left),
    )


def _difference(each: Difference, language: Language) -> DifferenceView:
    return DifferenceView(
        kind=each.kind, code=each.code, level=say(each.level, language), name=each.name,
        changes=_changes(each.changes, language),
    )  # fmt: skip


def _changes(changes: Sequence[Change], language: Language) -> list[ChangeView]:
    return [
        ChangeView(
            heading=say(each.heading, language),
            before=_said(each, each.before, language),
            after=_said(each, each.after, language),
        )
        for each in changes
    ]


def _said(change: Change, words: str, language: Language) -> str:
    return say(words, language) if change.heading in _WORDS else words
