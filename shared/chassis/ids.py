"""Identifiers: UUIDv7 made in Python, ordered by time, usable as keys before anything is stored."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a new UUIDv7."""
    return uuid7()
