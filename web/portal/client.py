"""Calls to the four services with the token of the person who is signed in."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any

import httpx

from portal.format import number
from portal.problems import Problem, ServiceDown, SignInNeeded

TIMEOUT = httpx.Timeout(15.0, connect=2.0)  # seconds: an upload may take its time
READ_TIMEOUT = httpx.Timeout(8.0, connect=2.0)  # a page waits no longer for one of its parts
FILE_TIMEOUT = httpx.Timeout(300.0, connect=2.0)  # a long list is written before it is sent
STREAM_TIMEOUT = httpx.Timeout(None, connect=2.0, read=35.0)  # services ping every 15 s
UNAVAILABLE = {502, 503, 504}
FIGURES = {"value"}  # what is sent as exact decimals: the targets of a plan
WHOLE = {"fields"}  # what is compared whole: a condition that is still there was not taken away
SAID = {"reason"}  # why a change is made: no resource keeps it
PAGE = 200  # the services give no more of a list at once
TWIN_RETRIES, TWIN_WAIT = 5, 0.2  # a double click meets its twin in flight: about one request long


class Services:
    """One pooled HTTP client for each service, shared by all requests."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        """Make one pool per service for requests that end, and one for event streams."""
        short = httpx.Limits(max_connections=200, max_keepalive_connections=20)
        endless = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._clients = _clients(addresses, TIMEOUT, short)
        self._streams = _clients(addresses, STREAM_TIMEOUT, endless)

    def __getitem__(self, name: str) -> httpx.AsyncClient:
        """Return the client of a service for requests that end."""
        return self._clients[name]

    def stream(self, name: str) -> httpx.AsyncClient:
        """Return the client of a service for event streams; they may not use up the others."""
        return self._streams[name]

    async def close(self) -> None:
        """Close every connection."""
        clients = [*self._clients.values(), *self._streams.values()]
        await asyncio.gather(*(client.aclose() for client in clients))


def _clients(
    addresses: Mapping[str, str], timeout: httpx.Timeout, limits: httpx.Limits
) -> dict[str, httpx.AsyncClient]:
    return {
        name: httpx.AsyncClient(base_url=url.rstrip("/"), timeout=timeout, limits=limits)
        for name, url in addresses.items()
    }


class Api:
    """The services as one person sees them. Raises Problem, ServiceDown or SignInNeeded."""

    def __init__(self, services: Services, token: str, language: str) -> None:
        """Bind the person's access token and language."""
        self._services = services
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}

    async def get(self, service: str, path: str, **query: Any) -> Any:
        """Read JSON; query values that are None or empty are left out."""
        wanted = {key: value for key, value in query.items() if value not in (None, "")}
        return (await self._send(service, "GET", path, params=wanted, timeout=READ_TIMEOUT)).json()

    async def whole(self, service: str, path: str, **query: Any) -> Any:
        """Read a list page after page; the answer is the first page's, with what all pages hold."""
        whole = page = await self.get(service, path, **query, limit=PAGE)
        while page["next_cursor"] is not None:
            page = await self.get(service, path, **query, limit=PAGE, cursor=page["next_cursor"])
            whole["data"] += page["data"]
        return whole

    async def every(self, service: str, path: str) -> list[Any]:
        """Read what all pages of a list hold."""
        found: list[Any] = (await self.whole(service, path))["data"]
        return found

    async def post(
        self, service: str, path: str, body: Any, *, key: str, version: str | None = None
    ) -> Any:
        """Send JSON under an idempotency key made when the form was shown."""
        headers = {"Idempotency-Key": key, **_if_match(version)}
        for _ in range(TWIN_RETRIES):
            try:
                return _json(await self._send(service, "POST", path, json=body, headers=headers))
            except Problem as problem:
                if problem.status != HTTPStatus.CONFLICT or not problem.code.startswith(
                    "idempotency_"
                ):
                    raise
            await asyncio.sleep(TWIN_WAIT)
        return _json(await self._send(service, "POST", path, json=body, headers=headers))

    async def patch(self, service: str, path: str, body: Any, *, version: str | None = None) -> Any:
        """Change part of a resource; `version` is the one the person was looking at.

        Sent twice, the second finds what it wants to be so: that is no conflict. What cannot be
        read alone stays one.
        """
        return await self._set("PATCH", service, path, body, _if_match(version))

    async def _set(
        self, method: str, service: str, path: str, body: Any, headers: Mapping[str, str]
    ) -> Any:
        try:
            answer = await self._send(service, method, path, json=body, headers=headers)
        except Problem as problem:
            if problem.status != HTTPStatus.PRECONDITION_FAILED:
                raise
            with suppress(Problem):
                now = await self.get(service, path)
                if is_so(now, body):
                    return now
            raise
        return _json(answer)

    async def delete(self, service: str, path: str, *, version: str | None = None) -> None:
        """End a resource; `version` is the one the person saw. One that is gone already is gone."""
        try:
            await self._send(service, "DELETE", path, headers=_if_match(version))
        except Problem as problem:
            if problem.status != HTTPStatus.NOT_FOUND:
                raise

    async def put(
        self, service: str, path: str, body: Any, *, version: str | None = None, new: bool = False
    ) -> Any:
        """Set a resource; sending it twice changes nothing more. `new`: nothing was there."""
        headers = {"If-None-Match": "*"} if new else _if_match(version)
        return await self._set("PUT", service, path, body, headers)

    async def upload(self, service: str, path: str, name: str, content: bytes, *, key: str) -> Any:
        """Send one file. The boundary follows the key, so a repeated click has equal bytes."""
        boundary = hashlib.sha256(key.encode()).hexdigest()[:32]
        headers = {
            "Idempotency-Key": key,
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }
        answer = await self._send(
            service, "POST", path, files={"file": (name, content)}, headers=headers
        )
        return _json(answer)

    async def raw(self, service: str, path: str) -> httpx.Response:
        """Read bytes as they are: a file, a picture."""
        return await self._send(service, "GET", path)

    async def passing(self, service: str, path: str) -> httpx.Response:
        """Open an answer of any size, to be passed on part by part; the caller closes it."""
        client = self._services[service]
        request = client.build_request("GET", path, headers=self._headers, timeout=FILE_TIMEOUT)
        try:
            answer = await client.send(request, stream=True)
            if not answer.is_success:
                await answer.aread()
        except httpx.TransportError as error:
            raise ServiceDown(service) from error
        return _checked(service, answer)

    @asynccontextmanager
    async def events(
        self, service: str, path: str, last: str | None
    ) -> AsyncIterator[httpx.Response]:
        """Open an event stream; yields the response, to be read line by line."""
        headers = {**self._headers, "Accept": "text/event-stream"}
        if last:
            headers["Last-Event-ID"] = last
        client = self._services.stream(service)
        async with client.stream("GET", path, headers=headers) as answer:
            answer.raise_for_status()
            yield answer

    async def _send(
        self,
        service: str,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> httpx.Response:
        try:
            answer = await self._services[service].request(
                method, path, headers={**self._headers, **(headers or {})}, **content
            )
        except httpx.TransportError as error:
            raise ServiceDown(service) from error
        return _checked(service, answer)


def is_so(now: Any, wanted: Any, *, figure: bool = False) -> bool:
    """Tell whether a resource already says what a change wants. `figure`: 88.5 is 88.500000."""
    if isinstance(wanted, Mapping):
        return isinstance(now, Mapping) and all(
            now.get(k) == v if k in WHOLE else is_so(now.get(k), v, figure=k in FIGURES)
            for k, v in wanted.items()
            if k not in SAID
        )
    if isinstance(wanted, list):
        same = isinstance(now, list) and len(now) == len(wanted)
        return same and all(map(is_so, now, wanted))
    if figure and number(now) is not None:
        return number(now) == number(wanted)
    return bool(now == wanted)


def _checked(service: str, answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        raise SignInNeeded
    if answer.status_code in UNAVAILABLE:
        raise ServiceDown(service)
    raise Problem(answer.status_code, _problem_body(answer))


def _problem_body(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _if_match(version: str | None) -> dict[str, str]:
    return {"If-Match": f'"{version}"'} if version else {}


def _json(answer: httpx.Response) -> Any:
    return answer.json() if answer.content else None
