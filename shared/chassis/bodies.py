"""Bases of request and answer bodies, and the types their fields share."""

import re
from collections.abc import Hashable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar, cast

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema, to_json

T = TypeVar("T", bound=Hashable)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class RequestBody(BaseModel):
    """A request body. Fields it does not name are refused; outer blanks are cut off.

    Types are JSON's own: "50" is no number, 0 is not false. What JSON has no type for (days,
    instants, UUIDs, exact decimals) comes as text in its one written form.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, strict=True)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read what json.loads made as JSON again: pydantic's strict mode knows days only there."""
        schema: Any = handler(source)
        if schema["type"] != "model":
            return cast("CoreSchema", schema)  # made before
        ref = schema.pop("ref", None)
        read = core_schema.json_schema(schema)
        parsed = core_schema.no_info_before_validator_function(to_json, read)
        return core_schema.json_or_python_schema(schema, parsed, ref=ref)


class ResponseBody(BaseModel):
    """An answer. Decimals are JSON strings, instants UTC with `Z`, dates plain."""

    model_config = ConfigDict(from_attributes=True)


class Nothing(RequestBody):
    """An empty object: the act needs to be told nothing more."""


def _day(value: object) -> object:
    """Read a written day; of a number pydantic would make a day of 1970."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except ValueError:
        raise PydanticCustomError("date_parsing", "no day") from None


def _instant(value: object) -> object:
    if isinstance(value, str) and "-" not in value[1:]:
        raise PydanticCustomError("datetime_parsing", "no instant")
    return value


def _of_the_calendar(value: datetime) -> datetime:
    """Refuse one whose day in UTC is before the year 1, or after 9999."""
    try:
        value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_parsing", "no instant") from None
    return value


Day = Annotated[date, BeforeValidator(_day)]
"""A day, written 2025-11-30 and in no other way; in bodies and in queries."""
Moment = Annotated[AwareDatetime, AfterValidator(_of_the_calendar)]
"""An instant in a body, written 2025-11-30T08:00:00+07:00."""
Instant = Annotated[Moment, BeforeValidator(_instant)]
"""An instant in a query, written so, too."""


Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
"""Why somebody does what others must be able to understand later."""


def _once_each(values: Sequence[T]) -> Sequence[T]:
    seen: set[T] = set()
    for value in values:
        if value in seen:
            raise PydanticCustomError("repeated", "twice: {value}", {"value": str(value)})
        seen.add(value)
    return values


Distinct = AfterValidator(_once_each)
"""Beside a list's type: no value of it comes twice."""


def distinct_by(field: str) -> AfterValidator:
    """Return what stands beside a type of lists of objects: no two have this field alike."""

    def check(items: list[BaseModel]) -> list[BaseModel]:
        _once_each([getattr(item, field) for item in items])
        return items

    return AfterValidator(check)
