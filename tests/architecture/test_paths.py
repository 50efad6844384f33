"""What the pages for newcomers name exists: a path that moved takes its page with it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md",
    *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("services/*/README.md"))),
]  # fmt: skip
FOLDERS = "services|shared|web|dev|tests|docs|demo|deploy|benchmarks"
# `docs/adr`, [why](docs/adr): what begins with one of our folders is a path; `<…>` and `*` are not.
PATH = re.compile(rf"(?<![\w/.<>-])(?:{FOLDERS})/[\w./*<>…-]*\w(?:\.\w+)?")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def paths_named_in(text: str) -> set[str]:
    """Return every path of ours in a page: links' targets, and what looks like one in the text."""
    found = {*PATH.findall(text), *LINK.findall(text)}
    return {path for path in found if not set(path) & set("*<>…")}


@pytest.mark.parametrize("page", PAGES)
def test_every_path_a_page_names_exists(page):
    text = (ROOT / page).read_text()
    here = (ROOT / page).parent

    missing = [
        path
        for path in sorted(paths_named_in(text))
        if not (ROOT / path).exists() and not (here / path).exists()
    ]
    assert missing == []


def test_a_path_is_seen_wherever_a_page_names_it():
    text = "See [why](docs/adr), `shared/nowhere.py`, demo/plan.yaml, and services/<service>/x.py."

    assert paths_named_in(text) == {"docs/adr", "shared/nowhere.py", "demo/plan.yaml"}
