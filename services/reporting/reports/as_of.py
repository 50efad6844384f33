"""As of which day a report about a period that is over speaks: said, never silent. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reporting.reports.drafting import Drafted
from reporting.reports.numbers import Figure, written
from reporting.reports.outline import SectionForm
from reporting.reports.windows import AsOf

OF_DAY = "số liệu tại ngày {day}"
_TASKS = ("work.", "window.", "area.", "units.", "next.", "help.")
_STANDS = (
    "Số liệu nhiệm vụ tính đến hết ngày {day}; đơn vị chủ trì, thời hạn và việc thôi thực hiện "
    "nhiệm vụ theo ghi nhận đến ngày chốt số liệu {today}."
)
_TABLE = "Bảng sau đây là số liệu tại ngày {day}."
_SAID = ("count", "percent", "points")


def say_as_of(
    sentences: Sequence[Drafted],
    outline: Sequence[SectionForm],
    figures: Mapping[str, Figure],
    as_of: AsOf,
    lists: set[str],
) -> list[Drafted]:
    """Return the sentences with the day of whatever is not as of the end of the period.

    `lists`: those that are of today.
    """
    found = list(_begun(sentences, as_of))
    found = [_dated(each, figures) for each in found]
    day = written("day", f"{as_of.today}")
    for section in outline:
        if section.table in lists:
            text = _TABLE.format(day=day)
            told = Drafted(f"{section.id}.as_of_table", section.id, text, text)
            found = _behind(found, section.id, told)
    return found


def _begun(sentences: Sequence[Drafted], as_of: AsOf) -> Iterator[Drafted]:
    """Yield the sentences; before the first about tasks, as of when tasks are told."""
    told = False
    for each in sentences:
        if not told and any(id_.startswith(_TASKS) for id_ in each.figures):
            days = (written("day", f"{day}") for day in (as_of.day, as_of.today))
            text = _STANDS.format(**dict(zip(("day", "today"), days, strict=True)))
            yield Drafted(f"{each.section}.as_of", each.section, text, text)
            told = True
        yield each


def _dated(sentence: Drafted, figures: Mapping[str, Figure]) -> Drafted:
    said = [figures[id_] for id_ in sentence.figures if id_ in figures]
    said = [each for each in said if each.kind in _SAID]
    other = [each for each in said if each.as_of]
    if not other:
        return sentence
    day = OF_DAY.format(day=written("day", other[0].as_of))
    if len(other) < len(said):
        names = ", ".join(each.label[:1].lower() + each.label[1:] for each in other)
        day = f"riêng {names}: {day}"
    text = f"{sentence.text.rstrip('.')} ({day})."
    return replace(sentence, text=text, drafted=text)


def _behind(sentences: list[Drafted], section: str, told: Drafted) -> list[Drafted]:
    places = [place for place, each in enumerate(sentences) if each.section == section]
    after = places[-1] + 1 if places else len(sentences)
    return [*sentences[:after], told, *sentences[after:]]
