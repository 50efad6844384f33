"""One database and one role of its own per service, on whatever PostgreSQL we were given."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from devstack.run.folder import WITH_DATABASE

MARK = "Nhip CCHC, installation "  # the comment by which we know what is ours


async def provide_databases(server: str, secrets: Mapping[str, str]) -> dict[str, str]:
    """Make what is missing and return the URL of each service's database, for its own role.

    Args:
        server: URL of a server on which we may create roles and databases.
        secrets: `installation`, and `<service>_database`: the password of its role.

    What somebody else made is left alone: where `nhip_tasks` is not ours we take a name with our
    installation's number.
    """
    connection = await asyncpg.connect(server)
    try:
        return {
            service: await _provide(connection, server, service, secrets)
            for service in WITH_DATABASE
        }
    finally:
        await connection.close()


async def drop_databases(server: str, installation: str) -> list[str]:
    """Drop every database and role of this installation; return their names."""
    connection = await asyncpg.connect(server)
    try:
        names = [name for s in WITH_DATABASE for name in _names(s, installation)]
        ours = [name for name in names if await _owner(connection, name) == installation]
        for name in ours:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await connection.execute(f'DROP ROLE IF EXISTS "{name}"')
        return ours
    finally:
        await connection.close()


async def _provide(
    connection: asyncpg.Connection, server: str, service: str, secrets: Mapping[str, str]
) -> str:
    installation, password = secrets["installation"], secrets[f"{service}_database"]
    plain, numbered = _names(service, installation)
    name = plain if await _owner(connection, plain) in {None, installation} else numbered
    await _make_role(connection, name, password, installation)
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}" TEMPLATE template0')
        await connection.execute(f"COMMENT ON DATABASE \"{name}\" IS '{MARK}{installation}'")
        # Every role may connect to a new database unless told otherwise; ours are not shared.
        await connection.execute(f'REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC')
    return own_url(server, name, password)


async def _make_role(
    connection: asyncpg.Connection, name: str, password: str, installation: str
) -> None:
    """Make the role, or give ours the remembered password again (letters, digits, - and _ only)."""
    exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name)
    verb = "ALTER" if exists else "CREATE"
    await connection.execute(f"{verb} ROLE \"{name}\" LOGIN PASSWORD '{password}'")
    if not exists:
        await connection.execute(f"COMMENT ON ROLE \"{name}\" IS '{MARK}{installation}'")
        await connection.execute(f'GRANT "{name}" TO CURRENT_USER')


async def _owner(connection: asyncpg.Connection, name: str) -> str | None:
    """Return whose the role and database `name` are: an installation, '' for strangers, or None."""
    comments = await connection.fetch(
        "SELECT shobj_description(oid, 'pg_database') AS said FROM pg_database WHERE datname = $1"
        " UNION ALL SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = $1",
        name,
    )
    owners = {(row["said"] or "").removeprefix(MARK) for row in comments}
    return None if not owners else owners.pop() if len(owners) == 1 else ""


def _names(service: str, installation: str) -> tuple[str, str]:
    return f"nhip_{service}", f"nhip_{service}_{installation}"


def own_url(server: str, name: str, password: str) -> str:
    """Return the server's URL with another user and database; host, port and options stay."""
    parts = urlsplit(server)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{quote(name)}:{quote(password, safe='')}@{host}"
    return urlunsplit(parts._replace(scheme="postgresql", netloc=netloc, path=f"/{quote(name)}"))
