"""No statement outside of counting, releasing and proving names the tables of counted answers."""

import re
from pathlib import Path

REPORTING = Path(__file__).parents[2] / "services/reporting"
TABLES = re.compile(r"\b(answer_cell|response_fact|steering_pool|round_secret|publication)\b")
MAY = {
    "satisfaction": {"answer_cell", "response_fact", "steering_pool"},
    "releases": {"answer_cell", "response_fact", "round_secret", "publication"},
    "proof": {"answer_cell", "response_fact"},
    "handlers.py": {"response_fact"},  # the guard of its event, by name
}


def named(path: Path) -> set[str]:
    """Return the tables that a source names outside of a word."""
    return set(TABLES.findall(path.read_text(encoding="utf-8")))


def test_only_counting_releases_and_proof_name_the_tables_of_answers():
    found = {
        f"{path.relative_to(REPORTING)} names {table}"
        for path in REPORTING.rglob("*.py")
        if "migrations" not in path.parts
        for table in named(path) - MAY.get(path.relative_to(REPORTING).parts[0], set())
    }

    assert found == set()


def test_only_the_release_reads_the_secret_of_a_round():
    found = [
        str(path.relative_to(REPORTING))
        for path in REPORTING.rglob("*.py")
        if "RoundSecret" in path.read_text(encoding="utf-8")
    ]

    assert sorted(found) == ["releases/drawing.py", "releases/models.py"]
