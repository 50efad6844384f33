"""`python -m tasks.imports.appendix FILENAME CHOICES < file`: print the appendix as JSON."""

import sys

from chassis.bounded import confine
from tasks.imports.appendix.isolated import choices_from_json, refusal_to_json, to_json
from tasks.imports.appendix.model import AppendixRefused
from tasks.imports.appendix.reader import read

MEMORY = 1024**3  # bytes of address space; the libraries alone map a third of it
PROCESSOR_SECONDS = 20


def main() -> None:
    """Bound this process, then read. A refusal is an answer too, so the exit code is 0."""
    confine(MEMORY, PROCESSOR_SECONDS)
    try:
        answer = to_json(read(sys.stdin.buffer.read(), sys.argv[1], choices_from_json(sys.argv[2])))
    except AppendixRefused as refusal:
        answer = refusal_to_json(refusal)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
