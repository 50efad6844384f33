"""The words of a Word cell as they stand in the final document, each once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tasks.imports.appendix import marks
from tasks.imports.appendix.marks import quoting
from tasks.imports.appendix.package import Package, local
from tasks.remarks import Remark
from tasks.words import tidy

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REMOVED = frozenset({"del", "moveFrom"})  # tracked changes: not in the final document
_TEXT_OF = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PICTURES = frozenset({"pic", "imagedata", "object", "OLEObject", "chart"})
_NOT_WORDS = REMOVED | {"delText", "delInstrText", "pPr", "tcPr", "tblPr", "trPr", "sdtPr"}
_TICKS = {"F0FC": "✓", "F0FE": "☑", "F0FB": "✗", "F0A8": "☐", "F06F": "☐"}  # of Wingdings


@dataclass(frozen=True, slots=True)
class Look:
    """What decides whether letters count: struck through, hidden, raised; None: not said."""

    struck: bool | None = None
    hidden: bool | None = None
    raised: bool | None = None

    def under(self, properties: Any | None) -> "Look":
        """Return the look of letters with these run properties inside this look."""
        if properties is None:
            return self
        said = {
            "struck": _either(_switch(properties, "strike"), _switch(properties, "dstrike")),
            "hidden": _switch(properties, "vanish"),
            "raised": _raised(properties),
        }
        return replace(self, **{name: value for name, value in said.items() if value is not None})


class Styles:
    """The looks that named styles give, those they are based on included."""

    def __init__(self, root: Any | None) -> None:
        """Take the root of styles.xml; None: there are no styles."""
        found = () if root is None else root.iter(f"{W}style")
        self._styles = {style.get(f"{W}styleId"): style for style in found}

    def over(self, look: Look, id_: str | None, depth: int = 10) -> Look:
        """Return the look of letters in the style."""
        style = self._styles.get(id_)
        if style is None or not depth:
            return look
        look = self.over(look, _value(style.find(f"{W}basedOn")), depth - 1)
        return look.under(style.find(f"{W}rPr"))


@dataclass(slots=True)
class Words:
    """What a cell says (`shown`), what is struck or hidden, and what is more than text."""

    shown: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    note_marks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    pictures: int = 0
    tables: bool = True  # the words of tables count, too
    self_changing: bool = False

    _last: list[str] | None = None

    def add(self, pieces: list[str], text: str) -> None:
        """Add letters to one of the lists; what goes on without a break stays one piece."""
        if self._last is pieces:
            pieces[-1] += text
        else:
            pieces.append(text)
        self._last = pieces

    @property
    def text(self) -> str:
        """Return the words, those of text boxes below."""
        return tidy("\n".join(["".join(self.shown), *self.boxes]))

    @property
    def gone(self) -> str:
        """Return the words that stand in the file and do not count."""
        return tidy("".join([*self.struck, *self.hidden]))

    def remarks(self) -> tuple[Remark, ...]:
        """Return what a person should know."""
        own = tidy("".join(self.shown))
        return (
            *quoting("row_text_struck", marks.STRUCK, self.struck),
            *quoting("row_text_hidden", marks.HIDDEN, self.hidden),
            *quoting("row_text_box", marks.IN_A_BOX, self.boxes),
            *quoting("row_note_mark", marks.NOTE_MARK, self.note_marks),
            *quoting("row_note", marks.NOTE, self.notes),
            *quoting("row_comment", marks.COMMENT, self.comments),
            *quoting("row_date_changes", marks.SELF_CHANGING, [own] if self.self_changing else []),
            *(Remark("row_picture", marks.PICTURE) for _ in range(min(self.pictures, 1))),
        )


class WordReader:
    """Reads words out of elements; knows the document's styles and notes."""

    def __init__(self, package: Package) -> None:
        """Take what the words depend on."""
        self._styles = Styles(package.root("word/styles.xml"))
        self._notes = {
            f"{kind}Reference": _notes(package.root(f"word/{kind}s.xml"), kind)
            for kind in ("footnote", "endnote")
        }
        self._comments = _notes(package.root("word/comments.xml"), "comment")

    def read(self, element: Any, *, tables: bool = True) -> Words:
        """Return the words of a cell, a paragraph or a text box; `tables`: inside of it, too."""
        words = Words(tables=tables)
        self._walk(element, words, Look())
        return words

    def _walk(self, node: Any, words: Words, look: Look) -> None:
        for child in in_final_document(node):
            name = local(child)
            if name == "tbl" and not words.tables:
                continue
            if name == "p":
                self._paragraph(child, words)
            elif name == "r":
                self._run(child, words, look)
            elif name == "txbxContent":
                self._box(child, words)
            elif name == "fldSimple":
                words.self_changing |= _changes_itself(child.get(f"{W}instr"))
                self._walk(child, words, look)
            else:
                words.pictures += name in _PICTURES
                self._walk(child, words, look)
            if name == "t" and "math" in child.tag:
                words.add(words.shown, child.text or "")

    def _paragraph(self, paragraph: Any, words: Words) -> None:
        properties = paragraph.find(f"{W}pPr")
        style = None if properties is None else properties.find(f"{W}pStyle")
        self._walk(paragraph, words, self._styles.over(Look(), _value(style)))
        mark = None if properties is None else properties.find(f"{W}rPr")
        joined = mark is not None and any(local(one) in REMOVED for one in mark)
        if not joined:  # else the mark between it and the next paragraph was deleted
            words.add(words.shown, "\n")

    def _box(self, box: Any, words: Words) -> None:
        inner = self.read(box, tables=words.tables)
        words.boxes.append(inner.text)
        words.struck += inner.struck
        words.hidden += inner.hidden

    def _run(self, run: Any, words: Words, look: Look) -> None:
        properties = run.find(f"{W}rPr")
        style = None if properties is None else properties.find(f"{W}rStyle")
        look = self._styles.over(look, _value(style)).under(properties)
        for child in in_final_document(run):
            name = local(child)
            if name == "instrText":
                words.self_changing |= _changes_itself(child.text)
            elif name in self._notes:
                words.notes += self._notes[name].get(child.get(f"{W}id"), [])
            elif name == "commentReference":
                words.comments += self._comments.get(child.get(f"{W}id"), [])
            elif text := _letters(child):
                _take(text, words, look)
            elif name != "rPr":
                words.pictures += name in _PICTURES
                self._walk(child, words, look)


