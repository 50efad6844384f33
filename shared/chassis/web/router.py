"""A router whose every route names its policy."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter
from fastapi.params import Depends

from chassis.web.route import ServiceRoute

F = TypeVar("F", bound=Callable[..., Any])


_guards: dict[Callable[..., Any], Sequence[Depends]] = {}


def guards_of(endpoint: Callable[..., Any]) -> Sequence[Depends]:
    """Return the dependencies that stand before a GET's endpoint; none before what is no route."""
    return _guards.get(endpoint, ())


class ServiceRouter(APIRouter):
    """An APIRouter of ServiceRoutes. `policy=` is required; PUBLIC and INTERNAL are two of them."""

    def __init__(self, *, prefix: str = "", tags: list[str] | None = None, **options: Any) -> None:
        super().__init__(prefix=prefix, tags=list(tags or []), route_class=ServiceRoute, **options)

    def get(self, path: str, *, policy: str, **options: Any) -> Callable[[F], F]:  # type: ignore[override]  # narrower on purpose
        """Register a GET."""
        register: Callable[[F], F] = super().get(path, **_with_policy(policy, options))

        def remembered(endpoint: F) -> F:
            _guards[endpoint] = (*self.dependencies, *(options.get("dependencies") or ()))
            return register(endpoint)

        return remembered

    def post(self, path: str, *, policy: str, **options: Any) -> Callable[[F], F]:  # type: ignore[override]
        """Register a POST; authenticated ones need an Idempotency-Key."""
        return super().post(path, **_with_policy(policy, options))

    def put(self, path: str, *, policy: str, **options: Any) -> Callable[[F], F]:  # type: ignore[override]
        """Register a PUT."""
        return super().put(path, **_with_policy(policy, options))

    def patch(self, path: str, *, policy: str, **options: Any) -> Callable[[F], F]:  # type: ignore[override]
        """Register a PATCH."""
        return super().patch(path, **_with_policy(policy, options))

    def delete(self, path: str, *, policy: str, **options: Any) -> Callable[[F], F]:  # type: ignore[override]
        """Register a DELETE."""
        return super().delete(path, **_with_policy(policy, options))


def _with_policy(policy: str, options: dict[str, Any]) -> dict[str, Any]:
    extra = {**(options.pop("openapi_extra", None) or {}), "x-policy": policy}
    return {**options, "openapi_extra": extra}
