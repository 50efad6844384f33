"""Which processes a run consists of."""

import sys
from dataclasses import dataclass

from devstack.run.folder import SERVICES

VERBS = ("api", "worker", "relay", "clock")


@dataclass(frozen=True)
class Program:
    """One process: its log prefix, its command after `python -m`, the name of its port."""

    name: str
    arguments: tuple[str, ...]
    port: str
    takes_port: bool = False

    def command(self, ports: dict[str, int]) -> list[str]:
        """Return the command line."""
        port = ("--port", str(ports[self.port])) if self.takes_port else ()
        return [sys.executable, "-m", *self.arguments, *port]


TOOLS = (
    Program("issuer", ("devstack.issuer",), "issuer"),
    Program("mailbox", ("devstack.mailbox",), "mailbox"),
)
PORTAL = Program("portal", ("portal", "api"), "portal", takes_port=True)


def programs(split: bool) -> list[Program]:
    """Return every process; with `split` one per service and verb instead of one per service."""
    if not split:
        services = [Program(name, (name, "all"), name, takes_port=True) for name in SERVICES]
    else:
        services = [_of_verb(name, verb) for name in SERVICES for verb in VERBS]
    return [*TOOLS, *services, PORTAL]


def migrations() -> list[Program]:
    """Return what brings each database (and the broker's topology) up to date."""
    return [Program(f"{name} migrate", (name, "migrate"), name) for name in (*SERVICES, "portal")]


def _of_verb(service: str, verb: str) -> Program:
    port = service if verb == "api" else f"{service}.{verb}"
    return Program(f"{service} {verb}", (service, verb), port, takes_port=True)
