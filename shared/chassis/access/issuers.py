"""The two issuers that an installation trusts, by its settings."""

from typing import Protocol

from chassis.access.keys import PartnerKeys, PartnerSource
from chassis.access.tokens import PartnerVerifier, TokenVerifier, TrustedIssuers


class Issuers(Protocol):
    """What the settings say of them."""

    @property
    def oidc_issuer(self) -> str: ...

    @property
    def partners_issuer(self) -> str: ...


def partner_keys(settings: Issuers) -> PartnerKeys:
    """Return the keys of partners' tokens as notifications publishes them."""
    return PartnerKeys(settings.partners_issuer)


def trusted(settings: Issuers, keys: PartnerSource) -> TrustedIssuers:
    """Return what verifies both kinds of tokens."""
    people = TokenVerifier(settings.oidc_issuer)
    return TrustedIssuers(people, PartnerVerifier(settings.partners_issuer, keys=keys))
