"""`python -m benchmarks.paired BEFORE`: this checkout against another one, in interleaved pairs.

BEFORE is a folder with a checkout and its own .venv (`make .venv/made` in it). Each measure is
taken of both in turn, before-after, after-before and so on; what counts is the ratio within a pair,
since the machine drifts. "Not slower" means a median ratio of at most 1.05.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

HERE = Path(__file__).parents[2]
MEASURES = ("survey", "p99", "task", "relay", "consumer", "rebuild")
MOST = 1.05


class Side:
    """One checkout's arm, started."""

    def __init__(self, checkout: Path) -> None:
        program = [str(checkout / ".venv/bin/python"), str(Path(__file__).parent / "arm.py")]
        self._process = subprocess.Popen(
            program,
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ready(self) -> None:
        """Wait until its stack is up."""
        self._read()

    def measure(self, name: str) -> float:
        """Return CPU seconds per 1,000, or milliseconds."""
        assert self._process.stdin
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        return float(self._read())

    def end(self) -> None:
        """Let it stop its stack."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(120)

    def _read(self) -> object:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            sys.exit("an arm ended: see above")
        return json.loads(line)


def main() -> int:
    """Measure; return 1 when something got slower."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paired", description=__doc__)
    parser.add_argument("before", type=Path, help="folder of the other checkout, with its .venv")
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=MEASURES)
    chosen = parser.parse_args()
    before, after = Side(chosen.before.resolve()), Side(HERE)
    before.ready()
    after.ready()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in chosen.only}
    try:
        for number in range(chosen.pairs):
            for name in chosen.only:
                found[name].append(_pair(before, after, name, before_first=number % 2 == 0))
            ratios = {name: round(pairs[-1][1] / pairs[-1][0], 3) for name, pairs in found.items()}
            print(f"pair {number + 1} of {chosen.pairs}: {ratios}", flush=True)
    finally:
        before.end()
        after.end()
    print("| measure | before | after | median ratio | interval |\n|---|--:|--:|--:|---|")
    slower = [name for name, pairs in found.items() if _tell(name, pairs) > MOST]
    return int(bool(slower))


def _pair(before: Side, after: Side, name: str, *, before_first: bool) -> tuple[float, float]:
    if before_first:
        first = before.measure(name)
        return first, after.measure(name)
    second = after.measure(name)
    return before.measure(name), second


def _tell(name: str, pairs: list[tuple[float, float]]) -> float:
    """Print a measure; return its median ratio. Of ten pairs the interval has 98 % confidence."""
    ratios = sorted(after / before for before, after in pairs)
    inner = ratios[1:-1] or ratios
    befores, afters = zip(*pairs, strict=True)
    middle = median(ratios)
    print(
        f"| {name} | {median(befores):.3f} | {median(afters):.3f} | {middle:.3f} "
        f"| {inner[0]:.3f} to {inner[-1]:.3f} |"
    )
    return middle


if __name__ == "__main__":
    sys.exit(main())
