"""docs/notifications.md: the notifications service's table of rules, for people to read."""

from pathlib import Path

from notifications.ledger.digests import BURST, FEW
from notifications.rules.deadline import (
    DUE_ON_A_DAY_OFF,
    LAST_DAY,
    LEFT,
    ONE_LEFT,
    ONLY_DAYS_OFF,
    OVERDUE,
)
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
  and is not mailed any more; *other due day*: the same when the deadline moved; *request decided*:
  the same when no extension is asked for any more. What the lead unit owed is moot for its people
  when another unit takes it over.
- Nobody is told of what they may not open; when the directory moves, what they were told before
  is moot. Nobody is told of a draft: its assignments are told when the plan takes effect.
- *Asks*: what asks for an act stays on top of the list and the bell until it is read or moot.
- More than {few} things about assignments within {burst} minutes are one **digest** per person: one
  line, one in the count, which lists them with their links; reading it reads them all. Until it is
  read, what comes in another burst joins it; one that holds 200 is full, and another begins.
- Days are counted when something is said (on a page, in the stream, in a mail that leaves), never
  when it happened. Deadlines read, as of that day:
{deadlines}
- What comes for one person within 2 seconds (20 at most) is one mail. Mails leave in working hours
  (`MAIL_HOURS`, 07:00-17:00 on working days of the calendar); what is critical leaves at once, with
  what waits for the same person. Mail is at least once: after a crash it may come twice, under the
  same Message-ID. A mail that fails for good is told to administrators and the Office, in-app, and
  stands in `GET /v1/deliveries?state=failed`.
"""
STAND_IN = """
Without an accountable person of the lead unit its head stands in; without a head, all of the unit.
"""
DEADLINES = (LEFT, ONE_LEFT, LAST_DAY, ONLY_DAYS_OFF, OVERDUE, DUE_ON_A_DAY_OFF)


def as_markdown() -> str:
    """Return the page."""
    said = "\n".join(f"  “{sentence}”" for sentence in DEADLINES)
    head = HEAD.format(few=FEW, burst=int(BURST.total_seconds() // 60), deadlines=said)
    lines = [head, "## Reasons\n", "| reason | who | what the person reads |", "|---|---|---|"]
    lines += [f"| `{r}` | {FOUND_BY[r]} | {REASON_TEXT[r]} |" for r in FOUND_BY]
    lines += [
        STAND_IN,
        "## Events\n",
        "| event | case | told, in this order | severity | asks | what it says | moot at |",
        "|---|---|---|---|---|---|---|",
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
    moot += ["*request decided*"] if rule.while_asked else []
    return (
        f"| `{rule.event.type}` | {rule.case} | {told} | {rule.severity} | {'yes' * rule.asks} "
        f"| **{rule.title}** {rule.body} | {', '.join(moot)} |"
    )
