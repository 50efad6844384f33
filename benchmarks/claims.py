"""What is claimed, what must hold on a machine of two cores, and where the measured figures go."""

import json
import os
import platform
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
STEPS = 1_000_000
WHOLE = 100  # from here on nobody reads decimals
RESULTS = HERE / "results.json"
EMPTY: dict[str, Any] = {
    "commit": None,
    "machine": None,
    "survey": dict.fromkeys(
        (
            "sustained_per_s",
            "naive_per_s",
            "bare_per_s",
            "p50_ms_at_300",
            "p99_ms_at_300",
            "tickets_per_s",
        )
    ),
    "task": dict.fromkeys(("sustained_per_s", "p95_ms_at_20")),
    "bulk": {"of_one_by_one": None},
    "lists": dict.fromkeys(("p95_ms", "xlsx_of_bare")),
    "imports": dict.fromkeys(("preview_s", "confirm_s")),
    "rankings": dict.fromkeys(("figure_p95_ms", "ranking_p95_ms", "sheet_p95_ms")),
    "relay_per_s": None,
    "rebuild_per_s": None,
    "release_200_units_ms": None,
    "cost_ratio_1m": None,
    "cost_ratio_10m": None,
}


@dataclass(frozen=True)
class Claim:
    """A measured figure. `floor`: the least or, with `at_most`, the most it may be; None: told."""

    name: str
    values: tuple[float, ...]
    unit: str
    floor: float | None = None
    at_most: bool = False

    @property
    def value(self) -> float:
        """The median of the repeats."""
        return median(self.values)

    @property
    def holds(self) -> bool:
        """Whether the floor is met."""
        if self.floor is None:
            return True
        return self.value <= self.floor if self.at_most else self.value >= self.floor


class Report:
    """Collects claims, tells them as they come, and writes the results."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.claims: list[Claim] = []
        self._results: dict[str, Any] = {}

    def say(self, line: str) -> None:
        """Tell what is going on."""
        self.console.print(line, highlight=False, soft_wrap=True)

    def claim(
        self, name: str, values: float | list[float], unit: str, *,
        floor: float | None = None, at_most: bool = False, result: str | None = None,
    ) -> None:  # fmt: skip
        """Note a figure; `result` names its place in results.json."""
        several = tuple(values) if isinstance(values, list) else (values,)
        one = Claim(name, several, unit, floor, at_most)
        self.claims.append(one)
        self.say(f"  {name}: {_number(one.value)} {unit}")
        if result:
            self._results[result] = float(f"{one.value:.4g}")

    def end(self) -> bool:
        """Print the table, write results.json; return whether every floor held."""
        table = Table("claim", "median", "repeats", "floor", "", title=machine())
        for one in self.claims:
            sign = "≤" if one.at_most else "≥"
            floor = "" if one.floor is None else f"{sign} {_number(one.floor)}"
            mark = "" if one.floor is None else "held" if one.holds else "[bold red]MISSED"
            spread = "  ".join(map(_number, one.values)) if len(one.values) > 1 else ""
            table.add_row(one.name, f"{_number(one.value)} {one.unit}", spread, floor, mark)
        self.console.print(table)
        self.write()
        return all(one.holds for one in self.claims)

    def write(self) -> None:
        """Renew what was measured; figures of another commit are forgotten."""
        old = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        kept = old if old.get("commit") == commit() else EMPTY
        found = {**json.loads(json.dumps(kept)), "commit": commit(), "machine": machine()}
        for place, value in self._results.items():
            *above, last = place.split(".")
            (found[above[0]] if above else found)[last] = value
        RESULTS.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
        self.say(f"written: {RESULTS.relative_to(HERE.parent)}")


def machine() -> str:
    """Describe where this ran, and what else ran there."""
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[1]
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load average {load:.1f}, "
        f"{_steps_per_s() / 1e6:.1f} million loop steps/s"
    )


def _steps_per_s() -> float:
    """Return how fast one core is just now: virtual machines of one name differ by three times."""
    began, total = time.process_time(), 0
    for number in range(STEPS):
        total += number * number % 7
    return STEPS / (time.process_time() - began)


def commit() -> str:
    """Return the commit measured, with a mark when the tree differs from it."""
    command = ["git", "-C", str(HERE), "describe", "--always", "--dirty", "--abbrev=12"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def per_thousand(cpu: Mapping[str, float], count: int, most: int = 8) -> str:
    """Write CPU seconds per 1,000 of something, the busiest processes first."""
    busiest = sorted(cpu.items(), key=lambda item: -item[1])[:most]
    return ", ".join(f"{name} {seconds / count * 1000:.3f}" for name, seconds in busiest)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= WHOLE else f"{value:,.3g}"
