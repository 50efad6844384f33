"""docs/notifications.md from the table of rules: `python -m notifications.table [--check]`."""

import sys
from pathlib import Path

from notifications.domain.model import Rule
from notifications.domain.reasons import FOUND_BY, REASON_TEXT
from notifications.domain.rules import TABLE

FILE = Path(__file__).parents[2] / "docs" / "notifications.md"
HEAD = """# Who is told what, and why

Generated from `services/notifications/domain/rules.py` by `python -m notifications.table`; do not
edit. Everything is told in-app (list, bell, live); reasons marked ✉ also by mail.

- One person is told once per obligation, by the first reason that fits, in the order of the table.
- Nobody is told of what he did himself; nobody is told what happened before the service listened.
- An obligation is one event type, one subject, one step (a version, a result, a due day) and one
  person: a redelivery, or the same step announced again, adds nothing.
- *Moot at*: once the subject is in such a status, what nobody has read yet leaves the unread count
  and is not mailed any more; *other due day*: the same when the deadline moved.
- What comes for one person within 2 seconds (20 at most) is one mail. Mail is at least once: after
  a crash it may come twice, under the same Message-ID.
"""


def as_markdown() -> str:
    """Return the page."""
    lines = [HEAD, "## Reasons\n", "| reason | who | what the person reads |", "|---|---|---|"]
    lines += [f"| `{r}` | {FOUND_BY[r]} | {REASON_TEXT[r]} |" for r in FOUND_BY]
    lines += [
        "\nWithout an accountable person in the directory the head of the unit stands in.\n",
        "## Events\n",
        "| event | case | told, in this order | severity | what it says | moot at |",
        "|---|---|---|---|---|---|",
        *(_line(rule) for rule in TABLE if rule.tell),
        "\n## Events that concern nobody\n",
        "| event | case | why |",
        "|---|---|---|",
    ]
    lines += [f"| `{r.event.type}` | {r.case} | {r.nobody_because} |" for r in TABLE if not r.tell]
    return "\n".join(lines) + "\n"


def _line(rule: Rule) -> str:
    told = ", ".join(f"`{tell.reason}`{' ✉' if tell.email else ''}" for tell in rule.tell)
    moot = sorted(rule.moot_at) + (["*other due day*"] if rule.dated else [])
    return (
        f"| `{rule.event.type}` | {rule.case} | {told} | {rule.severity} "
        f"| **{rule.title}** {rule.body} | {', '.join(moot)} |"
    )


def main() -> int:
    """Write the page; with --check only say whether it is up to date."""
    wanted = as_markdown()
    if "--check" not in sys.argv:
        FILE.write_text(wanted)
        return 0
    if FILE.exists() and FILE.read_text() == wanted:
        return 0
    sys.stderr.write("docs/notifications.md is stale: run python -m notifications.table\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
