"""From the domain's refusals to the answers people get."""

from collections.abc import Iterator
from contextlib import contextmanager

from chassis.errors import Conflict
from tasks.domain.errors import RuleBroken


@contextmanager
def rules() -> Iterator[None]:
    """Turn a broken rule into a Conflict with its code and message."""
    try:
        yield
    except RuleBroken as broken:
        raise Conflict(broken.message, code=broken.code) from broken
