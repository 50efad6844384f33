"""One side of a paired measurement: a stack of one checkout, measured when it is told to.

Run with the Python of the checkout it measures, and that checkout first on the path. It reads the
name of a measure per line and answers with one line of JSON: CPU seconds of the whole stack per
1,000 of what was done, or milliseconds.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import machinery
from benchmarks.figures import ask
from benchmarks.stack import Stack, Usage
from benchmarks.survey import Round
from benchmarks.task import Office

SECONDS, CONNECTIONS, UNITS = 6.0, 64, 20
RESULTS, EVENTS, FACTS = 150, 8_000, 200_000
PACE, STEADY = 300.0, 8.0  # ballots a second, seconds
UNSENT = "SELECT count(*) FROM outbox"


class Arm:
    """The measures, each on what the one before left behind."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.round = Round(stack, UNITS)
        self.round.run(connections=CONNECTIONS, seconds=3)  # caches, plans, pages
        self.office = Office(stack)
        self.office.run(100)
        self.stored = Round(stack, UNITS)
        self.stored.run(connections=CONNECTIONS, seconds=2)
        machinery.fill(stack, self.stored, FACTS)

    def survey(self) -> float:
        """Ballots in a closed loop, until each is counted."""
        outcome = self.round.run(connections=CONNECTIONS, seconds=SECONDS)
        ballots = getattr(outcome, "ballots", len(outcome.latencies))  # older checkouts lack it
        return sum(outcome.cpu.values()) / ballots * 1000

    def p99(self) -> float:
        """Milliseconds from when a ballot should leave to its figure, at a steady pace."""
        return self.round.run(connections=CONNECTIONS, seconds=STEADY, rate=PACE).ms(0.99)

    def task(self) -> float:
        """Results accepted flat out, until figures and notifications are there."""
        return sum(self.office.run(RESULTS).cpu.values()) / RESULTS * 1000

    def relay(self) -> float:
        """Events that gathered, carried by the relay; the consumer waits."""
        self.stack.freeze(machinery.WORKER)
        self.stack.freeze(machinery.RELAY)
        self.round.send(connections=CONNECTIONS, seconds=machinery.PATIENCE, most=EVENTS)
        usage = Usage(self.stack)
        self.stack.thaw(machinery.RELAY)
        while ask(self.stack.databases["surveys"], UNSENT)[0][0]:
            time.sleep(0.05)
        return usage.cpu()[machinery.RELAY] / EVENTS * 1000

    def consumer(self) -> float:
        """The events that the relay left in the queue, counted. To be asked after `relay`."""
        usage = Usage(self.stack)
        self.stack.thaw(machinery.WORKER)
        self.round.figures.wait_counted()
        cpu = usage.cpu()
        self.round.figures.check()
        return (cpu[machinery.WORKER] + cpu["postgres"]) / EVENTS * 1000

    def rebuild(self) -> float:
        """`python -m reporting rebuild` of the stored facts; CPU of the command and PostgreSQL."""
        usage, before = Usage(self.stack), _children()
        machinery.rebuild(self.stack, self.stored)
        return (_children() - before + usage.cpu()["postgres"]) / FACTS * 1000


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Start, say so, then measure what is asked for until there is nothing more to read."""
    with tempfile.TemporaryDirectory(prefix="arm-") as folder:
        stack = Stack(Path(folder) / "run")
        try:
            stack.start(whole_demo=False)
            arm = Arm(stack)
            print(json.dumps("ready"), flush=True)
            for line in sys.stdin:
                measure: Callable[[], float] = getattr(arm, line.strip())
                print(json.dumps(measure()), flush=True)
                time.sleep(1)
        finally:
            stack.stop()


if __name__ == "__main__":
    main()
