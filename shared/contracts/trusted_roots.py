"""Events of the certificates that vouch for signers; `contracts.tasks` has them by these names."""

from uuid import UUID

from contracts.events import Event, Payload


class TrustedRootState(Payload):
    """A certificate that vouches for signers of PDFs. `certificate`: DER in base64."""

    root_id: UUID
    version: int
    name: str
    sha256: str
    certificate: str
    trusted: bool


class TrustedRootChanged(
    Event, type="tasks.trusted_root_changed.v1", aggregate="trusted_root", audience="internal"
):
    """A root certificate is trusted, or trusted no longer."""

    root: TrustedRootState

    @property
    def subject(self) -> UUID:
        return self.root.root_id

    @property
    def version(self) -> int:
        return self.root.version
