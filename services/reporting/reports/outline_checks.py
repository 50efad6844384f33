"""What is wrong with a kind of report, asked before it is kept."""

import re
from collections.abc import Iterator
from datetime import date

from chassis.entered import readable_text
from chassis.rules import InputRefused, Problem, WrongValue
from chassis.words import N_, Sentence
from reporting.reports.numbers import KNOWN, NAMED
from reporting.reports.outline import KindBody

UNKNOWN_FIGURE = N_(
    "Câu «{text}» của mục «{section}» có {{{figure}}}: không có số liệu tên này. Tên đúng có "
    "trong danh sách số liệu của loại báo cáo, ví dụ work.done"
)
ALIKE = N_(
    "Kỳ số liệu thứ {first} và thứ {second} cùng tên «{name}»: hãy đặt tên khác nhau để chọn được "
    "đúng kỳ, ví dụ «năm dương lịch {{year}}»"
)
NOT_SAID = N_(
    "Câu «{text}» của mục «{section}» chưa có lời «khi kỳ đang diễn ra»: hãy ghi ở ô đó, ô «khi kỳ "
    "đã kết thúc» để trống nếu giống nhau; muốn bỏ câu thì xoá cả các ô còn lại"
)
ZERO_OF_NOTHING = N_(
    "Câu «{text}» của mục «{section}» có lời «khi số liệu bằng 0» nhưng chưa chọn số liệu mà câu "
    "nói về: hãy chọn số liệu, hoặc xoá lời đó"
)
TWICE = N_("Mã «{id}» có hai lần trong đề cương: mỗi mục, mỗi câu phải có mã riêng")
RESERVED = N_(
    "Mã «{id}» trong đề cương dành riêng cho câu do hệ thống thêm: hãy dùng mã khác, ví dụ "
    "«rieng_{id}»"
)
NO_DAY = N_("Kỳ số liệu «{name}» có ngày {day}, năm nào cũng không có: hãy ghi ngày có thật")
BACKWARDS = N_(
    "Kỳ số liệu «{name}» bắt đầu {starts} sau khi kết thúc {ends}: hãy đổi ngày, hoặc chọn năm "
    "trước cho ngày bắt đầu"
)
SAME_DAYS = N_(
    "Kỳ số liệu thứ {first} và thứ {second} cùng từ {starts} đến {ends}: hãy bỏ một kỳ, vì báo cáo "
    "chỉ gọi được tên một kỳ"
)
STRAY = N_(
    "Câu «{text}» của mục «{section}» có dấu ngoặc nhọn không bao quanh tên số liệu: ghi đúng như "
    "{{work.done}}, hoặc bỏ dấu ngoặc"
)
AS_IT_IS = N_(
    "«{text}» có dấu ngoặc nhọn nhưng được in đúng như đã ghi, không điền số liệu: hãy bỏ dấu "
    "ngoặc (tên kỳ số liệu chỉ dùng {{year}})"
)
_FRAMES = ("opening", "closing")
_LINES = ("name", "parent", "issuer", "symbol", "place", "paper", "signer_name")
_LISTS = ("addressed_to", "copies_to", "signer_titles")
_ADDED = re.compile(r"no_data|as_of|as_of_table|elsewhere|added_\d+")
"""Codes of sentences that no kind says itself."""


def check(kind: KindBody) -> None:
    """Raise InputRefused (`report_kind_invalid`) for what no report could be made of.

    Unknown figures, codes that are double or ours, periods that are none, unseen characters.

    Of the last what was stored before is not asked: it is cleaned where it is written.
    """
    asked = (
        _unreadable, _unknown, _as_it_is, _unsaid, _twice, _reserved, _alike, _no_days, _same_days
    )  # fmt: skip
    problems = [problem for each in asked for problem in each(kind)]
    if problems:
        raise InputRefused("report_kind_invalid", problems[0].sentence, problems)


def _unreadable(kind: KindBody) -> Iterator[Problem]:
    beside = ("source", "opening", "closing", "signer_name")
    texts = [(f"/{name}", getattr(kind, name)) for name in beside]
    for place, section in enumerate(kind.outline):
        for line, sentence in enumerate(section.sentences):
            pointer = f"/outline/{place}/sentences/{line}"
            texts += [(pointer, text) for text in sentence.texts()]
    for pointer, text in texts:
        try:
            readable_text(text)
        except WrongValue as wrong:
            yield Problem(f"/body{pointer}", wrong.sentence)


def _unknown(kind: KindBody) -> Iterator[Problem]:
    beside = (("subject", kind.subject), ("opening", kind.opening), ("closing", kind.closing))
    for name, text in beside:
        yield from _wrong(f"/{name}", kind.name, text, text, within=False)
    for place, section in enumerate(kind.outline):
        for line, sentence in enumerate(section.sentences):
            pointer = f"/outline/{place}/sentences/{line}"
            said = "".join(sentence.texts())
            named = said + (f"{{{sentence.about}}}" if sentence.about else "")
            yield from _wrong(pointer, section.heading, said, named, within=bool(section.words))


