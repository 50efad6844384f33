"""Who is calling, and whether this door is theirs."""

from chassis.access.actor import (
    Actor,
    ActorLookup,
    ServiceCaller,
    find_actor,
    partner,
    service_caller,
)
from chassis.access.keys import IssuerKeys, KeySource, PartnerKeys, PartnerSource, by_kid
from chassis.access.partners import ISSUER_PATH, SCOPES, Reach, claims_of
from chassis.access.policy import INTERNAL, PUBLIC, Policies, check_role
from chassis.access.rights import Right, Rights
from chassis.access.roles import RolesFrom, known
from chassis.access.tokens import (
    ALGORITHMS,
    AUDIENCE,
    Claims,
    PartnerVerifier,
    Tokens,
    TokenVerifier,
    TrustedIssuers,
    refused,
)

__all__ = [
    "ALGORITHMS",
    "AUDIENCE",
    "INTERNAL",
    "ISSUER_PATH",
    "PUBLIC",
    "SCOPES",
    "Actor",
    "ActorLookup",
    "Claims",
    "IssuerKeys",
    "KeySource",
    "PartnerKeys",
    "PartnerSource",
    "PartnerVerifier",
    "Policies",
    "Reach",
    "Right",
    "Rights",
    "RolesFrom",
    "ServiceCaller",
    "TokenVerifier",
    "Tokens",
    "TrustedIssuers",
    "by_kid",
    "check_role",
    "claims_of",
    "find_actor",
    "known",
    "partner",
    "refused",
    "service_caller",
]
