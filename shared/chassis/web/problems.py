"""Every failure leaves as `application/problem+json` (RFC 9457), without a trace of our insides."""

import json
import traceback
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from chassis import database
from chassis.errors import Conflict, FieldError, InvalidInput, ServiceError, Unavailable
from chassis.i18n import Language, preferred, say
from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.web.validation import invalid_input

log = structlog.get_logger()
_FRAMES = 12  # innermost ones of a traceback that are logged
MEDIA_TYPE = "application/problem+json"
_BY_STATUS = {
    400: ("body_unreadable", "Không đọc được nội dung yêu cầu"),
    404: ("not_found", "Không có gì ở địa chỉ này"),
    405: ("method_not_allowed", "Địa chỉ này không nhận phương thức {method}"),
    413: ("body_too_large", "Nội dung gửi lên quá lớn"),
    415: ("media_unsupported", "Định dạng nội dung không được hỗ trợ"),
}
_TITLES = {kind.http_status: kind.title for kind in ServiceError.__subclasses__()}


def problem(request: Request, error: ServiceError) -> Response:
    """Return the answer to an error in the language the request asks for."""
    language = preferred(request.headers.get("accept-language"))
    body = {
        "type": f"/docs#{error.code}",
        "title": say(error.title, language),
        "status": error.http_status,
        "detail": say(error.detail, language, **error.facts),
        "code": error.code,
        "instance": request_id(request),
    }
    if error.errors:
        body["errors"] = [_field_error(one, language) for one in error.errors]
    headers = {**error.headers, "Content-Language": language}
    return _answer(body, error.http_status, headers)


def request_id(request: Request) -> str | None:
    """Return the id that the middleware gave the request."""
    value: str | None = request.scope.get("state", {}).get("request_id")
    return value


def of_exception(error: Exception, language: Language = "vi") -> ServiceError:
    """Return what outsiders may know about any exception; a 500 is all there is for most."""
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, (RuleBroken, InputRefused)):
        return _of_rule(error)
    if isinstance(error, RequestValidationError):
        return invalid_input(error.errors(), language)
    if database.is_away(error) or database.may_be_tried_again(error):
        return Unavailable()
    if isinstance(error, DBAPIError):
        return _of_database(error)
    return ServiceError("Đã có lỗi ngoài dự kiến; hãy báo mã yêu cầu này cho quản trị viên")


def _of_database(error: DBAPIError) -> ServiceError:
    """Translate what the database refuses for reasons that the client can do something about."""
    state = getattr(error.orig, "sqlstate", None)
    if state == "23505":  # unique_violation: two people added the same thing at once
        return Conflict("Dữ liệu này vừa được người khác thêm vào; hãy tải lại", code="duplicate")
    if state in {"22021", "22P05"}:  # U+0000 cannot be stored in text
        return InvalidInput("Nội dung có ký tự không lưu được (U+0000); hãy bỏ ký tự đó")
    if state in {"22003", "22008"} or "out of int" in str(error.orig):
        return InvalidInput("Có một số hoặc một ngày nằm ngoài khoảng cho phép")
    return of_exception(RuntimeError())


async def answer_error(request: Request, error: Exception) -> Response:
    """Turn an exception into its answer; log what is our own fault."""
    language = preferred(request.headers.get("accept-language"))
    known = of_exception(error, language)
    if known.http_status >= 500:  # noqa: PLR2004 - server errors
        log.error("request_failed", code=known.code, error=_describe(error), trace=_trace(error))
    return problem(request, known)


async def answer_http_exception(request: Request, error: HTTPException) -> Response:
    """Turn what Starlette and FastAPI raise (404, 405, 413 ...) into a problem."""
    code, detail = _BY_STATUS.get(error.status_code, ("bad_request", "Yêu cầu không hợp lệ"))
    language = preferred(request.headers.get("accept-language"))
    body = {
        "type": f"/docs#{code}",
        "title": say(_TITLES.get(error.status_code, "Yêu cầu không hợp lệ"), language),
        "status": error.status_code,
        "detail": say(detail, language, method=request.method),
        "code": code,
        "instance": request_id(request),
    }
    headers = {**(error.headers or {}), "Content-Language": language}
    return _answer(body, error.status_code, headers)


def _of_rule(error: RuleBroken | InputRefused) -> ServiceError:
    if isinstance(error, RuleBroken):
        return Conflict(error.sentence, code=error.code)
    problems = [_of_problem(one) for one in error.problems]
    return InvalidInput(error.sentence, code=error.code, errors=problems)


def _of_problem(problem: Problem) -> FieldError:
    sentence = problem.sentence
    return {"pointer": problem.pointer, "message": sentence.template, "facts": sentence.facts}


def _field_error(error: FieldError, language: Language) -> dict[str, object]:
    shown = {name: value for name, value in error.items() if name != "facts"}
    return {**shown, "message": say(error["message"], language, **error.get("facts", {}))}


def _answer(body: dict[str, Any], status: int, headers: dict[str, str]) -> Response:
    content = json.dumps(body, ensure_ascii=False)
    return Response(content, status_code=status, headers=headers, media_type=MEDIA_TYPE)


def _describe(error: Exception) -> str:
    """Return the error's kind; a database error's parameters could be somebody's answers."""
    origin = getattr(error, "orig", None)
    return f"{type(error).__name__}: {type(origin).__name__ if origin else error}"


def _trace(error: Exception) -> str:
    """Return the places an error came through: no values, for they could be somebody's answers."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[::-1])
