"""What somebody who checks a report has to know of it, beside its text. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal

from chassis.rules import RuleBroken
from chassis.web import ResponseBody
from chassis.words import N_, Sentence
from reporting.reports.numbers import UNKNOWN, written

_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
_NO_DATA = N_("Mục «{section}» sẽ in câu «{text}»: hãy viết vào mục, hoặc bỏ câu đó để bỏ cả mục")
_NOT_IN_FIGURES = N_("{numbers} không có trong số liệu của câu")
_UNREAD = N_("Chưa ghi nhận là đã kiểm tra: còn điều phải đọc và xác nhận. {remarks}")
Code = Literal["section_without_data", "number_without_figure", "template_behind"]


class Remark(ResponseBody):
    """Something to know before a report is checked. `at`: the id of its section or sentence."""

    code: Code
    at: str | None
    message: str


def remarks_on(
    sentences: Sequence[Mapping[str, Any]], taken: Mapping[str, Any]
) -> Iterator[tuple[Code, str, Sentence]]:
    """Yield what is to be known of a text: its sections without data, numbers of no figure."""
    headings = {each["id"]: each["heading"] for each in taken.get("kind", {}).get("outline", ())}
    figures = {each["id"]: each for each in taken.get("figures", ())}
    for each in sentences:
        if each["no_data"] and each["text"] == each["drafted"]:
            facts = {"section": headings.get(each["section"], ""), "text": each["text"]}
            yield "section_without_data", each["section"], Sentence(_NO_DATA, facts)
        if each["changed"] and each["figures"] and (wrong := strange(each, figures)):
            facts = {"numbers": ", ".join(wrong)}
            yield "number_without_figure", each["id"], Sentence(_NOT_IN_FIGURES, facts)


def strange(sentence: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the numbers of a sentence that are neither its figures nor in what was drafted."""
    own = [figures[id_] for id_ in sentence["figures"] if id_ in figures]
    shown = " ".join(written(each["kind"], each["value"]) for each in own)
    known = set(_NUMBER.findall(f"{shown} {sentence['drafted']}")) - {UNKNOWN}
    return [each for each in dict.fromkeys(_NUMBER.findall(sentence["text"])) if each not in known]


def check_read(remarks: Collection[Remark], *, read: bool) -> None:
    """Raise RuleBroken (`report_remarks_unread`) while somebody has not said that they know."""
    if remarks and not read:
        said = ". ".join(each.message for each in remarks)
        raise RuleBroken("report_remarks_unread", Sentence(_UNREAD, {"remarks": said}))
