"""The web application of a service: routers, what surrounds them, what keeps it from starting."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from chassis.access import (
    INTERNAL,
    PUBLIC,
    ActorLookup,
    Policies,
    RolesFrom,
    Tokens,
    find_actor,
)
from chassis.database import Database
from chassis.errors import ServiceError
from chassis.files import FileStore
from chassis.live import Arrivals, Listener
from chassis.rules import InputRefused, RuleBroken
from chassis.web.cross_origin import CrossOrigin, Origins
from chassis.web.docs import docs_route
from chassis.web.health import Check, database_check, health_routes
from chassis.web.limits import BodyLimit
from chassis.web.methods import Methods
from chassis.web.observe import Observe
from chassis.web.openapi import complete_openapi
from chassis.web.partners import NoteRead, PartnerLimits, note_in_audit
from chassis.web.problems import answer_error, answer_http_exception
from chassis.web.route import ServiceRoute


class PolicyMissing(RuntimeError):
    """A route does not say who may call it, or says something the service does not know."""


async def _no_origins() -> frozenset[str]:
    return frozenset()


def create_app(  # noqa: PLR0913 - the one place where everything is put together
    name: str,
    routers: Sequence[APIRouter],
    database: Database,
    *,
    policies: Policies,
    tokens: Tokens,
    cursor_secret: str,
    version: str = "0.1.0",
    description: str = "",
    checks: Mapping[str, Check] | None = None,
    live: Listener | None = None,
    arrivals: Arrivals | None = None,
    files: FileStore | None = None,
    actors: ActorLookup = find_actor,
    roles_from: RolesFrom = "lower",
    origins: Origins = _no_origins,
    note_read: NoteRead = note_in_audit,
) -> FastAPI:
    """Assemble the API of a service.

    `policies` are the names its routes may declare (as a mapping: with the roles each lets in).
    `roles_from`: what decides a person's role when token and directory differ.
    `origins`: of pages that may read, in a browser. `note_read`: what a partner read.
    `checks` decide readiness (default: the database answers). Raises PolicyMissing before
    anything listens.
    """
    app = FastAPI(
        title=f"Nhịp CCHC: {name}",
        version=version,
        description=description,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(live, arrivals, tokens),
        redirect_slashes=False,  # a redirection would lead to whatever Host a request names
        middleware=[
            Middleware(Observe, service=name),
            Middleware(CrossOrigin, origins=origins),
            Middleware(Methods),
            Middleware(BodyLimit),
        ],
        exception_handlers={
            ServiceError: answer_error,
            RuleBroken: answer_error,
            InputRefused: answer_error,
            RequestValidationError: answer_error,
            HTTPException: answer_http_exception,
        },
    )
    app.state.database, app.state.tokens, app.state.policies = database, tokens, policies
    app.state.live, app.state.files, app.state.cursor_secret = live, files, cursor_secret.encode()
    app.state.arrivals = arrivals
    app.state.find_actor, app.state.roles_from = actors, roles_from
    app.state.note_read, app.state.partner_limits = note_read, PartnerLimits()
    for router in routers:  # as they are: to include them would analyse every route once more
        app.router.routes.extend(router.routes)
    check_policies(app, policies)
    complete_openapi(app)
    checks = checks or {"database": database_check(database)}
    app.router.routes.extend([docs_route(app), *health_routes(checks)])
    return app


def check_policies(app: FastAPI, policies: Policies) -> None:
    """Raise PolicyMissing unless every route declares a policy that the service knows."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute):
            continue
        if not isinstance(route, ServiceRoute) or not route.policy:
            raise PolicyMissing(f"{route.methods} {route.path} declares no policy")
        if route.policy not in {PUBLIC, INTERNAL, *policies}:
            raise PolicyMissing(f"{route.path} declares an unknown policy: {route.policy}")


def _lifespan(
    live: Listener | None, arrivals: Arrivals | None, tokens: Tokens
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def run(_: FastAPI) -> AsyncIterator[None]:
        async with live or nullcontext(), arrivals or nullcontext():
            yield
        await tokens.close()

    return run


def end_streams(app: FastAPI) -> None:
    """End streams and waits: call this on SIGTERM, or the server waits for them until its limit."""
    for each in (app.state.live, app.state.arrivals):
        if each is not None:
            each.close()
