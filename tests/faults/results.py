"""What the rows said: `results.json` for machines, the table in `docs/faults.md` for people."""

import json
import os
from pathlib import Path
from typing import Any

from tests.faults.checking import Verdict

HERE = Path(__file__).parent
JSON = HERE / "results.json"
PAGE = HERE.parents[1] / "docs" / "faults.md"
START, END = "<!-- rows: written by `make faults` -->", "<!-- end of rows -->"
START_OFF = "<!-- switched off: written by `make faults` -->"
END_OFF = "<!-- end of switched off -->"


class Results:
    """Rows of this run; only `make faults` (FAULTS=1) writes them down."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.off: dict[str, dict[str, Any]] = {}
        self.broker = ""

    def add(self, number: str, what: str, verdict: Verdict, *, off: str = "") -> None:
        """Add a row; two tests of one row become one line with the worse of both."""
        found = {
            "what": what,
            "operations": verdict.operations,
            "lost": len(verdict.lost) + len(verdict.ghosts),
            "doubled": len(verdict.doubled),
            "stuck": len(verdict.stuck) + len(verdict.other),
            "recovered_s": verdict.recovered_s,
            "broker": self.broker,
        }
        if off:
            self.off[f"{number}: {off}"] = {**found, "ledger": str(verdict)}
        else:
            self.rows[number] = found

    def write(self) -> None:
        """Merge with what earlier runs wrote."""
        if not os.environ.get("FAULTS") or not (self.rows or self.off):
            return
        known = json.loads(JSON.read_text()) if JSON.exists() else {"rows": {}, "switched_off": {}}
        known["rows"] |= self.rows
        known["switched_off"] |= self.off
        known["rows"] = dict(sorted(known["rows"].items(), key=_order))
        JSON.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n")
        if PAGE.exists():
            page = _between(PAGE.read_text(), START, END, _table(known["rows"]))
            PAGE.write_text(_between(page, START_OFF, END_OFF, _off(known["switched_off"])))


def _order(item: tuple[str, Any]) -> tuple[float, str]:
    digits = "".join(c for c in item[0].split(" ")[0] if c.isdigit())
    return (float(digits or 99), item[0])


def _table(rows: dict[str, dict[str, Any]]) -> str:
    lines = [
        "| row | fault | operations | lost | doubled | stuck | recovered | broker |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {n} | {r['what']} | {r['operations']} | {r['lost']} | {r['doubled']} | {r['stuck']} "
        f"| {r['recovered_s']} s | {r['broker']} |"
        for n, r in rows.items()
    ]
    return "\n".join(lines)


def _off(rows: dict[str, dict[str, Any]]) -> str:
    lines = [
        "| row: what was removed | what happened | lost | doubled | what the ledger said |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {n} | {r['what']} | {r['lost']} | {r['doubled']} | {_cell(r['ledger'])} |"
        for n, r in rows.items()
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")[:300]


def _between(page: str, start: str, end: str, content: str) -> str:
    head, _, rest = page.partition(start)
    _, _, tail = rest.partition(end)
    return f"{head}{start}\n{content}\n{end}{tail}"
