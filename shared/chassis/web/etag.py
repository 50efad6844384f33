"""Two people edit one thing: the version they saw goes out as ETag and comes back as If-Match."""

import re
from typing import Annotated

from fastapi import Depends, Header
from starlette.responses import Response

from chassis.errors import BadRequest, PreconditionRequired, StaleVersion

_VERSION = re.compile(r'(?:W/)?"(\d{1,18})"')


async def _if_match(if_match: Annotated[str | None, Header()] = None) -> int:
    if if_match is None:
        raise PreconditionRequired(
            'Thiếu tiêu đề If-Match: hãy gửi lại ETag đã nhận khi đọc dữ liệu, ví dụ "7"'
        )
    match = _VERSION.fullmatch(if_match.strip())
    if match is None:
        raise BadRequest(
            'If-Match phải là đúng một ETag đã nhận, ví dụ "7"', code="if_match_invalid"
        )
    return int(match[1])


IfMatch = Annotated[int, Depends(_if_match)]
"""The version the client saw. 428 without it, 400 when malformed."""


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
