"""Text drafted from figures: sentences filled in, nothing invented, each with its figures. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from reporting.reports.numbers import AREA, NAMED, Figure, filled, written
from reporting.reports.outline import SectionForm, SentenceForm

NO_DATA = "Hệ thống chưa có số liệu cho mục này."
ELSEWHERE = "Ngoài các nội dung trên còn {rest} nhiệm vụ có thời hạn thuộc nội dung khác."
REST = "work.elsewhere"
NO_DATA_ID = "no_data"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence of a report. `figures`: ids of what it says; `drafted`: as it came out of data.

    `changed`: somebody wrote it otherwise, or added it (`drafted` ""); `text` "": taken out.
    """

    id: str
    section: str
    text: str
    drafted: str
    figures: tuple[str, ...] = ()
    no_data: bool = False
    changed: bool = False

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "figures": list(self.figures)}


def from_json(stored: Mapping[str, Any]) -> Drafted:
    """Read what `as_json` wrote."""
    return Drafted(**{**stored, "figures": tuple(stored["figures"])})


def draft(
    outline: Iterable[SectionForm], figures: Mapping[str, Figure], *, running: bool, full: set[str]
) -> list[Drafted]:
    """Return the sentences of an outline. `full`: lists that have rows."""
    sections = list(outline)
    found: list[Drafted] = []
    for place, section in enumerate(sections):
        said = [
            sentence
            for form in section.sentences
            if (sentence := _said(section, form, figures, running=running))
        ]
        if not said and section.table not in full and not _has_parts(sections, place):
            id_ = f"{section.id}.{NO_DATA_ID}"
            said = [Drafted(id_, section.id, NO_DATA, NO_DATA, no_data=True)]
        found += said
    return _with_rest(found, sections, figures)


def _with_rest(
    found: list[Drafted], sections: list[SectionForm], figures: Mapping[str, Figure]
) -> list[Drafted]:
    """Say behind the last section of the plan's contents what is in none: so parts make up all."""
    rest = figures.get(REST)
    parts = [each.id for each in sections if each.words]
    if not rest or not rest.value or not parts:
        return found
    text = ELSEWHERE.format(rest=written(rest.kind, rest.value))
    said = Drafted(f"{parts[-1]}.elsewhere", parts[-1], text, text, (REST,))
    places = (place for place, each in enumerate(found, 1) if each.section == parts[-1])
    after = max(places, default=len(found))
    return [*found[:after], said, *found[after:]]


def _has_parts(sections: list[SectionForm], place: int) -> bool:
    following = sections[place + 1 : place + 2]
    return bool(following) and following[0].level > sections[place].level


def _said(
    section: SectionForm, form: SentenceForm, figures: Mapping[str, Figure], *, running: bool
) -> Drafted | None:
    about = figures.get(_id(section, form.about)) if form.about else None
    if form.about and (about is None or about.value is None):
        return None
    template = form.running if running else form.ended or form.running
    if about is not None and about.value == 0:
        if form.zero is None:
            return None
        template = form.zero
    named = {name: _id(section, name) for name in NAMED.findall(template)}
    if any(figures[id_].value is None if id_ in figures else True for id_ in named.values()):
        return None
    text = filled(template, {name: figures[id_] for name, id_ in named.items()})
    ids = dict.fromkeys([*named.values(), *([about.id] if about else [])])
    return Drafted(f"{section.id}.{form.id}", section.id, text, text, tuple(ids))


def _id(section: SectionForm, name: str) -> str:
    """Return the id of a figure a section names: `area.done` is of its own assignments."""
    return f"{AREA}{section.id}.{name.removeprefix(AREA)}" if name.startswith(AREA) else name


def changed(sentence: Drafted, text: str) -> Drafted:
    """Return a sentence as somebody wrote it; written as it was drafted, it is not changed."""
    return replace(sentence, text=text, changed=text != sentence.drafted)


def added(sentences: list[Drafted], section: str, text: str) -> list[Drafted]:
    """Return the sentences with one more at the end of a section, in place of its having none."""
    sentences = [
        changed(each, "") if each.section == section and each.no_data and not each.changed else each
        for each in sentences
    ]
    number = sum(each.id.startswith(f"{section}.added_") for each in sentences) + 1
    new = Drafted(f"{section}.added_{number}", section, text, "", changed=True)
    places = [place for place, each in enumerate(sentences) if each.section == section]
    after = places[-1] + 1 if places else len(sentences)
    return [*sentences[:after], new, *sentences[after:]]
