"""E: from a request to what the Director's screen says, in a real browser.

The dashboard stays open and notes, by the clock of this machine, each time one of its figures says
something else. Nothing is asked for again: what is seen came by the page's own stream.
"""

import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from playwright.sync_api import sync_playwright

from benchmarks.crowd import signed_in
from benchmarks.figures import WrongFigures, quantile
from benchmarks.load import Record
from benchmarks.stack import Stack

T = TypeVar("T")
CHROMIUM, ARGUMENTS = "/usr/bin/chromium", ["--no-sandbox", "--disable-gpu"]
PATIENCE = 60_000  # milliseconds
QUIET = 2.0  # seconds, before the first request, too: else it would wait for what was told last
DONE = "[data-figure=completion_done_all]"
NOTE = """figure => {
  window.said = [];
  const look = () => {
    const text = document.querySelector(figure)?.textContent.trim();
    if (text && text !== said.at(-1)?.[1]) said.push([Date.now() / 1000, text]);
  };
  new MutationObserver(look).observe(
    document.body, {subtree: true, childList: true, characterData: true});
  look();
}"""
SAYS = "least => said.some(([, text]) => parseInt(text.replaceAll('.', '')) >= least)"


class Screen:
    """The Director's dashboard of a year, open in a browser of its own."""

    def __init__(self, stack: Stack, year: int, figure: str) -> None:
        """Open it, and wait until it is live; `figure`: the one whose words count."""
        self._thread = ThreadPoolExecutor(1)  # the browser's own loop; callers have another
        self._portal, self._figure = stack.addresses["portal"], figure
        self._do(lambda: self._open(year))

    def close(self) -> None:
        """Close the browser."""
        self._do(self._playwright.stop)
        self._thread.shutdown()

    def late(self, act: Callable[[], Record]) -> list[float]:
        """Let something be sent; return the seconds from each request until it was counted here."""
        time.sleep(QUIET)
        before = self._do(self._begin)
        left = sorted(each for each, _ in act().ballots.values())
        said = self._do(lambda: self._end(before + len(left)))
        return late(left, before, said)

    def p95(self, act: Callable[[], Record]) -> float:
        """Return the 95 % quantile of `late` in milliseconds."""
        return quantile(self.late(act), 0.95) * 1000

    def _do(self, work: Callable[[], T]) -> T:
        return self._thread.submit(work).result()

    def _open(self, year: int) -> None:
        self._playwright = sync_playwright().start()
        browser = self._playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(base_url=self._portal, locale="vi-VN")
        pairs = (each.split("=", 1) for each in signed_in(self._portal, "director").split("; "))
        context.add_cookies(
            [{"name": name, "value": value, "url": self._portal} for name, value in pairs]
        )
        self._page = context.new_page()
        self._page.set_default_timeout(PATIENCE)
        self._page.goto(f"/?year={year}")
        self._page.locator("#live-state", has_text="trực tiếp").wait_for()

    def _begin(self) -> int:
        self._page.evaluate(NOTE, self._figure)
        said = self._page.evaluate("said")
        return number(said[-1][1]) if said else 0

    def _end(self, least: int) -> list[tuple[float, int]]:
        self._page.wait_for_function(SAYS, arg=least)
        return [(at, number(text)) for at, text in self._page.evaluate("said")]


def number(text: str) -> int:
    """Return the first number that a figure says: of "1.234/2.000" 1234."""
    found = re.match(r"[\d.]+", text)
    if found is None:
        raise WrongFigures(f"the screen says {text!r}")
    return int(found[0].replace(".", ""))


def late(left: Iterable[float], before: int, said: list[tuple[float, int]]) -> list[float]:
    """Return how long after each request the screen first counted as many."""
    return [
        next(at for at, count in said if count >= before + place) - moment
        for place, moment in enumerate(left, 1)
    ]
