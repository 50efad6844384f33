"""Two people edit one thing: the version they saw goes out as ETag and comes back as If-Match."""

import hashlib
import re
from typing import Annotated

from fastapi import Depends, Header
from starlette.responses import Response

from chassis.errors import BadRequest, PreconditionRequired, StaleVersion

_VERSION = re.compile(r'(?:(W/))?"(\d{1,18})"')
_NONE = 10**18  # as the version of a weak ETag, which matches nothing (RFC 9110, 13.1.1)
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]
"""What the client has seen, for `answer_by_content`."""
NOT_THERE = 0
"""The version of what is not there yet."""
Given = Annotated[str | None, Header()]


async def _if_match(if_match: Given = None) -> int:
    if if_match is None:
        raise PreconditionRequired(
            'Thiếu tiêu đề If-Match: hãy gửi lại ETag đã nhận khi đọc dữ liệu, ví dụ "7"'
        )
    match = _VERSION.fullmatch(if_match.strip())
    if match is None:
        raise BadRequest(
            'If-Match phải là đúng một ETag đã nhận, ví dụ "7"', code="if_match_invalid"
        )
    return _NONE if match[1] else int(match[2])


async def _if_match_or_new(if_match: Given = None, if_none_match: Given = None) -> int:
    if if_match is None and (if_none_match or "").strip() == "*":
        return NOT_THERE
    return await _if_match(if_match)


IfMatch = Annotated[int, Depends(_if_match)]
"""The version the client saw. 428 without it, 400 when malformed."""
IfMatchOrNew = Annotated[int, Depends(_if_match_or_new)]
"""The version the client saw, or by `If-None-Match: *` that it saw none: NOT_THERE."""


def set_etag(response: Response, version: int) -> None:
    """Send the version along, as `"7"`."""
    response.headers["ETag"] = f'"{version}"'


def check_version(current: int, expected: int) -> None:
    """Raise StaleVersion (412) unless the client saw the current version."""
    if current != expected:
        raise StaleVersion(
            "Dữ liệu đã được người khác sửa (phiên bản hiện tại là {current}); hãy tải lại rồi "
            "thực hiện lại",
            headers={"ETag": f'"{current}"'},
            current=current,
        )


def answer_by_content(body: bytes, if_none_match: str | None) -> Response:
    """Return JSON under an ETag made of its bytes; 304 to who has seen exactly these."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    seen = {each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")}
    if etag in seen:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
