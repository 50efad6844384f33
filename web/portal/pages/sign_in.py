"""Signing in and out."""

import hmac
from contextlib import suppress
from dataclasses import asdict
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal import kept as kept_forms
from portal.client import Api
from portal.forms import Form
from portal.oidc import Attempt, Issuer
from portal.place import own_page
from portal.problems import Problem, ServiceDown, SignInNeeded
from portal.sessions import LIFETIME, REMEMBERED, Tokens
from portal.visit import COOKIE, Portal, Visitor, page, portal_of

ATTEMPT_COOKIE = "nhip_attempt"
ATTEMPT_SECONDS = 600  # how long a person may take at the issuer's form
router = APIRouter()


@router.get("/sign_in")
async def landing(request: Request, next: str = "/", why: str = "", kept: str = "") -> Response:
    """Say what this is, or why the reader is here again, and offer to sign in.

    `why`: failed, ended, lost (what was sent could not be kept). `kept`: finds what was sent.
    """
    return page(request, "sign_in.html", next=own_page(next), why=why, kept_as=kept)


@router.get("/sign_in/start")
async def start(request: Request, next: str = "/", kept: str = "") -> Response:
    """Send the browser to the issuer."""
    portal = portal_of(request)
    attempt = portal.issuer.new_attempt(own_page(next), kept)
    answer = RedirectResponse(await portal.issuer.authorization_address(attempt), status_code=303)
    signed = _serializer(portal).dumps(asdict(attempt))
    _set(answer, portal, ATTEMPT_COOKIE, signed, ATTEMPT_SECONDS)
    return answer


@router.get("/sign_in/callback")
async def callback(request: Request, code: str = "", state: str = "") -> Response:
    """Take the issuer's answer and open a session."""
    portal = portal_of(request)
    try:
        attempt = _attempt(portal, request.cookies.get(ATTEMPT_COOKIE, ""), state)
        tokens = await portal.issuer.redeem(attempt, code)
        me = await _link(portal, tokens, request)
        await _check_person(portal, tokens, request)
    except SignInNeeded:
        return RedirectResponse("/sign_in?why=failed", status_code=303)
    except Problem as problem:
        if problem.status != HTTPStatus.FORBIDDEN:
            raise
        return page(request, "errors/unknown.html", status=403, refusal=problem)
    key = await portal.sessions.open(tokens, me)
    answer = RedirectResponse(await _back(portal, attempt, key), status_code=303)
    # longer than the session lives: so its end can be told from never having signed in
    _set(answer, portal, COOKIE, key, int((LIFETIME + REMEMBERED).total_seconds()))
    answer.delete_cookie(ATTEMPT_COOKIE)
    return answer


@router.post("/sign_out")
async def sign_out(request: Request, visit: Visitor, _: Form) -> Response:
    """Forget the session here and at the issuer."""
    portal = portal_of(request)
    await portal.sessions.close(request.cookies[COOKIE])
    issuer: Issuer = portal.issuer
    back_to = f"{portal.address}/sign_in?done=signed_out"
    answer = RedirectResponse(
        await issuer.end_session_address(visit.tokens.identity, back_to), status_code=303
    )
    answer.delete_cookie(COOKIE)
    return answer


async def _link(portal: Portal, tokens: Tokens, request: Request) -> dict[str, object]:
    """Return the person behind the token; the first time, tasks links the two."""
    api = Api(portal.services, tokens.access, request.state.language)
    me: dict[str, object] = await api.post(
        "tasks", "/v1/me/sign_in", {}, key=portal.issuer.new_attempt("/").state
    )
    return me


async def _check_person(portal: Portal, tokens: Tokens, request: Request) -> None:
    """Raise Problem for who may read no notifications: a system, which has no use for pages."""
    api = Api(portal.services, tokens.access, request.state.language)
    with suppress(ServiceDown):
        await api.get("notifications", "/v1/notifications/unread_count")


async def _back(portal: Portal, attempt: Attempt, key: str) -> str:
    """Return the page to go on with; what one could not send is there, but nobody else's."""
    if not attempt.kept:
        return attempt.next
    found = kept_forms.find(portal, attempt.kept)
    if found is not None and await portal.sessions.hand_over(found, key):
        return kept_forms.marked(attempt.next)
    return kept_forms.marked("/", kept_forms.GONE)


def _serializer(portal: Portal) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(portal.secret, salt="sign-in-attempt")


def _attempt(portal: Portal, cookie: str, state: str) -> Attempt:
    try:
        attempt = Attempt(**_serializer(portal).loads(cookie, max_age=ATTEMPT_SECONDS))
    except BadSignature as error:
        raise SignInNeeded from error
    if not hmac.compare_digest(attempt.state, state):
        raise SignInNeeded
    return attempt


def _set(answer: Response, portal: Portal, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=portal.address.startswith("https"),
    )
