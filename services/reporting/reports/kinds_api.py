"""Kinds of reports: read by who reads reports, changed by the Office, confirmed by an admin."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from chassis.clock import database_now, local_date
from chassis.web import (
    CurrentActor,
    IfMatch,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from reporting.access import RIGHTS
from reporting.reports import kinds
from reporting.reports.kind_versions import Version, preview, version_of, versions
from reporting.reports.kinds import Composed, key_of, with_confirmation
from reporting.reports.models import ConfirmedSource, StoredKind
from reporting.reports.numbers import COMPOSED_KIND, KNOWN, LISTS, Kind
from reporting.reports.outline import KindBody, changed
from reporting.reports.windows import window_of

router = ServiceRouter(prefix="/v1/report_kinds", tags=["reports"])


class WindowView(ResponseBody):
    """A window of the asked year."""

    code: str
    name: str
    starts_on: date
    ends_on: date


class KindView(ResponseBody):
    """A kind of report. `body`: all it is made of, as `PUT` takes it back."""

    id: UUID
    code: str
    version: int
    name: str
    active: bool
    needs_plan: bool
    windows: list[WindowView]
    composed: Composed | None
    body: KindBody
    allowed: list[str]


class KnownFigure(ResponseBody):
    """A figure that sentences may name."""

    id: str
    label: str
    unit: str
    kind: Kind


class KindsView(ResponseBody):
    """All kinds, with the figures and lists that they may name."""

    data: list[KindView]
    figures: list[KnownFigure]
    lists: dict[str, str]


class KindChange(RequestBody):
    """A kind to put in place of what it was, and why."""

    body: KindBody
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class KindAgain(RequestBody):
    """A former version to put in place again, and why."""

    version: Annotated[int, Field(ge=1)]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class KindDraft(RequestBody):
    """A kind that is only looked at."""

    body: KindBody


class VersionView(ResponseBody):
    """A kind as it was from a change on. `changed_at` None: it came like that.

    `sections`: their headings; `added`, `removed`: those that the version before did not have, and
    had; `changed`: what else is other, by its name in the kind (`outline`: what sections say).
    """

    version: int
    changed_at: datetime | None
    changed_by_name: str | None
    reason: str | None
    sections: list[str]
    added: list[str]
    removed: list[str]
    changed: list[str]


class VersionsView(ResponseBody):
    """All versions of a kind, the newest first."""

    data: list[VersionView]


class SectionPreview(ResponseBody):
    """A section as a report would have it."""

    id: str
    heading: str
    level: int
    sentences: list[str]
    table: str | None


class PreviewView(ResponseBody):
    """What a report of the kind would say today; nothing of it is kept."""

    title: str
    period_name: str
    opening: str
    closing: str
    sections: list[SectionPreview]


class Confirmation(RequestBody):
    """The official text that composed data was compared with.

    `keys`: of what a report names as composed; none: the kind as it is now.
    """

    source: Annotated[str, Field(min_length=1, max_length=2000)]
    keys: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=50)] = Field(
        default=[]
    )


@router.get("", policy="report_kind.read")
async def list_report_kinds(
    session: Transaction,
    actor: CurrentActor,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
) -> KindsView:
    """All kinds with their windows of a year, this one if none is asked for."""
    asked = year or local_date(await database_now(session)).year
    found = await kinds.all_kinds(session)
    known = await kinds.confirmations(session, [key_of(e.code, e.version) for e in found])
    return KindsView(
        data=[_view(each, asked, known, actor) for each in found],
        figures=[KnownFigure(id=i, label=n, unit=u, kind=k) for i, n, u, k in KNOWN.values()],
        lists=dict(LISTS),
    )


@router.get("/{code}", policy="report_kind.read")
async def get_report_kind(
    code: str, session: Transaction, actor: CurrentActor, response: Response
) -> KindView:
    """One kind."""
    stored = await kinds.find(session, code)
    return await _answer(session, stored, actor, response)


@router.put("/{code}", policy="report_kind.change")
async def change_report_kind(
    code: str,
    body: KindChange,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> KindView:
    """Change a kind; reports that were made stay as they are. 422 names figures nobody knows.

    Sections are added, removed and put in another order by an administrator alone, else 403.

    A changed kind is a new version: whoever confirmed the former one has not confirmed this one.
    """
    now = await database_now(session)
    stored = await kinds.change(session, actor, code, body.body, expected, body.reason, now)
    return await _answer(session, stored, actor, response)


@router.get("/{code}/versions", policy="report_kind.read")
async def list_report_kind_versions(code: str, session: Transaction) -> VersionsView:
    """What the kind was made of, the newest first: who changed it, when and why."""
    found = await versions(session, await kinds.find(session, code))
    return VersionsView(data=[
        _version(each, found[place] if place < len(found) else None)
        for place, each in enumerate(found, 1)
    ])  # fmt: skip


@router.post("/{code}/take_again", policy="report_kind.change")
async def take_report_kind_again(
    code: str,
    body: KindAgain,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> KindView:
    """Put a former version in place again, as a new version. 404 `report_kind_version_not_found`.

    403 where its sections are others, for all but administrators.
    """
    former = await version_of(session, await kinds.find(session, code), body.version)
    now = await database_now(session)
    stored = await kinds.change(session, actor, code, former, expected, body.reason, now)
    return await _answer(session, stored, actor, response)


@router.post("/{code}/preview", policy="report_kind.change")
async def preview_report_kind(code: str, body: KindDraft, session: Transaction) -> PreviewView:
    """Return what a report of such a kind would say today, over its first period of this year.

    Nothing is kept. 422 as for a change.
    """
    stored = await kinds.find(session, code)
    said = await preview(session, stored, body.body, await database_now(session))
    return PreviewView(
        title=said.title, period_name=said.period_name, opening=said.opening, closing=said.closing,
        sections=[
            SectionPreview(
                id=each.id, heading=each.heading, level=each.level, table=each.table,
                sentences=[one.text for one in said.sentences if one.section == each.id],
            )
            for each in body.body.outline
        ],
    )  # fmt: skip


@router.post("/{code}/confirm_source", policy="report_kind.confirm")
async def confirm_source(
    code: str, body: Confirmation, session: Transaction, actor: CurrentActor, response: Response
) -> KindView:
    """Say that composed data was compared with an official text: reports on it may be signed."""
    now = await database_now(session)
    stored = await kinds.confirm(session, actor, code, body.keys, body.source, now)
    return await _answer(session, stored, actor, response)


async def _answer(
    session: Transaction, stored: StoredKind, actor: CurrentActor, response: Response
) -> KindView:
    set_etag(response, stored.version)
    year = local_date(await database_now(session)).year
    known = await kinds.confirmations(session, [key_of(stored.code, stored.version)])
    return _view(stored, year, known, actor)


def _view(
    stored: StoredKind, year: int, known: dict[str, ConfirmedSource], actor: CurrentActor
) -> KindView:
    body, key = kinds.body_of(stored), key_of(stored.code, stored.version)
    composed = Composed(key=key, name=body.name, notice=f"{COMPOSED_KIND} {body.source}")
    windows = [window_of(rule, year) for rule in body.windows]
    return KindView(
        id=stored.id, code=stored.code, version=stored.version, name=body.name, active=body.active,
        needs_plan=body.needs_plan, body=body,
        windows=[
            WindowView(code=w.code, name=w.name, starts_on=w.starts_on, ends_on=w.ends_on)
            for w in windows
        ],
        composed=with_confirmation(composed, known.get(key)) if body.composed else None,
        allowed=RIGHTS.allowed(actor, "report_kind", ["change", "restructure", "confirm"]),
    )  # fmt: skip


def _version(each: Version, before: Version | None) -> VersionView:
    now = {section.id: section.heading for section in each.body.outline}
    then = {section.id: section.heading for section in before.body.outline} if before else now
    return VersionView(
        version=each.number, changed_at=each.changed_at, changed_by_name=each.changed_by_name,
        reason=each.reason, sections=list(now.values()),
        added=[heading for id_, heading in now.items() if id_ not in then],
        removed=[heading for id_, heading in then.items() if id_ not in now],
        changed=changed(before.body, each.body) if before else [],
    )  # fmt: skip
