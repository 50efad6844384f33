"""Sentences the rules say to people: Vietnamese here, other languages from a catalogue."""

from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - the name gettext's extractor looks for
    """Mark a sentence for the catalogues and return it unchanged."""
    return text


@dataclass(frozen=True)
class Sentence:
    """A Vietnamese template with `{names}` and what to put in them.

    `template` is also the catalogue key: a translation fills the same names from `facts`.
    """

    template: str
    facts: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.facts)


# The words of the five levels, as decision 1001/QĐ-BNV's surveys print them.
SCALE: dict[int, Sentence] = {
    1: Sentence(N_("Rất không hài lòng")),
    2: Sentence(N_("Không hài lòng")),
    3: Sentence(N_("Bình thường")),
    4: Sentence(N_("Hài lòng")),
    5: Sentence(N_("Rất hài lòng")),
}
