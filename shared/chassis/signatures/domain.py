"""What a signature in a PDF says, and what to make of it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

Coverage = Literal["whole_file", "earlier_version", "unclear"]
"""The file as it is; as it was when signed, with additions since; or not even that."""
Additions = Literal["none", "signatures", "forms", "other"]
"""What was added to the file after signing, the most far-reaching of it."""
Verdict = Literal["good", "unclear", "broken", "changed_after", "no_roots", "untrusted"]
LONGEST_NAME = 200  # characters
_HARMLESS: frozenset[Additions] = frozenset({"none", "signatures"})


@dataclass(frozen=True)
class Signature:
    """One signature of a PDF. Instants as ISO texts.

    Attributes:
        said_at: when the signer's computer says it was; anybody may set a clock.
        stamped_at: when a time-stamping authority under a trusted root says it was.
        intact: what was signed is as it was, and this certificate signed it; None: it was signed by
            a procedure that proves nothing any more, or one that is not known.
        root: the trusted root that vouches for the signer; None: none does.
    """

    signer: str
    organisation: str
    issuer: str
    said_at: str | None
    stamped_at: str | None
    intact: bool | None
    coverage: Coverage
    additions: Additions
    root: str | None


def verdict(signature: Signature, *, any_roots: bool) -> Verdict:
    """Return the one thing to say first: what is wrong with the file before whom to trust."""
    if signature.intact is None:
        return "unclear"
    if not signature.intact:
        return "broken"
    if signature.coverage == "unclear" or signature.additions not in _HARMLESS:
        return "changed_after"
    if signature.root is not None:
        return "good"
    return "untrusted" if any_roots else "no_roots"


def digest(fingerprints: Iterable[str]) -> str:
    """Name a set of roots, so that a report tells whether it was made under the roots of now."""
    return sha256(" ".join(sorted(fingerprints)).encode()).hexdigest()


def shown(name: str) -> str:
    """Return a name out of a certificate as it may be shown and kept: whoever made it chose it."""
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME]


def is_whole(content: bytes) -> bool:
    """Tell whether a PDF says at its end where its objects are, as each does and no half of one."""
    return b"startxref" in content


def may_be_signed(content: bytes) -> bool:
    """Tell whether a PDF can hold a signature: the range of what is signed stands there in clear.

    A signature cannot lie inside a compressed object: its range must leave its own bytes out.
    """
    return b"/ByteRange" in content