def in_final_document(node: Any) -> Iterator[Any]:
    """Go through the children that stand in the final document, each once.

    Tracked deletions and what was moved away do not; of the two renderings of a drawing one does;
    the prompt of an empty content control is nobody's word.
    """
    for child in node:
        name = local(child)
        if name == "AlternateContent":
            branches = {local(branch): branch for branch in reversed(child)}
            branch = branches.get("Choice", branches.get("Fallback"))
            yield from () if branch is None else in_final_document(branch)
        elif name and name not in _NOT_WORDS and not (name == "sdt" and _is_prompt(child)):
            yield child


def _take(text: str, words: Words, look: Look) -> None:
    if look.struck:
        words.add(words.struck, text)
    elif look.hidden:
        words.add(words.hidden, text)
    elif look.raised:
        kept, mark = marks.raised("".join(words.shown), text)
        words.add(words.shown, kept)
        words.note_marks.append(mark)
    else:
        words.add(words.shown, text)


def _letters(node: Any) -> str:
    name = local(node)
    if name == "t":
        return node.text or ""
    if name == "sym":
        return _TICKS.get((node.get(f"{W}char") or "").upper(), "•")
    return _TEXT_OF.get(name, "")


def _is_prompt(control: Any) -> bool:
    prompt = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    return prompt is not None and _on(prompt)


def _changes_itself(instruction: str | None) -> bool:
    return (instruction or "").strip().upper().startswith(("DATE", "TIME"))


def _notes(root: Any | None, kind: str) -> Mapping[str, list[str]]:
    notes = () if root is None else root.iter(f"{W}{kind}")
    return {note.get(f"{W}id"): list(map(_joined, note.iter(f"{W}p"))) for note in notes}


def _joined(paragraph: Any) -> str:
    """Return a paragraph's words; Word cuts them anywhere, within a number too."""
    return "".join(map(_letters, paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")))


def _value(element: Any | None) -> str | None:
    return None if element is None else element.get(f"{W}val")


def _on(element: Any) -> bool:
    return _value(element) not in ("0", "false", "off", "none")


def _switch(properties: Any, name: str) -> bool | None:
    found = properties.find(f"{W}{name}")
    return None if found is None else _on(found)


def _raised(properties: Any) -> bool | None:
    found = properties.find(f"{W}vertAlign")
    return None if found is None else _value(found) == "superscript"


def _either(one: bool | None, other: bool | None) -> bool | None:
    return one or other or (one if other is None else other)
