"""The ledger: what clients attempted and were told, kept outside the system under test."""

import sqlite3
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS operation (
  id TEXT PRIMARY KEY, row TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  version INTEGER, loud INTEGER NOT NULL, attempted_at REAL NOT NULL, acked_at REAL,
  status INTEGER, tries INTEGER NOT NULL DEFAULT 0, failures TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS injected (row TEXT NOT NULL, service TEXT NOT NULL, what TEXT NOT NULL)
"""


@dataclass(frozen=True)
class Operation:
    """One thing a client wanted. `loud`: somebody has to be told of it."""

    id: str
    kind: str
    subject: str
    version: int | None
    loud: bool
    status: int | None
    tries: int
    failures: str

    @property
    def acked(self) -> bool:
        """Whether the client was told that it is done: 0 is no answer at all."""
        return self.status in range(200, 300)


class Ledger:
    """An SQLite file; append-only but for the outcome of an attempt."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._file = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._file.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + _TABLES)
        self.row = ""

    def attempt(self, id_: str, kind: str, subject: str, *, loud: bool = False) -> None:
        """Write down what is about to be sent, before it is sent."""
        self._do(
            "INSERT INTO operation (id, row, kind, subject, loud, attempted_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (id_, self.row, kind, subject, loud, time.time()),
        )

    def answered(self, id_: str, status: int, version: int | None) -> None:
        """Write down the definite answer."""
        self._do(
            "UPDATE operation SET status = ?, version = ?, acked_at = ? WHERE id = ?",
            (status, version, time.time(), id_),
        )

    def tried(self, id_: str, failure: str) -> None:
        """Write down one try and how it failed ('' when it did not)."""
        self._do(
            "UPDATE operation SET tries = tries + 1, failures = failures || ? WHERE id = ?",
            (f"{failure};" if failure else "", id_),
        )

    def inject(self, service: str, what: str) -> None:
        """Write down a poison: it must end up parked there."""
        self._do("INSERT INTO injected VALUES (?, ?, ?)", (self.row, service, what))

    def injected(self) -> Counter[str]:
        """How many poisons each service was given so far."""
        return Counter(r[0] for r in self._do("SELECT service FROM injected"))

    def operations(self, *, row: str, attempted_before: float = 1e12) -> list[Operation]:
        """Return the operations of a row."""
        query = (
            "SELECT id, kind, subject, version, loud, status, tries, failures FROM operation "
            "WHERE row = ? AND attempted_at <= ?"
        )
        return [
            Operation(*r[:4], bool(r[4]), *r[5:]) for r in self._do(query, (row, attempted_before))
        ]

    def _do(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple]:
        with self._lock:
            return self._file.execute(statement, values).fetchall()
