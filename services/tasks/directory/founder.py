"""Who calls: a person of the directory, or whoever may found one that is still empty."""

from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor, Claims, RolesFrom, find_actor, known
from chassis.errors import PersonUnknown
from tasks.directory.models import Person


async def find_actor_or_founder(
    session: AsyncSession, claims: Claims, roles_from: RolesFrom = "lower"
) -> Actor:
    """Return the person behind a token; while the directory has no administrator, one founds it.

    A fresh system has no people, so an `admin` token nobody is known for may add the first units
    and people. The founder's id is derived from the login: the audit names one and the same. It
    ends with the first active person whose role is `admin`: from then on the directory decides.
    """
    try:
        return await find_actor(session, claims, roles_from)
    except PersonUnknown:
        if "admin" not in known(claims.roles) or await _has_administrator(session):
            raise
    name = claims.name or claims.subject
    return Actor(founder_id(claims), UUID(int=0), "admin", name, claims.employee_code or "")


def founder_id(claims: Claims) -> UUID:
    """Return the id under which the first acts in a fresh directory are recorded."""
    return uuid5(NAMESPACE_URL, f"urn:nhip:login:{claims.subject}")


async def _has_administrator(session: AsyncSession) -> bool:
    administrators = select(Person.id).where(Person.active, Person.role == "admin")
    return bool(await session.scalar(select(exists(administrators))))
