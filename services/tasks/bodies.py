"""Request bodies, and parts of them, that several nouns take."""

import unicodedata
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

from chassis.web import RequestBody


def as_code(value: Any) -> Any:
    """Return a criterion's code as its set writes it: 3.2 for "3.2.", in plain figures."""
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFKC", value).strip().rstrip(".")


CriterionCode = Annotated[
    str,
    BeforeValidator(as_code),
    StringConstraints(max_length=50, pattern=r"^[0-9A-Za-z][0-9A-Za-z.\-]*$"),
]
"""Written alike, so that the same criterion is known again in another sheet or inspection."""


class NothingBody(RequestBody):
    """An empty object."""
