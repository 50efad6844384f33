"""HTTP for partners' programs: a token for a credential, and the public keys of our tokens."""

from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.responses import JSONResponse, Response

from chassis.access import PUBLIC
from chassis.clock import database_now
from chassis.errors import TooManyRequests
from chassis.texts import storable
from chassis.web import ServiceRouter, Transaction
from chassis.web.problems import answer_error
from notifications.partners.keys import listed_origins, public_keys
from notifications.partners.tokens import TokenRefused, issue, read_request

TOKEN_PATH = "/v1/partners/token"  # noqa: S105 - an address
FORM = "application/x-www-form-urlencoded"
_FIELDS = ("grant_type", "client_id", "client_secret", "scope")
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_BASIC = {"WWW-Authenticate": 'Basic realm="cchc"'}
_BODY = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "required": ["grant_type"],
                "properties": {name: {"type": "string"} for name in _FIELDS},
            }
        }
    },
}

router = ServiceRouter(prefix="/v1/partners", tags=["partners"])


@router.post("/token", policy=PUBLIC, openapi_extra={"requestBody": _BODY})
async def give_token(request: Request, session: Transaction) -> Response:
    """Return a token of ten minutes for client credentials (RFC 6749, 4.4).

    The client names itself in the form or by HTTP Basic. Failures are those of RFC 6749, 5.2.
    """
    issuer, now = request.app.state.partners_issuer, await database_now(session)
    authorization = request.headers.get("authorization", "")
    try:
        asked = read_request(await _form(request), authorization)
        return JSONResponse(await issue(session, issuer, asked, now), headers=_NO_STORE)
    except TokenRefused as error:
        return _refusal(error)


@router.get("/keys", policy=PUBLIC)
async def read_keys(session: Transaction) -> dict[str, Any]:
    """Return the public keys of partners' tokens (JWKS), and the origins of partners' pages."""
    origins = await listed_origins(session, await database_now(session))
    return {**await public_keys(session), "origins": origins}


async def too_many_tries(request: Request) -> Response:
    """Answer one wrong secret too many."""
    sentence = "Quá nhiều lần sai mã bí mật: hãy thử lại sau ít phút"
    return await answer_error(request, TooManyRequests(sentence, headers={"Retry-After": "60"}))


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise TokenRefused("invalid_request", f"send a form as {FORM}")
    try:
        pairs = parse_qsl((await request.body()).decode(), strict_parsing=True, max_num_fields=20)
    except ValueError as error:
        raise TokenRefused("invalid_request", "the form cannot be read") from error
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None or not all(storable(value) for _, value in pairs):
        raise TokenRefused("invalid_request", "each parameter once, in characters that can be kept")
    return dict(pairs)


def _refusal(error: TokenRefused) -> Response:
    body = {"error": error.code, "error_description": error.description}
    unknown = error.code == "invalid_client"
    headers = {**_NO_STORE, **(_BASIC if unknown else {})}
    return JSONResponse(body, 401 if unknown else 400, headers)
