"""What the reporting service answers when it refuses exists in both languages."""

from pathlib import Path

from tests.sentences import english, placeholders, said_in

import reporting
from reporting.par.inputs import KIND_NAMES, SOURCE_NAMES

FOLDER = Path(reporting.__file__).parent
# Explanations, their labels and the words tasks are compared by: data in the language of the set.
EXPLAINED = (
    "explanations/", "completion/domain.py", "criteria/proposals.py",
    "par/index.py", "par/points.py", "satisfaction/domain.py",
)  # fmt: skip
NOT_AN_ANSWER = ("app.py", "migrations/")
NAMES = {*KIND_NAMES.values(), *SOURCE_NAMES.values(), "Không rõ đơn vị"}


def test_every_refusal_has_its_english_with_the_same_facts():
    sentences = said_in(FOLDER, without=(*EXPLAINED, *NOT_AN_ANSWER)) - NAMES
    known = english(FOLDER)

    assert len(sentences) > 40
    assert sentences == set(known)
    for sentence, translated in known.items():
        assert placeholders(sentence) == placeholders(translated), sentence
