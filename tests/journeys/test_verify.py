"""After all that happened: the figures are those of the facts, the facts those of the logs."""

from tests.journeys.people import eventually


def test_after_all_stories_neither_figures_nor_facts_have_drifted(stack) -> None:
    stack.settle()

    def verified() -> str:
        done = stack.run("reporting", "verify")
        return done.stdout if done.returncode == 0 else ""

    said = eventually(verified, within=60, every=1)
    assert [line.rpartition(": ")[2] for line in said.splitlines()] == ["drift 0"] * 3
