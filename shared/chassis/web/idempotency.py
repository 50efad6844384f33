"""A POST sent twice with the same Idempotency-Key has one effect and one answer.

The finished answer is stored in the same transaction as the effect and kept for 24 hours.
"""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from chassis.errors import BadRequest, Conflict, InvalidInput
from chassis.tables import idempotency_key

KEPT = timedelta(hours=24)
_HEADERS = ("content-type", "etag", "location")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
# The lock is there so that a second request is refused at once; an insert alone would wait.
_CLAIM = text("""
    INSERT INTO idempotency_key (key_hash, body_hash, status, headers, body)
    SELECT CAST(:key_hash AS bytea), CAST(:body_hash AS bytea), 0, '{}', ''
    WHERE pg_try_advisory_xact_lock(:number) ON CONFLICT DO NOTHING RETURNING status
""")
_ANSWERED = text("""
    UPDATE idempotency_key SET status = :status, headers = CAST(:headers AS jsonb), body = :body
    WHERE key_hash = :key_hash
""")
_FORGET = text("DELETE FROM idempotency_key WHERE key_hash = :key_hash")
_BOUNDARY = re.compile(rb'boundary="?([^";,\s]+)')


async def once(
    request: Request,
    session: AsyncSession,
    caller: str,
    route: str,
    endpoint: Callable[[Request], Awaitable[Response]],
) -> Response:
    """Run the endpoint, or return what it answered to the same key before.

    Raises BadRequest without a key, Conflict while the first request is still running, and
    InvalidInput when the key was used for another body. Only 2xx answers are remembered.
    """
    key_hash = _digest(caller, request.method, route, request.url.path, _key(request))
    body_hash = hashlib.sha256(await _body(request)).digest()
    if not await _claim(session, key_hash, body_hash):
        return _replayed(await _stored(session, key_hash), body_hash)
    response = await endpoint(request)
    await _settle(session, key_hash, response, getattr(request.state, "kept_answer", None))
    return response


def keep_instead(request: Request, body: bytes) -> None:
    """Keep this for repetitions, not the answer: a secret is shown once and stored nowhere."""
    request.state.kept_answer = body


def key_reused() -> InvalidInput:
    """Return the error of a key that came before with another content."""
    return InvalidInput(
        "Idempotency-Key này đã dùng cho một nội dung khác; hãy dùng mã mới",
        code="idempotency_key_reused",
    )


async def purge_idempotency_keys(session: AsyncSession, now: datetime) -> None:
    """Delete answers older than 24 hours; a job for the service's clock."""
    await session.execute(delete(idempotency_key).where(idempotency_key.c.created_at < now - KEPT))


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key")
    if key is None:
        raise BadRequest(
            "Thiếu tiêu đề Idempotency-Key: hãy gửi một mã mới cho mỗi thao tác và giữ nguyên mã "
            "đó khi gửi lại",
            code="idempotency_key_missing",
        )
    if not _KEY.fullmatch(key):
        raise BadRequest(
            "Idempotency-Key phải dài từ 1 đến 255 ký tự ASCII, không có khoảng trắng",
            code="idempotency_key_invalid",
        )
    return key


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()


async def _body(request: Request) -> bytes:
    """Return the body; a form's random boundary is the same in every repetition."""
    body = await request.body()
    match = _BOUNDARY.search(request.headers.get("content-type", "").encode())
    return body.replace(match[1], b"boundary") if match else body


async def _claim(session: AsyncSession, key_hash: bytes, body_hash: bytes) -> bool:
    """Insert the key's row, its answer still empty; False when it is there or is being made."""
    number = int.from_bytes(key_hash[:8], "big", signed=True)
    facts = {"number": number, "key_hash": key_hash, "body_hash": body_hash}
    return (await session.execute(_CLAIM, facts)).first() is not None


async def _stored(session: AsyncSession, key_hash: bytes) -> Row[Any]:
    found = await session.execute(
        select(idempotency_key).where(idempotency_key.c.key_hash == key_hash)
    )
    stored = found.first()
    if stored is None:
        raise Conflict(
            "Yêu cầu với cùng Idempotency-Key đang được xử lý, hãy thử lại sau giây lát",
            code="idempotency_in_progress",
            headers={"Retry-After": "1"},
        )
    return stored


def _replayed(stored: Row[Any], body_hash: bytes) -> Response:
    if stored.body_hash != body_hash:
        raise key_reused()
    headers = {**stored.headers, "Idempotency-Replayed": "true"}
    return Response(stored.body, status_code=stored.status, headers=headers)


async def _settle(
    session: AsyncSession, key_hash: bytes, response: Response, instead: bytes | None
) -> None:
    if response.status_code not in range(200, 300) or not hasattr(response, "body"):
        await session.execute(_FORGET, {"key_hash": key_hash})
        return
    headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
    facts = {
        "key_hash": key_hash,
        "status": response.status_code,
        "headers": json.dumps(headers),
        "body": bytes(response.body) if instead is None else instead,
    }
    await session.execute(_ANSWERED, facts)
