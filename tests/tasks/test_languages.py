"""What the tasks service answers when it refuses exists in both languages."""

from pathlib import Path

from tests.sentences import english, placeholders, said_in

import tasks

FOLDER = Path(tasks.__file__).parent
# What is read in an appendix, and what is stored about it: in the appendix's own language.
APPENDIX = (
    "imports/appendix/", "deadlines/", "imports/domain.py", "words.py", "directory/unit_book.py",
)  # fmt: skip
NOT_AN_ANSWER = ("app.py", "plans/domain.py", "migrations/")  # a description, a plan's warnings
STORED_OR_WARNED = {
    "Không đọc được phụ lục",
    "Việc đọc tệp bị dừng giữa chừng",
    "Chưa nhập lịch làm việc năm ",
    ": ngày nghỉ lễ chưa được tính vào thời hạn.",
}


def test_every_refusal_has_its_english_with_the_same_facts():
    sentences = said_in(FOLDER, without=(*APPENDIX, *NOT_AN_ANSWER)) - STORED_OR_WARNED
    known = english(FOLDER)

    assert len(sentences) > 30
    assert sentences == set(known)
    for sentence, translated in known.items():
        assert placeholders(sentence) == placeholders(translated), sentence


async def test_a_refusal_comes_in_english_when_asked_and_names_each_place_in_it(looked_at):
    day = {"day": "2028-01-01", "working": False, "name": "Tết"}

    async def refused(language: str | None) -> dict:
        headers = {"Accept-Language": language} if language else {}
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
