"""The words a report begins with, made of its figures; people's own words are never replaced."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypedDict

from chassis.clock import local_date
from tasks.deadlines.days import day_text

_MOST = 40  # assignments written out; the annex of figures has all
_LONG = 160  # characters of an assignment's words


class Drafted(TypedDict):
    """What was drafted. `difficulties`: as the report has them."""

    results: str
    measures: str
    difficulties: list[dict[str, Any]]


def drafted(figures: Mapping[str, Any]) -> Drafted:
    """Return the words a unit may go on from, of its figures."""
    parts = [
        [_done(figures), _contributed(figures)],
        _listed("Các kết quả đã được chấp nhận:", figures["accepted"], _accepted),
        _listed("Nhiệm vụ chậm so với thời hạn:", figures["late"], _late),
    ]
    difficulties = [
        {"theme": None, "number": line["number"], "text": line["text"]}
        for line in figures["difficulties"]
    ]
    results = "\n".join(line for part in parts for line in part if line)
    measures = "\n".join(_measure(each) for each in figures["measures"])
    return Drafted(results=results, measures=measures, difficulties=difficulties)


def kept_text(text: str, before: str, after: str) -> str:
    """Return the new draft where nobody touched the old one, else what a person wrote."""
    return after if text == before else text


def kept_difficulties(
    given: Sequence[Mapping[str, Any]], before: Mapping[str, Any], after: Drafted
) -> list[dict[str, Any]]:
    """Return the difficulties with what is new; what people wrote, sorted or threw out stays so."""
    old = {each["number"]: each for each in before.get("difficulties", [])}
    new = {each["number"]: each for each in after["difficulties"]}
    kept = []
    for each in given:
        number = each["number"]
        if number in old and dict(each) == old[number]:
            if number in new:
                kept.append(new[number])
        else:
            kept.append(dict(each))
    known = {each["number"] for each in given} | old.keys()
    return kept + [each for number, each in new.items() if number not in known]


def _done(figures: Mapping[str, Any]) -> str:
    day = day_text(local_date(datetime.fromisoformat(figures["as_of"])))
    said = f"Tính đến ngày {day}, đơn vị đã hoàn thành {figures['done']}/{figures['all']} nhiệm vụ"
    said += f" có thời hạn ({share(figures['done'], figures['all'])}); trong các nhiệm vụ đã đến"
    said += f" hạn, hoàn thành {figures['done_due']}/{figures['due']}"
    said += f" ({share(figures['done_due'], figures['due'])})."
    if figures["undated"]:
        said += f" Ngoài ra có {figures['undated']} nhiệm vụ thường xuyên hoặc chưa có thời hạn."
    return said


def _contributed(figures: Mapping[str, Any]) -> str:
    asked, given = figures["contributions_asked"], figures["contributions_given"]
    if not asked:
        return ""
    in_time = figures["contributions_on_time"]
    return f"Đã gửi {given}/{asked} đóng góp phối hợp được đề nghị, đúng hạn {in_time}."


def share(part: int, whole: int) -> str:
    """Write a share in percent, 66,67 %; "—" of nothing."""
    if not whole:
        return "—"
    percent = round(10_000 * part / whole)
    return f"{percent // 100},{percent % 100:02d} %"


def _listed(title: str, lines: Sequence[Mapping[str, Any]], said: Any) -> list[str]:
    if not lines:
        return []
    rest = len(lines) - _MOST
    more = [f"- và {rest} nhiệm vụ khác, xem bảng số liệu."] if rest > 0 else []
    return [title, *(said(line) for line in lines[:_MOST]), *more]


def _accepted(line: Mapping[str, Any]) -> str:
    when = f", gửi ngày {_day(line['day'])}" if line["day"] else ""
    how = {True: ", đúng hạn", False: ", quá hạn", None: ""}[line["on_time"]]
    return f"- {line['number']}: {_brief(line['content'])}{when}{how}."


def _late(line: Mapping[str, Any]) -> str:
    due = f", hạn {_day(line['due_on'])}" if line["due_on"] else ""
    how = ", hoàn thành quá hạn"
    if line["days"]:
        how = ", quá hạn" + (f" {late} ngày làm việc" if (late := line.get("late_days")) else "")
    return f"- {line['number']}: {_brief(line['content'])}{due}{how}."


def _brief(words: str) -> str:
    line = " ".join(words.split()).rstrip(".;, ")
    return line if len(line) <= _LONG else f"{line[: _LONG - 1]}…"


def _day(day: str) -> str:
    return day_text(date.fromisoformat(day))


def _measure(each: Mapping[str, Any]) -> str:
    became = f", nhiệm vụ {each['number']}" if each["number"] else ""
    how = "đã chấp nhận" if each["status"] == "accepted" else "chờ Văn phòng Sở"
    return f"- Tiêu chí {each['code']}: {_brief(each['words'])} ({how}{became})."
