"""Which role a person acts in: the token's, the directory's, or the lower of both. Pure."""

from collections.abc import Sequence
from typing import Literal

from contracts.tasks import Role

RolesFrom = Literal["lower", "claims", "directory"]
"""A setting of the installation: what decides when token and directory differ."""
# Who may give rights, whose word counts for the department, who sees all of it, one unit, less.
FROM_THE_LOWEST: tuple[Role, ...] = (
    "external_system", "unit_officer", "unit_head", "auditor", "appraiser", "office", "director",
    "admin",
)  # fmt: skip


def known(claimed: Sequence[str]) -> list[Role]:
    """Return the claimed roles that are ours, in the token's order."""
    return [role for name in claimed for role in FROM_THE_LOWEST if role == name]


def decide(claimed: Sequence[Role], directory: Role, roles_from: RolesFrom) -> Role | None:
    """Return the role a person acts in; None when the token, which is asked, gives none.

    Of several claimed roles the highest counts. `lower` is one of both roles, so that what neither
    grants is not granted, and neither the issuer nor the directory raises anybody alone.

    Args:
        claimed: those of the token that are ours.
        directory: that of the person in the directory.
        roles_from: what decides.
    """
    if roles_from == "directory":
        return directory
    if not claimed:
        return None
    if roles_from == "claims":
        return claimed[0]
    return min(max(claimed, key=FROM_THE_LOWEST.index), directory, key=FROM_THE_LOWEST.index)
