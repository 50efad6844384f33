"""Tags in a document's paragraphs: found, whole, and in pairs that fit the document. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reporting.report_templates.domain import Place, Wrong

OBJECT = "\ufffc"
"""What stands for a picture, a tab or a line break in a paragraph's text."""
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_STRAY = re.compile(r"\{[{%#]|[}%#]\}")
_REACH = re.compile(r"(tr|tc|p|r)(?=\s)")
_BLOCK = re.compile(r"(for|if|elif|else|endfor|endif)\b")
_ENDS = {"for": "endfor", "if": "endif"}
_OPENED_BY = {"endfor": ("for",), "endif": ("if",), "elif": ("if",), "else": ("for", "if")}
_LONGEST = 80  # characters of a tag that are shown
_QUOTES = str.maketrans("“”‘’", "\"\"''")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one look; whoever compares looks asks whether they are equal."""

    text: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `table`, `row`, `cell`: numbers of what it stands in, 0 outside of a table."""

    place: Place
    pieces: Sequence[Piece]
    table: int = 0
    row: int = 0
    cell: int = 0

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Tag:
    """`{%tr for unit in units %}`: marker %, reach tr, inside `for unit in units`, word for."""

    written: str
    paragraph: Paragraph

    @property
    def marker(self) -> str:
        return self.written[1]

    @property
    def reach(self) -> str:
        found = _REACH.match(self.written[2:])
        return found[1] if found else ""

    @property
    def inside(self) -> str:
        """What is written between the braces, as Jinja reads it."""
        return self.written[2 + len(self.reach) : -2].translate(_QUOTES).strip()

    @property
    def word(self) -> str:
        found = _BLOCK.match(self.inside) if self.marker == "%" else None
        return found[1] if found else ""

    @property
    def shown(self) -> str:
        """The tag as it is quoted to people."""
        return _short(self.written)

    @property
    def home(self) -> tuple[str, int]:
        """What a pair of such tags has to share: the paragraph, the table, or what holds it."""
        within = self.paragraph
        if self.reach == "tr":
            return "table", within.table
        return ("cell", within.cell) if self.reach == "p" else ("paragraph", id(within))


def check(paragraphs: Sequence[Paragraph]) -> Iterator[Wrong]:
    """Yield what is wrong with the tags of one part of a document."""
    for paragraph in paragraphs:
        yield from _cut(paragraph)
    found = [tag for paragraph in paragraphs for tag in tags_of(paragraph)]
    rows: dict[int, str] = {}
    for paragraph in paragraphs:
        rows[paragraph.row] = rows.get(paragraph.row, "") + paragraph.text
    for tag in found:
        yield from _alone(tag, rows)
    yield from _pairs(found)


def tags_of(paragraph: Paragraph) -> list[Tag]:
    """Return the whole tags of a paragraph."""
    return [Tag(found[0], paragraph) for found in _TAG.finditer(paragraph.text)]


def skeleton(paragraphs: Sequence[Paragraph]) -> str:
    """Return the tags alone, a line for each paragraph, as Jinja reads them."""
    return "\n".join(
        " ".join(_plain(tag) for tag in tags_of(paragraph) if tag.marker != "#")
        for paragraph in paragraphs
    )


def _plain(tag: Tag) -> str:
    end = {"{": "}}", "%": "%}"}[tag.marker]
    return f"{{{tag.marker} {' '.join(tag.inside.split())} {end}"


def _cut(paragraph: Paragraph) -> Iterator[Wrong]:
    """Yield tags without their end, and those with something else than text of one look inside."""
    text = paragraph.text
    for found in _STRAY.finditer(_TAG.sub(lambda tag: " " * len(tag[0]), text)):
        yield Wrong("tag_cut", paragraph.place, _short(text[found.start() :]))
    for tag in _TAG.finditer(text):
        if OBJECT in tag[0] or len(_looks(paragraph, *tag.span())) > 1:
            yield Wrong("tag_broken_up", paragraph.place, _short(tag[0]))


def _looks(paragraph: Paragraph, begin: int, end: int) -> set[str]:
    """Return the looks of a stretch of the text."""
    looks, at = set(), 0
    for piece in paragraph.pieces:
        if at < end and begin < at + len(piece.text):
            looks.add(piece.look)
        at += len(piece.text)
    return looks


def _alone(tag: Tag, rows: dict[int, str]) -> Iterator[Wrong]:
    """Yield why a single tag cannot stand where it stands, or at all."""
    place, trimmed = tag.paragraph.place, "-" in (tag.written[2:3], tag.written[-3:-2])
    allowed = ("", "p", "tr") if tag.marker == "%" else ("",)
    if trimmed or tag.reach not in allowed or (tag.marker == "%" and not tag.word):
        yield Wrong("tag_refused", place, tag.shown)
    elif tag.reach == "tr" and not tag.paragraph.row:
        yield Wrong("row_outside", place, tag.shown)
    elif tag.reach:
        around = rows[tag.paragraph.row] if tag.reach == "tr" else tag.paragraph.text
        if around.strip() != tag.written:
            yield Wrong("words_lost", place, tag.shown)


def _pairs(found: Sequence[Tag]) -> Iterator[Wrong]:
    opened: list[Tag] = []
    for tag in found:
        if tag.word in _ENDS:
            opened.append(tag)
        elif tag.word:
            if not opened:
                yield Wrong("end_unopened", tag.paragraph.place, tag.shown)
                continue
            yield from _together(opened[-1], tag)
            if tag.word.startswith("end"):
                opened.pop()
    for tag in opened:
        needed = f"{{%{tag.reach} {_ENDS[tag.word]} %}}"
        yield Wrong("end_missing", tag.paragraph.place, tag.shown, {"needed": needed})


def _together(opening: Tag, tag: Tag) -> Iterator[Wrong]:
    """Yield why a tag does not go with the block that is open."""
    place, facts = tag.paragraph.place, {"opened": opening.shown}
    if opening.word not in _OPENED_BY[tag.word]:
        yield Wrong("end_crossed", place, tag.shown, facts)
    elif opening.home != tag.home:
        code = "end_outside" if opening.reach == tag.reach != "" else "end_elsewhere"
        yield Wrong(code, place, tag.shown, facts)


def _short(text: str) -> str:
    plain = text.replace(OBJECT, " ")
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