def _as_it_is(kind: KindBody) -> Iterator[Problem]:
    """Yield the lines that are written as they stand, and name a figure all the same."""
    said = [(f"/{name}", getattr(kind, name)) for name in _LINES]
    said += [
        (f"/{name}/{at}", line) for name in _LISTS for at, line in enumerate(getattr(kind, name))
    ]
    said += [(f"/outline/{at}/heading", each.heading) for at, each in enumerate(kind.outline)]
    said += [(f"/annexes/{at}/title", each.title) for at, each in enumerate(kind.annexes)]
    said += [
        (f"/windows/{at}/name", each.name.replace("{year}", ""))
        for at, each in enumerate(kind.windows)
    ]
    for pointer, line in said:
        if set("{}") & set(line):
            yield Problem(f"/body{pointer}", Sentence(AS_IT_IS, {"text": line}))


def _unsaid(kind: KindBody) -> Iterator[Problem]:
    """Yield the sentences that would never be said, or not when they are to be."""
    for place, section in enumerate(kind.outline):
        for line, sentence in enumerate(section.sentences):
            facts = {"section": section.heading, "text": next(iter(sentence.texts()), sentence.id)}
            if not sentence.running:
                where = f"/body/outline/{place}/sentences/{line}/running"
                yield Problem(where, Sentence(NOT_SAID, facts))
            elif sentence.zero and not sentence.about:
                where = f"/body/outline/{place}/sentences/{line}/about"
                yield Problem(where, Sentence(ZERO_OF_NOTHING, facts))


def _wrong(
    pointer: str, section: str, sentence: str, named: str, *, within: bool
) -> Iterator[Problem]:
    for figure in dict.fromkeys(NAMED.findall(named)):
        if figure not in KNOWN or (figure.startswith("area.") and not within):
            facts = {"text": sentence, "section": section, "figure": figure}
            yield Problem(f"/body{pointer}", Sentence(UNKNOWN_FIGURE, facts))
    if set("{}") & set(NAMED.sub("", sentence)):
        yield Problem(f"/body{pointer}", Sentence(STRAY, {"text": sentence, "section": section}))


def _twice(kind: KindBody) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, section in enumerate(kind.outline):
        for id_ in (section.id, *(f"{section.id}.{each.id}" for each in section.sentences)):
            if id_ in seen:
                yield Problem(f"/body/outline/{place}", Sentence(TWICE, {"id": id_}))
            seen.add(id_)


def _reserved(kind: KindBody) -> Iterator[Problem]:
    """Yield the sections and sentences whose codes are those of what is said beside them."""
    for place, section in enumerate(kind.outline):
        ours = [section.id] if section.id in _FRAMES else []
        ours += [each.id for each in section.sentences if _ADDED.fullmatch(each.id)]
        for id_ in ours:
            yield Problem(f"/body/outline/{place}", Sentence(RESERVED, {"id": id_}))


def _alike(kind: KindBody) -> Iterator[Problem]:
    """Yield the windows that nobody could tell from one before by their names."""
    seen: dict[str, int] = {}
    for place, window in enumerate(kind.windows):
        first = seen.setdefault(" ".join(window.name.casefold().split()), place)
        if first != place:
            facts = {"first": first + 1, "second": place + 1, "name": window.name}
            yield Problem(f"/body/windows/{place}/name", Sentence(ALIKE, facts))


def _no_days(kind: KindBody) -> Iterator[Problem]:
    """Yield the windows of days that no year has, and those that end before they begin."""
    for place, each in enumerate(kind.windows):
        facts = {"name": each.name, "starts": _shown(each.starts), "ends": _shown(each.ends)}
        for name, day in (("starts", each.starts), ("ends", each.ends)):
            if not _is_day(day):
                said = {"name": each.name, "day": _shown(day)}
                yield Problem(f"/body/windows/{place}/{name}", Sentence(NO_DAY, said))
        if (each.starts_year, each.starts) > (each.ends_year, each.ends):
            yield Problem(f"/body/windows/{place}/starts", Sentence(BACKWARDS, facts))


def _same_days(kind: KindBody) -> Iterator[Problem]:
    """Yield the windows of the same days as one before: its name would be that of both."""
    seen: dict[tuple[str, int, str, int], int] = {}
    for place, each in enumerate(kind.windows):
        days = (each.starts, each.starts_year, each.ends, each.ends_year)
        first = seen.setdefault(days, place)
        if first != place:
            numbers = {"first": first + 1, "second": place + 1}
            facts = {**numbers, "starts": _shown(each.starts), "ends": _shown(each.ends)}
            yield Problem(f"/body/windows/{place}/starts", Sentence(SAME_DAYS, facts))


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(f"2024-{written}")  # a year that has 29/2
    except ValueError:
        return False
    return True


def _shown(written: str) -> str:
    month, _, day = written.partition("-")
    return f"{day}/{month}"
