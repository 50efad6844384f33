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
        self.rows: list[dict[str, Any]] = []
        self.off: list[dict[str, Any]] = []
        self.broker = ""

    def add(self, number: str, fault: str, verdict: Verdict, *, off: str = "") -> None:
        """Add what the ledger said of a row."""
        found = {
            "row": number,
            "fault": fault,
            "operations": verdict.operations,
            "lost": len(verdict.lost) + len(verdict.ghosts),
            "doubled": len(verdict.doubled),
            "stuck": len(verdict.stuck) + len(verdict.other),
            "recovered_s": verdict.recovered_s,
            "broker": self.broker,
        }
        if off:
            self.off.append({**found, "removed": off, "ledger": str(verdict)})
        else:
            self.rows.append({**found, "load": round(os.getloadavg()[0], 1)})

    def write(self) -> None:
        """Merge with what earlier runs wrote: the newest of a row and broker stands."""
        if not os.environ.get("FAULTS") or not (self.rows or self.off):
            return
        known = json.loads(JSON.read_text()) if JSON.exists() else {"rows": [], "switched_off": []}
        known["rows"] = _merged(known["rows"], self.rows)
        known["switched_off"] = _merged(known["switched_off"], self.off)
        JSON.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n")
        page = _between(PAGE.read_text(), START, END, _table(known["rows"]))
        PAGE.write_text(_between(page, START_OFF, END_OFF, _off(known["switched_off"])))


def _merged(known: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_key = {(r["row"], r.get("removed", ""), r["broker"]): r for r in [*known, *new]}
    return [by_key[key] for key in sorted(by_key, key=_order)]


def _order(key: tuple[str, str, str]) -> tuple[int, str, tuple[str, str, str]]:
    number = key[0].split(" ")[0]
    return (0 if key[2].startswith("3") else 1, number.zfill(3), key)


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [
        "| row | fault | operations | lost | doubled | stuck | recovered | load | RabbitMQ |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['row']} | {r['fault']} | {r['operations']} | {r['lost']} | {r['doubled']} "
        f"| {r['stuck']} | {r['recovered_s']} s | {r['load']} | {r['broker']} |"
        for r in rows
    ]
    return "\n".join(lines)


def _off(rows: list[dict[str, Any]]) -> str:
    lines = [
        "| row | removed | what happened | lost | doubled | stuck | what the ledger said |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['row']} | {r['removed']} | {r['fault']} | {r['lost']} | {r['doubled']} "
        f"| {r['stuck']} | {_cell(r['ledger'])} |"
        for r in rows
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")[:200]


def _between(page: str, start: str, end: str, content: str) -> str:
    head, _, rest = page.partition(start)
    _, _, tail = rest.partition(end)
    return f"{head}{start}\n{content}\n{end}{tail}"
