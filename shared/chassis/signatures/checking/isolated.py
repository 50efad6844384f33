"""The check in a process of its own; hostile PDFs die there."""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from chassis import bounded
from chassis.signatures.domain import Signature

TIMEOUT = 60.0  # seconds; the library alone takes one to load


async def check(
    content: bytes,
    roots: Sequence[bytes],
    moment: datetime,
    timeout: float = TIMEOUT,  # noqa: ASYNC109 - it bounds a process, not a coroutine
) -> list[Signature] | None:
    """Return the signatures of a PDF in their order; None when it cannot be read within limits.

    Args:
        content: the PDF.
        roots: trusted certificates, DER.
        moment: when certificates must have been valid.
    """
    asked = {"roots": [b64encode(root).decode() for root in roots], "moment": moment.isoformat()}
    question = json.dumps(asked).encode() + b"\n" + content
    output = await bounded.run("chassis.signatures.checking", content=question, seconds=timeout)
    if not output:
        return None
    return [Signature(**each) for each in json.loads(output)]
