"""`python -m tasks.evidence.drawing KIND NUMBER < file`: print a page as PNG; 0: how many."""

import sys

from chassis.bounded import confine

MEMORY = 1024**3  # bytes of address space
PROCESSOR_SECONDS = 15


def main() -> None:
    """Bound this process before the libraries are loaded, then draw; what goes wrong ends it."""
    confine(MEMORY, PROCESSOR_SECONDS)
    from tasks.evidence.drawing.pages import count, draw  # noqa: PLC0415 - only once bounded

    kind, number = sys.argv[1], int(sys.argv[2])
    content = sys.stdin.buffer.read()
    answer = draw(kind, content, number) if number else str(count(kind, content)).encode()
    sys.stdout.buffer.write(answer or b"none")


if __name__ == "__main__":
    main()
