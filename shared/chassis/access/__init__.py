"""Who is calling, and whether this door is theirs."""

from chassis.access.actor import (
    Actor,
    ActorLookup,
    ServiceCaller,
    find_actor,
    service_caller,
)
from chassis.access.keys import IssuerKeys
from chassis.access.policy import INTERNAL, PUBLIC, Policies, check_role
from chassis.access.rights import Right, Rights
from chassis.access.roles import RolesFrom, known
from chassis.access.tokens import ALGORITHMS, AUDIENCE, Claims, TokenVerifier, refused

__all__ = [
    "ALGORITHMS",
    "AUDIENCE",
    "INTERNAL",
    "PUBLIC",
    "Actor",
    "ActorLookup",
    "Claims",
    "IssuerKeys",
    "Policies",
    "Right",
    "Rights",
    "RolesFrom",
    "ServiceCaller",
    "TokenVerifier",
    "check_role",
    "find_actor",
    "known",
    "refused",
    "service_caller",
]
