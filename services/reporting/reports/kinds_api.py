"""Kinds of reports: read by who reads reports, changed by the Office, confirmed by an admin."""

from datetime import date
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
from reporting.reports.kinds import Composed, key_of, with_confirmation
from reporting.reports.models import ConfirmedSource, StoredKind
from reporting.reports.numbers import COMPOSED_KIND, KNOWN, LISTS, Kind
from reporting.reports.outline import KindBody
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

    A changed kind is a new version: whoever confirmed the former one has not confirmed this one.
    """
    now = await database_now(session)
    stored = await kinds.change(session, actor, code, body.body, expected, body.reason, now)
    return await _answer(session, stored, actor, response)


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
        allowed=RIGHTS.allowed(actor, "report_kind", ["change", "confirm"]),
    )  # fmt: skip
