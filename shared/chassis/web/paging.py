"""Lists come in pages along keys that end in the id; a cursor is signed and bound to its list."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field
from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, literal, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import QueryableAttribute
from sqlalchemy.sql.operators import desc_op
from starlette.requests import Request

from chassis.bodies import ResponseBody
from chassis.errors import BadRequest

T = TypeVar("T")
MOST = 200
_SIGNATURE_BYTES = 16


class Page(ResponseBody, Generic[T]):
    """One page. `next_cursor` None on the last one.

    `allowed`: what the caller may do with the list as such, e.g. `create`.
    """

    data: list[T]
    next_cursor: str | None
    allowed: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Paging:
    """What the client asks for. `list_name` binds a cursor to one list with its filters."""

    limit: int
    cursor: str | None
    list_name: str
    secret: bytes

    def sign(self, payload: bytes) -> bytes:
        """Return the signature of a cursor of this list."""
        message = self.list_name.encode() + b"\0" + payload
        return hmac.digest(self.secret, message, hashlib.sha256)[:_SIGNATURE_BYTES]


async def _paging(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Paging:
    return paging_of(request, limit, cursor or None)


def paging_of(request: Request, limit: int, cursor: str | None) -> Paging:
    """Return the paging of the request's list with its filters."""
    filters = sorted(
        item for item in request.query_params.multi_items() if item[0] not in {"limit", "cursor"}
    )
    name = json.dumps([request.url.path, filters])
    return Paging(limit, cursor, name, request.app.state.cursor_secret)


PageParams = Annotated[Paging, Depends(_paging)]
Key = ColumnElement[Any] | QueryableAttribute[Any]


async def paginate(
    session: AsyncSession, statement: Select[Any], paging: Paging, *keys: Key
) -> tuple[Sequence[Any], str | None]:
    """Return one page of the statement and the cursor of the next.

    Args:
        keys: never-null columns in the order wanted, the id last; each ascending or `desc()`.

    Rows are entities when the statement selects one thing, else rows. Raises BadRequest
    (`cursor_invalid`) for a cursor that is not from this list.
    """
    columns, falling = _columns(keys)
    if paging.cursor is not None:
        after = _literals(columns, _read(paging))
        statement = statement.where(_beyond(columns, after, falling))
    ordered = statement.add_columns(*columns).order_by(*keys).limit(paging.limit + 1)
    found = (await session.execute(ordered)).freeze()
    width = len(statement.column_descriptions)
    narrow = found().columns(*range(width))
    rows: Sequence[Any] = narrow.scalars().all() if width == 1 else narrow.all()
    if len(rows) <= paging.limit:
        return rows, None
    last = found().all()[paging.limit - 1]
    return rows[: paging.limit], _write(paging, list(last[width:]))


def _columns(keys: Sequence[Key]) -> tuple[list[ColumnElement[Any]], list[bool]]:
    """Return the columns, and which of them fall."""
    falling = [isinstance(k, UnaryExpression) and k.modifier is desc_op for k in keys]
    columns: list[Any] = [k.element if isinstance(k, UnaryExpression) else k for k in keys]
    return columns, falling


def _beyond(
    columns: list[ColumnElement[Any]], after: list[ColumnElement[Any]], falling: list[bool]
) -> ColumnElement[bool]:
    """Return the condition of the rows that follow; the first column's bound is for its index."""
    if len(set(falling)) == 1:
        here, there = tuple_(*columns), tuple_(*after)
        return here < there if falling[0] else here > there
    found: ColumnElement[bool] | None = None
    for column, value, falls in reversed(list(zip(columns, after, falling, strict=True))):
        past = column < value if falls else column > value
        found = past if found is None else or_(past, and_(column == value, found))
    bound = columns[0] <= after[0] if falling[0] else columns[0] >= after[0]
    return bound if found is None else and_(bound, found)


def _write(paging: Paging, values: list[Any]) -> str:
    payload = json.dumps(values, default=_plain, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(paging.sign(payload) + payload).rstrip(b"=").decode()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _read(paging: Paging) -> list[Any]:
    try:
        text = (paging.cursor or "").encode("ascii")
        raw = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except ValueError as error:
        raise _invalid() from error
    signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, paging.sign(payload)):
        raise _invalid()
    values: list[Any] = json.loads(payload)
    return values


def _literals(columns: list[ColumnElement[Any]], values: list[Any]) -> list[ColumnElement[Any]]:
    return [
        literal(_typed(value, column.type.python_type), column.type)
        for column, value in zip(columns, values, strict=True)
    ]


def _typed(value: Any, type_: type) -> Any:
    if issubclass(type_, (datetime, date)):
        return type_.fromisoformat(value)
    return type_(value) if issubclass(type_, (UUID, Decimal)) else value


def _invalid() -> BadRequest:
    return BadRequest(
        "Con trỏ trang không hợp lệ: hãy dùng đúng giá trị next_cursor của danh sách này",
        code="cursor_invalid",
    )
