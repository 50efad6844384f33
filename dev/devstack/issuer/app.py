"""The development issuer's routes (OpenID Connect: code + PKCE, refresh, client credentials)."""

import sys

import uvicorn
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from devstack.issuer.authorize import Authorize, allowed_redirect
from devstack.issuer.codes import Codes
from devstack.issuer.keys import ALGORITHM, signing_key
from devstack.issuer.people import read_people
from devstack.issuer.settings import IssuerSettings
from devstack.issuer.token_endpoint import TokenEndpoint
from devstack.issuer.tokens import AUDIENCE, Signer
from devstack.pages import page, style_route


class Issuer:
    """Puts keys, people and routes together."""

    def __init__(self, settings: IssuerSettings) -> None:
        self.settings = settings
        self.signer = Signer(signing_key(settings.key_file), settings.url)
        codes = Codes()
        self.authorize = Authorize(settings, codes)
        self.token = TokenEndpoint(settings, self.signer, codes)

    def app(self) -> Starlette:
        """Return the web application."""
        routes = [
            Route("/.well-known/openid-configuration", self.discovery),
            Route("/jwks.json", self.jwks),
            Route("/authorize", self.authorize.answer),
            Route("/token", self.token.answer, methods=["POST"]),
            Route("/userinfo", self.userinfo, methods=["GET", "POST"]),
            Route("/end_session", self.end_session, methods=["GET", "POST"]),
            Route("/health/{kind}", self.health),
            Route("/", self.home),
            style_route,
        ]
        open_to_all = Middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["*"])
        return Starlette(routes=routes, middleware=[open_to_all])

    async def discovery(self, _: Request) -> JSONResponse:
        """Describe the issuer (OpenID Connect Discovery 1.0)."""
        base = self.settings.url
        return JSONResponse({
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "userinfo_endpoint": f"{base}/userinfo",
            "end_session_endpoint": f"{base}/end_session",
            "jwks_uri": f"{base}/jwks.json",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "subject_types_supported": ["public"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "token_endpoint_auth_methods_supported": [
                "none", "client_secret_post", "client_secret_basic",
            ],
        })  # fmt: skip

    async def jwks(self, _: Request) -> JSONResponse:
        """Give the public key."""
        public = self.signer.key.as_dict(private=False)
        return JSONResponse({"keys": [public]})

    async def userinfo(self, request: Request) -> JSONResponse:
        """Say who bears the access token."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        claims = self.signer.read(token, AUDIENCE)
        if claims is None:
            return JSONResponse({"error": "invalid_token"}, 401, {"WWW-Authenticate": "Bearer"})
        hidden = {"aud", "exp", "iat", "nbf", "iss", "token_use"}
        return JSONResponse({name: value for name, value in claims.items() if name not in hidden})

    async def end_session(self, request: Request) -> Response:
        """Send the browser back; the issuer itself keeps no session."""
        values = {**request.query_params, **(await request.form())}
        target = str(values.get("post_logout_redirect_uri", ""))
        if target and allowed_redirect(target, self.settings.public_base_url):
            return RedirectResponse(target, 303)
        return page("notice.html", heading="Đã đăng xuất", text="Bạn có thể đóng trang này.")

    async def home(self, _: Request) -> Response:
        """Say what this is."""
        text = "Hệ thống đăng nhập dùng khi phát triển. Hãy mở trang chính để đăng nhập."
        return page("notice.html", heading="Đăng nhập", text=text)

    async def health(self, _: Request) -> JSONResponse:
        """Answer 200 while the people can be read."""
        people = len(read_people(self.settings.people_file))
        return JSONResponse({"status": "ok", "people": people})


def build() -> Issuer:
    """Return the issuer of this environment; ends the process with one line when it may not run."""
    try:
        settings = IssuerSettings()
    except ValidationError as error:
        missing = ", ".join(str(e["loc"][0]) for e in error.errors())
        sys.exit(f"Settings of the development issuer missing or wrong: {missing}")
    problem = settings.problem()
    if problem:
        sys.exit(problem)
    return Issuer(settings)


def serve() -> None:
    """Serve until stopped."""
    issuer = build()
    settings = issuer.settings
    uvicorn.run(issuer.app(), host=settings.host, port=settings.port, access_log=False,
                log_level="warning", timeout_graceful_shutdown=2, server_header=False)  # fmt: skip
