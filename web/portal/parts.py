"""Parts of a page that may be missing while the rest of it works."""

from collections.abc import Awaitable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from portal.problems import Problem, ServiceDown


@dataclass(frozen=True)
class Unavailable:
    """Stands where an answer would: which service did not answer."""

    service: str


async def optional(call: Awaitable[Any]) -> Any:
    """Return the answer, or Unavailable so that the rest of the page still works."""
    try:
        return await call
    except ServiceDown as down:
        return Unavailable(down.service)


async def optional_if_visible(call: Awaitable[Any]) -> Any:
    """As `optional`; None when the person may not see it or it does not exist."""
    try:
        return await optional(call)
    except Problem as problem:
        if problem.status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            return None
        raise
