"""Which statements went to a database, for tests of how many an act needs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from chassis.database import Database


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    """Yield a list that grows by each statement sent; one with many rows of values is one."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
