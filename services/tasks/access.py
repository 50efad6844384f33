"""Who may see what and do what: doors by role, assignments by unit."""

from typing import Any, TypeVar, get_args
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor, Claims, find_actor, role_of
from chassis.errors import NotAllowed, PersonUnknown
from contracts.tasks import Role
from tasks.domain.assignment import Act, may
from tasks.models import Assignment, Person

S = TypeVar("S", bound=Select[*tuple[Any, ...]])
EVERYBODY: frozenset[Role] = frozenset(get_args(Role))
INSIDERS: frozenset[Role] = EVERYBODY - {"external_system"}
OVERSIGHT: frozenset[Role] = frozenset({"director", "office", "appraiser", "auditor", "admin"})

POLICIES: dict[str, frozenset[Role]] = {
    "me.read": EVERYBODY,
    "plan.read": EVERYBODY,
    "directory.read": INSIDERS,
    "directory.change": frozenset({"admin"}),
    "calendar.change": frozenset({"office", "admin"}),
    "plan.change": frozenset({"office"}),
    "import.read": OVERSIGHT,
    "import.change": frozenset({"office"}),
    # Doors of single assignments let every insider in: `scope` hides what is not theirs (404),
    # and only then `policy` says who may act (403).
    "assignment.read": INSIDERS,
    "assignment.report_progress": INSIDERS,
    "assignment.submit_result": INSIDERS,
    "assignment.accept_result": INSIDERS,
    "assignment.return_result": INSIDERS,
    "assignment.change": INSIDERS,
    "file.upload": INSIDERS,
    "file.read": INSIDERS,
    "job.read": INSIDERS,
}

EVERYTHING = true()
_OF_ONES_OWN: frozenset[Act] = frozenset({"report_progress", "submit_result"})
_OF_THE_DIRECTOR: frozenset[Act] = frozenset({"accept_result", "return_result"})


def scope(statement: S, actor: Actor) -> S:
    """Keep the assignments the actor may see: all, or those the own unit leads or helps with."""
    condition = visible(actor)
    return statement if condition is EVERYTHING else statement.where(condition)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `assignment` behind `scope`."""
    if actor.role not in INSIDERS:
        return false()
    if actor.is_department_wide:
        return EVERYTHING
    helping = Assignment.coordinating_unit_ids.contains([actor.unit_id])
    return or_(Assignment.unit_id == actor.unit_id, helping)


def policy(actor: Actor, act: Act, assignment: Assignment) -> None:
    """Raise NotAllowed unless the actor may do this to an assignment they can see."""
    if actor.role == "director" and act in _OF_THE_DIRECTOR:
        return
    if not may(actor.role, act):
        raise NotAllowed
    if act in _OF_ONES_OWN and actor.unit_id != assignment.unit_id:
        raise NotAllowed("Chỉ đơn vị chủ trì được cập nhật và gửi kết quả của nhiệm vụ này")


async def find_actor_or_founder(session: AsyncSession, claims: Claims) -> Actor:
    """Return the person behind a token; while the directory has no administrator, one founds it.

    A fresh system has no people, so an `admin` token nobody is known for may add the first units
    and people. The founder's id is derived from the login: the audit names one and the same. It
    ends with the first active person whose role is `admin`: from then on the directory decides.
    """
    try:
        return await find_actor(session, claims)
    except PersonUnknown:
        if role_of(claims) != "admin" or await _has_administrator(session):
            raise
    name = claims.name or claims.subject
    return Actor(founder_id(claims), UUID(int=0), "admin", name, claims.employee_code or "")


def founder_id(claims: Claims) -> UUID:
    """Return the id under which the first acts in a fresh directory are recorded."""
    return uuid5(NAMESPACE_URL, f"urn:nhip:login:{claims.subject}")


async def _has_administrator(session: AsyncSession) -> bool:
    administrators = select(Person.id).where(Person.active, Person.role == "admin")
    return bool(await session.scalar(select(exists(administrators))))
