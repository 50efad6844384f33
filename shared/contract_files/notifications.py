"""docs/notifications.md: the notifications service's table of rules, for people to read."""

from pathlib import Path

from notifications.rules.model import Rule
from notifications.rules.reasons import FOUND_BY, REASON_TEXT
from notifications.rules.table import TABLE

FILE = Path(__file__).parents[2] / "docs" / "notifications.md"
HEAD = """# Who is told what, and why

Generated from `services/notifications/rules/table.py` by `make contracts WRITE=1`; do not edit.
Everything is told in-app (list, bell, live); reasons marked ✉ also by mail.

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
        *(_line(rule) for rule in TABLE if rule.audiences),
        "\n## Events that concern nobody\n",
        "| event | case | why |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{r.event.type}` | {r.case} | {r.nobody_because} |" for r in TABLE if not r.audiences
    ]
    return "\n".join(lines) + "\n"


def _line(rule: Rule) -> str:
    told = ", ".join(f"`{each.reason}`{' ✉' if each.email else ''}" for each in rule.audiences)
    moot = sorted(rule.moot_at) + (["*other due day*"] if rule.dated else [])
    return (
        f"| `{rule.event.type}` | {rule.case} | {told} | {rule.severity} "
        f"| **{rule.title}** {rule.body} | {', '.join(moot)} |"
    )
