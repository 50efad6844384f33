"""Free TCP ports on loopback."""

import secrets
import socket
from collections.abc import Iterable

# Below Linux's ephemeral range (32768 and up): a port we remembered is not taken by a client socket
# of somebody else between two starts.
LOWEST, HIGHEST = 20_000, 32_000
_held: dict[int, socket.socket] = {}


def is_free(port: int) -> bool:
    """Say whether nobody listens on 127.0.0.1:`port` at this moment."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def hold(port: int) -> bool:
    """Take a port until this process ends; say whether it was free, and not held by another.

    A socket without a file, which only its name makes exclusive, is the mark: between choosing a
    port and the program's listening on it another run may look, too.
    """
    if port not in _held:
        mark = socket.socket(socket.AF_UNIX)
        try:
            mark.bind(f"\0nhip.port.{port}")
        except OSError:
            mark.close()
            return False
        _held[port] = mark
    return is_free(port)


def answers(port: int) -> bool:
    """Say whether somebody accepts connections on 127.0.0.1:`port`."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port(taken: Iterable[int] = ()) -> int:
    """Return a random free port outside `taken`, and hold it.

    Raises RuntimeError when two hundred tries found none.
    """
    avoid = {*taken, *_held}  # what this process holds is somebody's, though nobody listens yet
    for _ in range(200):
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)  # no seed of a test draws it again
        if port not in avoid and hold(port):
            return port
    raise RuntimeError("no free port on 127.0.0.1")


def free_from(first: int, taken: Iterable[int] = ()) -> int:
    """Return `first`, or the next free port after it that is not in `taken`, and hold it."""
    avoid = {*taken, *_held}
    return next(p for p in range(first, 65_536) if p not in avoid and hold(p))


def keep_or_choose(remembered: dict[str, int], names: Iterable[str]) -> dict[str, int]:
    """Return a port per name, and hold it: the remembered one while it is free, else a new one."""
    chosen: dict[str, int] = {}
    for name in names:
        port = remembered.get(name)
        if port is None or port in chosen.values() or not hold(port):
            port = free_port([*remembered.values(), *chosen.values()])
        chosen[name] = port
    return chosen
