"""Who am I: the signed-in person as the directory knows them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from chassis.access import Actor
from chassis.errors import PersonUnknown
from chassis.web import CurrentActor, RequestBody, ResponseBody, ServiceRouter, Transaction
from contracts.tasks import Role
from tasks.directory import actions as directory
from tasks.directory.models import Person, Unit

router = ServiceRouter(prefix="/v1/me", tags=["me"])


class MeView(ResponseBody):
    """The person behind the token. `role` is the token's, the rest the directory's."""

    person_id: UUID
    name: str
    post: str
    role: Role
    employee_code: str
    unit_id: UUID
    unit_name: str
    unit_code: str


class NothingBody(RequestBody):
    """An empty object."""


@router.get("", policy="me.read")
async def read_me(session: Transaction, actor: CurrentActor) -> MeView:
    """Return the person. 403 `person_unknown` for somebody the directory does not know."""
    return await _view(session, actor)


@router.post("/sign_in", policy="me.read")
async def sign_in(
    _: NothingBody, request: Request, session: Transaction, actor: CurrentActor
) -> MeView:
    """Link the login to the person; the first time other services hear of it."""
    view = await _view(session, actor)
    await directory.link_login(session, actor, request.state.claims.subject)
    return view


async def _view(session: AsyncSession, actor: Actor) -> MeView:
    statement = select(Person, Unit).join(Unit, Unit.id == Person.unit_id)
    row = (await session.execute(statement.where(Person.id == actor.person_id))).first()
    if row is None:
        raise PersonUnknown("Danh bạ chưa có ai; hãy nhập chính mình vào danh bạ trước")
    person, unit = row
    return MeView(
        person_id=person.id,
        name=person.name,
        post=person.post,
        role=actor.role,
        employee_code=person.employee_code,
        unit_id=unit.id,
        unit_name=unit.name,
        unit_code=unit.code,
    )
