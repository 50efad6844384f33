"""Composition root of the portal: the only place that reads the settings and wires the parts."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from sqlalchemy import text
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from chassis.database import Database, is_away
from chassis.migrations import check_schema
from chassis.web.limits import BodyLimit
from portal import errors, live
from portal.client import Services
from portal.directory import Directory
from portal.forms import LARGEST_FORM
from portal.middleware import YEAR, LanguageAndHeaders
from portal.oidc import Issuer
from portal.pages import (
    assignment_acts,
    assignment_board,
    assignment_bulk,
    assignment_calendar,
    assignment_entry,
    assignment_list,
    assignment_timeline,
    assignments,
    bodies,
    body_sheet,
    contributions,
    counted_ballots,
    criteria_parts,
    criteria_sets,
    dashboard,
    directory_files,
    directory_groups,
    directory_people,
    directory_units,
    event_types,
    exports,
    files,
    guides,
    handling,
    heads,
    import_rows,
    imports,
    indices,
    inspection_calendar,
    inspections,
    instructions,
    link_carrying,
    links,
    measures,
    notifications,
    office_month,
    partners,
    plan_carrying,
    plan_objectives,
    plans,
    questions,
    rankings,
    reorganising,
    report_acts,
    report_kinds,
    report_templates,
    reports,
    score_sheets,
    sign_in,
    subscriber_secrets,
    subscriptions,
    surveys,
    tickets,
    trusted_roots,
    unit_report_settings,
    unit_reports,
    urging_ladder,
    urgings,
    urgings_of_reports,
    weak_criteria,
    webhook_deliveries,
    working_calendar,
)
from portal.rendering import Renderer
from portal.sessions import Sessions
from portal.settings import Settings
from portal.visit import Portal

HERE = Path(__file__).parent
MIGRATIONS = HERE / "migrations"
PAGES = (
    assignment_acts, assignment_board, assignment_bulk, assignment_calendar, assignment_entry,
    assignment_list, assignment_timeline, assignments, bodies, body_sheet, contributions,
    counted_ballots, criteria_parts, criteria_sets, dashboard, directory_files,
    directory_groups, directory_people, directory_units, event_types, exports, files, guides,
    handling, heads, import_rows, imports, indices, inspection_calendar, inspections,
    instructions, link_carrying, links, live, measures, notifications, office_month, partners,
    plan_carrying, plan_objectives, plans, questions, rankings, reorganising, report_acts,
    report_kinds, report_templates, reports, score_sheets, sign_in, subscriber_secrets,
    subscriptions, surveys, tickets, trusted_roots, unit_report_settings, unit_reports,
    urging_ladder, urgings, urgings_of_reports, weak_criteria, webhook_deliveries, working_calendar,
)  # fmt: skip


class Assets(StaticFiles):
    """Static files; an address that names a version never changes what it holds."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a file, for a year when the address names a version."""
        answer = await super().get_response(path, scope)
        if b"v=" in scope["query_string"] and answer.status_code == HTTPStatus.OK:
            answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return answer


def assets_version() -> str:
    """Return a name for the static files as they are now."""
    digest = hashlib.sha256()
    for file in sorted((HERE / "static").rglob("*.*")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def build(settings: Settings | None = None) -> FastAPI:
    """Wire the portal. Raises pydantic.ValidationError for missing settings."""
    settings = settings or Settings()
    database = Database(settings.database_url.get_secret_value(), name="portal")
    portal = _portal(settings, database)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with database.engine.connect() as connection:
            if reason := await check_schema(connection, MIGRATIONS):
                raise SystemExit(reason)
        yield
        await portal.services.close()
        await database.close()

    app = FastAPI(
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # a redirection would lead to whatever Host a request names
    )
    app.state.portal = portal
    for part in PAGES:
        app.include_router(part.router)
    app.mount("/static", Assets(directory=HERE / "static"), name="static")
    _add_health(app, database)
    errors.register(app)
    app.add_middleware(BodyLimit, limit=LARGEST_FORM, multipart=LARGEST_FORM)
    # Level 9 takes half as long again as 4, for a thirtieth of the bytes.
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    app.add_middleware(
        LanguageAndHeaders,
        issuer=settings.oidc_issuer,
        secure=settings.address.startswith("https"),
    )
    return app


def _portal(settings: Settings, database: Database) -> Portal:
    secret = settings.session_secret.get_secret_value()
    client_secret = settings.oidc_client_secret
    return Portal(
        services=Services(settings.services),
        sessions=Sessions(database, secret),
        issuer=Issuer(
            settings.oidc_issuer,
            settings.oidc_client_id,
            client_secret.get_secret_value() if client_secret else None,
            f"{settings.address}/sign_in/callback",
        ),
        directory=Directory(),
        renderer=Renderer(assets_version()),
        address=settings.address,
        for_partners=settings.for_partners,
        secret=secret,
    )


def _add_health(app: FastAPI, database: Database) -> None:
    @app.get("/health/live")
    async def alive() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/health/ready")
    async def ready() -> JSONResponse:
        try:
            async with database.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:
            if not is_away(error):
                raise
            return JSONResponse({"status": "database_away"}, status_code=503)
        return JSONResponse({"status": "ok"})
