"""Makes and reads the codes under /k/, and the addresses they stand in."""

import hashlib
import hmac
from dataclasses import dataclass, field
from secrets import token_bytes
from uuid import UUID

from surveys.codes import domain
from surveys.codes.domain import Code


@dataclass(frozen=True)
class Signer:
    """The one holder of the ticket secret. `public_url`: where citizens reach the service."""

    secret: bytes = field(repr=False)
    public_url: str

    def read(self, text: str) -> Code:
        """Read a code as typed. Raises domain.InvalidCode."""
        return domain.parse(text, self.secret)

    def new_link(self) -> Code:
        """Return a link's code nobody has yet."""
        return domain.issue("link", token_bytes(domain.ENTROPY), self.secret)

    def of_link(self, key: str) -> Code:
        """Return a stored link's code again."""
        return domain.code_for("link", key, self.secret)

    def of_batch(self, batch_id: UUID, count: int) -> list[Code]:
        """Return the tickets of a batch, the same ones each time: so no code need be stored."""
        return [self._of_batch(batch_id, number) for number in range(count)]

    def url(self, code: Code) -> str:
        """Return the address to print or to draw as a QR code."""
        return f"{self.public_url}/k/{code.text}"

    def _of_batch(self, batch_id: UUID, number: int) -> Code:
        message = f"ticket-batch/v1/{batch_id}/{number}".encode()
        chance = hmac.digest(self.secret, message, hashlib.sha256)[: domain.ENTROPY]
        return domain.issue("ticket", chance, self.secret)
