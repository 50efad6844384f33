"""The demo's people as callers of the public APIs."""

import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest
from tests.journeys.stack import Stack

from devstack.sign_in import access_token

T = TypeVar("T")
PATIENCE = 15.0  # seconds for what travels by events, on a busy machine


def eventually(check: Callable[[], T], *, within: float = PATIENCE, every: float = 0.05) -> T:
    """Return the first truthy result of `check`; fail after `within` seconds."""
    deadline = time.monotonic() + within
    while not (found := check()):
        if time.monotonic() > deadline:
            pytest.fail(f"did not happen within {within} s; last seen: {found!r}")
        time.sleep(every)
    return found


class Person:
    """One signed-in caller, by employee code; None: nobody in particular, without a token."""

    def __init__(self, stack: Stack, code: str | None) -> None:
        self.stack, self.code = stack, code
        self._client = httpx.Client(timeout=30)
        if code:
            self.bear(access_token(stack.addresses["issuer"], code))

    def bear(self, token: str) -> None:
        """Call with a token from now on."""
        self._client.headers["Authorization"] = f"Bearer {token}"

    def ask(
        self, method: str, service: str, path: str, body: Any = None,
        *, version: int | None = None, key: str | None = None, **more: Any,
    ) -> httpx.Response:  # fmt: skip
        """Send one request and return whatever the answer is. `path` without /v1."""
        headers = {"Idempotency-Key": key or str(uuid4())} if method == "POST" else {}
        headers |= {"If-Match": f'"{version}"'} if version is not None else {}
        if body is not None:
            more["json"] = body
        url = f"{self.stack.addresses[service]}/v1{path}"
        return self._client.request(method, url, headers=headers, **more)

    def status(self, method: str, service: str, path: str) -> int:
        """Return how a whole path is answered, sent a body that fits nothing; streams are left."""
        headers = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        body = {} if method == "GET" else {"json": {"of_the_matrix": 1}}
        url = f"{self.stack.addresses[service]}{path}"
        with self._client.stream(method, url, headers=headers, **body) as answer:
            return answer.status_code

    def get(self, service: str, path: str, **query: Any) -> Any:
        """Return what is there; it must be."""
        return _well(self.ask("GET", service, path, params=query))

    def post(self, service: str, path: str, body: Any = None, **more: Any) -> Any:
        """Do something that must be allowed."""
        return _well(self.ask("POST", service, path, {} if body is None else body, **more))

    def put(self, service: str, path: str, body: Any) -> Any:
        """Set something that must be allowed."""
        return _well(self.ask("PUT", service, path, body))

    def patch(self, service: str, path: str, body: Any, version: int) -> Any:
        """Change something that must be allowed."""
        return _well(self.ask("PATCH", service, path, body, version=version))

    def upload(self, path: str, name: str, content: bytes) -> Any:
        """Send a file to the tasks service."""
        url = f"{self.stack.addresses['tasks']}/v1{path}"
        headers = {"Idempotency-Key": str(uuid4())}
        return _well(self._client.post(url, headers=headers, files={"file": (name, content)}))

    def all(self, service: str, path: str, **query: Any) -> list[dict[str, Any]]:
        """Return a whole list, page by page."""
        found: list[dict[str, Any]] = []
        page = {"next_cursor": None}
        while not found or page["next_cursor"]:
            cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
            page = self.get(service, path, limit=200, **cursor, **query)
            found += page["data"]
            if not page["data"]:
                break
        return found

    def notices(self) -> list[dict[str, Any]]:
        """Return the newest of what one was told; what a digest holds is among it."""
        newest = self.get("notifications", "/notifications", limit=200)["data"]
        return [line for each in newest for line in (each, *each["items"])]

    def hand_in(self, assignment: dict[str, Any], note: str = "Đã hoàn thành.") -> str:
        """Submit a result without files; return the result's id."""
        path = f"/assignments/{assignment['id']}"
        body = {"note": note, "file_ids": []}
        self.post("tasks", f"{path}/results", body, version=assignment["version"])
        return str(self.get("tasks", path)["results"][0]["id"])


def _well(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.url}: {answer.text[:600]}"
    return answer.json()
