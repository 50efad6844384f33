"""`python -m chassis.documents.limited PROGRAM ARGUMENT…`: run a program within limits."""

import ctypes
import os
import resource
import sys

MEMORY = 4 * 1024**3  # bytes of address space; LibreOffice maps two
PROCESSOR_SECONDS = 60
YIELDS = 10  # how nice it is to whoever waits for a page meanwhile
LARGEST_WRITTEN = 200_000_000  # bytes of one file
_NEW_USERS, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of sched.h


def main() -> None:
    """Become the program, with bounded memory and time and a network of nobody else."""
    os.nice(YIELDS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_WRITTEN, LARGEST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Some hosts refuse this to whoever is not root; the program's own settings then stand alone.
    ctypes.CDLL(None).unshare(_NEW_USERS | _NEW_NETWORK)
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
