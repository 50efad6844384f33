"""The route that owns the transaction: authenticate, run, remember, commit, only then answer."""

from collections.abc import Awaitable, Callable, Coroutine
from functools import cached_property
from typing import Any

import structlog
from fastapi._compat import field_annotation_is_sequence
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from chassis import failpoints
from chassis.access import (
    INTERNAL,
    PUBLIC,
    Actor,
    Tokens,
    check_role,
    refused,
    service_caller,
)
from chassis.errors import BadRequest
from chassis.web import idempotency
from chassis.web.methods import ADDRESS
from chassis.web.partners import Read, items_in
from chassis.web.received import JsonRequest, check_address, check_body

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
PAGES = "/k/"
"""Below this prefix stand citizens' pages: mail and chat programs add parameters to links."""


class ServiceRoute(APIRoute):
    """A route with a policy and one transaction per request."""

    @property
    def policy(self) -> str | None:
        """The policy declared for this route, None when it was forgotten."""
        return (self.openapi_extra or {}).get("x-policy")

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is for this route; of most it is known whose address it has."""
        if scope.get(ADDRESS, self.path) != self.path:
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Handler:
        """Wrap FastAPI's handler in authentication and the transaction."""
        answer = super().get_route_handler()

        async def endpoint(request: Request) -> Response:
            if self.body_field is not None:
                await check_body(request, self.body_names)
            return await answer(request)

        async def handle(plain: Request) -> Response:
            request = JsonRequest(plain.scope, plain.receive)
            check_address(request, self.scalar_names)
            self._refuse_unknown_query(request)
            async with request.app.state.database.sessions() as session:
                request.state.session = session
                caller = await self._authenticate(request, session)
                response = await self._run(request, session, caller, endpoint)
                await self._note_read(request, session, response)
                await _commit(request, session)
            return response

        return handle

    async def _run(
        self,
        request: Request,
        session: AsyncSession,
        caller: str | None,
        endpoint: Callable[[Request], Awaitable[Response]],
    ) -> Response:
        if request.method != "POST" or caller is None:
            return await endpoint(request)
        return await idempotency.once(request, session, caller, self.path, endpoint)

    async def _authenticate(self, request: Request, session: AsyncSession) -> str | None:
        """Set the request's actor or caller and return a name for it; None on PUBLIC routes."""
        policy = str(self.policy)
        if policy == PUBLIC:
            return None
        tokens: Tokens = request.app.state.tokens
        claims = await tokens.verify(_bearer(request))
        if policy == INTERNAL:
            request.state.caller = service_caller(claims)
            return claims.subject
        state = request.app.state
        actor: Actor = await state.find_actor(session, claims, state.roles_from)
        if actor.reach is not None:
            state.partner_limits.take(request, actor.reach.partner_id)
        check_role(state.policies, policy, actor)
        request.state.actor = actor
        request.state.claims, request.state.policy = claims, policy
        structlog.contextvars.bind_contextvars(actor_id=str(actor.person_id))
        return str(actor.person_id)

    async def _note_read(self, request: Request, session: AsyncSession, response: Response) -> None:
        """Note what a partner read, in the transaction that read it."""
        actor: Actor | None = getattr(request.state, "actor", None)
        if actor is not None and actor.reach is not None and request.method == "GET":
            read = Read(actor.reach, self.path, items_in(request, response))
            await request.app.state.note_read(session, read)

    @cached_property
    def query_names(self) -> frozenset[str]:
        """Query parameters the endpoint and its dependencies declare."""
        params = get_flat_params(self.dependant)
        return frozenset(p.alias for p in params if isinstance(p.field_info, Query))

    @cached_property
    def scalar_names(self) -> frozenset[str]:
        """Query parameters of one value; on citizens' pages nobody is asked to send them once."""
        if self.path.startswith(PAGES):
            return frozenset()
        params = get_flat_params(self.dependant)
        lists = {p.alias for p in params if field_annotation_is_sequence(p.field_info.annotation)}
        return self.query_names - lists

    @cached_property
    def body_names(self) -> frozenset[str]:
        """Names of the parts of a form that the endpoint declares."""
        return frozenset(param.alias for param in self.dependant.body_params)

    def _refuse_unknown_query(self, request: Request) -> None:
        unknown = sorted(set(request.query_params) - self.query_names)
        if unknown and not self.path.startswith(PAGES):
            raise BadRequest(
                "Tham số không được hỗ trợ: {unknown}. Các tham số dùng được: {known}",
                code="query_unknown",
                unknown=", ".join(unknown),
                known=", ".join(sorted(self.query_names)) or "-",
            )


async def _commit(request: Request, session: AsyncSession) -> None:
    if request.method in {"GET", "HEAD"}:
        await session.commit()
        return
    failpoints.hit("api.before_commit")
    await session.commit()
    failpoints.hit("api.after_commit")


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise refused("token_missing", "Bạn cần đăng nhập để tiếp tục")
    return token.strip()
