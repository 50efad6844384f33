"""The authorization endpoint: a page of posts to click, no password, no script."""

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from devstack.issuer.codes import Codes, Grant
from devstack.issuer.people import find_person, read_people
from devstack.issuer.settings import IssuerSettings
from devstack.pages import page

PUBLIC_CLIENTS = {"portal"}
KEPT = (
    "client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge",
    "code_challenge_method",
)  # fmt: skip


def allowed_redirect(target: str, public_base_url: str) -> bool:
    """Say whether a browser may be sent to `target`: this machine, or the front end's address."""
    parts, own = urlsplit(target), urlsplit(public_base_url)
    if parts.scheme not in {"http", "https"} or parts.username is not None:
        return False
    on_this_machine = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return on_this_machine or (parts.scheme, parts.netloc) == (own.scheme, own.netloc)


class Authorize:
    """GET /authorize. With `login_hint` it signs that person in at once."""

    def __init__(self, settings: IssuerSettings, codes: Codes) -> None:
        self.settings, self.codes = settings, codes

    async def answer(self, request: Request) -> Response:
        """Show the people, or send the browser back with a code or an error."""
        asked = dict(request.query_params)
        refusal = self._refusal(asked)
        if refusal:
            return page("notice.html", 400, heading="Không đăng nhập được", text=refusal)
        if not _is_code_with_pkce(asked):
            return _back(asked, error="invalid_request",
                         error_description="code with PKCE S256 only")  # fmt: skip
        hint = asked.get("login_hint")
        if not hint:
            return self._show_people(asked)
        person = find_person(self.settings.people_file, hint)
        if person is None:
            return _back(asked, error="access_denied", error_description=f"unknown person: {hint}")
        return _back(asked, code=self.codes.give(_grant(asked, person.employee_code)))

    def _refusal(self, asked: dict[str, str]) -> str | None:
        """Return why the browser must not be sent anywhere."""
        if asked.get("client_id") not in PUBLIC_CLIENTS:
            return "Ứng dụng yêu cầu đăng nhập không được biết đến (client_id)."
        if not allowed_redirect(asked.get("redirect_uri", ""), self.settings.public_base_url):
            return "Địa chỉ quay lại không được phép (redirect_uri)."
        return None

    def _show_people(self, asked: dict[str, str]) -> Response:
        kept = {name: asked[name] for name in KEPT if name in asked}
        # The form leads, by our redirect, to the front end: the policy must name where to.
        own = urlsplit(asked["redirect_uri"])
        policy = (
            "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; "
            f"form-action 'self' {own.scheme}://{own.netloc}"
        )
        people = read_people(self.settings.people_file)
        return page("sign_in.html", policy=policy, people=people, request=kept)


def _is_code_with_pkce(asked: dict[str, str]) -> bool:
    s256 = asked.get("code_challenge_method") == "S256" and bool(asked.get("code_challenge"))
    return s256 and asked.get("response_type") == "code"


def _grant(asked: dict[str, str], employee_code: str) -> Grant:
    challenge, nonce = asked["code_challenge"], asked.get("nonce")
    return Grant(employee_code, asked["client_id"], asked["redirect_uri"], challenge, nonce)


def _back(asked: dict[str, str], **values: str) -> RedirectResponse:
    if "state" in asked:
        values["state"] = asked["state"]
    target = asked["redirect_uri"]
    return RedirectResponse(f"{target}{'&' if '?' in target else '?'}{urlencode(values)}", 303)
