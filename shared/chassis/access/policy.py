"""Every route declares who may call it; a route that does not keeps the service from starting."""

from collections.abc import Collection, Mapping

from chassis.access.actor import Actor
from chassis.access.rights import Rights
from chassis.errors import NotAllowed
from contracts.tasks import Role

PUBLIC = "public"
"""No token: citizens' pages and nothing else."""
INTERNAL = "internal"
"""Other services of ours, by client credentials."""

Policies = Collection[str] | Mapping[str, Collection[Role]]
"""Names a service knows; as a mapping also the roles that may pass the door at all."""


def check_role(policies: Policies, policy: str, actor: Actor) -> None:
    """Refuse a role that the policy never lets in. The action still decides about the resource."""
    if actor.reach is not None:
        if not isinstance(policies, Rights):
            raise NotAllowed
        policies.check_partner(actor, policy)
    elif isinstance(policies, Mapping) and actor.role not in policies[policy]:
        raise NotAllowed
