"""Templates are read like code: line by line, without scrolling."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 140  # characters
TEMPLATES = sorted(
    path for folder in ("services", "web", "dev") for path in (ROOT / folder).rglob("*.html")
)


def test_there_are_templates():
    assert len(TEMPLATES) > 50


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_line_of_a_template_is_longer_than_a_reader_sees(path):
    lines = enumerate(path.read_text().splitlines(), 1)
    assert [number for number, line in lines if len(line) > LONGEST] == []
