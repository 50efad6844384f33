"""The messages received, in one SQLite file so that a restart keeps them."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from devstack.mailbox.reading import read_message

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY, received_at TEXT NOT NULL, sender TEXT NOT NULL,
  recipients TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT,
  raw BLOB NOT NULL)
"""
COLUMNS = "id, received_at, sender, recipients, subject, text, html"


@dataclass(frozen=True)
class Letter:
    """One received message. `recipients` are those of the envelope, blind copies among them."""

    id: int
    received_at: datetime
    sender: str
    recipients: list[str]
    subject: str
    text: str
    html: str | None

    @property
    def gist(self) -> str:
        """The beginning of the text, on one line."""
        return " ".join(self.text.split())[:160]


class MessageStore:
    """Adds and finds messages. One writer: the mailbox process."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        self._database = _open(file)
        self._database.execute(SCHEMA)

    def add(self, sender: str, recipients: list[str], raw: bytes) -> int:
        """Store a message as it came over SMTP; return its number."""
        read = read_message(raw)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        to = json.dumps([address.lower() for address in recipients])
        values = (now, sender, to, read.subject, read.text, read.html, raw)
        cursor = self._database.execute(
            "INSERT INTO message (received_at, sender, recipients, subject, text, html, raw)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        self._database.commit()
        return int(cursor.lastrowid or 0)

    def find(self, to: str = "", after: int = 0, limit: int = 100) -> list[Letter]:
        """Return messages, newest first.

        Args:
            to: part of a recipient's address, in any case; empty for all.
            after: only messages with a greater number.
            limit: at most so many.
        """
        like = "%" + "".join(f"\\{c}" if c in "%_\\" else c for c in to.strip().lower()) + "%"
        rows = self._database.execute(
            f"SELECT {COLUMNS} FROM message WHERE id > ? AND EXISTS (SELECT 1 FROM"  # noqa: S608
            " json_each(recipients) WHERE value LIKE ? ESCAPE '\\') ORDER BY id DESC LIMIT ?",
            (after, like, limit),
        )
        return [_letter(row) for row in rows]

    def get(self, number: int) -> Letter | None:
        """Return one message, or None."""
        row = self._database.execute(
            f"SELECT {COLUMNS} FROM message WHERE id = ?",  # noqa: S608 - columns are ours
            (number,),
        ).fetchone()
        return _letter(row) if row else None

    def raw(self, number: int) -> bytes | None:
        """Return a message byte by byte as it came, or None."""
        row = self._database.execute("SELECT raw FROM message WHERE id = ?", (number,)).fetchone()
        return bytes(row[0]) if row else None

    def count(self) -> int:
        """Return how many messages there are."""
        return int(self._database.execute("SELECT count(*) FROM message").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _open(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=10)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    return database


def _letter(row: tuple[int, str, str, str, str, str, str | None]) -> Letter:
    number, at, sender, to, subject, text, html = row
    moment = datetime.fromisoformat(at)
    return Letter(number, moment, sender, json.loads(to), subject, text, html)
