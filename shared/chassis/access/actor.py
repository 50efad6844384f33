"""Who is acting: a person of the directory, or another service."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, bindparam, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access.partners import Reach
from chassis.access.roles import RolesFrom, decide, known
from chassis.access.tokens import Claims
from chassis.errors import NotAllowed, PersonUnknown
from chassis.tables import person
from contracts.tasks import Role

DEPARTMENT_WIDE: frozenset[str] = frozenset({"director", "office", "appraiser", "auditor", "admin"})
SERVICE = "service"
NO_UNIT = UUID(int=0)


@dataclass(frozen=True)
class Actor:
    """A person at work. Unit and name are the directory's; where the role is from is a setting.

    `reach`: set for a partner, another organisation's system: `person_id` is the partner's id then,
    and it may do what its scopes name, with things of its units; its role opens nothing.
    """

    person_id: UUID
    unit_id: UUID
    role: Role
    name: str
    employee_code: str
    reach: Reach | None = None

    @property
    def is_department_wide(self) -> bool:
        """Whether the role sees every unit."""
        return self.role in DEPARTMENT_WIDE


@dataclass(frozen=True)
class ServiceCaller:
    """Another service of ours, on an INTERNAL route."""

    name: str


ActorLookup = Callable[[AsyncSession, Claims, RolesFrom], Awaitable[Actor]]
"""How a service finds the person behind a token; `find_actor` for all but the directory's owner."""


def service_caller(claims: Claims) -> ServiceCaller:
    """Return the calling service. Raises NotAllowed for a person's token."""
    prefix, _, name = claims.subject.partition(":")
    if SERVICE not in claims.roles or prefix != SERVICE or not name:
        raise NotAllowed("Địa chỉ này chỉ dành cho các dịch vụ nội bộ")
    return ServiceCaller(name)


async def find_actor(
    session: AsyncSession, claims: Claims, roles_from: RolesFrom = "lower"
) -> Actor:
    """Return the active person behind a token, by login, else employee code, else verified e-mail.

    A person linked to a login is found by that login only, and a login finds nobody else, even
    when its person has left. A partner is what its token says: nobody of the directory.

    Raises NotAllowed for somebody without a role, PersonUnknown.
    """
    if claims.reach is not None:
        return partner(claims.reach)
    claimed = known(claims.roles)
    if not claimed and roles_from != "directory":
        raise _without_role()
    given = {
        "subject": claims.subject, "code": claims.employee_code, "email": claims.email,
    }  # fmt: skip
    found = (await session.execute(_LOOKUP, given)).first()
    if found is None or not found.active:
        raise PersonUnknown("Tài khoản của bạn chưa có trong danh bạ cán bộ; hãy báo quản trị viên")
    role = decide(claimed, found.role, roles_from)
    if role is None:
        raise _without_role()
    return Actor(found.id, found.unit_id, role, found.name, found.employee_code)


def partner(reach: Reach, name: str = "") -> Actor:
    """Return a partner as an actor: of no unit, of the lowest role, with what it reaches."""
    return Actor(reach.partner_id, NO_UNIT, "external_system", name, "", reach)


def _without_role() -> NotAllowed:
    return NotAllowed("Tài khoản chưa được gán vai trò trong hệ thống", code="role_unknown")


def _lookup() -> Select[Any]:
    columns, subject = person.c, bindparam("subject", type_=Text)
    by_login = columns.login == subject
    by_code = columns.login.is_(None) & (columns.employee_code == bindparam("code", type_=Text))
    email = func.lower(bindparam("email", type_=Text))
    by_email = columns.login.is_(None) & (func.lower(columns.email) == email)
    return (
        select(
            columns.id,
            columns.unit_id,
            columns.name,
            columns.employee_code,
            columns.active,
            columns.role,
        )
        .where(or_(by_login, by_code, by_email))
        .order_by(case((by_login, 0), (by_code, 1), else_=2), columns.active.desc(), columns.id)
        .limit(1)
    )


_LOOKUP = _lookup()  # built once: it runs with every request
