"""What the reporting service says exists in both languages."""

from pathlib import Path

from tests.sentences import english, placeholders, said_in

import reporting

FOLDER = Path(reporting.__file__).parent
NOTHING_SAID = (
    "criteria/vocabulary.py", "report_templates/language.py", "migrations/", "settings.py",
    *(f"reports/{name}.py" for name in ("annex", "as_of", "drafting", "lines", "mailing",
                                        "numbers", "papers", "remarks", "scores", "survey",
                                        "survey_response", "taking", "windows", "work")),
)  # fmt: skip
"""Words by which Vietnamese texts are recognised, and what stands in Vietnamese documents."""


def test_every_sentence_has_its_english_with_the_same_facts():
    sentences = said_in(FOLDER, without=NOTHING_SAID)
    known = english(FOLDER)

    assert len(sentences) > 120
    assert sentences == set(known)
    for sentence, translated in known.items():
        assert placeholders(sentence) == placeholders(translated), sentence
