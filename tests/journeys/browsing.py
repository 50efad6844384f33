"""Real browsers: one context per window, signed in by clicking, cut off from the internet."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import TimeoutError as NotThere
from tests.journeys.people import Person
from tests.journeys.stack import Stack

CHROMIUM = "/usr/bin/chromium"
# Nothing but this machine has a name: whatever a page would load from elsewhere fails at once.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
AXE = Path(__file__).parent / "vendor/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a browser says by itself about an answer of 4xx, which some stories are about.
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


class Windows:
    """Opens windows; at the end of a test none may have complained or looked outside."""

    def __init__(self, stack: Stack, chromium: Browser) -> None:
        self.stack, self._chromium = stack, chromium
        self._open: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(self, path: str = "/", person: str | None = None, **options: Any) -> Page:
        """Open a page of the portal, or any address, as a person or as nobody."""
        page = self._context(person, options).new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.goto(path)
        return page

    def __call__(self, person: Person, path: str = "/?year=2025", **options: Any) -> Page:
        """Open the portal as somebody."""
        return self.open(path, person.code, **options)

    def phone(self, path: str, person: Person | None = None, **options: Any) -> Page:
        """Open a page on a phone."""
        shape = {"viewport": PHONE, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
        return self.open(path, person.code if person else None, **shape, **options)

    def close(self) -> None:
        """Close every window."""
        while self._open:
            self._open.pop().close()

    def _context(self, person: str | None, options: dict[str, Any]) -> BrowserContext:
        kept = signed_in(self.stack, self._chromium, person) if person else None
        base = self.stack.addresses["portal"]
        shape = {"viewport": DESK, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
        context = self._chromium.new_context(
            base_url=base, storage_state=kept, **{**shape, **options}
        )
        context.set_default_timeout(15_000)
        context.on("request", self._watch)
        self._open.append(context)
        return context

    def _watch(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.hostname != "127.0.0.1":
            self.complaints.append(f"looked outside: {request.url}")

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.match(message.text):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


_kept: dict[tuple[str, str], Any] = {}


def signed_in(stack: Stack, browser: Browser, code: str) -> Any:
    """Return the cookies of a person who signed in by clicking; once per person and stack."""
    key = stack.addresses["portal"], code
    if key not in _kept:
        _kept[key] = _cookies_of(key[0], browser, code)
    return _kept[key]


def _cookies_of(portal: str, browser: Browser, code: str) -> Any:
    context = browser.new_context(base_url=portal, locale="vi-VN")
    try:
        sign_in(context.new_page(), code)
        return context.storage_state()
    finally:
        context.close()


def sign_in(page: Page, code: str, path: str = "/") -> None:
    """Sign in as an officer does: the portal's door, then one's post on the issuer's page.

    Raises AssertionError when the page shows something else.
    """
    page.goto(path)
    page.get_by_role("link", name="Đăng nhập bằng tài khoản cơ quan").click()
    page.locator(f"button[name=login_hint][value='{code}']").click()
    try:
        page.get_by_role("banner").locator("#bell").wait_for()
    except NotThere as error:
        shown = page.locator("body").inner_text(timeout=5_000)[:1000]
        raise AssertionError(f"{code} is not in: {page.url} shows\n{shown}") from error


def sign_in_again(page: Page, code: str) -> None:
    """Go on from the page that says that the session has ended; what was sent comes back."""
    page.get_by_role("link", name="Đăng nhập bằng tài khoản cơ quan").click()
    page.locator(f"button[name=login_hint][value='{code}']").click()
    page.locator("#kept").wait_for()


def end_session(stack: Stack, page: Page) -> None:
    """End the session of the page, as the working day does."""
    csrf = page.locator("[name=csrf_token]").first.input_value()
    stack.query(
        "portal",
        "UPDATE sign_in SET tokens = '', expires_at = now() - interval '1 second' "
        f"WHERE csrf_token = '{csrf}'",
    )


def problems_of(page: Page) -> list[str]:
    """Return what axe finds wrong on a page: WCAG A and AA, best practice if serious."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")  # what a fixed bar covers is no fault
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: "
        + "; ".join(f"{node['html'][:160]} {node['any'][:1]}" for node in each["nodes"][:3])
        for each in found
        if "best-practice" not in each["tags"] or each["impact"] in {"serious", "critical"}
    ]


def too_wide(page: Page) -> str:
    """Return what is wider than the screen; empty when nothing is."""
    return str(
        page.evaluate("""() => {
      const root = document.documentElement;
      const wide = root.scrollWidth, screen = root.clientWidth;
      if (wide <= screen) return "";
      const out = [...document.querySelectorAll("body *")]
        .filter(e => e.getBoundingClientRect().right > screen + 1).slice(-3);
      return `${wide} > ${screen}: ${out.map(e => e.outerHTML.slice(0, 120)).join(" | ")}`;
    }""")
    )


def watch(page: Page, wanted: dict[str, str]) -> Callable[[float], dict[str, float]]:
    """Note the moment at which each selector shows its text; what was noted dies with a reload.

    Returns a function that waits for all of them and gives their moments, in seconds of the clock.
    """
    page.evaluate(
        """wanted => {
      window.shown = {};
      const look = () => { for (const [at, text] of Object.entries(wanted))
        if (!(at in shown) && document.querySelector(at)?.textContent.trim() === text)
          shown[at] = Date.now(); };
      new MutationObserver(look).observe(
        document.body, {subtree: true, childList: true, characterData: true, attributes: true});
      look();
    }""",
        wanted,
    )

    def moments(within: float) -> dict[str, float]:
        try:
            page.wait_for_function(
                "n => Object.keys(window.shown ?? {}).length === n", arg=len(wanted),
                timeout=within * 1000,
            )  # fmt: skip
        except Exception as error:
            now = {at: page.locator(at).first.text_content() for at in wanted}
            raise AssertionError(f"wanted {wanted}, shown {now}") from error
        return {at: moment / 1000 for at, moment in page.evaluate("window.shown").items()}

    return moments
