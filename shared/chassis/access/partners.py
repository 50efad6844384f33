"""What a partner, another organisation's system, reaches: read from tokens that we sign ourselves.

Whatever such a token claims beside its partner, scopes and units is not read.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

ISSUER_PATH = "/v1/partners"
PREFIX = "partner:"
EVERY_UNIT = "*"
SCOPES = ("events", "figures", "rankings", "assignments")
"""What a partner may be given: public events, and the read APIs by name."""


@dataclass(frozen=True)
class Reach:
    """How far a partner's token reaches. `units` None: all. `credential`: it was issued to."""

    partner_id: UUID
    scopes: frozenset[str]
    units: frozenset[UUID] | None
    credential: str | None = None

    def covers(self, unit_ids: Iterable[UUID]) -> bool:
        """Tell whether something of these units is within reach: one of them is enough."""
        return self.units is None or not self.units.isdisjoint(unit_ids)


def claims_of(reach: Reach) -> dict[str, Any]:
    """Return what a token says of a reach; `reach_of` reads it."""
    units = [EVERY_UNIT] if reach.units is None else sorted(map(str, reach.units))
    return {
        "sub": f"{PREFIX}{reach.partner_id}",
        "roles": ["external_system"],
        "scope": " ".join(sorted(reach.scopes)),
        "units": units,
        "client_id": reach.credential,
    }


def reach_of(claims: Mapping[str, Any]) -> Reach:
    """Return what verified claims reach: nothing where they are not as we write them.

    Raises ValueError for a subject that is no partner.
    """
    prefix, found, id_ = str(claims.get("sub")).partition(":")
    if f"{prefix}{found}" != PREFIX:
        raise ValueError("not a partner")
    scope, credential = claims.get("scope"), str(UUID(str(claims.get("client_id"))))
    scopes = frozenset(scope.split()) & set(SCOPES) if isinstance(scope, str) else frozenset()
    return Reach(UUID(id_), scopes, _units(claims.get("units")), credential)


def _units(claimed: object) -> frozenset[UUID] | None:
    if not isinstance(claimed, Collection) or isinstance(claimed, str):
        return frozenset()
    if list(claimed) == [EVERY_UNIT]:
        return None
    return frozenset(UUID(str(unit)) for unit in claimed)
