"""The units and people of the department as every service but `tasks` keeps them: a projection."""

from collections.abc import Iterable
from typing import Any, Protocol

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from chassis.messaging.events import EventRouter, Received
from chassis.tables import person, unit
from contracts.tasks import PersonChanged, UnitChanged

__all__ = ["directory_tables", "follow_directory", "keep_people", "keep_units", "person", "unit"]


class _State(Protocol):
    @property
    def version(self) -> int: ...

    def model_dump(self) -> dict[str, Any]: ...


def follow_directory(router: EventRouter) -> None:
    """Register the handlers that keep `unit` and `person` at their newest versions."""
    router.on(UnitChanged)(keep_units)
    router.on(PersonChanged)(keep_people)


async def keep_units(events: list[Received[UnitChanged]], session: AsyncSession) -> None:
    """Keep `unit` at the newest versions: a handler, or what a service's own begins with."""
    await _keep(session, unit, "unit_id", (received.event.unit for received in events))


async def keep_people(events: list[Received[PersonChanged]], session: AsyncSession) -> None:
    """Keep `person` at the newest versions, as `keep_units` does."""
    await _keep(session, person, "person_id", (received.event.person for received in events))


def directory_tables(base: type[DeclarativeBase]) -> tuple[type[Any], type[Any]]:
    """Map `Unit` and `Person` onto a service's declarative base, for those who prefer entities."""
    return (
        type("Unit", (base,), {"__table__": unit.to_metadata(base.metadata)}),
        type("Person", (base,), {"__table__": person.to_metadata(base.metadata)}),
    )


def _kept(table: Table, name: str, key: str) -> bool:
    """Tell whether a projection has a place for a field."""
    return name == key or name in table.c


async def _keep(session: AsyncSession, table: Table, key: str, states: Iterable[_State]) -> None:
    """Upsert the newest state per id, sorted so that workers do not deadlock."""
    newest: dict[Any, dict[str, Any]] = {}
    for state in sorted(states, key=lambda state: state.version):
        row = {name: value for name, value in state.model_dump().items() if _kept(table, name, key)}
        row["id"] = row.pop(key)
        newest[row["id"]] = row
    if not newest:
        return
    statement = insert(table)
    columns = [name for name in next(iter(newest.values())) if name != "id"]
    changed = {name: statement.excluded[name] for name in columns}
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_=changed,
            where=statement.excluded.version > table.c.version,
        ),
        [newest[id_] for id_ in sorted(newest)],
    )
