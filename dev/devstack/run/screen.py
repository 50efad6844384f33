"""What a run shows: steps with a progress bar, then where everything is and how to sign in."""

from collections.abc import Mapping
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from devstack.issuer.people import DemoPerson

PAGES = {
    "portal": "the web front end: start here",
    "tasks": "API, /docs",
    "surveys": "API, /docs; citizens' forms under /k/",
    "notifications": "API, /docs",
    "reporting": "API, /docs",
    "partner": "the demo's partner: what reached it",
    "issuer": "development sign-in",
    "mailbox": "every e-mail the system sent",
}
LOGINS = ("director", "office", "unit_head", "unit_officer", "appraiser", "auditor", "admin")


class Steps:
    """A progress bar in a terminal; one line per finished step elsewhere."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        columns = (TextColumn("{task.description:<46}"), BarColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task("Starting", total=total)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def doing(self, what: str) -> None:
        """Say what is going on."""
        self._progress.update(self._task, description=what)

    def done(self, what: str) -> None:
        """Take one step forward."""
        self._progress.advance(self._task)
        if not self._console.is_terminal:
            self._console.print(f"· {what}", highlight=False)


def show_addresses(
    console: Console, addresses: Mapping[str, str], people: list[DemoPerson]
) -> None:
    """Print the addresses and how to sign in."""
    table = Table(title="Nhịp CCHC", title_justify="left", show_header=False, box=None)
    for name, meaning in PAGES.items():
        if name in addresses:
            table.add_row(f"[bold]{name}[/]", addresses[name], f"[dim]{meaning}[/]")
    console.print()
    console.print(table)
    by_code = {person.employee_code: person.post for person in people}
    shown = [f"{code} ({by_code[code]})" for code in LOGINS if code in by_code]
    if shown:
        console.print(f"\nSign in at {addresses['portal']}: click a post, no password. Among them:")
        console.print("  " + ", ".join(shown), highlight=False)
        console.print("An access token for the APIs:  make token AS=office", highlight=False)
    console.print("Addresses for programs:  .run/addresses.json.  Ctrl-C stops everything.\n")
