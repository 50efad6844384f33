"""`python -m benchmarks [part …] [--full]`: every claim about speed, beside its references.

Parts: survey, latency, task, screen, bulk, lists, crowd, imports, rankings, urging, reports,
machinery, outsiders. Exits 1 when a floor is missed.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from benchmarks import parts
from benchmarks.claims import Report
from benchmarks.stack import Stack


def main() -> int:
    """Measure; return the exit status."""
    chosen = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is stopped
    report = Report(Console(width=None if sys.stdout.isatty() else 140))
    began = time.monotonic()
    with ExitStack() as stop:
        folder = Path(stop.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        report.say("servers and services are starting …")
        stack = Stack(folder / "run")
        stop.callback(stack.stop)
        stack.start(whole_demo=False)
        for number, name in enumerate(chosen.parts, 1):
            report.say(f"[{number}/{len(chosen.parts)}, {_minutes(began)}] {name}")
            parts.PARTS[name](stack, report, full=chosen.full)
            report.write()
    report.say(f"measured in {_minutes(began)}")
    return 0 if report.end() else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure every claim about speed, beside its references.",
        epilog="Exits 1 when a floor is missed.",
    )
    parser.add_argument(
        "parts", nargs="*", default=[], metavar="part",
        help=f"what to measure, of {', '.join(parts.PARTS)}; default: all",
    )  # fmt: skip
    full = os.environ.get("FULL") == "1"
    parser.add_argument(
        "--full", action="store_true", default=full, help="also ten million stored facts (FULL=1)"
    )
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(parts.PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    chosen.parts = chosen.parts or list(parts.PARTS)
    return chosen


def _minutes(began: float) -> str:
    seconds = int(time.monotonic() - began)
    return f"{seconds // 60}:{seconds % 60:02}"


if __name__ == "__main__":
    sys.exit(main())
