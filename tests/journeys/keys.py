"""A page worked by the keyboard alone; every stop of Tab must be seen, and lead on."""

import pytest
from playwright.sync_api import Page

MOST = 150  # stops until what is looked for
# Of each stop: what it is, whether it shows that it has the focus, where on the page it stands.
WATCH = """() => {
  window.stops = [];
  const drawn = ({outlineStyle, boxShadow}) => outlineStyle !== "none" || boxShadow !== "none";
  const ring = (e) => e && drawn(getComputedStyle(e));
  document.addEventListener("focusin", ({target: e}) => {
    const {top, width, height} = e.getBoundingClientRect();
    const seen = width > 0 && height > 0 && (ring(e) || ring(e.nextElementSibling));
    const inside = Boolean(e.closest("#content"));
    stops.push({e, said: e.outerHTML.slice(0, 160), top: top + scrollY, inside, seen});
  });
}"""
UNSEEN = "() => stops.filter(s => !s.seen).map(s => s.said)"
LEFT_OUT = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}))
  .filter(e => !stops.some(s => s.e === e)).map(e => e.outerHTML.slice(0, 160))"""
UPWARDS = """() => { const inside = stops.filter(s => s.inside);
  return inside.filter((s, i) => i && s.top < inside[i - 1].top - 80).map(s => s.said); }"""


class Keys:
    """Somebody without a mouse on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go(self, path: str) -> "Keys":
        """Open an address, as typed into the browser."""
        self.page.goto(path)
        return self

    def press(self, *names: str) -> "Keys":
        """Press keys, one after the other."""
        for name in names:
            self.page.keyboard.press(name)
        return self

    def write(self, words: str) -> "Keys":
        """Type words where the focus is."""
        self.page.keyboard.type(words)
        return self

    def at(self, css: str) -> bool:
        """Tell whether the focus is on something."""
        return bool(self.page.evaluate("css => document.activeElement.matches(css)", css))

    def tab_to(self, css: str, *, back: bool = False, most: int = MOST) -> "Keys":
        """Press Tab until the focus is there; each stop on the way is seen."""
        for _ in range(most):
            self.press("Shift+Tab" if back else "Tab")
            if self.at(css):
                return self
        return pytest.fail(f"Tab leads to no {css}")

    def into(self) -> "Keys":
        """Skip the menu."""
        return self.press("Tab", "Enter")

    def walk(self) -> None:
        """Press Tab once through the page: all is reached, seen, in order, and it ends."""
        self.page.evaluate(WATCH)
        self.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        wanted = len(self.page.evaluate(LEFT_OUT))
        assert wanted
        for _ in range(wanted + 1):
            self.page.keyboard.press("Tab")
        assert self.page.evaluate(LEFT_OUT) == [], "nothing is out of reach, and nothing traps"
        assert self.page.evaluate(UNSEEN) == [], "whoever looks sees where the focus is"
        assert self.page.evaluate(UPWARDS) == [], "it goes down the page as one reads"
