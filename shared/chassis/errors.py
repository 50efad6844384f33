"""Errors that people and programs outside may see: a stable code, a status, a sentence.

The sentence is Vietnamese and written where the error is raised; English comes from the catalogue,
so put facts in as `{name}` with `name=...` (a FieldError: `facts`) instead of formatting them
yourself.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NotRequired, TypedDict

from chassis.words import Sentence


class FieldError(TypedDict):
    """One wrong value: JSON pointer into the body (RFC 6901) and what is right.

    `source` says `query`, `path` or `header` when the value did not stand in the body. `facts`
    stand for the `{name}` of the message; they do not leave by themselves.
    """

    pointer: str
    message: str
    source: NotRequired[str]
    facts: NotRequired[Mapping[str, object]]


class ServiceError(Exception):
    """An answer that is not the one hoped for. `code` is public and stable, the text is not."""

    code: str = "internal_error"
    http_status: ClassVar[int] = 500
    title: ClassVar[str] = "Lỗi hệ thống"

    def __init__(
        self,
        detail: str | Sentence,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> None:
        """`facts` fill the template; `headers` go into the answer."""
        if isinstance(detail, Sentence):
            facts = {**detail.facts, **facts}
            detail = detail.template
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.facts = facts

    def __str__(self) -> str:
        """Return the Vietnamese sentence with its facts."""
        return self.detail.format(**self.facts) if self.facts else self.detail


class BadRequest(ServiceError):
    """The request itself is malformed."""

    code, http_status, title = "bad_request", 400, "Yêu cầu không hợp lệ"


class Unauthenticated(ServiceError):
    """No token, or one that is not accepted."""

    code, http_status, title = "token_invalid", 401, "Chưa đăng nhập"


class NotAllowed(ServiceError):
    """The actor may see this but not do that."""

    code, http_status, title = "not_allowed", 403, "Không có quyền"

    def __init__(
        self, detail: str | Sentence = "Bạn không có quyền thực hiện việc này", **more: Any
    ) -> None:
        super().__init__(detail, **more)


class PersonUnknown(ServiceError):
    """A valid token of somebody who is not in the directory."""

    code, http_status, title = "person_unknown", 403, "Chưa có trong danh bạ"


class NotFound(ServiceError):
    """There is nothing here, or nothing that the actor may see."""

    code, http_status, title = "not_found", 404, "Không tìm thấy"


class Conflict(ServiceError):
    """The request is valid but the current state forbids it."""

    code, http_status, title = "conflict", 409, "Trạng thái hiện tại không cho phép"


class StaleVersion(ServiceError):
    """Somebody changed it in between."""

    code, http_status, title = "version_stale", 412, "Dữ liệu đã thay đổi"


class TooLarge(ServiceError):
    """The body is longer than allowed."""

    code, http_status, title = "body_too_large", 413, "Nội dung quá lớn"


class UnsupportedMedia(ServiceError):
    """A content type or file kind that is not taken here."""

    code, http_status, title = "media_unsupported", 415, "Định dạng không được hỗ trợ"


class InvalidInput(ServiceError):
    """One or more values are wrong; `errors` says which and what is right."""

    code, http_status, title = "input_invalid", 422, "Dữ liệu chưa hợp lệ"


class PreconditionRequired(ServiceError):
    """The request must say which version it changes."""

    code, http_status, title = "if_match_missing", 428, "Thiếu phiên bản"


class TooManyRequests(ServiceError):
    """Slow down."""

    code, http_status, title = "too_many_requests", 429, "Quá nhiều yêu cầu"


class Unavailable(ServiceError):
    """Something we depend on is away; try again after `Retry-After` seconds."""

    code, http_status, title = "service_unavailable", 503, "Tạm thời không phục vụ được"

    def __init__(
        self,
        detail: str = "Hệ thống tạm thời không phục vụ được, hãy thử lại sau ít phút",
        *,
        retry_after: int = 5,
        **more: Any,
    ) -> None:
        """`retry_after`: seconds."""
        super().__init__(detail, headers={"Retry-After": str(retry_after)}, **more)


class NotStored(ServiceError):
    """A file could not be written where files lie: the place is full, or may not be written to."""

    code, http_status, title = "file_not_stored", 507, "Chưa lưu được tệp"

    def __init__(self) -> None:
        super().__init__(
            "Chưa lưu được tệp: nơi lưu tệp của máy chủ đã đầy hoặc không ghi được; chưa có gì "
            "thay đổi. Hãy báo quản trị viên, rồi thử lại"
        )
