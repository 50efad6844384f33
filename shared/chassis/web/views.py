"""What endpoints may ask for."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from chassis.access import Actor, ServiceCaller, check_role
from chassis.i18n import Language, preferred


async def _transaction(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.session
    return session


async def _actor(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


async def _caller(request: Request) -> ServiceCaller:
    caller: ServiceCaller = request.state.caller
    return caller


async def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language"))


def created_at(response: Response, address: str) -> None:
    """Say where the thing is that was just made, for a 201."""
    response.headers["Location"] = quote(address)


async def give_back(session: AsyncSession) -> None:
    """Commit, and give the connection back, in a request that now waits for something to happen."""
    await session.commit()


async def find_again(request: Request, session: AsyncSession) -> Actor:
    """Return who asks as they stand now, in a request that waited. Raises as a new one would."""
    session.expire_all()  # what was read before the wait may be another by now
    state = request.app.state
    actor: Actor = await state.find_actor(session, request.state.claims, state.roles_from)
    check_role(state.policies, request.state.policy, actor)
    return actor


Transaction = Annotated[AsyncSession, Depends(_transaction)]
"""The request's session; the route commits it before the answer is sent."""
CurrentActor = Annotated[Actor, Depends(_actor)]
"""The person calling; not on PUBLIC and INTERNAL routes."""
CurrentCaller = Annotated[ServiceCaller, Depends(_caller)]
"""The service calling, on INTERNAL routes."""
AskedLanguage = Annotated[Language, Depends(_language)]
"""The language to say sentences in."""
