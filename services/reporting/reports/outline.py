"""What a kind of report is made of: data that the Office or an administrator changes."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chassis.entered import readable
from chassis.web import RequestBody
from reporting.reports.numbers import NAMED, ListCode

LONGEST = 500  # characters of a line
Line = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST), AfterValidator(readable)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(readable)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$", max_length=40)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
MonthDay = Annotated[
    str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", max_length=5)
]
NextTo = Annotated[int, Field(ge=-1, le=1)]


class SentenceForm(RequestBody):
    """A sentence to be filled: `{work.done}` stands for a figure.

    `running`: while the period goes on (đang), `ended`: after it (đã); None: the same. `about`: the
    figure it is about: unknown, the sentence is left out; 0: `zero` is said, or nothing.
    """

    id: Code
    about: Annotated[str, Field(max_length=60)] | None = None
    running: Annotated[str, StringConstraints(max_length=2000)]
    ended: Text | None = None
    zero: Text | None = None

    def texts(self) -> list[str]:
        """Return every wording."""
        return [text for text in (self.running, self.ended, self.zero) if text]


class SectionForm(RequestBody):
    """A section. `words`: its assignments are those whose section of the plan has one of them.

    `chart`: rates of its table as bars, too.
    """

    id: Code
    heading: Line
    level: Annotated[int, Field(ge=1, le=3)] = 1
    words: Annotated[list[Short], Field(max_length=20)] = Field(default=[])
    sentences: Annotated[list[SentenceForm], Field(max_length=50)] = Field(default=[])
    table: ListCode | None = None
    chart: bool = False


class AnnexForm(RequestBody):
    """A table behind the signature. `chart`: its rates as bars, too."""

    title: Line
    table: ListCode
    landscape: bool = False
    chart: bool = False


class WindowForm(RequestBody):
    """A window of a year: from `starts` of the year + `starts_year` to `ends`, both inclusive."""

    code: Code
    name: Short
    starts: MonthDay
    starts_year: NextTo = 0
    ends: MonthDay
    ends_year: NextTo = 0


class KindBody(RequestBody):
    """A kind of report, whole.

    `composed`: outline, windows and wordings are ours, not an official text; `source` says what
    they follow. `needs_plan`: a report of it is about one plan. `indices_as_of`: satisfaction and
    PAR index as they stood when the period ended, or (of a sheet that is filled in afterwards) on
    the day on which the report is made.
    """

    name: Line
    active: bool = True
    needs_plan: bool = False
    composed: bool = True
    indices_as_of: Literal["period", "taken"] = "period"
    source: Text
    parent: Line
    issuer: Line
    symbol: Short
    place: Short
    paper: Short
    subject: Line
    opening: Text
    closing: Text
    addressed_to: Annotated[list[Line], Field(max_length=20)] = Field(default=[])
    copies_to: Annotated[list[Line], Field(max_length=30)] = Field(default=[])
    signer_titles: Annotated[list[Short], Field(min_length=1, max_length=4)]
    signer_name: Annotated[str, StringConstraints(max_length=100)] = ""
    windows: Annotated[list[WindowForm], Field(max_length=40)] = Field(default=[])
    outline: Annotated[list[SectionForm], Field(min_length=1, max_length=100)]
    annexes: Annotated[list[AnnexForm], Field(max_length=20)] = Field(default=[])

    def structure(self) -> list[tuple[str, int]]:
        """Return its sections in their order, each with its level."""
        return [(section.id, section.level) for section in self.outline]

    def lists(self) -> set[ListCode]:
        """Return the lists its sections and annexes show."""
        shown = {section.table for section in self.outline if section.table}
        return {*shown, *(annex.table for annex in self.annexes)}

    def mentions(self, names: Iterable[str]) -> bool:
        """Tell whether it shows one of these lists, or says a figure that begins like that."""
        said = {figure for text in self._texts() for figure in NAMED.findall(text)}
        forms = [form for section in self.outline for form in section.sentences]
        chosen_by = {form.about for form in forms if form.about}
        return begins_like({*said, *chosen_by, *self.lists()}, names)

    def _texts(self) -> Iterator[str]:
        """Yield all it says anywhere: what it is called and how it begins and ends, too."""
        yield from (self.subject, self.opening, self.closing)
        for section in self.outline:
            for form in section.sentences:
                yield from form.texts()


def begins_like(mentioned: Iterable[str], names: Iterable[str]) -> bool:
    """Tell whether one of the figures and lists that are mentioned begins like one of `names`."""
    beginnings = tuple(names)
    return any(each.startswith(beginnings) for each in mentioned)


def changed(before: KindBody, now: KindBody) -> list[str]:
    """Return the names of what differs; `outline`: where a section of both says something else."""
    names = [name for name in KindBody.model_fields if getattr(before, name) != getattr(now, name)]
    then = {section.id: section for section in before.outline}
    if all(then.get(section.id, section) == section for section in now.outline):
        names = [name for name in names if name != "outline"]
    return names
