"""What the tasks service says to people exists in both languages."""

import ast
import re
from pathlib import Path

import pytest
from tests.sentences import english, placeholders, said_in
from tests.tasks.test_imports_api import zipped

import tasks
from chassis.i18n import say
from tasks.deadlines import read_deadline

FOLDER = Path(tasks.__file__).parent
# A description in both languages, a schema, and documents, which are Vietnamese alone.
DOCUMENTS = (
    "unit_reports/document.py", "unit_reports/drafting.py", "urging/letter.py",
    "inspections/wordings.py",
)  # fmt: skip
NOT_AN_ANSWER = ("app.py", "migrations/", *DOCUMENTS)
VOCABULARIES = sorted(FOLDER.rglob("vocabulary.py"))
WORD = re.compile(r"[^\W\d_]{2,}")  # a letter or a mark alone is spelling, not a word


def said() -> set[str]:
    """Everything in Vietnamese words but the vocabularies, which are read and never said."""
    read = tuple(path.relative_to(FOLDER).as_posix() for path in VOCABULARIES)
    found = said_in(FOLDER, without=(*NOT_AN_ANSWER, *read))
    return {sentence for sentence in found if WORD.search(sentence)}


def test_every_sentence_has_its_english_with_the_same_facts():
    sentences, known = said(), english(FOLDER)

    assert len(sentences) > 100
    assert sentences == set(known)
    for sentence, translated in known.items():
        assert placeholders(sentence) == placeholders(translated), sentence


@pytest.mark.parametrize("path", VOCABULARIES, ids=lambda p: p.parent.name)
def test_a_vocabulary_holds_words_to_recognise_and_nothing_that_is_said(path):
    tree = ast.parse(path.read_text())
    made = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Call, ast.Lambda)
    strings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)
               and isinstance(node.value, str) and node.value != ast.get_docstring(tree, False)
    ]  # fmt: skip

    assert not [node for node in ast.walk(tree) if isinstance(node, made)]
    assert not [s for s in strings if placeholders_of_a_sentence(s) or re.search(r"\w[.!?]$", s)]


def placeholders_of_a_sentence(string: str) -> list[str]:
    return re.findall(r"\{[a-z_]+\}", string)


@pytest.mark.parametrize(
    ("words", "reading"),
    [
        ("Quý II", "Quý II: from 01/4/2025, due 30/6/2025 (Monday) (2025, the plan's year)."),
        ("Trước ngày 30/11/2025",
         "Trước ngày 30/11/2025: due 29/11/2025 (Saturday), last working day 28/11/2025."),
        ("Định kỳ", "A person must read it: it does not say how often."),
    ],
)  # fmt: skip
def test_a_deadline_is_read_to_the_officer_in_the_language_asked_for(demo_frame, words, reading):
    assert say(read_deadline(words, demo_frame).reading, "en") == reading


async def test_a_plan_and_an_appendix_are_warned_about_in_the_language_asked_for(looked_at):
    in_english = {"headers": {"Accept-Language": "en"}}
    office = looked_at.office.http
    path = await looked_at.waiting_import()

    [plan] = (await office.get("/v1/plans", **in_english)).json()["data"]
    appendix = (await office.get(path, **in_english)).json()
    vietnamese = (await office.get(path)).json()

    def warnings(found: dict) -> list[dict]:
        return [one for row in found["rows"] for one in row["warnings"]]

    assert {one["code"] for one in plan["warnings"]} == {"legal_basis_after_plan"}
    assert "after the plan was issued (02/01/2025)" in plan["warnings"][0]["message"]
    assert {one["code"] for one in warnings(appendix)} == {"deadline_unclear"}
    assert warnings(appendix)[0]["message"].startswith("STT 8, column Time: the deadline stands in")
    assert warnings(vietnamese)[0]["message"].startswith("STT 8, cột Thời gian: thời hạn nằm ở")
    readings = {row["stt"]: row["deadline"]["reading"] for row in appendix["rows"]}
    assert readings["6"].startswith("Continuous: never due")


async def test_what_an_earlier_version_stored_in_plain_words_is_still_said(ready):
    plain = "STT 7, cột Đơn vị chủ trì: để trống. Chọn ít nhất một đơn vị."
    await ready.execute(
        "UPDATE appendix_row SET warnings = ARRAY[:plain], "
        "deadline = jsonb_set(deadline, '{reading}', '\"Quý I: hạn cuối 31/3/2025.\"') "
        "WHERE row_number = 7", plain=plain,
    )  # fmt: skip

    found = (await ready.office.get(await ready.waiting_import())).json()

    [row] = [row for row in found["rows"] if row["row_number"] == 7]
    assert row["warnings"] == [{"code": "row_check", "message": plain, "field": None}]
    assert row["deadline"]["reading"] == "Quý I: hạn cuối 31/3/2025."


async def test_why_an_appendix_was_not_read_is_said_in_the_language_asked_for(department):
    plan = await department.add_plan()
    started = await department.office.upload(
        f"/v1/plans/{plan['id']}/imports", "a.docx", zipped(word__document=b"<broken")
    )
    await department.run_jobs()
    path = f"/v1/imports/{started.json()['import_id']}"

    asked = await department.office.http.get(path, headers={"Accept-Language": "en"})

    assert asked.json()["error"] == {
        "code": "appendix_unreadable",
        "title": "The appendix could not be read",
        "detail": "The file is damaged and cannot be read.",
    }


async def test_a_refusal_comes_in_english_when_asked_and_names_each_place_in_it(looked_at):
    day = {"day": "2028-01-01", "working": False, "name": "Tết"}

    async def refused(language: str | None) -> dict:
        headers = {"If-None-Match": "*"} | ({"Accept-Language": language} if language else {})
        body = {"days": [day]}
        answer = await looked_at.office.http.put("/v1/calendar/2027", json=body, headers=headers)
        assert answer.headers["Content-Language"] == (language or "vi")
        return answer.json()

    english_, vietnamese = await refused("en"), await refused(None)

    assert (english_["title"], english_["detail"]) == (
        "The data is not valid", "Some days are not right",
    )  # fmt: skip
    assert english_["errors"] == [
        {"pointer": "/days/0/day", "message": "01/01/2028 is not in 2027, or is named twice"}
    ]
    assert vietnamese["detail"] == "Có ngày chưa đúng"
    assert vietnamese["errors"][0]["message"] == (
        "01/01/2028 không thuộc năm 2027 hoặc bị lặp lại"
    )  # fmt: skip
