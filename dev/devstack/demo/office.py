"""The demo's people at work: one HTTP client that speaks as any of them."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx

from devstack.sign_in import access_token

PATIENCE = 60.0  # seconds for what travels by events: a directory entry, an import
TOO_EARLY = {401, 403, 404, 503}  # what a service answers while it does not know somebody yet


class DemoFailed(Exception):
    """A step of the demo was refused; the message says which, and what the service answered."""


class Office:
    """Calls the services' public APIs as a demo person."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        """`addresses`: where everything listens, by the keys of addresses.json."""
        self.addresses = addresses
        self._tokens: dict[str, str] = {}
        self._client = httpx.Client(timeout=60)

    def get(self, who: str, service: str, path: str, **query: Any) -> Any:
        """Return the JSON answer of a GET."""
        return self._answer("GET", who, service, path, params=query).json()

    def post(
        self,
        who: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        **more: Any,
    ) -> Any:
        """POST once, whatever the number of tries: without `key` by what is sent."""
        key = key or str(uuid5(NAMESPACE_URL, f"{who}{service}{path}{body}{more.get('data')}"))
        if "files" not in more:
            more["json"] = {} if body is None else body
        return self._answer("POST", who, service, path, key=key, **more).json()

    def put(self, who: str, service: str, path: str, body: Any, **more: Any) -> Any:
        """Return the JSON answer of a PUT over whatever is there, or nothing."""
        bearer = {"Authorization": f"Bearer {self._token(who)}"}
        url = f"{self.addresses[service]}/v1{path}"
        seen = self._client.get(url, headers=bearer).headers.get("ETag")
        condition = {"If-Match": seen} if seen else {"If-None-Match": "*"}
        return self._answer(
            "PUT", who, service, path, json=body, condition=condition, **more
        ).json()

    def set(self, who: str, service: str, path: str, body: Any, version: int) -> Any:
        """Return the JSON answer of a PUT with If-Match of the version that was seen."""
        return self._answer("PUT", who, service, path, json=body, version=version).json()

    def patch(self, who: str, service: str, path: str, body: Any, version: int) -> Any:
        """Return the JSON answer of a PATCH with If-Match."""
        return self._answer("PATCH", who, service, path, json=body, version=version).json()

    def answer_survey(self, code: str, body: Any) -> None:
        """Send a citizen's answer."""
        url = f"{self.addresses['surveys']}/v1/public/{code}/responses"
        answer = self._client.post(url, json=body)
        if answer.is_error:
            raise DemoFailed(f"survey answer: {answer.status_code} {answer.text[:300]}")

    def _answer(
        self,
        method: str,
        who: str,
        service: str,
        path: str,
        *,
        key: str | None = None,
        version: int | None = None,
        condition: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token(who)}", **(condition or {})}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"If-Match": f'"{version}"'} if version is not None else {}
        until = time.monotonic() + PATIENCE
        while True:
            url = f"{self.addresses[service]}/v1{path}"
            answer = self._client.request(method, url, headers=headers, **more)
            if answer.status_code not in TOO_EARLY or time.monotonic() > until:
                break
            time.sleep(0.2)
        if answer.is_error:
            raise DemoFailed(
                f"{method} {service}{path} as {who}: {answer.status_code} {answer.text}"
            )
        return answer

    def _token(self, who: str) -> str:
        if who not in self._tokens:
            self._tokens[who] = access_token(self.addresses["issuer"], who)
        return self._tokens[who]
