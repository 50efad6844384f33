"""`python -m chassis.signatures.checking < question`: print the signatures of a PDF as JSON.

The question is a line of JSON with roots and moment, then the PDF.
"""

import json
import sys
from base64 import b64decode
from dataclasses import asdict
from datetime import datetime

from chassis.bounded import confine

MEMORY = 1024**3  # bytes of address space
PROCESSOR_SECONDS = 30


def main() -> None:
    """Bound this process before the library is loaded, then check; whatever goes wrong ends it."""
    confine(MEMORY, PROCESSOR_SECONDS)
    from chassis.signatures.checking.pdf import signatures_of  # noqa: PLC0415 - only once bounded

    asked = json.loads(sys.stdin.buffer.readline())
    roots = [b64decode(root) for root in asked["roots"]]
    moment = datetime.fromisoformat(asked["moment"])
    found = signatures_of(sys.stdin.buffer.read(), roots, moment)
    sys.stdout.write(json.dumps([asdict(each) for each in found]))


if __name__ == "__main__":
    main()
