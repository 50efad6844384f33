"""Whatever the surveys service says to people exists in both languages."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from tests.sentences import english, placeholders, said_in
from tests.surveys.world import questionnaire

import surveys

FOLDER = Path(surveys.__file__).parent


def shown_by_templates() -> set[str]:
    found = extract_from_dir(
        FOLDER, [("**.html", "jinja2.ext:babel_extract")], keywords={"_": None}
    )
    return {message for _, _, message, *_ in found if isinstance(message, str)}


def test_every_sentence_has_its_english_with_the_same_facts():
    sentences = said_in(FOLDER) | shown_by_templates()
    known = english(FOLDER)

    assert len(sentences) > 110
    assert sentences == set(known)
    for sentence, translated in known.items():
        assert translated, sentence
        assert placeholders(sentence) == placeholders(translated), sentence


def test_no_template_says_anything_that_is_not_marked_for_translation():
    for path in (FOLDER / "form" / "templates").glob("*.html"):
        rest = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}|Tiếng Việt", "", path.read_text(), flags=re.DOTALL)
        assert not re.search("[À-ỹ]", rest), path.name


async def test_a_faulty_questionnaire_is_explained_in_english_when_asked(world):
    body = questionnaire()
    first = body["sections"][0]["questions"][0]
    first |= {"kind": "multi", "options": ["a", "b"], "max_choices": 5}
    del body["sections"][1]["title"]

    answer = await world.post("/v1/questionnaires", body, language="en")

    assert answer.headers["content-language"] == "en"
    assert answer.json()["detail"] == (
        "The questionnaire has 2 places to correct: "
        "Question F1.1: up to 5 may be chosen but there are only 2 options"
    )
    assert answer.json()["errors"] == [
        {
            "pointer": "/sections/0/questions/0",
            "message": "Question F1.1: up to 5 may be chosen but there are only 2 options",
        },
        {"pointer": "/sections/1/title", "message": "Section F2: “title” is missing"},
    ]


async def test_a_step_a_round_cannot_take_is_refused_in_english_when_asked(world):
    drafted = await world.draft_round(publish=False)
    answer = await world.post(f"/v1/rounds/{drafted['id']}/open", language="en")

    assert answer.json()["detail"] == (
        "The questionnaire is not published, so the round cannot be opened yet."
    )
