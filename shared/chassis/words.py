"""Sentences for people. Pure: rules may use it. Vietnamese here, English from the catalogues."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(sentence: str) -> str:  # noqa: N802 - the name gettext's extractor looks for
    """Mark a sentence for the catalogues and return it unchanged."""
    return sentence


@dataclass(frozen=True, slots=True)
class Sentence:
    """A Vietnamese template with `{names}`, and the facts that stand for them.

    The template is also the catalogue's key: `chassis.i18n.say` fills the same facts into the
    English one. A Decimal among the facts gets the language's comma or point; a fact that is a
    Sentence, or a word the catalogue knows, is said in the language too.
    """

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return it in Vietnamese."""
        return self.template.format(**self.facts) if self.facts else self.template
