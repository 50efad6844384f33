"""docs/links.md: how well proposals of sub-criteria meet what people confirmed in the demo."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import yaml

from reporting.criteria.checker import read
from reporting.criteria.domain import CriteriaSet
from reporting.criteria.proposals import Proposal, Wording
from reporting.shown import shown

SET, APPENDIX = Path("demo/criteria_set.yaml"), Path("demo/appendix.csv")
SUBJECT, CONTENT, CODE = 1, 2, 7  # columns of the appendix
HEAD = """# How well sub-criteria are proposed

Generated from `demo/appendix.csv` by `make contracts WRITE=1`; do not edit.
`tests/reporting/test_criteria_recall.py` holds the figures.

The {rows} tasks of the demo's appendix have a sub-criterion each, entered by whoever composed the
demo. Here it is hidden, and what `services/reporting/criteria/proposals.py` proposes from the words
of the task is held against it. The rule and its limits were chosen with these rows before us, and
set and appendix were composed by the same hand: on a real appendix expect less. So nothing is ever
confirmed beforehand: a person ticks each link, and a task without one is listed, counted nowhere.

- **Precision**: of what is proposed, the share that is right. **Recall**: of the tasks, the share
  whose right one is proposed.
- *High* confidence: the code itself stands in the task's text, or the likeness is at least 0.40 and
  0.10 ahead of the second. No row of the demo has a code in its text, so all of this is wording.
"""


@dataclass(frozen=True)
class Row:
    """A task with the sub-criterion that is hidden, and what was proposed for it."""

    task: str
    code: str
    proposed: Sequence[Proposal]

    @property
    def first(self) -> str:
        """The likeliest sub-criterion, or nothing."""
        return self.proposed[0].code if self.proposed else ""

    @property
    def sure(self) -> bool:
        """Whether the first is proposed with high confidence."""
        return bool(self.proposed) and self.proposed[0].confidence == "high"

    @property
    def within(self) -> bool:
        """Whether the right one is among those proposed."""
        return self.code in [each.code for each in self.proposed]


def measured(root: Path) -> list[Row]:
    """Return every task of the demo with what is proposed for its words."""
    wording = Wording(_set(root))
    with (root / APPENDIX).open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if row[0].isdecimal()]
    return [Row(row[0], row[CODE], wording.propose(row[SUBJECT], row[CONTENT])) for row in rows]


def as_markdown(root: Path) -> str:
    """Return the page."""
    rows, names = measured(root), _set(root).by_code()
    lines = [
        "", "| what is taken | proposed | right | precision | recall |", "|---|---|---|---|---|",
        _line("the first proposal of each task", [r for r in rows if r.first], rows),
        _line("the first, with high confidence", [r for r in rows if r.sure], rows),
        _line("the first, with low confidence", [r for r in rows if r.first and not r.sure], rows),
        _any_of_three(rows),
        "", "Rows whose first proposal is another one, or none:", "",
        "| task | right | first proposal | likeness |", "|---|---|---|---|",
    ]  # fmt: skip
    for row in rows:
        if row.first != row.code:
            likeness = shown(row.proposed[0].score) if row.proposed else "–"
            first = f"{row.first} {names[row.first].name}" if row.first else "none"
            right = f"{row.code} {names[row.code].name}"
            lines.append(f"| {row.task} | {right} | {first} | {likeness} |")
    return HEAD.format(rows=len(rows)) + "\n".join(lines) + "\n"


def _line(title: str, proposed: Sequence[Row], rows: Sequence[Row]) -> str:
    right = sum(row.first == row.code for row in proposed)
    precision, recall = _percent(right, len(proposed)), _percent(right, len(rows))
    return f"| {title} | {len(proposed)} | {right} | {precision} | {recall} |"


def _any_of_three(rows: Sequence[Row]) -> str:
    proposed, right = sum(len(row.proposed) for row in rows), sum(row.within for row in rows)
    precision, recall = _percent(right, proposed), _percent(right, len(rows))
    return f"| up to three of each task | {proposed} | {right} | {precision} | {recall} |"


def _percent(part: int, whole: int) -> str:
    return f"{shown(Fraction(100 * part, whole))} %" if whole else "–"


def _set(root: Path) -> CriteriaSet:
    return read(yaml.safe_load((root / SET).read_text(encoding="utf-8")))
